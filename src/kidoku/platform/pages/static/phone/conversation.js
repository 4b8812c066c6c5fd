// What one chat holds, as the server tells it, with what is on its way there.

import * as calls from './calls.js';

/** Message IDs are decimal numbers too long for a Number: compare by length, then by digits. */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

export class Conversation {
  peer = null;
  hasMore = false;
  #known = [];
  #early = [];
  #readers = [];

  /** `outbox` holds what is on its way; `changed()` is called when that becomes something else. */
  constructor(me, peerId, outbox, changed) {
    this.me = me;
    this.peerId = peerId;
    this.outbox = outbox;
    outbox.accepted = (draft, answer) => this.#accepted(draft, answer);
    outbox.changed = () => {
      if (!outbox.sending) this.#takeEarly();
      changed();
    };
  }

  /** All there is, oldest first; what is on its way comes last. */
  get messages() {
    return [...this.#known, ...this.outbox.messages];
  }

  get isGroup() {
    return this.peer !== null && this.peer.kind !== 'account';
  }

  /** Read the newest messages. Older ones that were read before stay, unless something between is missing. */
  async load() {
    const answer = await calls.messages(this.me.userId, this.peerId);
    const newest = this.#known.at(-1);
    const gap = newest && answer.hasMore && !answer.messages.some(({ id }) => id === newest.id);
    if (gap) this.#known = [];
    if (gap || !newest) this.hasMore = answer.hasMore;
    this.peer = answer.peer;
    for (const reader of answer.readers ?? [{ id: this.peerId, fromSeq: 0, readSeq: answer.readSeq }])
      this.#learn(reader);
    for (const message of answer.messages) this.#put(message);
    this.#sort();
  }

  async loadOlder() {
    const answer = await calls.messages(this.me.userId, this.peerId, this.#known[0]?.id);
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
    return this.#known.find((message) => message.id === id);
  }

  /** A message has come, from anybody. One's own may arrive before the answer to having sent it: it waits for that. */
  received(message) {
    const own = message.author?.kind === 'user' && message.author.id === this.me.userId;
    if (own && this.outbox.sending && !this.find(message.id)) this.#early.push(message);
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
    for (const message of this.#known) this.#count(message);
    return this.#readsOfOwn() !== before;
  }

  // What was asked for may arrive after what has happened since.
  #learn({ id, fromSeq = 0, readSeq }) {
    const known = this.#readers.find((reader) => reader.id === id);
    if (known) known.readSeq = Math.max(known.readSeq, readSeq);
    else this.#readers.push({ id, fromSeq, readSeq });
  }

  #readsOfOwn() {
    return this.#known.reduce((sum, message) => sum + (message.own ? (message.readCount ?? 0) : 0), 0);
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
  send(body, shown) {
    const { userId: id, displayName } = this.me;
    return this.outbox.add({ ...shown, author: { kind: 'user', id, displayName } }, body);
  }

  #accepted(draft, { messageId, seq, timestamp }) {
    const { draft: _state, retry: _retry, problem: _problem, ...kept } = draft;
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
    if (!known) this.#known.push(message);
    else {
      const kept = known.contentUrl?.startsWith('blob:')
        ? { contentUrl: known.contentUrl, previewUrl: known.previewUrl }
        : {};
      // An event does not know who has read the message by now.
      Object.assign(known, message, kept, { readCount: Math.max(known.readCount ?? 0, message.readCount ?? 0) });
    }
    this.#count(known ?? message);
  }

  #sort() {
    this.#known.sort((a, b) => compareIds(a.id, b.id));
  }
}
