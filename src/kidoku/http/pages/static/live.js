// What changes on the server, as it changes. Reconnects by itself and goes on where it was.

import { readShared } from './shared_stream.js';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
const SILENCE_MS = 45_000;
const HIDDEN_MS = 20_000;
const BEGIN_MS = 3_000;

/**
 * Follow a stream of live events.
 *
 * - `event(data)` for every event: its JSON, always with a `type`;
 * - `fresh()` when, once begun, nothing is known of the time before. Load everything anew;
 * - `state('live' | 'lost')` for the banner.
 *
 * `begun` resolves once events come, or do not for now. What is read after that misses nothing.
 *
 * A page that has been out of sight for a while, or is left, gives its stream back and catches up when it is looked at
 * again.
 */
export class Live {
  #url;
  #on;
  #cursor = '';
  #abort = null;
  #delay = FIRST_DELAY_MS;
  #timers = {};
  #closed = false;
  #begin;
  #hasBegun = false;

  constructor(url, { event, fresh = () => {}, state = () => {} }) {
    this.#url = url;
    this.#on = { event, fresh, state };
    this.begun = new Promise((resolve) => (this.#begin = resolve)).then(() => (this.#hasBegun = true));
    setTimeout(this.#begin, BEGIN_MS);
    document.addEventListener('visibilitychange', this.#visibility);
    addEventListener('online', this.#hurry);
    addEventListener('pagehide', this.#pause);
    this.#connect();
  }

  close() {
    this.#closed = true;
    document.removeEventListener('visibilitychange', this.#visibility);
    removeEventListener('online', this.#hurry);
    removeEventListener('pagehide', this.#pause);
    clearTimeout(this.#timers.hidden);
    this.#stop();
    this.#begin();
  }

  async #connect() {
    const abort = new AbortController();
    this.#abort = abort;
    this.#watch();
    try {
      await readShared(this.#url, {
        resume: this.#cursor,
        signal: abort.signal,
        open: () => this.#opened(),
        event: (event) => this.#received(event),
        alive: () => this.#watch(),
      });
    } catch {
      // Falls through to the retry below: a lost stream is normal, and shown by its state.
    }
    if (this.#abort === abort) this.#retry();
  }

  #opened() {
    this.#delay = FIRST_DELAY_MS;
    if (!this.#cursor && this.#hasBegun) this.#on.fresh();
    this.#on.state('live');
    this.#begin();
  }

  #received({ id, type, data }) {
    if (id) this.#cursor = id;
    if (type === 'reset') this.#on.fresh();
    else if (data) this.#deliver(JSON.parse(data));
  }

  #deliver(event) {
    if (event.type === 'reset') this.#on.fresh();
    else this.#on.event(event);
  }

  #retry() {
    this.#stop();
    if (this.#closed || this.#timers.hidden === 'paused') return;
    this.#on.state('lost');
    this.#begin();
    this.#timers.retry = setTimeout(() => this.#connect(), this.#delay * (0.75 + Math.random() / 2));
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS);
  }

  #stop() {
    const abort = this.#abort;
    this.#abort = null;
    clearTimeout(this.#timers.retry);
    clearTimeout(this.#timers.silence);
    abort?.abort();
  }

  // A connection can die without a word (sleep, a changed network): comments from the server keep this quiet.
  #watch() {
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => this.#retry(), SILENCE_MS);
  }

  #hurry = () => {
    if (this.#closed || this.#abort) return;
    this.#delay = FIRST_DELAY_MS;
    this.#stop();
    this.#connect();
  };

  #visibility = () => {
    const paused = this.#timers.hidden === 'paused';
    if (document.hidden) {
      // A page that is left has paused before it goes out of sight.
      if (!paused) this.#timers.hidden = setTimeout(this.#pause, HIDDEN_MS);
      return;
    }
    clearTimeout(this.#timers.hidden);
    this.#timers.hidden = null;
    if (paused) this.#hurry();
  };

  #pause = () => {
    clearTimeout(this.#timers.hidden);
    this.#timers.hidden = 'paused';
    this.#stop();
  };
}

/** Show a banner while the stream is lost; not for the blink that a quick reconnection takes. */
export function bannerState(banner, delay_ms = 900) {
  let timer = null;
  return (state) => {
    clearTimeout(timer);
    if (state === 'live') banner.hidden = true;
    else timer = setTimeout(() => (banner.hidden = false), delay_ms);
  };
}
