// The start page: a phone and the Manager side by side, live, and what a bot needs to take part.

import { get, path, post } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { h, show } from '../dom.js';
import { t } from '../i18n.js';
import { problemState } from '../parts.js';
import { connectSection } from './connect_section.js';
import { firstSteps } from './first_steps.js';
import { stagePair } from './stage.js';

const root = document.getElementById('start');

/** Show the account and user that the address names, else the oldest of each. */
async function draw() {
  try {
    const [{ accounts }, { users }] = await Promise.all([get('/accounts'), get('/users')]);
    if (!accounts.length) return show(root, firstSteps(draw));
    const { account, user } = chosen(accounts, users);
    const detail = await get(path('accounts', account.accountId));
    show(root, stagePair({ account: detail, user, accounts, users, choose, addUser }), connectSection(detail, draw));
  } catch (problem) {
    show(root, h('div.card', {}, problemState(problem, draw)));
  } finally {
    root.removeAttribute('aria-busy');
  }
  return undefined;
}

function chosen(accounts, users) {
  const wanted = new URLSearchParams(location.search);
  const account = accounts.find(({ accountId }) => accountId === wanted.get('account')) ?? accounts[0];
  const people = users.filter(({ providerId }) => providerId === account.providerId);
  const user = people.find(({ userId }) => userId === wanted.get('user')) ?? people[0] ?? null;
  return { account, user };
}

function choose(names) {
  const url = new URL(location.href);
  url.searchParams.delete('lang');
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
