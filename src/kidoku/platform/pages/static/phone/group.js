// Creating a group, and inviting into one.

import { h } from '../dom.js';
import { field, formDialog, report } from '../dialog.js';
import { t } from '../i18n.js';
import { limited } from '../long_text.js';
import * as calls from './calls.js';
import { choice, choiceRows, choices, peopleChoice } from './choices.js';
import { nameOf } from './peers.js';

/** Ask for a name, members and one Official Account; create the group and open it. */
export async function newGroup(phone) {
  const none = t('There is nobody else yet. You can invite people later.');
  const people = await peopleChoice(phone, t('Members'), { none }).catch(report);
  if (!people) return;
  const name = limited(
    50,
    h('input.input', {
      name: 'name',
      required: true,
      autocomplete: 'off',
      autofocus: true,
    }),
  );
  const group = await formDialog(t('Create a group'), [field(t('Group name'), name), people, accountChoice(phone)], {
    act: t('Create'),
    save: (form) => create(phone, form),
  });
  if (!group) return;
  await phone.refreshHome();
  phone.go({ chat: group.groupId });
}

function create(phone, form) {
  return calls.createGroup({
    name: form.get('name').trim(),
    providerId: phone.me.providerId,
    members: [phone.me.userId, ...form.getAll('person')],
    ...(form.get('account') ? { accountId: form.get('account') } : {}),
  });
}

function accountChoice(phone) {
  const none = h(
    'label.check',
    {},
    h('input', { type: 'radio', name: 'account', value: '', checked: true }),
    t('None for now'),
  );
  const accounts = phone.home.friends.filter(({ state }) => state !== 'blocked');
  const rows = accounts.map((account) =>
    choice('radio', 'account', account.accountId, { ...account, kind: 'account' }),
  );
  return choices(t('Official Account'), choiceRows([none, ...rows]));
}

/** Invite users, and an account where the group has none. Resolves to true when somebody was invited. */
export async function invite(phone, peer) {
  const inside = new Set((peer.members ?? []).map((member) => member.userId ?? member.accountId));
  const none = t('Everybody is here already.');
  const people = await peopleChoice(phone, t('People'), { none, without: inside }).catch(report);
  if (!people) return false;
  const accounts = phone.home.friends.filter(({ accountId, state }) => state !== 'blocked' && !inside.has(accountId));
  const bots = accounts.map((account) =>
    choice('radio', 'account', account.accountId, { ...account, kind: 'account' }),
  );
  const answer = await formDialog(
    t('Invite to {name}', { name: nameOf(peer) }),
    [people, bots.length ? choices(t('Official Account'), choiceRows(bots)) : null],
    { act: t('Invite'), save: (form) => inviteAll(peer.id, form) },
  );
  return Boolean(answer);
}

async function inviteAll(groupId, form) {
  for (const userId of form.getAll('person')) await calls.joinGroup(groupId, { userId });
  const accountId = form.get('account');
  if (accountId) await calls.joinGroup(groupId, { accountId });
}
