// The Official Accounts there are, and a new one.

import { address } from '../api.js';
import { h, icon, show, showFor } from '../dom.js';
import { field, formDialog } from '../dialog.js';
import { t } from '../i18n.js';
import { Live, bannerState } from '../live.js';
import { limited } from '../long_text.js';
import { avatar, empty } from '../parts.js';
import * as calls from './calls.js';
import { hrefOf } from './place.js';
import { fill, page, soon } from '../ui.js';
import { webhookInput } from '../webhook_input.js';

export class AccountsScreen {
  constructor({ banner }) {
    this.title = t('Official Accounts');
    this.list = h('div.accounts');
    const add = h(
      'button.button.button--primary',
      { type: 'button', onclick: () => this.create() },
      icon('plus'),
      t('Create an account'),
    );
    const lead = t('Each has a Messaging API channel of its own, with its secret and access token.');
    this.element = page(this.title, { lead, tools: [add] }, this.list);
    const refreshSoon = soon(() => this.refresh());
    this.live = new Live(address('/events') + '?types=account,settings', {
      event: refreshSoon,
      fresh: () => this.refresh(),
      state: bannerState(banner),
    });
    this.live.begun.then(() => this.refresh());
  }

  leave() {
    this.live.close();
  }

  refresh() {
    return fill(this.list, calls.accounts, (accounts) => this.draw(accounts));
  }

  draw(accounts) {
    showFor(this.list, accounts, () =>
      accounts.length ? h('ul.account-grid', {}, accounts.map(tile)) : nothing(() => this.create()),
    );
  }

  async create() {
    const made = await createAccountDialog();
    if (made) location.assign(hrefOf({ accountId: made.accountId }));
  }
}

function nothing(act) {
  const action = h(
    'button.button.button--primary',
    { type: 'button', onclick: act },
    icon('plus'),
    t('Create an account'),
  );
  const text = [
    t('An Official Account is what users chat with, and what your bot answers for.'),
    ' ',
    t('Or in a terminal:'),
  ];
  return empty({
    title: t('No Official Accounts yet'),
    text: [...text, h('code.command', {}, 'kidoku account add "My shop"')],
    action,
  });
}

function tile(account) {
  const { accountId, basicId, displayName } = account;
  return h(
    'li',
    {},
    h(
      'a.account-tile',
      { href: hrefOf({ accountId }) },
      avatar({ ...account, id: accountId, kind: 'account' }),
      h(
        'span.grow',
        {},
        h('span.row-name', { dir: 'auto' }, displayName),
        h('span.account-tile__facts', {}, h('span.row-note', {}, basicId), modeBadge(account)),
      ),
    ),
  );
}

const MODE_WORDS = {
  auto: () => ['', t('Automatic reading')],
  manual: () => ['badge--good', t('Reading by hand')],
  option: () => ['badge--info', t('Option API')],
};

function modeBadge({ readMode }) {
  if (!MODE_WORDS[readMode]) return icon('forward', 'icon--small');
  const [kind, words] = MODE_WORDS[readMode]();
  return h('span.badge', { class: kind }, words);
}

/** Ask for what a new account needs, and create it. Resolves to what the server answered, or undefined. */
export function createAccountDialog() {
  const name = limited(
    20,
    h('input.input', {
      name: 'displayName',
      required: true,
      autocomplete: 'off',
      autofocus: true,
    }),
  );
  const webhook = webhookInput({ name: 'webhook' });
  const chat = h(
    'label.check',
    {},
    h('input', { type: 'checkbox', name: 'chat', checked: true }),
    t('Messages stay unread until the bot or an operator reads them (Chat on)'),
  );
  const fields = [
    field(t('Name'), name),
    field(t('Webhook URL'), webhook, t('Where your bot listens. You can set it later.')),
    chat,
  ];
  return formDialog(t('Create an Official Account'), fields, {
    act: t('Create'),
    save: (form) => calls.createAccount(body(form)),
  });
}

function body(form) {
  const webhook = form.get('webhook').trim();
  return { displayName: form.get('displayName').trim(), chat: form.has('chat'), ...(webhook ? { webhook } : {}) };
}
