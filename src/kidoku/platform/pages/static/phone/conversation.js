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
  #readSeq = 0;

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
    const own = message.from?.kind === 'user' && message.from.id === this.me.userId;
    if (own && this.#sending && !this.find(message.id)) this.#early.push(message);
    else this.#put({ ...message, own });
    this.#sort();
  }

  /** The Official Account has read up to `seq`. True when that made a message of one's own Read. */
  readUpTo(seq) {
    this.#readSeq = Math.max(this.#readSeq, seq);
    const now = this.messages.filter(
      (message) => message.own && !message.read && message.seq && message.seq <= this.#readSeq,
    );
    for (const message of now) message.read = true;
    return now.length > 0;
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
      from: { kind: 'user', id: this.me.userId, displayName: this.me.displayName },
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
    this.#put({ ...kept, id: messageId, seq, timestamp, read: Boolean(seq) && seq <= this.#readSeq });
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
      Object.assign(known, message, kept, { read: known.read || message.read });
    }
  }

  forget(draft) {
    this.messages = this.messages.filter((message) => message !== draft);
  }

  #sort() {
    const rank = (message) => (message.draft ? 1 : 0);
    this.messages.sort((a, b) => rank(a) - rank(b) || (rank(a) ? 0 : compareIds(a.id, b.id)));
  }
}
