// What one chat holds, as the server tells it, with what is on its way there.

import * as calls from './calls.js';

let drafts = 0;

/** Message IDs are decimal numbers too long for a Number: compare by length, then by digits. */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

export class Conversation {
  peer = null;
  messages = [];
  hasMore = false;
  #sending = 0;
  #early = [];
  #readers = [];

  constructor(me, peerId) {
    this.me = me;
    this.peerId = peerId;
  }

  get isGroup() {
    return this.peer !== null && this.peer.kind !== 'account';
  }

  /** Read the newest messages. Older ones that were read before stay, unless something between is missing. */
  async load() {
    const answer = await calls.messages(this.me.userId, this.peerId);
    const newest = this.messages.findLast((message) => !message.draft);
    const gap = newest && answer.hasMore && !answer.messages.some(({ id }) => id === newest.id);
    if (gap || !newest) this.messages = this.messages.filter((message) => message.draft);
    if (gap || !newest) this.hasMore = answer.hasMore;
    this.peer = answer.peer;
    for (const reader of answer.readers ?? [{ id: this.peerId, fromSeq: 0, readSeq: answer.readSeq }])
      this.#learn(reader);
    for (const message of answer.messages) this.#put(message);
    this.#sort();
  }

  async loadOlder() {
    const answer = await calls.messages(this.me.userId, this.peerId, this.messages[0]?.id);
    this.hasMore = answer.hasMore;
    for (const message of answer.messages) this.#put(message);
    this.#sort();
  }

  /** Whether a live event is about this chat. */
  concerns(event) {
    const group = event.groupId ?? event.roomId;
    return group
      ? group === this.peerId
      : event.accountId === this.peerId && (!event.userId || event.userId === this.me.userId);
  }

  find(id) {
    return this.messages.find((message) => message.id === id);
  }

  /** A message has come, from anybody. One's own may arrive before the answer to having sent it: it waits for that. */
  received(message) {
    const own = message.author?.kind === 'user' && message.author.id === this.me.userId;
    if (own && this.#sending && !this.find(message.id)) this.#early.push(message);
    else this.#put({ ...message, own });
    this.#sort();
  }

  /**
   * Somebody has read up to `seq`: the Official Account, or a member of the group. True when that changed what stands
   * beside a message of one's own.
   */
  readUpTo(readerId, seq) {
    const before = this.#readsOfOwn();
    this.#learn({ id: readerId, readSeq: seq });
    for (const message of this.messages) this.#count(message);
    return this.#readsOfOwn() !== before;
  }

  // What was asked for may arrive after what has happened since.
  #learn({ id, fromSeq = 0, readSeq }) {
    const known = this.#readers.find((reader) => reader.id === id);
    if (known) known.readSeq = Math.max(known.readSeq, readSeq);
    else this.#readers.push({ id, fromSeq, readSeq });
  }

  #readsOfOwn() {
    return this.messages.reduce((sum, message) => sum + (message.own ? (message.readCount ?? 0) : 0), 0);
  }

  #count(message) {
    if (!message.own || !message.seq) return;
    const reads = ({ id, fromSeq, readSeq }) =>
      id !== this.me.userId && fromSeq < message.seq && message.seq <= readSeq;
    message.readCount = Math.max(message.readCount ?? 0, this.#readers.filter(reads).length);
    message.read = message.readCount > 0;
  }

  unsent(id) {
    const message = this.find(id);
    if (message) message.unsent = true;
  }

  edited(id, changes) {
    const message = this.find(id);
    if (message) Object.assign(message, changes);
  }

  /** Show a message at once and send it. `shown` is how it looks until the server knows it. */
  async send(body, shown, changed) {
    const draft = {
      ...shown,
      id: `draft-${++drafts}`,
      draft: 'sending',
      own: true,
      author: { kind: 'user', id: this.me.userId, displayName: this.me.displayName },
      timestamp: Date.now(),
    };
    this.messages.push(draft);
    await this.#deliver(draft, body, changed);
  }

  async #deliver(draft, body, changed) {
    draft.draft = 'sending';
    draft.retry = null;
    this.#sending += 1;
    changed();
    try {
      this.#accepted(draft, await calls.send(this.me.userId, this.peerId, body));
    } catch (problem) {
      Object.assign(draft, { draft: 'failed', problem, retry: () => this.#deliver(draft, body, changed) });
    } finally {
      this.#sending -= 1;
      if (!this.#sending) this.#takeEarly();
    }
    changed();
  }

  #accepted(draft, { messageId, seq, timestamp }) {
    this.messages = this.messages.filter((message) => message !== draft);
    const { draft: _state, retry: _retry, ...kept } = draft;
    this.#put({ ...kept, id: messageId, seq, timestamp });
    this.#early = this.#early.filter((message) => message.id !== messageId || this.#put({ ...message, own: true }));
    this.#sort();
  }

  #takeEarly() {
    for (const message of this.#early.splice(0)) this.#put({ ...message, own: true });
    this.#sort();
  }

  // A picture that was shown from this device goes on being shown from it: no flicker when the server's copy is known.
  #put(message) {
    const known = this.find(message.id);
    if (!known) this.messages.push(message);
    else {
      const kept = known.contentUrl?.startsWith('blob:')
        ? { contentUrl: known.contentUrl, previewUrl: known.previewUrl }
        : {};
      // An event does not know who has read the message by now.
      Object.assign(known, message, kept, { readCount: Math.max(known.readCount ?? 0, message.readCount ?? 0) });
    }
    this.#count(known ?? message);
  }

  forget(draft) {
    this.messages = this.messages.filter((message) => message !== draft);
  }

  #sort() {
    const rank = (message) => (message.draft ? 1 : 0);
    this.messages.sort((a, b) => rank(a) - rank(b) || (rank(a) ? 0 : compareIds(a.id, b.id)));
  }
}
