// What a phone asks of the control API.

import { get, patch, path, post, remove } from '../api.js';

export function users({ providerId, query = '' } = {}) {
  const asked = new URLSearchParams({ q: query, ...(providerId && { providerId }) });
  return get(`/users?${asked}`);
}
export const createUser = (profile) => post('/users', profile);
export const profile = (userId) => get(path('users', userId));
export const home = (userId) => get(path('users', userId, 'home'));

export const follow = (userId, accountId) => post(path('users', userId, 'friends'), { accountId });
export const block = (userId, accountId) => remove(path('users', userId, 'friends', accountId));

const chat = (userId, peerId, ...rest) => path('users', userId, 'chats', peerId, ...rest);

export function messages(userId, peerId, before = '') {
  return get(chat(userId, peerId) + '?limit=50' + (before && `&before=${encodeURIComponent(before)}`));
}
export const send = (userId, peerId, body) => post(chat(userId, peerId, 'messages'), body);
export const unsend = (userId, peerId, id) => remove(chat(userId, peerId, 'messages', id));
export const edit = (userId, peerId, id, body) => patch(chat(userId, peerId, 'messages', id), body);
export const seen = (userId, peerId) => post(chat(userId, peerId, 'read'));
export const postback = (userId, peerId, body) => post(chat(userId, peerId, 'postback'), body);

export const createGroup = (group) => post('/groups', group);
export const joinGroup = (groupId, who) => post(path('groups', groupId, 'members'), who);
export const leaveGroup = (groupId, memberId) => remove(path('groups', groupId, 'members', memberId));
