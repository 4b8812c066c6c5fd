// What LINE grants an account: its monthly messages, and what a verified account may ask. For testing both sides.

import { h, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { card, switchRow } from '../../ui.js';

export class LimitsCard {
  constructor(screen) {
    this.screen = screen;
    this.limit = h('input.input', {
      type: 'number',
      min: 0,
      step: 1,
      id: 'monthly-limit',
      placeholder: t('No limit'),
      inputmode: 'numeric',
    });
    this.saveButton = h('button.button', { type: 'submit', disabled: true }, t('Save'));
    this.limit.addEventListener('input', () => (this.saveButton.disabled = false));
    const label = h('label', { for: 'monthly-limit' }, t('Messages a month'));
    const line = h(
      'form.inline-form',
      { onsubmit: (event) => this.save(event) },
      h('div.field.grow', {}, label, this.limit),
      this.saveButton,
    );
    const hint = h('p.field__hint', {}, t('Above it, sending answers 429. Replies and operators’ messages are free.'));
    this.switches = h('div');
    this.element = card(t('What the account may do'), h('div.stack.stack--tight', {}, line, hint), this.switches);
  }

  get settings() {
    return this.screen.account.settings;
  }

  get wanted() {
    return this.limit.value === '' ? null : Number(this.limit.value);
  }

  accountChanged() {
    const { monthlyLimit, premium, tokensWithoutChat } = this.settings;
    const drawn = JSON.stringify([monthlyLimit, premium, tokensWithoutChat]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    if (this.saveButton.disabled) this.limit.value = monthlyLimit ?? '';
    show(
      this.switches,
      switchRow({
        label: t('Verified account'),
        note: t('May list its followers and the members of its groups. Others get 403.'),
        checked: premium,
        act: (on) => this.screen.save({ premium: on }),
      }),
      switchRow({
        label: t('Read tokens while Chat is off'),
        note: t(
          'Webhooks carry a read token even when it cannot be used. LINE leaves this open, so a bot should bear both.',
        ),
        checked: tokensWithoutChat,
        act: (on) => this.screen.save({ tokensWithoutChat: on }),
      }),
    );
  }

  async save(event) {
    event.preventDefault();
    this.saveButton.disabled = true;
    if (!(await this.screen.save({ monthlyLimit: this.wanted }))) this.saveButton.disabled = false;
  }
}
