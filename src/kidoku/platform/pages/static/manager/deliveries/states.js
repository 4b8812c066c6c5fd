// What became of a delivery, in words and colours that are the same everywhere.

import { h } from '../../dom.js';
import { t } from '../../i18n.js';

const STATES = {
  pending: { kind: 'info', words: () => t('On its way') },
  retrying: { kind: 'warning', words: () => t('Waiting to be sent again') },
  delivered: { kind: 'good', words: () => t('Delivered') },
  failed: { kind: 'danger', words: () => t('Failed') },
  skipped: { kind: '', words: () => t('Skipped') },
};

export const STATE_NAMES = Object.keys(STATES);

export function stateName(state) {
  return STATES[state]?.words() ?? state;
}

export function stateBadge(state) {
  const kind = STATES[state]?.kind;
  return h('span.badge', { class: kind ? `badge--${kind}` : '' }, stateName(state));
}

const REASONS = {
  could_not_connect: () => t('No connection'),
  request_timeout: () => t('No answer in time'),
  error_status_code: () => t('Refused by the bot'),
  unclassified: () => t('Connection ended unexpectedly'),
  webhook_off: () => t('Webhook is off'),
  no_webhook: () => t('No webhook URL'),
  suspended: () => t('Webhooks are suspended'),
};

/** Why a delivery failed or was not sent. `detail` is what the statistics call it, a status number or a phrase. */
export function reasonText({ status, reason, detail }) {
  if (!reason) return status ? String(status) : '';
  const words = REASONS[reason]?.() ?? reason.replaceAll('_', ' ');
  return detail ? `${words} (${detail})` : words;
}
