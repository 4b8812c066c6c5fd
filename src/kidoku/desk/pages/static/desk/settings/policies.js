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

function policyName(policy) {
  return (POLICIES[policy] ?? POLICIES['on-reply']).name();
}

/** A policy in one line. */
export function policyLine({ policy, afterS, undoS }) {
  const name = policyName(policy);
  if (policy === 'on-open-after') return tn('{name}, {n} second', '{name}, {n} seconds', afterS, { name });
  if (policy === 'on-open') return tn('{name}, {n} second to undo', '{name}, {n} seconds to undo', undoS, { name });
  return name;
}

/** Fields for a policy; `value()` gives what is chosen. `hasBot`: a bot gets the webhooks too. */
export function policyFields(before = {}, { hasBot = false } = {}) {
  const wanted = { policy: 'on-reply', afterS: 10, undoS: 3, botHandled: null, ...before };
  const extra = h('div.form-grid');
  const after = seconds('afterS', wanted.afterS, t('Seconds that a chat has to stay open'));
  const undo = seconds('undoS', wanted.undoS, t('Seconds to undo'));
  const choose = (changed) => {
    Object.assign(wanted, changed);
    const chosen = [wanted.policy, wanted.botHandled];
    show(
      extra,
      chosen.includes('on-open-after') && after.element,
      chosen.some((policy) => ['on-open', 'on-open-after'].includes(policy)) && undo.element,
    );
  };
  const options = Object.entries(POLICIES).map(([policy, { name, note }]) => {
    const input = h('input', {
      type: 'radio',
      name: 'policy',
      value: policy,
      checked: policy === wanted.policy,
      onchange: () => choose({ policy }),
    });
    return h('label.policy', {}, input, h('span', {}, h('b', {}, name()), h('span.muted.small', {}, note())));
  });
  choose();
  const bot = botField(wanted.botHandled, hasBot, (botHandled) => choose({ botHandled }));
  const element = h(
    'fieldset.stack.stack--tight',
    {},
    h('legend.field__label', {}, t('When users see Read')),
    options,
    bot,
    extra,
  );
  const value = () => ({
    ...wanted,
    afterS: Number(after.input.value),
    undoS: Number(undo.input.value),
  });
  return { element, value };
}

// What the bot behind the relay has taken may follow a policy of its own.
function botField(policy, hasBot, choose) {
  const option = (value, words) => h('option', { value, selected: value === (policy ?? '') }, words);
  const select = h(
    'select.select',
    { name: 'botHandled', onchange: () => choose(select.value || null) },
    option('', t('As everything else')),
    Object.keys(POLICIES).map((value) => option(value, policyName(value))),
  );
  const note = hasBot
    ? t('What the bot behind the relay has taken: it answered 2xx to the webhook.')
    : t('Works once a bot gets this channel’s webhooks too (Relay): what it has answered 2xx to.');
  return field(t('Messages that the bot has taken'), select, note);
}

function seconds(name, value, label) {
  const input = h('input.input', { type: 'number', name, min: 0, max: 3600, step: 'any', value: String(value) });
  return { input, element: field(label, input) };
}
