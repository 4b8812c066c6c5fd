// What an examination of a channel found: each check with its outcome and what to do.

import { h, icon } from '../../dom.js';
import { t } from '../../i18n.js';

const OUTCOMES = {
  ok: { symbol: 'check', badge: 'good', words: () => t('Good') },
  warning: { symbol: 'warning', badge: 'warning', words: () => t('Look at this') },
  error: { symbol: 'warning', badge: 'danger', words: () => t('Problem') },
  unknown: { symbol: 'help', badge: 'info', words: () => t('Unknown') },
};

/** The checks as a list. */
export function doctorResults({ checks = [] }) {
  return h('ul.checks', { 'aria-label': t('What was found') }, checks.map(row));
}

function row({ verdict, text, advice }) {
  const { symbol, badge, words } = OUTCOMES[verdict] ?? OUTCOMES.unknown;
  return h(
    'li',
    {},
    h('span.badge', { class: `badge--${badge}` }, icon(symbol, 'icon--small'), words()),
    h('div.grow', {}, h('p', {}, text), advice && h('p.muted.small', {}, advice)),
  );
}
