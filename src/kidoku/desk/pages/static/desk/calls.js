// What the desk's pages ask of its API.

import * as api from '../api.js';
import { randomUuid } from '../random_id.js';
import { retold } from './refusals.js';

const { path } = api;
const get = (part) => api.get(part).catch(retold);
const post = (part, body) => api.post(part, body).catch(retold);
const patch = (part, body) => api.patch(part, body).catch(retold);
const remove = (part) => api.remove(part).catch(retold);

export const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
};

export const me = () => get('/agents/me');
export const agents = () => get('/agents').then((answer) => answer.agents);
export const addAgent = (body) => post('/agents', body);
export const changeAgent = (agentId, body) => patch(path('agents', agentId), body);
export const sessions = (agentId) => get(path('agents', agentId, 'sessions')).then((answer) => answer.sessions);
export const endSession = (agentId, sessionId) => remove(path('agents', agentId, 'sessions', sessionId));
export const signOut = () => remove('/session');

export const channels = () => get('/channels').then((answer) => answer.channels);
export const addChannel = (body) => post('/channels', body);
export const changeChannel = (channelKey, body) => patch(path('channels', channelKey), body);
export const removeChannel = (channelKey) => remove(path('channels', channelKey));
export const examine = (channelKey) => post(path('channels', channelKey, 'doctor'));
export const setWebhook = (channelKey, url) => post(path('channels', channelKey, 'webhook'), { url });
export const relayCounts = (channelKey) =>
  get(path('channels', channelKey, 'relays') + query({ limit: 1 })).then((answer) => answer.counts);
export const retryRelays = (channelKey) => post(path('channels', channelKey, 'relays', 'retry'));

export const chats = (values) => get('/chats' + query(values));
const one = (chatId, ...rest) => path('chats', chatId, ...rest);
export const chat = (chatId) => get(one(chatId));
export const messages = (chatId, values = {}) => get(one(chatId, 'messages') + query(values));
export const open = (chatId) => post(one(chatId, 'open'));
export const peek = (chatId) => post(one(chatId, 'peek'));
export const read = (chatId, body = {}) => post(one(chatId, 'read'), body);
export const undo = (chatId, markId) => post(one(chatId, 'undo'), { markId });
export const assign = (chatId, agentId) => post(one(chatId, 'assign'), { agentId });
export const resolve = (chatId) => post(one(chatId, 'resolve'));
export const reopen = (chatId) => post(one(chatId, 'reopen'));
export const reply = (chatId, messages, quoteToken) =>
  post(one(chatId, 'reply'), { messages, quoteToken, retryKey: randomUuid() });
export const uploadPicture = (file) => post('/pictures', file);
export const refetch = (chatId, messageId) => post(one(chatId, 'messages', messageId, 'refetch'));
export const retryReply = (chatId, replyId) => post(one(chatId, 'replies', replyId, 'retry'));
export const presence = (chatId, asked) => post(one(chatId, 'presence'), asked);
export const notes = (chatId) => get(one(chatId, 'notes')).then((answer) => answer.notes);
export const addNote = (chatId, text) => post(one(chatId, 'notes'), { text });
export const removeNote = (chatId, noteId) => remove(one(chatId, 'notes', noteId));

export const marks = (values) => get('/marks' + query(values)).then((answer) => answer.marks);
export const retryParked = (advice) => post('/marks/retry', { state: 'parked', advice });

export const canned = () => get('/canned').then((answer) => answer.canned);
export const addCanned = (body) => post('/canned', body);
export const changeCanned = (cannedId, body) => patch(path('canned', cannedId), body);
export const removeCanned = (cannedId) => remove(path('canned', cannedId));

export const report = (name, values) => get(`/reports/${name}${query(values)}`);
