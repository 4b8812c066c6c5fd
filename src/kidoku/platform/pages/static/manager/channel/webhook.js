// Where webhooks go, whether they are sent, sent again and counted; and the button that tries the endpoint.

import { h, icon, show } from '../../dom.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';
import { hrefOf } from '../place.js';
import { card, facts, notice, switchRow } from '../../ui.js';
import { webhookInput } from '../../webhook_input.js';

export class WebhookCard {
  constructor(screen) {
    this.screen = screen;
    this.url = webhookInput({ id: 'webhook-url' });
    this.saveButton = h('button.button.button--primary', { type: 'submit', disabled: true }, t('Save'));
    this.verifyButton = h(
      'button.button',
      { type: 'button', onclick: () => this.verify() },
      icon('pulse', 'icon--small'),
      t('Verify'),
    );
    this.result = h('div', { role: 'status' });
    this.switches = h('div');
    this.url.addEventListener('input', () => this.typed());
    const line = h(
      'form.inline-form',
      { onsubmit: (event) => this.save(event) },
      h('div.field.grow', {}, h('label', { for: 'webhook-url' }, t('Webhook URL')), this.url),
      this.saveButton,
      this.verifyButton,
    );
    const hint = h('p.field__hint', {}, t('Verify sends an empty event list and expects 200 within two seconds.'));
    this.element = card(t('Webhook'), line, hint, this.result, this.switches);
  }

  get unsaved() {
    return this.url.value.trim() !== (this.screen.account.settings.webhook ?? '');
  }

  accountChanged() {
    const { settings } = this.screen.account;
    const drawn = JSON.stringify([
      settings.webhook,
      settings.useWebhook,
      settings.redelivery,
      settings.errorStatistics,
      settings.suspended,
    ]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    if (this.saveButton.disabled) this.url.value = settings.webhook ?? '';
    this.verifyButton.disabled = !settings.webhook;
    show(this.switches, this.rows(settings));
  }

  rows({ useWebhook, redelivery, errorStatistics, suspended }) {
    const { accountId } = this.screen.account;
    const save = (changes) => this.screen.save(changes);
    const errors = h(
      'a',
      { href: hrefOf({ accountId, section: 'deliveries', item: 'errors' }) },
      t('Error statistics'),
    );
    return [
      suspended &&
        notice(
          'danger',
          t(
            'Webhooks are suspended because the endpoint failed for long. Verify it with success, or set its URL, to let them go on.',
          ),
        ),
      switchRow({
        label: t('Use webhook'),
        note: t('The same switch as Webhook in the Response settings.'),
        checked: useWebhook,
        act: (on) => save({ useWebhook: on }),
      }),
      switchRow({
        label: t('Webhook redelivery'),
        note: t(
          'A webhook that was not answered with 2xx is sent again later: the same event with the same read token. Your bot may get an event twice.',
        ),
        checked: redelivery,
        act: (on) => save({ redelivery: on }),
      }),
      switchRow({
        label: t('Error statistics aggregation'),
        note: [t('Counts failed webhooks per minute and reason.'), ' ', errors],
        checked: errorStatistics,
        act: (on) => save({ errorStatistics: on }),
      }),
    ];
  }

  typed() {
    this.saveButton.disabled = !this.unsaved;
    this.verifyButton.disabled = !this.url.value.trim();
    show(this.result);
  }

  async save(event) {
    event.preventDefault();
    const webhook = this.url.value.trim() || null;
    this.saveButton.disabled = true;
    try {
      await calls.changeSettings(this.screen.account.accountId, { webhook });
      await this.screen.manager.reload();
      show(
        this.result,
        notice('good', webhook ? t('Saved. New webhooks go there.') : t('Saved. No webhooks are sent.')),
      );
    } catch (problem) {
      this.saveButton.disabled = false;
      show(this.result, refusal(problem));
    }
  }

  async verify() {
    this.verifyButton.disabled = true;
    show(this.result, h('p.muted.row', {}, h('span.spinner'), t('Waiting for the endpoint…')));
    try {
      const answer = await calls.testWebhook(this.screen.account.accountId, this.url.value.trim());
      show(this.result, verdict(answer));
    } catch (problem) {
      show(this.result, refusal(problem));
    } finally {
      this.verifyButton.disabled = false;
      this.verifyButton.focus();
    }
    await this.screen.manager.reload();
  }
}

function refusal({ message, hint }) {
  return notice('danger', h('b', {}, message), ' ', hint);
}

const HELP = {
  COULD_NOT_CONNECT: () => t('Nothing answers there. Is the bot running, and are host and port right?'),
  REQUEST_TIMEOUT: () => t('The bot did not answer in time. Answer 200 first and work afterwards.'),
  ERROR_STATUS_CODE: () => t('The bot refused the request. An empty event list has to be answered with 200.'),
  UNCLASSIFIED: () => t('The connection ended in an unexpected way.'),
};

/** What trying the endpoint brought, and what to do. */
function verdict({ success, statusCode, reason, detail }) {
  if (success) return notice('good', t('The endpoint answered with {status}.', { status: statusCode }));
  return notice(
    'danger',
    h('b', {}, HELP[reason]?.() ?? t('The endpoint did not answer as it should.')),
    facts([
      [t('Reason'), h('code', {}, reason)],
      [t('Detail'), detail],
      [t('Status'), statusCode > 0 ? String(statusCode) : null],
    ]),
  );
}
