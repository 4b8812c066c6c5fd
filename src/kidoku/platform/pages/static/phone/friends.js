// Friends: oneself, Official Accounts, groups, who may be added, and who is blocked.

import { h, icon, show } from '../dom.js';
import { report, toast } from '../dialog.js';
import { tn, t } from '../i18n.js';
import { avatar, empty } from '../parts.js';
import * as calls from './calls.js';
import { nameOf } from './peers.js';
import { matches, nothingFound } from './search.js';

/** Draw the friends into `body`, those that match `query`. */
export function drawFriends(phone, body, query) {
  const accounts = phone.home.friends.filter(({ displayName, basicId }) =>
    matches(`${displayName} ${basicId ?? ''}`, query),
  );
  const groups = phone.home.chats.filter(({ peer }) => peer.kind !== 'account' && matches(nameOf(peer), query));
  const inState = (state) => accounts.filter((account) => account.state === state);
  const parts = [
    section(t('Friends'), inState('friend'), (account) => accountRow(phone, account)),
    section(t('Groups'), groups, (chat) => groupRow(phone, chat.peer)),
    section(t('You may add'), inState('none'), (account) => accountRow(phone, account, addButton(phone, account))),
    section(t('Blocked'), inState('blocked'), (account) => accountRow(phone, account)),
  ].filter(Boolean);
  if (parts.length) show(body, !query && selfCard(phone.me), parts);
  else if (query) nothingFound(body);
  else show(body, selfCard(phone.me), nobody());
}

function nobody() {
  const text = t('Create an Official Account in the Manager, or with “kidoku account add”. It then appears here.');
  return empty({ title: t('No Official Accounts yet'), text });
}

function selfCard(me) {
  return h(
    'div.self',
    {},
    avatar({ ...me, id: me.userId }, 'large'),
    h(
      'div.grow',
      {},
      h('p.self__name', { dir: 'auto' }, me.displayName),
      me.statusMessage && h('p.muted', { dir: 'auto' }, me.statusMessage),
    ),
  );
}

function section(title, items, draw) {
  if (!items.length) return null;
  const heading = h('h2.list-heading', {}, title, ' ', h('span.numeric', {}, items.length));
  return h(
    'section',
    {},
    heading,
    h(
      'ul.rows',
      {},
      items.map((item) => h('li.row-pair', {}, draw(item))),
    ),
  );
}

function accountRow(phone, account, button = null) {
  const { accountId, displayName, basicId, pictureUrl, state } = account;
  const open = () => phone.go({ chat: accountId, about: state !== 'friend' });
  const row = h(
    'button.row-link',
    { type: 'button', onclick: open },
    avatar({ id: accountId, displayName, pictureUrl, kind: 'account' }),
    h('span.grow', {}, h('span.row-name.clip', { dir: 'auto' }, displayName), h('span.row-note.clip', {}, basicId)),
  );
  return button ? [row, button] : row;
}

function addButton(phone, { accountId, displayName }) {
  const label = t('Add {name} as a friend', { name: displayName });
  const onclick = () => addFriend(phone, accountId, displayName);
  return h(
    'button.button.button--small',
    { type: 'button', 'aria-label': label, onclick },
    icon('plus', 'icon--small'),
    t('Add'),
  );
}

function groupRow(phone, peer) {
  return h(
    'button.row-link',
    { type: 'button', onclick: () => phone.go({ chat: peer.id }) },
    avatar(peer),
    h(
      'span.grow',
      {},
      h('span.row-name.clip', { dir: 'auto' }, nameOf(peer)),
      peer.memberCount > 0 && h('span.row-note', {}, tn('{n} member', '{n} members', peer.memberCount)),
    ),
  );
}

/** Follow an account and open the chat, where its greeting arrives. */
export async function addFriend(phone, accountId, displayName) {
  try {
    await calls.follow(phone.me.userId, accountId);
  } catch (problem) {
    report(problem);
    return;
  }
  toast(t('{name} is now your friend.', { name: displayName }));
  await phone.refreshHome();
  phone.go({ chat: accountId });
}
