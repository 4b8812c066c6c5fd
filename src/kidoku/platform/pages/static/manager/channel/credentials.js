// The channel's ID, secret and access tokens, and what reissuing them breaks.

import { h, icon, iconButton } from '../../dom.js';
import { confirm, toast } from '../../dialog.js';
import { full } from '../../format.js';
import { t } from '../../i18n.js';
import { credentialList, credentials } from '../../start/connect.js';
import * as calls from '../calls.js';
import { card } from '../../ui.js';

/** The card with everything a bot is configured with. */
export function channelCard(screen) {
  const { account } = screen;
  const buttons = h(
    'div.row',
    {},
    h(
      'button.button',
      { type: 'button', onclick: () => newSecret(screen) },
      icon('refresh', 'icon--small'),
      t('Reissue the secret'),
    ),
    h(
      'button.button',
      { type: 'button', onclick: () => newToken(screen) },
      icon('refresh', 'icon--small'),
      account.channelAccessToken ? t('Reissue the token') : t('Issue a token'),
    ),
  );
  return card(t('Channel'), credentialList(credentials(account)), buttons, otherTokens(screen));
}

async function newSecret(screen) {
  const text = t(
    'The old secret stops working at once: webhooks are signed with the new one, and bots that still have the old one refuse them.',
  );
  if (!(await confirm(t('Reissue the channel secret?'), text, { act: t('Reissue'), danger: true }))) return;
  if (await screen.change(calls.reissueSecret)) toast(t('The secret is new. Give it to your bot.'));
}

async function newToken(screen) {
  const text = t('The long-lived token that is in use now stops working at once.');
  const sure =
    !screen.account.channelAccessToken ||
    (await confirm(t('Reissue the access token?'), text, { act: t('Reissue'), danger: true }));
  if (sure && (await screen.change(calls.reissueToken))) toast(t('The token is new. Give it to your bot.'));
}

const KINDS = {
  long_lived: () => t('Long-lived'),
  short_lived: () => t('Short-lived'),
  jwt: () => t('v2.1, by assertion key'),
};

// What bots issued themselves. Stateless tokens are kept nowhere, so they cannot be listed.
function otherTokens(screen) {
  const tokens = screen.account.tokens.filter(({ token }) => token !== screen.account.channelAccessToken);
  if (!tokens.length) return null;
  const head = [t('Kind'), t('Token'), t('Issued'), t('Expires'), ''].map((name) =>
    h('th', { scope: 'col' }, name || h('span.visually-hidden', {}, t('Actions'))),
  );
  const table = h(
    'table.table',
    {},
    h('thead', {}, h('tr', {}, head)),
    h(
      'tbody',
      {},
      tokens.map((token) => tokenRow(screen, token)),
    ),
  );
  const region = h(
    'div.table-box',
    { tabindex: '0', role: 'region', 'aria-label': t('Tokens that bots have issued') },
    table,
  );
  return h('div.stack.stack--tight', {}, h('h3', {}, t('Tokens that bots have issued')), region);
}

function tokenRow(screen, { id, token, kind, issuedAt, expiresAt }) {
  const expired = expiresAt && expiresAt <= Date.now();
  const drop = iconButton('trash', t('Revoke this token'), () => revoke(screen, id));
  return h(
    'tr',
    {},
    h('td', {}, KINDS[kind]?.() ?? kind),
    h('td', {}, h('code', {}, `…${token.slice(-8)}`)),
    h('td', {}, full(issuedAt)),
    h('td', {}, expiresAt ? full(expiresAt) : t('Never')),
    h('td', {}, expired ? h('span.badge', {}, t('Expired')) : drop),
  );
}

async function revoke(screen, id) {
  const text = t('Calls with it are refused from now on.');
  if (!(await confirm(t('Revoke this token?'), text, { act: t('Revoke'), danger: true }))) return;
  if (await screen.change((accountId) => calls.revokeToken(accountId, id))) toast(t('The token is revoked.'));
}
