// What one chat holds, as the desk's API tells it, in the shape that bubbles are drawn from.

import { t } from '../../i18n.js';
import * as calls from '../calls.js';
import { nameOf } from '../people.js';

const PAGE = 50;

export class Messages {
  list = [];
  next = null;
  events = new Map();

  constructor(desk, chatId) {
    this.desk = desk;
    this.chatId = chatId;
  }

  get hasMore() {
    return Boolean(this.next);
  }

  /** Messages, and between them what else happened, oldest first. */
  get moments() {
    const events = [...this.events.values()].sort((a, b) => a.timestamp - b.timestamp);
    const moments = [];
    for (const message of this.list) {
      while (events[0]?.timestamp < message.timestamp) moments.push(events.shift());
      moments.push(message);
    }
    return [...moments, ...events];
  }

  /** The newest messages. What was read before stays, unless something between is missing. */
  async load() {
    const answer = await calls.messages(this.chatId, { limit: PAGE });
    const newest = this.list.at(-1);
    const gap = newest && answer.next && !answer.messages.some(({ messageId }) => messageId === newest.id);
    if (gap || !newest) {
      this.list = [];
      this.next = answer.next;
    }
    this.#put(answer, (kept, fresh) => [...kept, ...fresh]);
  }

  async loadOlder() {
    const answer = await calls.messages(this.chatId, { limit: PAGE, before: this.next });
    this.next = answer.next;
    this.#put(answer, (kept, fresh) => [...fresh, ...kept]);
  }

  // The server's order is LINE's: it is kept, not made anew by times.
  #put({ messages, events = [] }, join) {
    const fresh = messages.map((row) => this.#shown(row));
    const ids = new Set(fresh.map(({ id }) => id));
    this.list = join(
      this.list.filter(({ id }) => !ids.has(id)),
      fresh,
    );
    this.#endAnswers();
    for (const event of events)
      this.events.set(event.eventId, { ...event, id: `event-${event.eventId}`, timestamp: event.at, happening: true });
  }

  // One answer may have several messages: what is said of all of them stands below the last.
  #endAnswers() {
    this.list.forEach((message, at) => {
      const next = this.list[at + 1];
      message.endsAnswer = Boolean(message.delivery) && message.delivery.replyId !== next?.delivery?.replyId;
    });
  }

  #shown(row) {
    const own = row.direction === 'out';
    return {
      ...row.message,
      ...this.#reachable(row.media),
      file: row.media && { state: row.media.state, problem: row.media.problem },
      type: row.type,
      id: row.messageId,
      timestamp: row.at,
      own,
      author: own ? { id: `out:${row.by}`, by: row.by } : personOf(row.sender),
      quoted: row.quoted && this.#quoted(row.quoted),
      quoteToken: row.quoteToken,
      sender: row.message?.sender,
      read: row.read,
      botHandled: row.botHandled,
      delivery: row.delivery,
      unsent: Boolean(row.unsentAt),
      editedAt: row.editedAt,
    };
  }

  // What the desk keeps itself is loaded from here, whatever its public address is.
  #reachable(media = {}) {
    const { picturesAt } = this.desk.start;
    const here = (url) =>
      picturesAt && url?.startsWith(`${picturesAt}/pictures/`) ? url.slice(picturesAt.length) : url;
    return { contentUrl: here(media.contentUrl), previewUrl: here(media.previewUrl) };
  }

  #quoted({ messageId, by, unsent, ...message }) {
    return { ...message, id: messageId, unsent, author: by ? { displayName: nameOf(this.desk, by) } : null };
  }
}

function personOf(person) {
  return { id: person?.userId ?? 'in', displayName: person?.displayName ?? '', pictureUrl: person?.pictureUrl };
}

/** Whether a message is a user's that is not Read. */
export function isUnread({ own, read }) {
  return !own && read && read.state !== 'confirmed';
}

/** The newest message of the user's that is not Read, with its read state; null when all are. */
export function newestUnread(list) {
  return list.findLast(isUnread) ?? null;
}

/** Who wrote an outgoing message, for the line beside it. */
export function writerName(name, way) {
  return [name, way === 'push' ? t('Push') : ''].filter(Boolean).join(' · ');
}
