// The start page: a phone and the Manager side by side, live, and what a bot needs to take part.

import { get, path, post } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { h, show } from '../dom.js';
import { t } from '../i18n.js';
import { problemState } from '../parts.js';
import '../problems.js';
import { connectSection } from './connect_section.js';
import { firstSteps } from './first_steps.js';
import { isServedBy } from './inbox.js';
import { stagePair } from './stage.js';

const root = document.getElementById('start');
const { inboxUrl } = JSON.parse(document.getElementById('start-page').textContent);

/** Show the account and user that the address names, else the oldest of each: of those in the inbox, if it is here. */
async function draw() {
  try {
    const [{ accounts }, { users }] = await Promise.all([get('/accounts'), get('/users')]);
    if (!accounts.length) return show(root, firstSteps(draw));
    const { account, user, side } = chosen(accounts, users);
    const detail = await get(path('accounts', account.accountId));
    const pair = stagePair({ account: detail, user, accounts, users, side, inboxUrl, choose, addUser });
    show(root, pair, connectSection(detail, draw));
  } catch (problem) {
    show(root, h('div.card', {}, problemState(problem, draw)));
  } finally {
    root.removeAttribute('aria-busy');
  }
  return undefined;
}

function chosen(accounts, users) {
  const wanted = new URLSearchParams(location.search);
  const account =
    accounts.find(({ accountId }) => accountId === wanted.get('account')) ??
    accounts.find((one) => isServedBy(one, inboxUrl)) ??
    accounts[0];
  const people = users.filter(({ providerId }) => providerId === account.providerId);
  const user = people.find(({ userId }) => userId === wanted.get('user')) ?? people[0] ?? null;
  const usual = isServedBy(account, inboxUrl) ? 'inbox' : 'manager';
  return { account, user, side: inboxUrl ? (wanted.get('side') ?? usual) : 'manager' };
}

function choose(names) {
  const url = new URL(location.href);
  url.searchParams.delete('lang');
  if ('account' in names) url.searchParams.delete('side');
  for (const [name, value] of Object.entries(names)) url.searchParams.set(name, value);
  history.replaceState(null, '', url);
  return draw();
}

// Somebody to write: a user of the same world, who already follows the account.
async function addUser(account) {
  const { userId } = await post('/users', { displayName: t('Alice'), providerId: account.providerId });
  await post(path('users', userId, 'friends'), { accountId: account.accountId });
  return choose({ user: userId });
}

wirePreferences();
draw();
