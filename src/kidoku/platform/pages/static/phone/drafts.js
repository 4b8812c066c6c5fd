// What somebody has written in a chat and not sent yet, and what is on its way there. It outlives the chat's screen,
// which is drawn anew with every visit, for as long as the page lives.

import * as calls from './calls.js';

const kept = new Map();
let numbers = 0;

/** The draft of a user in a chat. */
export function draftOf(userId, peerId) {
  const key = `${userId} ${peerId}`;
  if (!kept.has(key)) kept.set(key, new Draft(userId, peerId));
  return kept.get(key);
}

/**
 * Two sheets to write on, a new message and, above it, the edit of an old one. Each has its `text` and the `mentions`
 * that were chosen for it.
 */
class Draft {
  text = '';
  mentions = [];
  quoted = null;
  edit = null;
  /** The sheets of edits that did not arrive, by message ID. */
  unsaved = new Map();

  constructor(userId, peerId) {
    this.outbox = new Outbox(userId, peerId);
  }

  get sheet() {
    return this.edit ?? this;
  }
}

/** Messages on their way, and those that did not arrive. The screen that shows them sets `accepted` and `changed`. */
class Outbox {
  messages = [];
  accepted = () => {};
  changed = () => {};

  constructor(userId, peerId) {
    this.send = (body) => calls.send(userId, peerId, body);
  }

  get sending() {
    return this.messages.some((message) => message.draft === 'sending');
  }

  /** Show `message` at once and send `body`. */
  async add(message, body) {
    const draft = { ...message, id: `draft-${++numbers}`, own: true };
    this.messages.push(draft);
    await this.#deliver(draft, body);
  }

  remove(draft) {
    this.messages = this.messages.filter((message) => message !== draft);
  }

  async #deliver(draft, body) {
    Object.assign(draft, { draft: 'sending', timestamp: Date.now(), retry: null });
    this.changed();
    try {
      const answer = await this.send(body);
      this.remove(draft);
      this.accepted(draft, answer);
    } catch (problem) {
      Object.assign(draft, { draft: 'failed', problem, retry: () => this.#deliver(draft, body) });
    }
    this.changed();
  }
}
