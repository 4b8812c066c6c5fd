// Who else has this chat open, and who is writing in it.

import { h, icon, show } from '../../dom.js';
import { list } from '../../format.js';
import { t, tn } from '../../i18n.js';
import * as calls from '../calls.js';

const BEAT_MS = 20_000;
const GONE_MS = 50_000;
const TYPING_MS = 6_000;

export class Presence {
  constructor(pane) {
    this.pane = pane;
    this.others = new Map();
    this.element = h('p.presence', { role: 'status', hidden: true });
    this.state = 'viewing';
  }

  get desk() {
    return this.pane.desk;
  }

  /** This agent is here now, and says so from time to time. */
  arrive() {
    if (this.timer || !this.desk.me) return;
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  beat() {
    this.forget();
    if (!document.hidden) calls.presence(this.pane.chatId, this.state).catch(() => {});
  }

  /** This agent writes; told at most every few seconds. */
  typing() {
    if (!this.timer) return;
    if (this.state !== 'typing') {
      this.state = 'typing';
      this.beat();
    }
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.rest(), TYPING_MS);
  }

  rest() {
    clearTimeout(this.quiet);
    if (this.state === 'viewing') return;
    this.state = 'viewing';
    this.beat();
  }

  leave() {
    clearInterval(this.timer);
    clearTimeout(this.quiet);
    if (this.timer) calls.presence(this.pane.chatId, 'away').catch(() => {});
  }

  happened({ agentId, state }) {
    if (agentId === this.desk.myId) return;
    if (state === 'away') this.others.delete(agentId);
    else this.others.set(agentId, { state, at: Date.now() });
    this.draw();
  }

  forget() {
    for (const [agentId, { at }] of this.others) if (Date.now() - at > GONE_MS) this.others.delete(agentId);
    this.draw();
  }

  draw() {
    const names = (wanted) =>
      [...this.others]
        .filter(([, { state }]) => (state === 'typing') === wanted)
        .map(([agentId]) => this.desk.agent(agentId)?.name ?? t('Somebody'));
    const [typing, viewing] = [names(true), names(false)];
    this.element.hidden = !typing.length && !viewing.length;
    const words = [
      typing.length &&
        tn('{names} is writing an answer', '{names} are writing an answer', typing.length, { names: list(typing) }),
      viewing.length &&
        tn('{names} has this chat open', '{names} have this chat open', viewing.length, { names: list(viewing) }),
    ];
    show(this.element, icon(typing.length ? 'edit' : 'eye', 'icon--small'), words.filter(Boolean).join(' · '));
    this.element.classList.toggle('presence--typing', typing.length > 0);
  }
}
