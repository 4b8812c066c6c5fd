// Where one writes: text, stickers, quotes and edits. Enter sends, Shift+Enter breaks the line, Escape steps back.

import { findEmojis, stickerPicker } from '../chat/stickers.js';
import { summary } from '../chat/contents.js';
import { h, icon, iconButton, show } from '../dom.js';
import { report } from '../dialog.js';
import { t } from '../i18n.js';
import { attachPanel } from './attach.js';
import * as calls from './calls.js';
import { Mentions } from './mentions.js';
import { canEdit } from './message_menu.js';
import { sendFiles } from './upload.js';

export class Composer {
  #quoted = null;
  #edited = null;

  constructor(chat) {
    this.chat = chat;
    this.input = h('textarea.composer__input', {
      rows: 1,
      'aria-label': t('Message'),
      placeholder: t('Message'),
      dir: 'auto',
      enterkeyhint: 'send',
    });
    this.mentions = new Mentions(chat, this.input);
    this.above = h('div.composer__above', { hidden: true });
    this.panel = h('div.composer__panel', { hidden: true });
    this.more = iconButton('plus', t('Send something else'), () => this.attach(), { 'aria-expanded': 'false' });
    this.stickers = iconButton('sticker', t('Stickers'), () => this.#pickSticker(), { 'aria-expanded': 'false' });
    this.button = iconButton('send', t('Send'), () => this.#submit(), { class: 'composer__send', disabled: true });
    const bar = h(
      'div.composer__bar',
      {},
      this.more,
      h('div.composer__field', {}, this.input, this.stickers),
      this.button,
    );
    this.element = h('div.composer', {}, this.mentions.element, this.above, bar, this.panel);
    this.#wire();
  }

  #wire() {
    this.input.addEventListener('input', () => this.#typed());
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('paste', (event) => this.#files(event, event.clipboardData));
    this.dragover = (event) => event.dataTransfer.types.includes('Files') && event.preventDefault();
    this.drop = (event) => this.#files(event, event.dataTransfer);
    document.addEventListener('dragover', this.dragover);
    document.addEventListener('drop', this.drop);
  }

  leave() {
    document.removeEventListener('dragover', this.dragover);
    document.removeEventListener('drop', this.drop);
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Nothing can be written to somebody who is blocked. */
  allow(possible) {
    this.element.inert = !possible;
    this.element.classList.toggle('composer--off', !possible);
  }

  /** Put words into the field, for the person to go on. */
  fill(text) {
    this.input.value = text;
    this.#typed();
    this.focus();
  }

  attach() {
    this.#open(this.more, () => attachPanel(this.chat, () => this.#closePanel()));
  }

  quote(message) {
    this.#clearContext();
    this.#quoted = message;
    const name = message.author?.displayName ?? '';
    this.#context('quote', message.own ? t('Reply to yourself') : t('Reply to {name}', { name }), summary(message));
  }

  edit(message) {
    this.#clearContext();
    this.#edited = message;
    this.#context('edit', t('Edit message'), message.text);
    this.fill(message.text);
  }

  #context(name, title, text) {
    const close = iconButton('close', t('Cancel'), () => this.#clearContext());
    const words = h('span.grow', {}, h('b', {}, title), h('span.clip', { dir: 'auto' }, text));
    show(this.above, icon(name, 'icon--small'), words, close).hidden = false;
    this.#closePanel();
    this.focus();
  }

  #clearContext() {
    if (this.#edited) this.input.value = '';
    this.#quoted = this.#edited = null;
    this.above.hidden = true;
    this.#typed();
    this.focus();
  }

  #typed() {
    this.button.disabled = !this.input.value.trim();
    this.mentions.suggest();
  }

  #key(event) {
    // An input method's Enter chooses a word, it does not send.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') this.#escape(event);
    if (event.target !== this.input) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (this.mentions.open) this.mentions.takeFirst();
      else this.#submit();
    }
    if (event.key === 'ArrowUp' && !this.input.value) this.#editLast(event);
  }

  #escape(event) {
    if (this.mentions.open) this.mentions.close();
    else if (!this.panel.hidden) this.#closePanel();
    else if (this.#quoted || this.#edited) this.#clearContext();
    else return;
    event.stopPropagation();
    this.focus();
  }

  #editLast(event) {
    const last = this.chat.conversation.messages.findLast((message) => canEdit(this.chat, message));
    if (!last) return;
    event.preventDefault();
    this.edit(last);
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const emojis = findEmojis(text);
    const body = { text, ...(emojis.length ? { emojis } : {}), ...this.mentions.in(text) };
    if (this.#edited) this.#saveEdit(body);
    else this.#send({ type: 'text', ...body });
  }

  #send(body) {
    const quoted = this.#quoted;
    const sent = quoted ? { ...body, quotedMessageId: quoted.id } : body;
    const { packageId, stickerId } = body;
    const shown = {
      ...body,
      sticker: packageId && { packageId, stickerId },
      quoted: quoted && { ...quoted, quoted: null },
    };
    this.#quoted = null;
    this.above.hidden = true;
    if (body.type === 'text') this.input.value = '';
    this.#typed();
    this.chat.send(sent, shown);
    this.focus();
  }

  async #saveEdit(body) {
    const message = this.#edited;
    if (body.text === message.text) return this.#clearContext();
    try {
      await calls.edit(this.chat.me.userId, this.chat.conversation.peerId, message.id, body);
    } catch (problem) {
      return report(problem);
    }
    this.chat.change(() =>
      this.chat.conversation.edited(message.id, {
        emojis: undefined,
        mention: undefined,
        ...body,
        editedAt: Date.now(),
      }),
    );
    return this.#clearContext();
  }

  #pickSticker() {
    const sticker = (choice) => {
      this.#closePanel();
      this.#send({ type: 'sticker', ...choice });
    };
    const emoji = ({ placeholder }) => {
      const { selectionStart, selectionEnd } = this.input;
      this.input.setRangeText(placeholder, selectionStart, selectionEnd, 'end');
      this.#typed();
    };
    this.#open(this.stickers, () => stickerPicker({ sticker, emoji }));
  }

  #open(button, draw) {
    const wasOpen = button.getAttribute('aria-expanded') === 'true';
    this.#closePanel();
    if (wasOpen) return;
    show(this.panel, draw()).hidden = false;
    button.setAttribute('aria-expanded', 'true');
    this.panel.querySelector('button')?.focus();
  }

  #closePanel() {
    this.panel.hidden = true;
    for (const button of [this.more, this.stickers]) button.setAttribute('aria-expanded', 'false');
  }

  #files(event, data) {
    if (this.element.inert || !data?.files.length) return;
    event.preventDefault();
    sendFiles(this.chat, [...data.files]);
  }
}
