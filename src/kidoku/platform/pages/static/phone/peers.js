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

/** Whom a live event has given another name or picture, if it does so. */
export function renamed({ type, accountId, userId, displayName }) {
  const profile = (type === 'account' || type === 'user') && displayName !== undefined;
  return profile ? (accountId ?? userId) : null;
}

/** The user or account with this ID in a chat, if they are in it. */
export function someone(peer, id) {
  const everybody = id && peer ? [peer, ...(peer.members ?? [])] : [];
  return everybody.find((one) => (one.id ?? one.userId ?? one.accountId) === id);
}
