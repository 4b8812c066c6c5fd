// The read policies: what each shows to users, and the fields to choose one.

import { h, show } from '../../dom.js';
import { field } from '../../dialog.js';
import { t, tn } from '../../i18n.js';

/** The policies from the most careful to the most open. */
export const POLICIES = {
  manual: {
    name: () => t('Only by hand'),
    note: () => t('Nothing shows Read until somebody presses “Mark as read” or a program asks for it.'),
  },
  'on-reply': {
    name: () => t('When somebody answers'),
    note: () =>
      t('Read shows just before the answer arrives. Reading without answering stays the team’s secret. The default.'),
  },
  'on-assign': {
    name: () => t('When somebody takes it on'),
    note: () => t('Read shows once the chat is assigned, and before every answer: the user knows that somebody cares.'),
  },
  'on-open-after': {
    name: () => t('When a chat stays open'),
    note: () => t('Read shows when an agent has had the chat open for some seconds. A quick look shows nothing.'),
  },
  'on-open': {
    name: () => t('When somebody opens it'),
    note: () =>
      t('Read shows soon after an agent opens the chat, as between people. It can be undone for a few seconds.'),
  },
  'on-receive': {
    name: () => t('On arrival'),
    note: () =>
      t('Read shows at once, whether or not anybody has looked, as with an account that has Chat turned off.'),
  },
};

/** A policy in one line. */
export function policyLine({ policy, afterS, undoS }) {
  const { name } = POLICIES[policy] ?? POLICIES['on-reply'];
  if (policy === 'on-open-after') return tn('{name}, {n} second', '{name}, {n} seconds', afterS, { name: name() });
  if (policy === 'on-open')
    return tn('{name}, {n} second to undo', '{name}, {n} seconds to undo', undoS, { name: name() });
  return name();
}

/** Fields for a policy; `value()` gives what is chosen. `hasBot`: a bot gets the webhooks too. */
export function policyFields(before = {}, { hasBot = false } = {}) {
  const wanted = { policy: 'on-reply', afterS: 10, undoS: 3, botHandled: false, ...before };
  const extra = h('div.form-grid');
  const after = seconds('afterS', wanted.afterS, t('Seconds that a chat has to stay open'));
  const undo = seconds('undoS', wanted.undoS, t('Seconds to undo'));
  const choose = (policy) => {
    wanted.policy = policy;
    show(
      extra,
      policy === 'on-open-after' && after.element,
      ['on-open', 'on-open-after'].includes(policy) && undo.element,
    );
  };
  const options = Object.entries(POLICIES).map(([policy, { name, note }]) => {
    const input = h('input', {
      type: 'radio',
      name: 'policy',
      value: policy,
      checked: policy === wanted.policy,
      onchange: () => choose(policy),
    });
    return h('label.policy', {}, input, h('span', {}, h('b', {}, name()), h('span.muted.small', {}, note())));
  });
  choose(wanted.policy);
  const bot = botField(wanted.botHandled, hasBot);
  const element = h(
    'fieldset.stack.stack--tight',
    {},
    h('legend.field__label', {}, t('When users see Read')),
    options,
    extra,
    bot.element,
  );
  const value = () => ({
    ...wanted,
    afterS: Number(after.input.value),
    undoS: Number(undo.input.value),
    botHandled: bot.input.checked,
  });
  return { element, value };
}

// What the bot behind the relay has taken may show Read at once, whatever people do.
function botField(checked, hasBot) {
  const input = h('input', { type: 'checkbox', name: 'botHandled', checked });
  const note = hasBot
    ? t('The bot behind the relay answers 2xx to a webhook: its messages show Read at once, whatever is chosen above.')
    : t('Works once a bot gets this channel’s webhooks too (Relay): what it takes then shows Read at once.');
  const words = h('span', {}, h('b', {}, t('Also what the bot has taken')), h('span.muted.small', {}, note));
  return { input, element: h('label.policy', {}, input, words) };
}

function seconds(name, value, label) {
  const input = h('input.input', { type: 'number', name, min: 0, max: 3600, step: 'any', value: String(value) });
  return { input, element: field(label, input) };
}
