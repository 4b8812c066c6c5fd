// Lengths of time in few words.

import { language } from './i18n.js';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** 12 ms, 1.4 sec, 3 min, 2 days: the greatest unit that fits, with one decimal below ten. */
export function span(ms) {
  const [unit, size] = UNITS.find(([, least]) => ms >= least) ?? ['millisecond', 1];
  const value = Math.max(0, ms) / size;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
