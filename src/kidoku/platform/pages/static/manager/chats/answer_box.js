// Where an operator answers: text and stickers. Enter sends, Shift+Enter breaks the line.

import { stickerPicker } from '../../chat/stickers.js';
import { h, iconButton, show } from '../../dom.js';
import { words } from '../../dialog.js';
import { t } from '../../i18n.js';
import { LongText, codeUnits } from '../../long_text.js';
import * as calls from '../calls.js';

const LIMIT = 5_000;

// What is typed and not sent yet, by account and chat, for as long as the page is open.
const drafts = new Map();

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
    this.key = `${pane.screen.account.accountId} ${pane.peerId}`;
    this.panel = h('div', { hidden: true });
    this.stickers = iconButton('sticker', t('Stickers'), () => this.pick(), { 'aria-expanded': 'false' });
    this.button = iconButton('send', t('Send'), () => this.submit(), { class: 'answer__send', disabled: true });
    this.error = h('p.field__error', { role: 'alert', hidden: true });
    this.element = h(
      'div.answer',
      { hidden: true },
      this.error,
      h('div.answer__bar', {}, this.stickers, this.input, this.button),
      this.text.counter,
      this.panel,
    );
    this.input.addEventListener('input', () => this.typed());
    this.element.addEventListener('keydown', (event) => this.pressed(event));
    this.text.set(drafts.get(this.key) ?? '');
  }

  typed() {
    this.error.hidden = true;
    drafts.set(this.key, this.input.value);
    this.button.disabled = !this.input.value.trim() || this.text.tooLong;
  }

  allow(possible) {
    this.element.hidden = !possible;
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  pressed(event) {
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
    this.send({ type: 'text', text });
  }

  // The chat may have been left since, and have another box by now.
  get current() {
    const { pane } = this.pane.screen.manager.screen;
    return pane?.peerId === this.pane.peerId ? pane.answers : this;
  }

  // What was typed meanwhile stays.
  refused({ text }, problem) {
    if (text) this.text.set([text, this.input.value].filter(Boolean).join('\n'));
    this.error.textContent = words(problem);
    this.error.hidden = false;
  }

  async send(message) {
    this.pane.following = true;
    this.error.hidden = true;
    try {
      await calls.answer(this.pane.screen.account.accountId, this.pane.peerId, [message]);
    } catch (problem) {
      this.current.refused(message, problem);
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
