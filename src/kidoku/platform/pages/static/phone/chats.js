// The list of chats: who, the last message, when, and how much is unread.

import { summary } from '../chat/contents.js';
import { h, reconcile, show } from '../dom.js';
import { brief, full, number } from '../format.js';
import { t, tn } from '../i18n.js';
import { avatar, empty } from '../parts.js';
import { countedName, nameOf } from './peers.js';
import { matches, nothingFound } from './search.js';

/** Draw the chats into `body`, newest first, those that match `query`. */
export function drawChats(phone, body, query) {
  const chats = phone.home.chats;
  if (!chats.length) return show(body, noChats(phone));
  const found = chats.filter(({ peer }) => matches(nameOf(peer), query)).sort((a, b) => b.timestamp - a.timestamp);
  if (!found.length) return nothingFound(body);
  let list = body.querySelector(':scope > ul.chats');
  if (!list) show(body, (list = h('ul.rows.chats')));
  reconcile(list, found, {
    key: ({ peer }) => peer.id,
    create: (chat) => update(h('li'), chat, phone),
    update: (element, chat) => update(element, chat, phone),
  });
}

function noChats(phone) {
  const choose = () => phone.screen.choose('friends');
  const action = h('button.button.button--primary', { type: 'button', onclick: choose }, t('See friends'));
  return empty({ title: t('No chats yet'), text: t('Add an Official Account as a friend and write to it.'), action });
}

function update(element, chat, phone) {
  const now = Math.floor(Date.now() / 60_000 / 60);
  const signature = JSON.stringify([chat, now]);
  if (element.signature === signature) return element;
  element.signature = signature;
  const focused = element.contains(document.activeElement);
  show(element, row(chat, phone));
  if (focused) element.firstElementChild.focus();
  return element;
}

function row({ peer, lastMessage, unread, timestamp }, phone) {
  return h(
    'button.row-link',
    { type: 'button', onclick: () => phone.go({ chat: peer.id }) },
    avatar(peer),
    h(
      'span.grow',
      {},
      h('span.row-name.counted', { dir: 'auto' }, countedName(peer)),
      h('span.row-note.clip', { dir: 'auto' }, lastMessage ? preview(lastMessage) : ''),
    ),
    h(
      'span.row-side',
      {},
      timestamp
        ? h('time', { datetime: new Date(timestamp).toISOString(), title: full(timestamp) }, brief(timestamp))
        : null,
      unread > 0 &&
        h(
          'span.count',
          { 'aria-label': tn('{n} unread', '{n} unread', unread), role: 'img' },
          unread > 999 ? '999+' : number(unread),
        ),
    ),
  );
}

function preview(message) {
  const written = summary(message);
  return message.type === 'text' || message.text || message.unsent ? written : t('[{kind}]', { kind: written });
}
