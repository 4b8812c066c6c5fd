// A text box for a text that may be only so long. Nothing that is typed or pasted is cut off: what is too much is said,
// and a form with such a text is not sent.

import { h } from './dom.js';
import { number } from './format.js';
import { t } from './i18n.js';

/** The part of the limit from which on the length is shown. */
const NEAR = 0.9;
let boxes = 0;

export class LongText {
  /** `limit` counts UTF-16 code units, as LINE does. `always`: show the length of short texts as well. */
  constructor(limit, attributes, { selector = 'textarea.textarea', always = false } = {}) {
    this.limit = limit;
    this.from = always ? 0 : limit * NEAR;
    const id = `length-${++boxes}`;
    this.length = h('span.text-length.small.numeric', { id });
    this.input = h(selector, { dir: 'auto', 'aria-describedby': id, ...attributes });
    this.input.addEventListener('input', () => this.count());
    this.count();
  }

  get tooLong() {
    return this.input.value.length > this.limit;
  }

  /** Replace the text. */
  set(text) {
    this.input.value = text;
    this.count();
  }

  count() {
    const { tooLong, limit } = this;
    const { length } = this.input.value;
    const words = tooLong
      ? t('Too long: {length} of at most {limit} characters.', { length: number(length), limit: number(limit) })
      : '';
    this.input.setCustomValidity(words);
    this.length.classList.toggle('text-length--over', tooLong);
    this.length.setAttribute('aria-live', tooLong ? 'polite' : 'off');
    this.length.textContent = words || (length >= this.from ? `${number(length)} / ${number(limit)}` : '');
    this.length.hidden = !this.length.textContent;
  }
}
