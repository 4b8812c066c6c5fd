// How chats are called, and who is in them.

import { h } from '../dom.js';
import { list, number } from '../format.js';
import { t } from '../i18n.js';

/** A chat's name: its own, or in a room, which has none, the names of those in it. */
export function nameOf({ kind, displayName, members = [] }) {
  if (displayName) return displayName;
  if (kind === 'account') return t('Official Account');
  return members.length ? list(members.map((member) => member.displayName)) : t('Room');
}

/** The name, cut off where it is too long, and the number of members, which is not. */
export function countedName(peer) {
  const { memberCount } = peer;
  return [
    h('span.clip', { dir: 'auto' }, nameOf(peer)),
    memberCount > 0 && h('span.muted', {}, ` (${number(memberCount)})`),
  ];
}
