// Canned answers over the box: `/` opens them, more letters narrow them, Enter puts one in.

import { h, show } from '../../dom.js';
import { t } from '../../i18n.js';

const SHOWN = 8;

export class CannedList {
  constructor(composer) {
    this.composer = composer;
    this.at = 0;
    this.found = [];
    this.element = h('ul.canned', { role: 'listbox', 'aria-label': t('Canned answers'), hidden: true });
  }

  get open() {
    return !this.element.hidden;
  }

  toggle() {
    if (this.open) this.close();
    else this.narrow('');
    this.composer.focus();
  }

  /** Open while the text is a slash and letters. */
  look(text) {
    if (/^\/[^\s/]{0,30}$/.test(text)) this.narrow(text.slice(1));
    else this.close();
  }

  narrow(letters) {
    const wanted = letters.toLowerCase();
    const { chat, desk } = this.composer;
    const here = desk.canned.filter(({ channelKey }) => !channelKey || channelKey === chat?.channelKey);
    const rank = ({ title, text }) => {
      if (title.toLowerCase().startsWith(wanted)) return 0;
      if (title.toLowerCase().includes(wanted)) return 1;
      return text.toLowerCase().includes(wanted) ? 2 : 3;
    };
    const ranked = here.map((one) => ({ one, rank: rank(one) })).filter((each) => each.rank < 3);
    this.found = ranked
      .sort((a, b) => a.rank - b.rank)
      .slice(0, SHOWN)
      .map(({ one }) => one);
    this.at = 0;
    this.draw();
  }

  draw() {
    this.element.hidden = false;
    if (!this.found.length)
      return show(
        this.element,
        h('li.canned__none', {}, t('No canned answer.'), ' ', h('a', { href: '/settings/canned' }, t('Write some'))),
      );
    const row = (canned, index) =>
      h(
        'li.canned__row',
        { role: 'option', 'aria-selected': String(index === this.at), onclick: () => this.take(canned) },
        h('b', { dir: 'auto' }, canned.title),
        h('span.muted.clip', { dir: 'auto' }, canned.text),
      );
    return show(this.element, this.found.map(row));
  }

  take({ text }) {
    this.close();
    this.composer.use(text.replaceAll('{name}', this.composer.pane.name));
  }

  close() {
    this.element.hidden = true;
  }

  /** True when the key was for the list. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.draw();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && this.found.length) this.take(this.found[this.at]);
    else if (event.key === 'Escape') this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
