// One message's row: the picture and name of who wrote it, the bubble, and the small column with Read and time.

import { content, unsentNotice } from '../chat/contents.js';
import { h, icon, iconButton, show } from '../dom.js';
import { full, number, time } from '../format.js';
import { t } from '../i18n.js';
import { avatar } from '../parts.js';

/**
 * How the timeline draws rows. `chat` answers `options` for contents, `perform(action, message)`, `discard(message)`,
 * `openMenu(message, anchor)`, `writer(author)` and `isGroup`.
 */
export function rows(chat) {
  return {
    create: (message) => update(h('div.message'), message, chat),
    update: (element, message) => update(element, message, chat),
  };
}

const SHOWN = [
  'type',
  'text',
  'emojis',
  'mention',
  'sticker',
  'contentUrl',
  'fileName',
  'fileSize',
  'duration',
  'title',
  'address',
  'latitude',
  'longitude',
  'quoted',
  'template',
  'altText',
  'contents',
  'sender',
  'unsent',
  'joined',
];

function update(element, message, chat) {
  const writer = message.own ? null : chat.writer(message.author);
  const shape = JSON.stringify([...SHOWN.map((name) => message[name]), Boolean(message.draft), writer]);
  if (element.shape !== shape) {
    element.shape = shape;
    build(element, message, chat);
  }
  const facts = JSON.stringify([message.read, message.readCount, message.editedAt, message.timestamp, message.draft]);
  if (element.facts !== facts && element.meta) {
    const before = element.facts;
    element.facts = facts;
    fillMeta(element.meta, message, chat, before !== undefined);
    if (element.below) show(element.below, message.draft === 'failed' && reason(message));
  }
  return element;
}

function build(element, message, chat) {
  element.className = 'message';
  element.classList.toggle('message--own', Boolean(message.own) && !message.unsent);
  element.classList.toggle('message--joined', Boolean(message.joined));
  element.classList.toggle('message--pending', message.draft === 'sending');
  element.facts = element.meta = undefined;
  if (message.unsent) {
    element.className = 'message message--notice';
    show(element, unsentNotice(message));
    return;
  }
  element.meta = h('div.meta', { 'aria-live': 'off' });
  const body = h(
    'div.message__content',
    {},
    content(message, { ...chat.options, act: (action) => chat.perform(action, message) }),
  );
  const line = h('div.message__line', {}, body, message.draft ? null : menuButton(message, chat), element.meta);
  element.below = message.draft ? h('p.message__below', { role: 'alert' }) : null;
  show(element, message.own ? [ownName(message), line] : [author(message, chat), line], element.below);
}

function ownName(message) {
  return message.joined ? null : h('span.visually-hidden', {}, t('You'));
}

function author(message, chat) {
  if (message.joined) return null;
  const { id, kind, displayName, pictureUrl } = chat.writer(message.author);
  const name = message.sender?.name ?? displayName ?? t('Somebody who left');
  const picture = { id, displayName: name, kind, pictureUrl: message.sender?.iconUrl ?? pictureUrl };
  return [
    h('span.message__avatar', {}, avatar(picture, 'small')),
    h('span.message__author.clip', { dir: 'auto' }, name),
  ];
}

function menuButton(message, chat) {
  const open = (event) => chat.openMenu(message, event.currentTarget);
  return iconButton('more', t('Message menu'), open, {
    class: 'message__menu',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
  });
}

function fillMeta(meta, message, chat, changed) {
  if (message.draft === 'failed') return show(meta, failed(message, chat));
  if (message.draft) return show(meta, h('span', {}, t('Sending')));
  const label = message.own && readLabel(message, chat.isGroup);
  const fresh = changed && label && !meta.querySelector('.meta__read');
  return show(
    meta,
    label && h('span.meta__read', { class: fresh ? 'meta__read--new' : '' }, label),
    message.editedAt && h('span', { title: full(message.editedAt) }, t('Edited')),
    h(
      'time',
      { datetime: new Date(message.timestamp).toISOString(), title: full(message.timestamp) },
      time(message.timestamp),
    ),
  );
}

/** "Read", in groups with how many have; nothing while nobody has. */
export function readLabel({ read, readCount }, isGroup) {
  if (isGroup) return readCount > 0 ? t('Read {count}', { count: number(readCount) }) : null;
  return read ? t('Read') : null;
}

function failed(message, chat) {
  return h(
    'span.row',
    {},
    iconButton('refresh', t('Send again'), () => message.retry()),
    iconButton('trash', t('Discard'), () => chat.discard(message)),
  );
}

function reason({ problem }) {
  return [h('b', {}, t('Not sent')), ' ', [problem.message, problem.hint].filter(Boolean).join(' ')];
}

/** Three dots while the account prepares its answer. */
export function typingRow(peer) {
  return h(
    'div.message.message--typing',
    { 'aria-hidden': 'true' },
    h('span.message__avatar', {}, avatar(peer, 'small')),
    h('div.message__line', {}, h('div.bubble.typing', {}, h('i'), h('i'), h('i'))),
  );
}

/** The bar at the bottom that tells about newer messages while one reads older ones. */
export function newerPill(act) {
  return h(
    'button.button.button--small.newer',
    { type: 'button', hidden: true, onclick: act },
    icon('down', 'icon--small'),
    t('New messages'),
  );
}
