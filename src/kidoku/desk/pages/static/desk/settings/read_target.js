// Within what time a channel's messages should be read: a number and its unit, or nothing.

import { field } from '../../dialog.js';
import { h } from '../../dom.js';
import { t } from '../../i18n.js';

const MOST_S = 30 * 24 * 3600;
const UNITS = [
  [86_400, () => t('days')],
  [3600, () => t('hours')],
  [60, () => t('minutes')],
  [1, () => t('seconds')],
];

/** A field for a target in seconds, null for none; `value()` gives what is chosen. */
export function targetField(seconds) {
  const [unit] = seconds ? UNITS.find(([size]) => seconds % size === 0) : [60];
  const number = h('input.input', {
    type: 'number',
    name: 'readTarget',
    min: 1,
    step: 1,
    value: seconds ? String(seconds / unit) : '',
  });
  const units = h(
    'select.select',
    { 'aria-label': t('Unit') },
    UNITS.toReversed().map(([size, words]) => h('option', { value: String(size) }, words())),
  );
  units.value = String(unit);
  const limit = () => (number.max = String(Math.floor(MOST_S / Number(units.value))));
  units.addEventListener('change', limit);
  limit();
  const element = field(
    t('Messages should be read within'),
    number,
    t(
      'The team is told shortly before a message has waited that long unread, and reports count what took longer. Empty: no target.',
    ),
  );
  const both = h('div.target-field');
  number.replaceWith(both);
  both.append(number, units);
  return { element, value: () => (number.value ? Math.round(Number(number.value) * Number(units.value)) : null) };
}
