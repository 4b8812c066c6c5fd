// Who else has this chat open, and who is writing in it.

import { h, icon, show } from '../../dom.js';
import { address, path } from '../../api.js';
import { list } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { avatar } from '../../parts.js';
import { randomId } from '../../random_id.js';
import * as calls from '../calls.js';

const BEAT_MS = 20_000;
const GONE_MS = 50_000;
const TYPING_MS = 6_000;
const FACES = 5;

export class Presence {
  constructor(pane) {
    this.pane = pane;
    this.others = new Map();
    this.element = h('p.presence', { role: 'status', hidden: true });
    this.state = 'viewing';
    this.view = randomId();
    this.heardAt = -1;
    this.onGone = () => this.sayAway();
  }

  get desk() {
    return this.pane.desk;
  }

  /** This agent is here now, and says so from time to time. */
  arrive() {
    if (this.timer || !this.desk.me) return;
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    addEventListener('pagehide', this.onGone);
    this.beat();
  }

  beat() {
    this.forget();
    if (!document.hidden) this.say(this.state);
  }

  /** This agent writes; told at most every few seconds, and not before they have arrived. */
  typing() {
    this.become('typing');
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.rest(), TYPING_MS);
  }

  rest() {
    clearTimeout(this.quiet);
    this.become('viewing');
  }

  become(state) {
    if (this.state === state) return;
    this.state = state;
    if (this.timer) this.beat();
  }

  leave() {
    clearInterval(this.timer);
    clearTimeout(this.quiet);
    clearTimeout(this.expiry);
    removeEventListener('pagehide', this.onGone);
    if (this.timer) this.say('away');
  }

  // An agent may have the chat in other pages too, which go on.
  said(state) {
    return { state, view: this.view, peek: this.pane.peek };
  }

  // One at a time, so that none overtakes another: only the newest counts.
  async say(state) {
    this.next = state;
    if (this.saying) return;
    this.saying = true;
    while (this.next) {
      const said = this.said(this.next);
      this.next = null;
      await calls.presence(this.pane.chatId, said).catch(() => {});
    }
    this.saying = false;
  }

  // A page that is closed has no time to wait for an answer.
  sayAway() {
    if (!this.desk.me) return;
    const body = new Blob([JSON.stringify(this.said('away'))], { type: 'application/json' });
    navigator.sendBeacon?.(address(path('chats', this.pane.chatId, 'presence')), body);
  }

  /** Who is there, as the chat said when it was asked at `askedAt`; what was heard since then is newer. */
  take(present = [], askedAt = 0) {
    if (this.heardAt >= askedAt) return;
    const at = Date.now();
    this.others = new Map(
      present.filter(({ agentId }) => agentId !== this.desk.myId).map(({ agentId, state }) => [agentId, { state, at }]),
    );
    this.draw();
  }

  happened({ agentId, state }) {
    if (!agentId || agentId === this.desk.myId) return;
    this.heardAt = Date.now();
    if (state === 'away') this.others.delete(agentId);
    else this.others.set(agentId, { state, at: Date.now() });
    this.draw();
  }

  // Who left without a word is gone when the time is over in which they would have said more.
  forget() {
    const gone = Date.now() - GONE_MS;
    for (const [agentId, { at }] of this.others) if (at <= gone) this.others.delete(agentId);
    this.draw();
  }

  draw() {
    clearTimeout(this.expiry);
    const first = Math.min(...[...this.others.values()].map(({ at }) => at + GONE_MS));
    if (this.others.size) this.expiry = setTimeout(() => this.forget(), Math.max(0, first - Date.now()) + 10);
    const here = [...this.others].map(([agentId, { state }]) => ({
      id: agentId,
      displayName: this.desk.agent(agentId)?.name ?? t('Somebody'),
      state,
    }));
    const shape = JSON.stringify(here);
    if (shape === this.shape) return;
    this.shape = shape;
    this.fill(here);
  }

  fill(here) {
    const names = (wanted) => here.filter(({ state }) => (state === 'typing') === wanted).map((one) => one.displayName);
    const [typing, viewing] = [names(true), names(false)];
    const words = [
      typing.length &&
        tn('{names} is writing an answer', '{names} are writing an answer', typing.length, { names: list(typing) }),
      viewing.length &&
        tn('{names} has this chat open', '{names} have this chat open', viewing.length, { names: list(viewing) }),
    ];
    const faces = here.slice(0, FACES).map((one) => avatar(one, 'tiny'));
    this.element.hidden = !here.length;
    show(
      this.element,
      h('span.presence__faces', { 'aria-hidden': 'true' }, faces),
      h('span', {}, words.filter(Boolean).join(' · ')),
      typing.length > 0 && icon('edit', 'icon--small'),
    );
    this.element.classList.toggle('presence--typing', typing.length > 0);
  }
}
