// While a mark waits it can be taken back: who will see what, when, and a button.

import { h, icon, show } from '../../dom.js';
import { t, tn } from '../../i18n.js';

const TICK_MS = 250;

const soonest = (reads) => reads.reduce((first, read) => (first && first.dueAt <= read.dueAt ? first : read), null);

export class WaitingBar {
  constructor(pane) {
    this.pane = pane;
    this.mark = null;
    this.words = h('span.grow');
    this.line = h('progress.waiting__line', { max: 1, value: 1, 'aria-hidden': 'true' });
    this.element = h(
      'div.waiting',
      { role: 'status', hidden: true },
      icon('clock', 'icon--small'),
      this.words,
      h(
        'button.button.button--small',
        { type: 'button', onclick: () => pane.undo() },
        icon('undo', 'icon--small'),
        t('Undo'),
      ),
      this.line,
    );
  }

  leave() {
    clearInterval(this.timer);
  }

  /** Show the mark that waits, if one of the messages says so; of several, the one that is due first. */
  draw(list) {
    const found = soonest(list.map(({ read }) => read).filter((read) => read?.state === 'waiting'));
    this.element.hidden = !found;
    clearInterval(this.timer);
    this.mark = found;
    if (!found) return;
    this.total = Math.max(1, found.dueAt - found.askedAt);
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  tick() {
    const left = Math.min(this.total, Math.max(0, this.mark.dueAt - Date.now()));
    this.line.value = left / this.total;
    const seconds = Math.ceil(left / 1_000);
    if (seconds === this.shown && this.words.childNodes.length) return;
    this.shown = seconds;
    const name = this.pane.name;
    show(this.words, tn('{name} sees Read in {n} second.', '{name} sees Read in {n} seconds.', seconds, { name }));
  }
}
