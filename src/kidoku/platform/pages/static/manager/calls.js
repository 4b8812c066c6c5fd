// What the Manager asks of the control API.

import { address, get, patch, path, post, remove } from '../api.js';

const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
};

export const accounts = () => get('/accounts').then((answer) => answer.accounts);
export const createAccount = (body) => post('/accounts', body);
export const account = (accountId) => get(path('accounts', accountId));
export const changeAccount = (accountId, body) => patch(path('accounts', accountId), body);
export const changeSettings = (accountId, body) => patch(path('accounts', accountId, 'settings'), body);
export const moveOption = (accountId, action) => post(path('accounts', accountId, 'option'), { action });

export const reissueSecret = (accountId) => post(path('accounts', accountId, 'secret'));
export const reissueToken = (accountId) => post(path('accounts', accountId, 'tokens'));
export const revokeToken = (accountId, id) => remove(path('accounts', accountId, 'tokens', id));
export const keys = (accountId) => get(path('accounts', accountId, 'keys')).then((answer) => answer.keys);
export const addKey = (accountId, jwk) => post(path('accounts', accountId, 'keys'), { jwk });
export const removeKey = (accountId, kid) => remove(path('accounts', accountId, 'keys', kid));
export const testWebhook = (accountId, endpoint) =>
  post(path('accounts', accountId, 'webhook', 'test'), endpoint ? { endpoint } : {});

export const chats = (values) => get('/chats' + query(values));
const chat = (accountId, peerId, ...rest) => path('chats', accountId, peerId, ...rest);
export const messages = (accountId, peerId, values = {}) => get(chat(accountId, peerId, 'messages') + query(values));
export const openChat = (accountId, peerId) => post(chat(accountId, peerId, 'open'));
export const answer = (accountId, peerId, messages) => post(chat(accountId, peerId, 'messages'), { messages });
export const setLabel = (accountId, peerId, label) => patch(chat(accountId, peerId), { label });
export const timeline = (accountId, peerId, values = {}) => get(chat(accountId, peerId, 'timeline') + query(values));

export const deliveries = (values) => get('/deliveries' + query(values));
export const delivery = (id) => get(path('deliveries', id));
export const redeliver = (id) => post(path('deliveries', id, 'redeliver'));
export const webhookErrors = (accountId) => get(path('accounts', accountId, 'webhook-errors'));
export const webhookErrorsFile = (accountId) => address(path('accounts', accountId, 'webhook-errors')) + '?format=tsv';
export const apiCalls = (values) => get('/calls' + query(values));
export const users = () => get('/users').then((answer) => answer.users);
