// A message's row as the team sees it: beside what a user wrote stands whether, when and why it shows Read.

import { content, unsentNotice } from '../../chat/contents.js';
import { h, icon, iconButton, show } from '../../dom.js';
import { full, time } from '../../format.js';
import { t } from '../../i18n.js';
import { avatar } from '../../parts.js';
import { nameOf } from '../people.js';
import { deliveryNotice, isTrouble } from './delivery.js';
import { happeningText } from './happenings.js';
import { asLineShows } from './line_stickers.js';
import { writerName } from './messages.js';
import { absentFile } from './media_state.js';
import { readState } from './read_state.js';

const BESIDE = new Set(['read', 'delivery', 'editedAt', 'timestamp', 'endsAnswer']);

/** How the timeline draws rows for this pane. */
export function rows(pane) {
  return {
    create: (message) => update(h('div.message'), message, pane),
    update: (element, message) => update(element, message, pane),
  };
}

function update(element, message, pane) {
  const drawn = Object.fromEntries(Object.entries(message).filter(([name]) => !BESIDE.has(name)));
  const shape = JSON.stringify([drawn, message.own && nameOf(pane.desk, message.author.by)]);
  if (element.shape !== shape) {
    element.shape = shape;
    element.beside = undefined;
    build(element, message, pane);
  }
  const beside = JSON.stringify([
    [...BESIDE].map((name) => message[name]),
    message.own && [pane.cannotSend, pane.isFree],
  ]);
  if (element.meta && element.beside !== beside) {
    const changed = element.beside !== undefined;
    element.beside = beside;
    fillMeta(element.meta, message, pane, changed);
    const told = message.endsAnswer && isTrouble(message.delivery) && deliveryNotice(message, pane);
    show(element.below, told);
  }
  return element;
}

function build(element, message, pane) {
  element.className = 'message';
  element.classList.toggle('message--own', Boolean(message.own) && !message.unsent);
  element.classList.toggle('message--joined', Boolean(message.joined));
  element.meta = null;
  if (message.happening) {
    element.classList.add('message--notice');
    return show(element, h('p.notice', { dir: 'auto', title: full(message.timestamp) }, happeningText(message)));
  }
  if (message.unsent) {
    element.classList.add('message--notice');
    const author = { displayName: nameIn(message, pane) };
    return show(element, unsentNotice({ ...message, own: false, author }));
  }
  element.meta = h('div.meta', { 'aria-live': 'off' });
  const drawn = absentFile(message, pane) ?? content(message, pane.options);
  if (message.type === 'sticker') showSticker(drawn, message, pane);
  const body = h('div.message__content', {}, drawn, quoteButton(message, pane));
  element.below = h('div.message__below');
  const line = h('div.message__line', {}, body, element.meta);
  return show(element, !message.own && author(message, pane), line, element.below);
}

function showSticker(drawn, message, pane) {
  const picture = drawn.matches('img') ? drawn : drawn.querySelector('img.sticker');
  asLineShows(pane.channel, message, picture);
}

function quoteButton(message, pane) {
  if (!message.quoteToken) return null;
  return iconButton('quote', t('Quote in an answer'), () => pane.quote(message), { class: 'message__quote' });
}

function nameIn({ author }, pane) {
  return author?.displayName || pane.name;
}

function author(message, pane) {
  if (message.joined) return null;
  const who = pane.isGroup ? message.author : { ...message.author, pictureUrl: pane.chat?.pictureUrl };
  const id = pane.isGroup ? message.author.id : pane.chatId;
  return [
    h('span.message__avatar', {}, avatar({ ...who, id, displayName: nameIn(message, pane), kind: 'user' }, 'small')),
    h('span.message__author.clip', { dir: 'auto' }, nameIn(message, pane)),
  ];
}

function fillMeta(meta, message, pane, changed) {
  show(
    meta,
    message.own ? sent(message, pane) : message.read && readState(pane.desk, message, changed),
    message.editedAt && h('span', { title: full(message.editedAt) }, t('Edited')),
    h(
      'time',
      { datetime: new Date(message.timestamp).toISOString(), title: full(message.timestamp) },
      time(message.timestamp),
    ),
  );
}

function sent(message, pane) {
  const name = message.sender?.name ?? nameOf(pane.desk, message.author.by);
  const { state, problem, way, certain } = message.delivery ?? {};
  if (state === 'failed')
    return h(
      'span.meta__failed',
      { title: problem ?? '' },
      icon('warning', 'icon--small'),
      certain ? t('Not sent') : t('Perhaps not sent'),
    );
  if (state === 'queued' && problem) return h('span', { title: problem }, t('Trying again…'));
  if (state === 'queued' || state === 'sending') return h('span', {}, t('Sending…'));
  return h('span.meta__via', {}, writerName(name, way));
}
