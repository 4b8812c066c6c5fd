// The mark-as-read option for corporate users: its contract as steps, and what each step changes for users.

import { h, icon, show } from '../dom.js';
import { confirm, report, toast } from '../dialog.js';
import { t, tn } from '../i18n.js';
import { copyButton } from '../parts.js';
import * as calls from './calls.js';
import { modeCard } from './mode.js';
import { unreadMessages } from './settings/chat_switch.js';
import { card, page } from '../ui.js';

const STEPS = {
  none: { words: () => t('Not applied'), note: () => t('Messages become Read as the Response settings say.') },
  applied: { words: () => t('Applied'), note: () => t('LINE is looking at the application. Nothing changes yet.') },
  approved: { words: () => t('Approved'), note: () => t('The option may be taken into use. Nothing changes yet.') },
  in_use: { words: () => t('In use'), note: () => t('Chat is off, and only the option endpoint makes messages Read.') },
};

const ACTS = {
  none: ['apply'],
  applied: ['approve', 'withdraw'],
  approved: ['use', 'withdraw'],
  in_use: ['withdraw'],
  withdrawn: ['apply'],
};

const BUTTONS = {
  apply: () => t('Apply'),
  approve: () => t('Approve, as LINE would'),
  use: () => t('Take into use'),
  withdraw: () => t('Withdraw'),
};

export class OptionScreen {
  constructor(manager) {
    this.manager = manager;
    this.title = t('Option API');
    this.mode = h('div');
    this.steps = h('div');
    this.example = h('div');
    const lead = t(
      'The older way of marking as read, by user instead of by message. Corporate users apply for it; here you play both sides.',
    );
    this.element = page(
      this.title,
      { lead },
      this.mode,
      card(t('Contract'), this.steps),
      card(t('The call'), this.example),
    );
    this.accountChanged();
  }

  get state() {
    return this.manager.account.settings.option;
  }

  accountChanged() {
    const drawn = JSON.stringify([this.manager.account.settings, this.manager.account.readMode]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    show(this.mode, modeCard(this.manager.account, { link: false }));
    show(this.steps, this.stepper(), this.buttons());
    show(this.example, example(this.manager.account));
  }

  stepper() {
    const states = Object.keys(STEPS);
    const now = this.state === 'withdrawn' ? 0 : states.indexOf(this.state);
    const steps = states.map((state, index) => {
      const { words, note } = STEPS[state];
      const shown = index === 0 && this.state === 'withdrawn' ? t('Withdrawn') : words();
      const standing = index < now ? 'done' : index === now ? 'now' : 'next';
      const mark = standing === 'done' ? icon('check', 'icon--small') : String(index + 1);
      return h(
        'li.step',
        { class: `step--${standing}`, 'aria-current': standing === 'now' ? 'step' : null },
        h('span.step__mark', { 'aria-hidden': 'true' }, mark),
        h('div', {}, h('b', {}, shown), h('p.muted.small', {}, note())),
      );
    });
    return h('ol.stepper', {}, steps);
  }

  buttons() {
    const buttons = ACTS[this.state].map((action) => {
      const kind = action === 'withdraw' ? 'button--danger' : 'button--primary';
      return h('button.button', { type: 'button', class: kind, onclick: () => this.move(action) }, BUTTONS[action]());
    });
    return h('div.row', {}, buttons);
  }

  async move(action) {
    const { accountId } = this.manager.account;
    if (!(await this.agreed(action))) return;
    try {
      await calls.moveOption(accountId, action);
      await this.manager.reload();
      toast(t('The contract is now: {state}.', { state: stateName(this.state) }));
    } catch (problem) {
      report(problem);
    }
  }

  async agreed(action) {
    if (action === 'use')
      return confirm(t('Take the option into use?'), useText(this.manager.account), { act: BUTTONS.use() });
    if (action !== 'withdraw') return true;
    const text =
      this.state === 'in_use'
        ? await withdrawText(this.manager.accountId)
        : t('Nothing changes for users. You can apply again.');
    return confirm(t('Withdraw the option?'), text, { act: BUTTONS.withdraw(), danger: true });
  }
}

function stateName(state) {
  return state === 'withdrawn' ? t('Withdrawn') : STEPS[state].words();
}

function useText({ settings }) {
  const chat = settings.chat ? `${t('Chat is turned off, and read tokens are refused.')} ` : '';
  return (
    chat +
    t(
      'From then on messages stay unread on users’ phones until your bot calls the option endpoint for the user. What is unread now stays unread.',
    )
  );
}

async function withdrawText(accountId) {
  const { count } = await unreadMessages(accountId);
  const marks = count
    ? tn(
        'Automatic reading begins: {n} unread message becomes Read at once, and every new one on arrival.',
        'Automatic reading begins: {n} unread messages become Read at once, and every new one on arrival.',
        count,
      )
    : t('Automatic reading begins: every new message becomes Read on arrival.');
  return `${marks} ${t('The option endpoint answers 403 from then on.')}`;
}

function example({ channelAccessToken, apiBaseUrl }) {
  const code = (token) => `curl -X POST ${apiBaseUrl ?? location.origin}/v2/bot/message/markAsRead \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"chat": {"userId": "U…"}}'`;
  const token = channelAccessToken ?? '{token}';
  return h(
    'div.stack.stack--tight',
    {},
    h(
      'p.muted',
      {},
      t(
        'It marks everything that the user has written until the call is processed. Mark before you answer, else the answer stands below an unread message.',
      ),
    ),
    h(
      'div.snippet',
      {},
      h('pre.code.scroll', { tabindex: '0' }, code('…')),
      copyButton(() => code(token), t('Copy this command')),
    ),
  );
}
