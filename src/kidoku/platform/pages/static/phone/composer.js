// Where one writes: text, stickers, quotes and edits. Enter sends, Shift+Enter breaks the line, Escape steps back.

import { findEmojis, stickerPicker } from '../chat/stickers.js';
import { summary } from '../chat/contents.js';
import { h, icon, iconButton, show } from '../dom.js';
import { report } from '../dialog.js';
import { t } from '../i18n.js';
import { attachPanel } from './attach.js';
import * as calls from './calls.js';
import { Mentions, mentionsOf } from './mentions.js';
import { canEdit } from './message_menu.js';
import { sendFiles } from './upload.js';

export class Composer {
  constructor(chat) {
    this.chat = chat;
    this.draft = chat.draft;
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
    this.#draw();
  }

  #wire() {
    this.input.addEventListener('input', () => this.#typed());
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('paste', (event) => this.#paste(event));
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
    this.#write({ edit: null, text });
  }

  attach() {
    this.#open(this.more, () => attachPanel(this.chat, () => this.#closePanel()));
  }

  quote(message) {
    this.#write({ edit: null, quoted: message });
  }

  edit(message) {
    const { text, mentions } = this.draft.unsaved.get(message.id) ?? {
      text: message.text,
      mentions: mentionsOf(message),
    };
    this.#write({ edit: { message, text, mentions } });
  }

  #write(changes) {
    Object.assign(this.draft, changes);
    this.#draw();
    this.#closePanel();
    this.focus();
  }

  /** Who is in the chat is known now; somebody may be typing a name already. */
  peerKnown() {
    if (document.activeElement === this.input) this.mentions.suggest();
  }

  /** The chat's messages have changed: what was unsent can be neither answered nor edited. */
  messagesChanged() {
    const gone = (message) => message && this.chat.conversation.find(message.id)?.unsent;
    const { edit, quoted } = this.draft;
    if (gone(quoted)) this.draft.quoted = null;
    if (gone(edit?.message)) this.draft.edit = null;
    if (edit !== this.draft.edit || quoted !== this.draft.quoted) this.#draw();
  }

  /** Show what is being written, and above it what it edits or answers. */
  #draw() {
    const { edit, quoted, sheet } = this.draft;
    if (this.input.value !== sheet.text) this.input.value = sheet.text;
    if (edit) this.#context('edit', t('Edit message'), edit.message.text);
    else if (quoted) this.#context('quote', replyTo(quoted), summary(quoted));
    else this.above.hidden = true;
    this.#typed();
  }

  #context(name, title, text) {
    const close = iconButton('close', t('Cancel'), () => this.#cancel());
    const words = h('span.grow', {}, h('b', {}, title), h('span.clip', { dir: 'auto' }, text));
    show(this.above, icon(name, 'icon--small'), words, close).hidden = false;
  }

  /** Leave an edit, back to the message that was being written; or leave the message that it answers. */
  #cancel() {
    const { edit } = this.draft;
    if (edit) this.draft.unsaved.delete(edit.message.id);
    this.#write(edit ? { edit: null } : { quoted: null });
  }

  #typed() {
    this.draft.sheet.text = this.input.value;
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
    else if (this.draft.edit || this.draft.quoted) this.#cancel();
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
    if (this.draft.edit) this.#saveEdit(this.draft.edit, body);
    else this.#send({ type: 'text', ...body });
  }

  #send(body) {
    const quoted = this.draft.edit ? null : this.draft.quoted;
    const sent = quoted ? { ...body, quotedMessageId: quoted.id } : body;
    const { packageId, stickerId } = body;
    const shown = {
      ...body,
      sticker: packageId && { packageId, stickerId },
      quoted: quoted && { ...quoted, quoted: null },
    };
    if (quoted) this.draft.quoted = null;
    if (body.type === 'text') Object.assign(this.draft, { text: '', mentions: [] });
    this.#draw();
    this.chat.send(sent, shown);
    this.focus();
  }

  // The field is free at once for what comes next: the answer may take its time.
  async #saveEdit({ message, mentions }, body) {
    this.#write({ edit: null });
    if (body.text === message.text) return;
    const { unsaved } = this.draft;
    unsaved.set(message.id, { text: body.text, mentions });
    try {
      await calls.edit(this.chat.me.userId, this.chat.conversation.peerId, message.id, body);
    } catch (problem) {
      report(problem);
      if (this.element.isConnected && !this.input.value) this.edit(message);
      return;
    }
    unsaved.delete(message.id);
    this.chat.change(() =>
      this.chat.conversation.edited(message.id, {
        emojis: undefined,
        mention: undefined,
        ...body,
        editedAt: Date.now(),
      }),
    );
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

  // Office programs put a picture of the text beside the text; file managers put the files' names beside the files.
  #paste(event) {
    const names = new Set([...event.clipboardData.files].map(({ name }) => name));
    const lines = event.clipboardData
      .getData('text/plain')
      .trim()
      .split(/[\r\n]+/);
    if (lines.every((line) => !line || names.has(line.split(/[\\/]/).at(-1)))) this.#files(event, event.clipboardData);
  }

  #files(event, data) {
    if (!data?.files.length) return;
    // Unless told otherwise, a browser leaves the page for a file that is dropped.
    event.preventDefault();
    if (!this.element.inert) sendFiles(this.chat, [...data.files]);
  }
}

function replyTo({ own, author }) {
  return own ? t('Reply to yourself') : t('Reply to {name}', { name: author?.displayName ?? '' });
}
