// "Connect your bot" on the start page, in three steps: paste, point the webhook, write.

import { h, icon, show, showFor } from '../dom.js';
import { words } from '../dialog.js';
import { patch, path, post } from '../api.js';
import { t } from '../i18n.js';
import { credentialList, credentials, snippetTabs } from './connect.js';
import { webhookInput } from '../webhook_input.js';

/** The section for an account as the control API shows it, at first and later by `know(account)`. */
export class ConnectSection {
  constructor(account) {
    this.values = h('div');
    this.code = h('div');
    this.webhook = new WebhookForm(account);
    this.hint = h('p.muted.small');
    this.element = h(
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
        step(t('Paste into your bot’s settings'), this.values),
        step(t('Point its SDK here'), this.code),
        step(t('Say where your bot listens'), this.webhook.element, this.hint),
      ),
    );
    this.know(account);
  }

  know(account) {
    const values = credentials(account);
    showFor(this.values, values, () => credentialList(values));
    showFor(this.code, values, () => snippetTabs(values));
    showFor(this.hint, account.readMode, () => modeHint(account));
    this.webhook.know(account);
  }
}

function step(title, ...content) {
  return h('li.connect__step', {}, h('h3', {}, title), content);
}

class WebhookForm {
  known = '';

  constructor({ accountId }) {
    this.accountId = accountId;
    this.url = webhookInput({ id: 'connect-webhook', required: true });
    this.button = h('button.button.button--primary', { type: 'submit' }, t('Save and verify'));
    this.result = h('p.connect__result', { role: 'status' });
    this.element = h(
      'form.stack.stack--tight',
      { onsubmit: (event) => this.submit(event) },
      h('label.field__label', { for: 'connect-webhook' }, t('Webhook URL')),
      h('div.inline-form', {}, this.url, this.button),
      this.result,
    );
  }

  // What is typed and not saved yet stays.
  know({ settings }) {
    const webhook = settings.webhook ?? '';
    if (this.url.value === this.known) this.url.value = webhook;
    this.known = webhook;
  }

  async submit(event) {
    event.preventDefault();
    this.button.disabled = true;
    show(this.result, t('Waiting for the endpoint…'));
    show(this.result, await saveAndVerify(this.accountId, this.url.value.trim()));
    this.button.disabled = false;
  }
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
    return [icon('warning', 'icon--small'), words(problem)];
  }
}

const MODES = {
  auto: () => t('Chat is off for this account: every message is Read on arrival, and read tokens are refused.'),
  manual: () => t('Chat is on for this account: a message stays unread until your bot sends its read token.'),
  option: () => t('This account uses the option API: a message stays unread until your bot marks its user as read.'),
};

function modeHint({ accountId, readMode }) {
  const link = h('a', { href: `/manager/${encodeURIComponent(accountId)}/response` }, t('Response settings'));
  return [MODES[readMode]?.() ?? '', ' ', link];
}
