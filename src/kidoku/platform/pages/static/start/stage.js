// The pair: a user's phone at the left, the account's Manager or the team's inbox at the right, live in frames.

import { h, icon, show } from '../dom.js';
import { report } from '../dialog.js';
import { t } from '../i18n.js';
import { segmented } from '../ui.js';

/** `choose({account?, user?, side?})` shows another pair; `addUser(account)` makes somebody to write with. */
export function stagePair({ account, user, accounts, users, side, inboxUrl, choose, addUser }) {
  const people = users.filter(({ providerId }) => providerId === account.providerId);
  return h(
    'section.stage-pair',
    { 'aria-label': inboxUrl ? t('A phone and the account') : t('A phone and the Manager') },
    h(
      'div.stage-pair__side',
      {},
      phoneHead(user, people, choose),
      user ? phone(account, user) : nobody(account, addUser),
    ),
    h(
      'div.stage-pair__side.stage-pair__side--wide',
      {},
      accountHead({ account, accounts, side, inboxUrl, choose }),
      side === 'inbox' ? inbox(inboxUrl) : manager(account, user),
    ),
  );
}

function phoneHead(user, people, choose) {
  const label = h('span.stage-pair__label', {}, icon('phone', 'icon--small'), t('Phone'));
  if (!user) return h('div.stage-pair__head', {}, label);
  const choice = picker(
    t('Whose phone'),
    people,
    user.userId,
    ({ userId }) => userId,
    (userId) => choose({ user: userId }),
  );
  return h(
    'div.stage-pair__head',
    {},
    label,
    choice,
    openLink(`/phone?user=${encodeURIComponent(user.userId)}`, t('Open the phone alone')),
  );
}

function accountHead({ account, accounts, side, inboxUrl, choose }) {
  const choice = picker(
    t('Which account'),
    accounts,
    account.accountId,
    ({ accountId }) => accountId,
    (accountId) => choose({ account: accountId }),
  );
  const alone =
    side === 'inbox'
      ? openLink(inboxUrl, t('Open the inbox alone'))
      : openLink(`/manager/${encodeURIComponent(account.accountId)}`, t('Open the Manager alone'));
  return h('div.stage-pair__head', {}, inboxUrl ? sides(side, choose) : managerLabel(), choice, alone);
}

function managerLabel() {
  return h('span.stage-pair__label', {}, icon('chats', 'icon--small'), t('Manager'));
}

function sides(side, choose) {
  const options = [
    { value: 'inbox', text: t('Inbox') },
    { value: 'manager', text: t('Manager') },
  ];
  const group = segmented(t('What stands beside the phone'), options, side, (value) => choose({ side: value }));
  return h('span.stage-pair__label', {}, group);
}

function picker(label, items, chosen, idOf, act) {
  const select = h('select.select.select--small', { 'aria-label': label, onchange: () => act(select.value) });
  for (const item of items)
    select.append(h('option', { value: idOf(item), selected: idOf(item) === chosen }, item.displayName));
  return select;
}

function openLink(href, label) {
  return h(
    'a.icon-button',
    { href, target: '_blank', rel: 'noopener', 'aria-label': label, title: label },
    icon('external', 'icon--small'),
  );
}

function phone(account, { userId, displayName }) {
  const src = `/phone?${new URLSearchParams({ embed: '1', user: userId, chat: account.accountId })}`;
  return h('div.stage-pair__phone', {}, h('iframe', { src, title: t('Phone of {name}', { name: displayName }) }));
}

// The Manager only looks into the chat: opening it would show Read before the bot does.
function manager({ accountId, displayName }, user) {
  const item = user ? `/${encodeURIComponent(user.userId)}` : '';
  const src = `/manager/${encodeURIComponent(accountId)}/chats${item}?embed=1${user ? '&peek=1' : ''}`;
  return h('div.stage-pair__manager', {}, h('iframe', { src, title: t('Manager of {name}', { name: displayName }) }));
}

function inbox(src) {
  return h('div.stage-pair__manager', {}, h('iframe', { src, title: t('Inbox') }));
}

function nobody(account, addUser) {
  const box = h('div.stage-pair__phone.stage-pair__phone--empty');
  const add = async (event) => {
    event.currentTarget.disabled = true;
    await addUser(account).catch(report);
  };
  const button = h(
    'button.button.button--primary',
    { type: 'button', onclick: add },
    icon('person-add'),
    t('Create a user'),
  );
  return show(
    box,
    h(
      'div.empty',
      {},
      icon('phone'),
      h('h2', {}, t('Nobody has a phone yet')),
      h('p', {}, t('Create a user who follows this account, and write as them.')),
      button,
    ),
  );
}
