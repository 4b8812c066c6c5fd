// The start page: a phone and the Manager side by side, live, and what a bot needs to take part.

import { address, get, path, post } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { h, show } from '../dom.js';
import { t } from '../i18n.js';
import { Live } from '../live.js';
import { problemState } from '../parts.js';
import '../problems.js';
import { soon } from '../ui.js';
import { ConnectSection } from './connect_section.js';
import { firstSteps } from './first_steps.js';
import { isServedBy } from './inbox.js';
import { StagePair } from './stage.js';

const root = document.getElementById('start');
const { inboxUrl } = JSON.parse(document.getElementById('start-page').textContent);

let shown = null;
let asked;

/** Show the account and user that the address names, else the oldest of each: of those in the inbox, if it is here. */
async function draw() {
  const mine = (asked = {});
  try {
    const known = await read();
    if (mine === asked) shown = known.account ? take(known) : teach();
  } catch (problem) {
    // What is shown stays true as far as it is known.
    if (mine === asked && !shown) show(root, h('div.card', {}, problemState(problem, draw)));
  } finally {
    root.removeAttribute('aria-busy');
  }
}

async function read() {
  const { accounts } = await get('/accounts');
  if (!accounts.length) return {};
  const { accountId, providerId } = chosen(accounts);
  const [account, users] = await Promise.all([get(path('accounts', accountId)), people(providerId)]);
  const user = users.find(({ userId }) => userId === wanted('user')) ?? users[0] ?? null;
  const usual = isServedBy(account, inboxUrl) ? 'inbox' : 'manager';
  return { accounts, users, account, user, side: inboxUrl ? (wanted('side') ?? usual) : 'manager' };
}

function teach() {
  if (!shown?.first) show(root, firstSteps(draw));
  return { first: true };
}

// What shows another choice than before is drawn anew, and only that: it holds pages, and what is being typed.
function take({ accounts, users, account, user, side }) {
  const { accountId } = account;
  const key = [accountId, user?.userId, side].join(' ');
  const connect = shown?.accountId === accountId ? shown.connect : new ConnectSection(account);
  const pair = shown?.key === key ? shown.pair : new StagePair({ account, user, side, inboxUrl, choose, addUser });
  if (connect !== shown?.connect) show(root, pair.element, connect.element);
  else if (pair !== shown.pair) shown.pair.element.replaceWith(pair.element);
  pair.know({ accounts, users });
  connect.know(account);
  return { key, accountId, pair, connect };
}

function wanted(name) {
  return new URLSearchParams(location.search).get(name);
}

function chosen(accounts) {
  return (
    accounts.find(({ accountId }) => accountId === wanted('account')) ??
    accounts.find((one) => isServedBy(one, inboxUrl)) ??
    accounts[0]
  );
}

// The users of a world: the oldest, and the one whom the address names.
async function people(providerId) {
  const { users } = await get(`/users?${new URLSearchParams({ providerId })}`);
  const userId = wanted('user');
  if (!userId || users.some((user) => user.userId === userId)) return users;
  const other = await get(path('users', userId)).catch(() => null);
  return other?.providerId === providerId ? [...users, other] : users;
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
const drawSoon = soon(draw);
new Live(address('/events') + '?types=account,settings,user', { event: drawSoon, fresh: draw }).begun.then(draw);
