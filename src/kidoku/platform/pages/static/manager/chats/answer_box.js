// Where an operator answers: text and stickers. Enter sends, Shift+Enter breaks the line.

import { stickerPicker } from '../../chat/stickers.js';
import { h, iconButton, show } from '../../dom.js';
import { report } from '../../dialog.js';
import { t } from '../../i18n.js';
import { LongText, codeUnits } from '../../long_text.js';
import * as calls from '../calls.js';

const LIMIT = 5_000;

export class AnswerBox {
  constructor(pane) {
    this.pane = pane;
    const placeholder = t('Answer as {name}', { name: pane.screen.account.displayName });
    this.text = new LongText(
      LIMIT,
      { rows: 1, 'aria-label': t('Answer'), enterkeyhint: 'send', placeholder },
      { selector: 'textarea.answer__input', measure: codeUnits },
    );
    this.input = this.text.input;
    this.panel = h('div', { hidden: true });
    this.stickers = iconButton('sticker', t('Stickers'), () => this.pick(), { 'aria-expanded': 'false' });
    this.button = iconButton('send', t('Send'), () => this.submit(), { class: 'answer__send', disabled: true });
    this.element = h(
      'div.answer',
      { hidden: true },
      h('div.answer__bar', {}, this.stickers, this.input, this.button),
      this.text.counter,
      this.panel,
    );
    this.input.addEventListener('input', () => this.typed());
    this.element.addEventListener('keydown', (event) => this.key(event));
  }

  typed() {
    this.button.disabled = !this.input.value.trim() || this.text.tooLong;
  }

  allow(possible) {
    this.element.hidden = !possible;
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  key(event) {
    // An input method's Enter chooses a word, it does not send.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && !this.panel.hidden) {
      this.close();
      this.focus();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.target !== this.input) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    if (!this.input.reportValidity()) return;
    this.text.set('');
    // What was typed meanwhile stays.
    this.send({ type: 'text', text }, () => this.text.set([text, this.input.value].filter(Boolean).join('\n')));
  }

  async send(message, undo = () => {}) {
    this.pane.following = true;
    try {
      await calls.answer(this.pane.screen.account.accountId, this.pane.peerId, [message]);
    } catch (problem) {
      undo();
      report(problem);
    }
    this.focus();
  }

  pick() {
    if (!this.panel.hidden) return this.close();
    const sticker = ({ packageId, stickerId }) => {
      this.close();
      this.send({ type: 'sticker', packageId, stickerId });
    };
    const emoji = ({ placeholder }) => this.text.insert(placeholder);
    show(this.panel, stickerPicker({ sticker, emoji })).hidden = false;
    this.stickers.setAttribute('aria-expanded', 'true');
    return this.panel.querySelector('button').focus();
  }

  close() {
    this.panel.hidden = true;
    this.stickers.setAttribute('aria-expanded', 'false');
  }
}
