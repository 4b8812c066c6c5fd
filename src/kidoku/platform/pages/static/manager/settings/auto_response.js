// Answers that the account gives by itself: by keyword, else a default.

import { h, icon, iconButton } from '../../dom.js';
import { field } from '../../dialog.js';
import { t } from '../../i18n.js';
import { FormCard, bubbleField } from './form_card.js';

export class AutoResponseCard extends FormCard {
  constructor(screen) {
    super(screen, {
      name: 'autoResponse',
      title: t('Auto-response messages'),
      lead: t('Your bot gets its webhook all the same, and this answer may arrive first. It marks nothing as Read.'),
    });
  }

  draw({ enabled, rules, defaultText }) {
    this.enabled = h('input', { type: 'checkbox', checked: enabled });
    this.rules = h(
      'ol.rules',
      {},
      rules.map((rule) => this.rule(rule)),
    );
    const add = h(
      'button.button',
      { type: 'button', onclick: () => this.add() },
      icon('plus', 'icon--small'),
      t('Add a rule'),
    );
    const other = bubbleField(t('Answer to anything else'), defaultText, {
      hint: t('Leave it empty to answer keywords only.'),
    });
    this.defaultText = other.input;
    return [
      h('label.check', {}, this.enabled, t('Answer automatically')),
      h('div.stack.stack--tight', {}, h('h3', {}, t('Rules')), this.rules, h('div', {}, add)),
      other.element,
    ];
  }

  add() {
    const rule = this.rule({ keywords: [], text: '' });
    this.rules.append(rule);
    rule.querySelector('input').focus();
    this.touched();
  }

  rule({ keywords, text }) {
    const words = h('input.input', {
      name: 'keywords',
      value: keywords.join(', '),
      autocomplete: 'off',
      dir: 'auto',
      required: true,
    });
    const bubble = bubbleField(t('Answer'), text, { required: true });
    bubble.input.name = 'text';
    const drop = () => {
      item.remove();
      this.touched();
      this.rules.parentElement.querySelector('button').focus();
    };
    const item = h(
      'li.rule',
      {},
      h(
        'div.grow.stack.stack--tight',
        {},
        field(t('Keywords, with commas between them'), words, t('The whole message has to be one of them.')),
        bubble.element,
      ),
      iconButton('trash', t('Remove this rule'), drop),
    );
    return item;
  }

  collect() {
    const rules = [...this.rules.children].map((item) => ({
      keywords: split(item.querySelector('[name=keywords]').value),
      text: item.querySelector('[name=text]').value,
    }));
    if (rules.some(({ keywords, text }) => !keywords.length || !text.trim()))
      return t('Every rule needs a keyword and an answer.');
    if (rules.some(({ keywords }) => keywords.some((keyword) => keyword.length > 30)))
      return t('A keyword has 30 characters at most.');
    return {
      enabled: this.enabled.checked,
      rules,
      defaultText: this.defaultText.value.trim() ? this.defaultText.value : null,
    };
  }
}

function split(text) {
  return [
    ...new Set(
      text
        .split(/[,、，]/u)
        .map((word) => word.trim())
        .filter(Boolean),
    ),
  ];
}
