// A message's row as operators see it: beside what the user wrote stands when and by what it became Read.

import { content, unsentNotice } from '../../chat/contents.js';
import { h, icon, show } from '../../dom.js';
import { full, preciseTime, time } from '../../format.js';
import { t } from '../../i18n.js';
import { avatar } from '../../parts.js';
import { causeName } from '../mode.js';

const VIA = {
  reply: () => t('Reply'),
  push: () => t('Push'),
  multicast: () => t('Multicast'),
  broadcast: () => t('Broadcast'),
  greeting: () => t('Greeting'),
  auto: () => t('Auto-response'),
  operator: () => t('Operator'),
};

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
  'line',
  'via',
];

/** How the timeline of messages draws rows for this pane. */
export function rows(pane) {
  return {
    create: (message) => update(h('div.message'), message, pane),
    update: (element, message) => update(element, message, pane),
  };
}

function update(element, message, pane) {
  const shape = JSON.stringify([SHOWN.map((name) => message[name]), whoWrote(message, pane)]);
  if (element.shape !== shape) {
    element.shape = shape;
    element.facts = undefined;
    build(element, message, pane);
  }
  const facts = JSON.stringify([message.read, message.readAt, message.readCause, message.editedAt, message.timestamp]);
  if (element.meta && element.facts !== facts) {
    const changed = element.facts !== undefined;
    element.facts = facts;
    fillMeta(element.meta, message, changed);
  }
  return element;
}

function build(element, message, pane) {
  element.className = 'message';
  element.classList.toggle('message--own', message.own && !message.unsent);
  element.classList.toggle('message--joined', Boolean(message.joined) && !message.line);
  element.classList.toggle('message--lined', Boolean(message.line));
  element.meta = null;
  const line =
    message.line &&
    h(
      'p.read-line',
      { role: 'separator', class: message.lineRead ? 'read-line--read' : '' },
      h('span', {}, message.line),
    );
  if (message.unsent) {
    element.classList.add('message--notice');
    return show(element, line, unsentNotice({ ...message, own: false }));
  }
  element.meta = h('div.meta', { 'aria-live': 'off' });
  const body = h('div.message__content', {}, content(message, pane.options));
  return show(element, line, !message.own && author(message, pane), h('div.message__line', {}, body, element.meta));
}

// Whose name and picture stand beside a message, where they do.
function whoWrote(message, { isGroup, peer }) {
  if (message.own) return null;
  const { displayName, pictureUrl } = (isGroup ? null : peer) ?? message.author ?? {};
  return { id: message.author?.id, kind: 'user', displayName: message.author?.displayName ?? displayName, pictureUrl };
}

function author(message, pane) {
  if (message.joined && !message.line) return null;
  const who = whoWrote(message, pane);
  return [
    h('span.message__avatar', {}, avatar(who, 'small')),
    h('span.message__author.clip', { dir: 'auto' }, who.displayName),
  ];
}

function fillMeta(meta, message, changed) {
  show(
    meta,
    message.own
      ? h('span.meta__via', {}, message.sender?.name ?? VIA[message.via]?.() ?? '')
      : readState(message, changed),
    message.editedAt && h('span', { title: full(message.editedAt) }, t('Edited')),
    h(
      'time',
      { datetime: new Date(message.timestamp).toISOString(), title: full(message.timestamp) },
      time(message.timestamp),
    ),
  );
}

function readState({ read, readAt, readCause, seq }, changed) {
  if (!seq) return null;
  if (!read) return h('span.meta__unread', {}, t('Unread'));
  const fresh = changed ? 'meta__read--new' : '';
  if (!readAt) return h('span.meta__read', { class: fresh }, t('Read'));
  const words = { time: preciseTime(readAt), cause: causeName(readCause) };
  return [
    h(
      'span.meta__read',
      { class: fresh, title: t('Read at {time}: {cause}', words) },
      t('Read {time}', { time: time(readAt) }),
    ),
    h('span.meta__cause', { class: `cause-ink cause--${readCause}` }, causeName(readCause)),
  ];
}

/** Text between what is Read and what is not. */
export function readLineText(frozen, count) {
  return frozen ? t('Read since you opened this chat') : t('Not Read yet ({count})', { count });
}

/** The note that stands above a chat which one looks into without opening it. */
export function peekNotice({ available, act, unread }) {
  const button =
    available &&
    h(
      'button.button.button--small.button--primary',
      { type: 'button', onclick: act },
      unread ? t('Open: shows Read') : t('Open'),
    );
  const text = available
    ? t('You are only looking: the user sees nothing of it.')
    : t('Chat is off: operators cannot open or answer chats. You are only looking.');
  return h('div.peek-notice', {}, icon('eye', 'icon--small'), h('span.grow', {}, text), button || null);
}
