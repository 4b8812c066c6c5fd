// What stands above a conversation: the account is not a friend yet, or is blocked.

import { h } from '../dom.js';
import { confirm, report, toast } from '../dialog.js';
import { t } from '../i18n.js';
import * as calls from './calls.js';
import { addFriend } from './friends.js';

/** The banner for this chat, or null. */
export function notices({ phone, account }) {
  if (!account || account.state === 'friend') return null;
  const blocked = account.state === 'blocked';
  const text = blocked
    ? t('You have blocked {name}. It can no longer reach you.', { name: account.displayName })
    : t('{name} is not your friend yet.', { name: account.displayName });
  return h(
    'div.banner',
    { class: blocked ? 'banner--warning' : '' },
    h('span', { dir: 'auto' }, text),
    h(
      'button.button.button--small',
      { type: 'button', onclick: () => addFriend(phone, account.accountId, account.displayName) },
      blocked ? t('Unblock') : t('Add friend'),
    ),
  );
}

/** Block an account, after saying what that means. */
export async function blockAccount(phone, { accountId, displayName }) {
  const sure = await confirm(
    t('Block {name}?', { name: displayName }),
    t('It is told that you left, and its messages no longer reach you. You can unblock it at any time.'),
    { act: t('Block'), danger: true },
  );
  if (!sure) return;
  try {
    await calls.block(phone.me.userId, accountId);
    await phone.refreshHome();
    toast(t('{name} is blocked.', { name: displayName }), {
      label: t('Undo'),
      act: () => addFriend(phone, accountId, displayName),
    });
  } catch (problem) {
    report(problem);
  }
}
