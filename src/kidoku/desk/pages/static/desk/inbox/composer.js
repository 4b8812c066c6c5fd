// Where an answer is written: text, stickers, a picture, quick replies, canned answers; and what sending it costs.

import { summary } from '../../chat/contents.js';
import { h, icon, iconButton, show, showFor } from '../../dom.js';
import { report } from '../../dialog.js';
import { number, time } from '../../format.js';
import { t } from '../../i18n.js';
import { enterSends } from '../choices.js';
import * as calls from '../calls.js';
import { CannedList } from './canned_list.js';
import { pictureDialog, receiveFiles } from './pictures.js';
import { quickReplyDialog } from './quick_replies.js';
import { LIMIT, MOST, split } from './split_text.js';
import { stickerPanel } from './sticker_panel.js';

const COST_MS = 5_000;

// Our emoji are known only to our own platform; a text for LINE gets the character that everybody has.
const CHARACTERS = {
  smile: '😊',
  laugh: '😄',
  wink: '😉',
  love: '😍',
  cry: '😢',
  angry: '😠',
  surprise: '😮',
  sleep: '😴',
  heart: '❤️',
  star: '⭐',
  check: '✅',
  kidoku: '👀',
};

export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.quickReplies = [];
    this.input = h('textarea.answer__input', {
      rows: 1,
      dir: 'auto',
      'aria-label': t('Answer'),
      'aria-describedby': 'answer-length answer-cost',
      enterkeyhint: enterSends() ? 'send' : 'enter',
    });
    this.panel = h('div', { hidden: true });
    this.canned = new CannedList(this);
    this.chips = h('div.composer__chips', { hidden: true });
    this.quoted = null;
    this.quoteBar = h('div.composer__quote', { hidden: true });
    this.length = h('p.composer__cost', { id: 'answer-length', role: 'status' });
    this.cost = h('p.composer__cost', { id: 'answer-cost' });
    this.stickers = iconButton('sticker', t('Stickers and emoji'), () => this.pick(), { 'aria-expanded': 'false' });
    this.button = iconButton('send', t('Send'), () => this.submit(), { class: 'answer__send', disabled: true });
    this.tools = [
      this.stickers,
      iconButton('image', t('Send a picture'), () => this.picture()),
      iconButton('list', t('Quick replies'), () => this.chooseQuickReplies()),
      iconButton('note', t('Canned answers'), () => this.canned.toggle(), { class: 'composer__canned' }),
    ];
    this.element = h(
      'div.answer.composer',
      { hidden: true },
      this.canned.element,
      this.quoteBar,
      this.chips,
      h('div.answer__bar', {}, h('div.composer__tools', {}, this.tools), this.input, this.button),
      this.length,
      this.cost,
      this.panel,
    );
    this.input.addEventListener('input', () => this.typed());
    this.element.addEventListener('keydown', (event) => this.key(event));
    receiveFiles(this.element, (file) => !this.pane.cannotSend && this.picture(file));
  }

  get desk() {
    return this.pane.desk;
  }

  /** Show the box where answering is possible: in a chat that is open. */
  allow(chat) {
    this.element.hidden = this.pane.peek;
    this.chat = chat;
    this.input.placeholder = t('Answer');
    this.bar();
    this.showCost();
    clearInterval(this.clock);
    this.clock = setInterval(() => (this.element.isConnected ? this.tick() : clearInterval(this.clock)), COST_MS);
  }

  // Nothing can be written to who would not get it; what was written stays.
  bar() {
    const barred = Boolean(this.pane.cannotSend);
    for (const control of [this.input, ...this.tools]) control.disabled = barred;
    this.measure();
    if (barred) this.close();
  }

  // What an answer costs stands beside those too that can be sent again.
  tick() {
    if (this.free === this.pane.isFree) this.showCost();
    else this.pane.draw();
  }

  // A reply token is free and short-lived; without one the answer is a push, which counts.
  showCost() {
    const { cannotSend } = this.pane;
    const free = (this.free = this.pane.isFree);
    this.cost.classList.toggle('composer__cost--barred', Boolean(cannotSend));
    this.cost.classList.toggle('composer__cost--free', free && !cannotSend);
    if (cannotSend) return show(this.cost, icon('block', 'icon--small'), h('span.grow', {}, cannotSend));
    return show(
      this.cost,
      icon(free ? 'check' : 'send', 'icon--small'),
      h(
        'span.grow',
        {},
        free
          ? t('Free reply until {time}', { time: time(this.chat.replyUntil) })
          : t('Push: counts towards the account’s monthly messages'),
      ),
      h('span.composer__keys', {}, enterSends() ? t('Enter sends') : t('Ctrl+Enter sends')),
    );
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Say what becomes of a text that is too long for one message, and whether there is anything to send. */
  measure() {
    const { length } = (this.texts = split(this.input.value));
    const tooLong = length > MOST;
    this.button.disabled = Boolean(this.pane.cannotSend) || !length || tooLong;
    this.length.classList.toggle('composer__cost--barred', tooLong);
    showFor(this.length, length, () => lengthNote(length));
  }

  typed() {
    this.measure();
    this.pane.presence.typing();
    this.canned.look(this.input.value);
  }

  key(event) {
    // An input method's Enter chooses a word, it does not send.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.canned.key(event)) return;
    if (event.key === 'Escape') this.escape(event);
    if (event.key !== 'Enter' || event.target !== this.input) return;
    const sends = enterSends() ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!sends) return;
    event.preventDefault();
    this.submit();
  }

  escape(event) {
    event.stopPropagation();
    if (!this.panel.hidden) {
      this.close();
      this.focus();
    } else if (this.quoted) this.quote(null);
    else this.pane.box.focus({ preventScroll: true });
  }

  /** Put a canned answer's text into the box. */
  use(text) {
    this.input.value = text;
    this.typed();
    this.focus();
  }

  submit() {
    this.measure();
    const { texts } = this;
    if (this.button.disabled) return;
    const { value } = this.input;
    this.input.value = '';
    this.measure();
    this.pane.presence.rest();
    const messages = texts.map((text) => ({ type: 'text', text }));
    this.send(messages, () => {
      this.input.value = value;
      this.measure();
    });
  }

  async send(messages, undo = () => {}) {
    this.pane.following = true;
    const { quickReplies, quoted } = this;
    this.setQuickReplies([]);
    this.quote(null);
    // LINE shows the quick replies of the newest message only.
    const quickReply = quickReplies.length ? { quickReply: { items: quickReplies.map(item) } } : {};
    const sent = [...messages.slice(0, -1), { ...messages.at(-1), ...quickReply }];
    try {
      const quoteToken = ['text', 'sticker'].includes(sent[0].type) ? quoted?.quoteToken : undefined;
      await calls.reply(this.pane.chatId, sent, quoteToken);
    } catch (problem) {
      undo();
      this.setQuickReplies(quickReplies);
      this.quote(quoted);
      report(problem);
    }
    this.pane.soon();
    this.focus();
  }

  pick() {
    if (!this.panel.hidden) return this.close();
    const sticker = ({ packageId, stickerId }) => {
      this.close();
      this.send([{ type: 'sticker', packageId, stickerId }]);
    };
    const emoji = ({ placeholder }) => {
      const { selectionStart, selectionEnd } = this.input;
      const character = CHARACTERS[placeholder.slice(1, -1)] ?? placeholder;
      this.input.setRangeText(character, selectionStart, selectionEnd, 'end');
      this.typed();
    };
    show(this.panel, stickerPanel(this.pane.channel, { sticker, emoji })).hidden = false;
    this.stickers.setAttribute('aria-expanded', 'true');
    return this.panel.querySelector('select').focus();
  }

  close() {
    show(this.panel).hidden = true;
    this.stickers.setAttribute('aria-expanded', 'false');
  }

  /** Send a picture, perhaps beginning with one that was dropped or pasted. */
  picture(begin = null) {
    return pictureDialog(this.desk, (message) => this.send([message]), begin);
  }

  /** The next answer quotes this message; null: it quotes none. */
  quote(message) {
    this.quoted = message;
    this.quoteBar.hidden = !message;
    if (!message) return;
    const leave = iconButton('close', t('Do not quote'), () => {
      this.quote(null);
      this.focus();
    });
    show(this.quoteBar, icon('quote', 'icon--small'), h('span.grow.clip', { dir: 'auto' }, summary(message)), leave);
    this.focus();
  }

  async chooseQuickReplies() {
    const chosen = await quickReplyDialog(this.quickReplies);
    if (chosen) this.setQuickReplies(chosen);
    this.focus();
  }

  setQuickReplies(labels) {
    this.quickReplies = labels;
    this.chips.hidden = !labels.length;
    const without = (at) => this.setQuickReplies(labels.filter((_, index) => index !== at));
    show(
      this.chips,
      labels.map((label, at) =>
        h(
          'button.composer__chip',
          { type: 'button', 'aria-label': t('Leave out {label}', { label }), onclick: () => without(at) },
          label,
          icon('close', 'icon--small'),
        ),
      ),
    );
  }
}

function lengthNote(messages) {
  if (messages < 2) return [];
  const limit = number(LIMIT);
  const words =
    messages > MOST
      ? t(
          'More than an answer holds: {most} messages of {limit} characters. Shorten it, or send it in parts; nothing is cut off.',
          { most: number(MOST), limit },
        )
      : t('Longer than {limit} characters: the user gets {n} messages, one after the other.', {
          limit,
          n: number(messages),
        });
  return [icon('info', 'icon--small'), h('span.grow', {}, words)];
}

function item(label) {
  return { type: 'action', action: { type: 'message', label: label.slice(0, 20), text: label } };
}
