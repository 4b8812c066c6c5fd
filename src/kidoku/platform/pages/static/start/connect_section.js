// "Connect your bot" on the start page, in three steps: paste, point the webhook, write.

import { h, icon, show } from '../dom.js';
import { patch, path, post } from '../api.js';
import { t } from '../i18n.js';
import { limited } from '../long_text.js';
import { credentialList, credentials, snippetTabs } from './connect.js';

/** The section for an account as the control API shows it; `changed()` is called after the webhook was saved. */
export function connectSection(account) {
  const values = credentials(account);
  return h(
    'section.connect',
    { 'aria-labelledby': 'connect-title' },
    h(
      'div.connect__head',
      {},
      h('h2', { id: 'connect-title' }, t('Connect your bot')),
      h(
        'p.muted',
        {},
        t('Any bot built on LINE’s Messaging API works here unchanged: give it these values and this address.'),
      ),
    ),
    h(
      'ol.connect__steps',
      {},
      step(t('Paste into your bot’s settings'), credentialList(values)),
      step(t('Point its SDK here'), snippetTabs(values)),
      step(t('Say where your bot listens'), webhookForm(account), modeHint(account)),
    ),
  );
}

function step(title, ...content) {
  return h('li.connect__step', {}, h('h3', {}, title), content);
}

function webhookForm({ accountId, settings }) {
  const url = limited(
    500,
    h('input.input', {
      type: 'url',
      id: 'connect-webhook',
      value: settings.webhook ?? '',
      required: true,
      placeholder: 'http://127.0.0.1:3000/webhook',
      autocomplete: 'off',
      spellcheck: 'false',
    }),
  );
  const button = h('button.button.button--primary', { type: 'submit' }, t('Save and verify'));
  const result = h('p.connect__result', { role: 'status' });
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    show(result, t('Waiting for the endpoint…'));
    show(result, await saveAndVerify(accountId, url.value.trim()));
    button.disabled = false;
  };
  return h(
    'form.stack.stack--tight',
    { onsubmit: submit },
    h('label.field__label', { for: 'connect-webhook' }, t('Webhook URL')),
    h('div.inline-form', {}, url, button),
    result,
  );
}

async function saveAndVerify(accountId, webhook) {
  try {
    await patch(path('accounts', accountId, 'settings'), { webhook, useWebhook: true });
    const { success, statusCode, reason, detail } = await post(path('accounts', accountId, 'webhook', 'test'));
    if (success)
      return [
        icon('check', 'icon--small'),
        t('Your bot answers with {status}. Write something on the phone.', { status: statusCode }),
      ];
    return [
      icon('warning', 'icon--small'),
      t('Saved, but the bot did not answer as it should: {reason}', { reason: detail || reason }),
    ];
  } catch (problem) {
    return [icon('warning', 'icon--small'), [problem.message, problem.hint].filter(Boolean).join(' ')];
  }
}

const MODES = {
  auto: () => t('Chat is off for this account: every message is Read on arrival, and read tokens are refused.'),
  manual: () => t('Chat is on for this account: a message stays unread until your bot sends its read token.'),
  option: () => t('This account uses the option API: a message stays unread until your bot marks its user as read.'),
};

function modeHint({ accountId, readMode }) {
  return h(
    'p.muted.small',
    {},
    MODES[readMode]?.(),
    ' ',
    h('a', { href: `/manager/${encodeURIComponent(accountId)}/response` }, t('Response settings')),
  );
}
