// What one chat holds, as the control API tells it, and how far it is Read.

import * as calls from '../calls.js';

const PAGE = 50;

export class Messages {
  chat = null;
  list = [];
  hasMore = false;
  readSeq = 0;
  lastSeq = 0;

  constructor(accountId, peerId) {
    this.accountId = accountId;
    this.peerId = peerId;
  }

  get peer() {
    return this.chat?.peer ?? null;
  }

  get unread() {
    return this.lastSeq - this.readSeq;
  }

  /** The newest messages. What was read before stays, unless something between is missing. */
  async load() {
    const answer = await calls.messages(this.accountId, this.peerId, { limit: PAGE });
    const newest = this.list.at(-1);
    const gap = newest && answer.hasMore && !answer.messages.some(({ id }) => id === newest.id);
    if (gap || !newest) {
      this.list = [];
      this.hasMore = answer.hasMore;
    }
    this.chat = answer.chat;
    // Both only rise: an answer that was under way while something happened must not take it back.
    this.readSeq = Math.max(this.readSeq, answer.chat.readSeq);
    this.lastSeq = Math.max(this.lastSeq, answer.chat.lastSeq);
    this.#put(answer.messages);
  }

  async loadOlder() {
    const answer = await calls.messages(this.accountId, this.peerId, { limit: PAGE, before: this.list[0]?.id });
    this.hasMore = answer.hasMore;
    this.#put(answer.messages);
  }

  #put(messages) {
    const known = new Map(this.list.map((message) => [message.id, message]));
    for (const message of messages) known.set(message.id, Object.assign(known.get(message.id) ?? {}, message));
    this.list = [...known.values()].sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
    for (const message of this.list) if (message.seq) message.read = message.seq <= this.readSeq;
  }

  /** Take a live event in. True when it changed what is shown. */
  happened(event) {
    if (event.type === 'read') return this.#advanced(event);
    if (event.type === 'message') return this.#arrived(event.message);
    const message = this.list.find(({ id }) => id === event.messageId);
    if (event.type === 'unsend' && message) message.unsent = true;
    else if (event.type === 'edit' && message)
      Object.assign(message, { emojis: undefined, mention: undefined }, event.message);
    else return false;
    return true;
  }

  /** What somebody is called now. True when they have written some of what is shown. */
  named(userId, displayName) {
    const theirs = this.list.filter(({ author }) => author?.kind === 'user' && author.id === userId);
    for (const message of theirs) message.author = { ...message.author, displayName };
    return theirs.length > 0;
  }

  #arrived(message) {
    this.lastSeq = Math.max(this.lastSeq, message.seq ?? 0);
    this.#put([message]);
    return true;
  }

  // Only an advance makes an event: what it passes over became Read now and by this.
  #advanced({ fromSeq, readSeq, cause, timestamp }) {
    if (readSeq <= this.readSeq) return false;
    this.readSeq = readSeq;
    for (const message of this.list) {
      if (message.seq > fromSeq && message.seq <= readSeq)
        Object.assign(message, { read: true, readAt: timestamp, readCause: cause });
    }
    return true;
  }
}
