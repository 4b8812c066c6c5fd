// What happened in a chat and is no message: one line between the messages.

import { list } from '../../format.js';
import { t, tn } from '../../i18n.js';

const KINDS = {
  follow: () => t('Added the account as a friend'),
  unfollow: () => t('Blocked the account'),
  join: () => t('The account joined'),
  leave: () => t('The account left'),
  memberJoined: (names, n) => tn('{names} joined', '{names} joined', n, { names }),
  memberLeft: (names, n) => tn('{names} left', '{names} left', n, { names }),
};

/** The line for an event, or '' where there is nothing to say. */
export function happeningText({ type, people, postback, unblocked }) {
  if (unblocked) return t('Unblocked the account');
  if (type === 'postback') return t('Pressed a button: {data}', { data: postback?.data ?? '' });
  const names = list((people ?? []).map(({ displayName }) => displayName ?? t('Somebody')));
  return KINDS[type]?.(names || t('Somebody'), Math.max(1, people?.length ?? 0)) ?? '';
}
