// Boxes for a text that may be only so long. Nothing that is typed or pasted is cut off: what is too much is said, and a
// form with such a text is not sent.

import { h } from './dom.js';
import { number } from './format.js';
import { t } from './i18n.js';

/** The part of the limit from which on the length is shown. */
const NEAR = 0.9;
let boxes = 0;

/** Characters as our own API counts them. */
const codePoints = (text) => [...text].length;
/** Characters as LINE counts those of a message. */
export const codeUnits = (text) => text.length;

const tooLongWords = (length, limit) =>
  t('Too long: {length} of at most {limit} characters.', { length: number(length), limit: number(limit) });

/** A one-line input that says on submission when it is too long, as for what else is wrong with it. */
export function limited(limit, input) {
  input.addEventListener('input', () => {
    const length = codePoints(input.value);
    input.setCustomValidity(length > limit ? tooLongWords(length, limit) : '');
  });
  return input;
}

export class LongText {
  /** `measure(text)` counts as whoever takes the text does; `always`: show the length of short texts as well. */
  constructor(limit, attributes, { selector = 'textarea.textarea', measure = codePoints, always = false } = {}) {
    this.limit = limit;
    this.measure = measure;
    this.from = always ? 0 : limit * NEAR;
    const id = `length-${++boxes}`;
    this.shown = h('span', { 'aria-hidden': 'true' });
    this.said = h('span.visually-hidden', { id, role: 'status' });
    this.counter = h('span.text-length.small.numeric', {}, this.shown, this.said);
    this.input = h(selector, { dir: 'auto', 'aria-describedby': id, ...attributes });
    this.input.addEventListener('input', () => this.count());
    this.count();
  }

  /** Replace the text, as if it had been typed. */
  set(text) {
    this.input.value = text;
    this.changed();
  }

  /** Put something in where the cursor is, as if it had been typed. */
  insert(text) {
    const { selectionStart, selectionEnd } = this.input;
    this.input.setRangeText(text, selectionStart, selectionEnd, 'end');
    this.changed();
  }

  changed() {
    this.input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  count() {
    const { limit, tooLong: before } = this;
    const length = this.measure(this.input.value);
    this.tooLong = length > limit;
    const words = this.tooLong ? tooLongWords(length, limit) : '';
    this.input.setCustomValidity(words);
    this.counter.classList.toggle('text-length--over', this.tooLong);
    this.shown.textContent = words || (length >= this.from ? `${number(length)} / ${number(limit)}` : '');
    // Read aloud when it becomes too long, not at every character after that.
    if (this.tooLong !== before) this.said.textContent = words;
  }
}
