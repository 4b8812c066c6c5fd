// How chats are called.

import { list } from '../format.js';
import { t } from '../i18n.js';

/** A chat's name: its own, or in a room, which has none, the names of those in it. */
export function nameOf({ kind, displayName, members = [] }) {
  if (displayName) return displayName;
  if (kind === 'account') return t('Official Account');
  return members.length ? list(members.map((member) => member.displayName)) : t('Room');
}
