// The pair: a user's phone at the left, the account's Manager or the team's inbox at the right, live in frames.

import { h, icon, show, showFor } from '../dom.js';
import { report } from '../dialog.js';
import { t } from '../i18n.js';
import { segmented } from '../ui.js';

/**
 * `choose({account?, user?, side?})` shows another pair; `addUser(account)` makes somebody to write with. What there is
 * to choose from comes by `know({accounts, users})`, at first and later.
 */
export class StagePair {
  constructor({ account, user, side, inboxUrl, choose, addUser }) {
    this.account = account;
    this.user = user;
    this.people = picker(t('Whose phone'), (userId) => choose({ user: userId }));
    this.accounts = picker(t('Which account'), (accountId) => choose({ account: accountId }));
    this.element = h(
      'section.stage-pair',
      { 'aria-label': inboxUrl ? t('A phone and the account') : t('A phone and the Manager') },
      h(
        'div.stage-pair__side',
        {},
        phoneHead(user, this.people),
        user ? phone(account, user) : nobody(account, addUser),
      ),
      h(
        'div.stage-pair__side.stage-pair__side--wide',
        {},
        accountHead({ account, choice: this.accounts, side, inboxUrl, choose }),
        side === 'inbox' ? inbox(inboxUrl) : manager(account, user),
      ),
    );
  }

  know({ accounts, users }) {
    offer(this.people, users, ({ userId }) => userId, this.user?.userId);
    offer(this.accounts, accounts, ({ accountId }) => accountId, this.account.accountId);
  }
}

function phoneHead(user, choice) {
  const label = h('span.stage-pair__label', {}, icon('phone', 'icon--small'), t('Phone'));
  if (!user) return h('div.stage-pair__head', {}, label);
  return h(
    'div.stage-pair__head',
    {},
    label,
    choice,
    openLink(`/phone?user=${encodeURIComponent(user.userId)}`, t('Open the phone alone')),
  );
}

function accountHead({ account, choice, side, inboxUrl, choose }) {
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

function picker(label, act) {
  const select = h('select.select.select--small', { 'aria-label': label, onchange: () => act(select.value) });
  return select;
}

function offer(select, items, idOf, chosen) {
  const choices = items.map((item) => [idOf(item), item.displayName]);
  showFor(select, choices, () =>
    choices.map(([value, name]) => h('option', { value, selected: value === chosen }, name)),
  );
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
