// The effective read mode in words: what a user sees, by what means, and what would change it.

import { h, icon } from '../dom.js';
import { t } from '../i18n.js';
import { hrefOf } from './place.js';

const MODES = {
  auto: {
    symbol: 'read',
    name: () => t('Automatic reading'),
    sees: () => t('Every message shows Read the moment it arrives, whether or not anybody looks at it.'),
    means: () => [
      t('Chat is off, so the platform marks messages itself. Your bot cannot mark them, and nothing is ever unread.'),
    ],
  },
  manual: {
    symbol: 'eye',
    name: () => t('Reading by hand'),
    sees: () => t('A message stays unread until your bot or an operator reads it. Then “Read” appears beside it.'),
    means: byHand,
  },
  option: {
    symbol: 'steps',
    name: () => t('Reading by the option API'),
    sees: () => t('A message stays unread until your bot marks its user as read with the option API.'),
    means: () => [t('The option API is in use, so Chat is off and read tokens are refused.')],
  },
};

function byHand({ settings }) {
  const operator = t('An operator opens the chat in the Manager.');
  if (!settings.useWebhook) return [t('Webhook is off: your bot gets no read tokens.'), operator];
  if (!settings.webhook) return [t('No webhook URL is set: your bot gets no read tokens.'), operator];
  if (settings.suspended) return [t('Webhooks are suspended: your bot gets no read tokens.'), operator];
  return [t('Your bot sends a message’s read token to the API.'), operator];
}

/** The account's mode: its name, what users see, by which means messages become Read. */
export function modeOf(account) {
  const { symbol, name, sees, means } = MODES[account.readMode] ?? MODES.auto;
  return { symbol, name: name(), sees: sees(), means: means(account) };
}

/** The mode as a card, with the way to where it is changed. */
export function modeCard(account, { link = true } = {}) {
  const { symbol, name, sees, means } = modeOf(account);
  const settings = hrefOf({
    accountId: account.accountId,
    section: account.readMode === 'option' ? 'option' : 'response',
  });
  return h(
    'section.mode',
    { class: `mode--${account.readMode}`, 'aria-label': t('What users see') },
    h('span.mode__seal', {}, icon(symbol)),
    h(
      'div.grow.stack.stack--tight',
      {},
      h('p.mode__name', {}, name),
      h('p.mode__sees', {}, sees),
      h(
        'ul.mode__means',
        {},
        means.map((text) => h('li', {}, text)),
      ),
    ),
    link && h('a.button', { href: settings }, t('Change')),
  );
}

const CAUSES = {
  token: () => t('Read token'),
  user: () => t('Option API'),
  operator: () => t('Operator'),
  auto: () => t('On arrival'),
  chat_off: () => t('Chat turned off'),
};

/** By what an advance came about, in a word or two. */
export function causeName(cause) {
  return CAUSES[cause]?.() ?? cause;
}

/** A cause as a badge; its colour is the same everywhere. */
export function causeBadge(cause) {
  return h('span.cause', { class: `cause--${cause}` }, causeName(cause));
}
