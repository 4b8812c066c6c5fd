// The message that a new friend gets.

import { h } from '../../dom.js';
import { t } from '../../i18n.js';
import { FormCard, bubbleField } from './form_card.js';

export class GreetingCard extends FormCard {
  constructor(screen) {
    super(screen, {
      name: 'greeting',
      title: t('Greeting message'),
      lead: t('Sent to everybody who adds the account as a friend. It is free, and marks nothing as Read.'),
    });
  }

  draw({ enabled, text }) {
    this.enabled = h('input', { type: 'checkbox', checked: enabled });
    const insert = [
      { text: '{userName}', words: t('Insert the user’s name') },
      { text: '{accountName}', words: t('Insert the account’s name') },
    ];
    const bubble = bubbleField(t('Text'), text, { insert, required: enabled });
    this.text = bubble.input;
    this.enabled.addEventListener('change', () => (this.text.required = this.enabled.checked));
    this.preview = h('div.bubble', { dir: 'auto' });
    this.text.addEventListener('input', () => this.drawPreview());
    this.drawPreview();
    return [
      h('label.check', {}, this.enabled, t('Send a greeting')),
      bubble.element,
      h('figure.preview', {}, h('figcaption.muted.small', {}, t('How it arrives')), this.preview),
    ];
  }

  drawPreview() {
    const { displayName } = this.screen.account;
    this.preview.textContent = this.text.value
      .replaceAll('{userName}', t('Alice'))
      .replaceAll('{accountName}', displayName);
  }

  // Without a text, a greeting that is not sent keeps the one it had.
  collect() {
    const enabled = this.enabled.checked;
    if (this.text.value.trim()) return { enabled, text: this.text.value };
    return enabled ? t('Write a greeting, or do not send one.') : { enabled };
  }
}
