// What one chat holds, as the desk's API tells it, in the shape that bubbles are drawn from.

import { address, path } from '../../api.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';

const PAGE = 50;

export class Messages {
  list = [];
  next = null;
  loaded = false;

  constructor(desk, chatId) {
    this.desk = desk;
    this.chatId = chatId;
  }

  get hasMore() {
    return Boolean(this.next);
  }

  /** The newest messages. What was read before stays, unless something between is missing. */
  async load() {
    const answer = await calls.messages(this.chatId, { limit: PAGE });
    const newest = this.list.at(-1);
    const gap = newest && answer.next && !answer.messages.some(({ key }) => key === newest.id);
    if (gap || !newest) {
      this.list = [];
      this.next = answer.next;
    }
    this.#put(answer.messages);
    this.loaded = true;
  }

  async loadOlder() {
    const answer = await calls.messages(this.chatId, { limit: PAGE, before: this.next });
    this.next = answer.next;
    this.#put(answer.messages);
  }

  #put(rows) {
    const known = new Map(this.list.map((message) => [message.id, message]));
    for (const row of rows) known.set(row.key, this.#shown(row));
    this.list = [...known.values()].sort((a, b) => a.timestamp - b.timestamp || a.place - b.place);
    for (const message of this.list) {
      const quoted = message.quotedMessageId && known.get(message.quotedMessageId);
      message.quoted = quoted ? { ...quoted, quoted: undefined } : undefined;
    }
  }

  #shown(row) {
    const message = row.message ?? {};
    return {
      ...message,
      ...this.#media(row, message),
      type: row.type ?? message.type,
      id: row.key,
      place: Number(row.key) || Number.MAX_SAFE_INTEGER,
      timestamp: row.at,
      own: row.direction === 'out',
      author: this.#author(row),
      sender: message.sender,
      read: row.read,
      state: row.state,
      problem: row.problem,
      way: row.way,
      unsent: Boolean(row.unsent),
      editedAt: typeof row.edited === 'number' ? row.edited : row.edited ? row.at : null,
    };
  }

  #author({ direction, sender }) {
    if (direction === 'out') return { id: `out:${sender?.id ?? sender ?? ''}`, by: sender };
    if (sender && typeof sender === 'object')
      return { id: sender.userId ?? sender.id ?? 'in', displayName: sender.displayName, pictureUrl: sender.pictureUrl };
    return { id: sender ?? 'in', displayName: '' };
  }

  // What LINE keeps is fetched by the desk; what others keep is named in the message.
  #media({ key, media }, { contentProvider, originalContentUrl, previewImageUrl }) {
    if (originalContentUrl || contentProvider?.type === 'external')
      return {
        contentUrl: originalContentUrl ?? contentProvider.originalContentUrl,
        previewUrl: previewImageUrl ?? contentProvider?.previewImageUrl,
      };
    const where = (part) => address(path('chats', this.chatId, 'messages', key, part));
    return { contentUrl: media?.contentUrl ?? where('content'), previewUrl: media?.previewUrl ?? null };
  }
}

/** The newest message of the user's that is not Read, with its read state; null when all are. */
export function newestUnread(list) {
  return list.findLast((message) => !message.own && message.read && message.read.state !== 'confirmed') ?? null;
}

/** Who wrote an outgoing message, for the line beside it. */
export function writerName(name, way) {
  return [name, way === 'push' ? t('Push') : ''].filter(Boolean).join(' · ');
}
