// Dates, times and sizes in the reader's language. All times are milliseconds since the epoch.

import { language, t } from './i18n.js';

// Thai defaults to the Buddhist calendar in Intl; LINE in Thailand shows Gregorian years.
const locale = language === 'th' ? 'th-u-ca-gregory' : language;
const cache = new Map();

function formatter(options) {
  const key = JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(locale, options));
  return cache.get(key);
}

/** 14:05 */
export function time(ms) {
  return formatter({ hour: 'numeric', minute: '2-digit' }).format(ms);
}

/** 14:05:09.120, for timelines and deliveries. */
export function preciseTime(ms) {
  return formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }).format(ms);
}

/** The day above a group of messages: Today, Yesterday, or Sat, 11 July. */
export function day(ms, now = Date.now()) {
  const distance = dayNumber(now) - dayNumber(ms);
  if (distance === 0) return t('Today');
  if (distance === 1) return t('Yesterday');
  const year = new Date(ms).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' };
  return formatter({ weekday: 'short', month: 'short', day: 'numeric', ...year }).format(ms);
}

/** In a list of chats: the time today, else the day. */
export function brief(ms, now = Date.now()) {
  const distance = dayNumber(now) - dayNumber(ms);
  if (distance === 0) return time(ms);
  if (distance === 1) return t('Yesterday');
  const year = new Date(ms).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' };
  return formatter({ month: 'numeric', day: 'numeric', ...year }).format(ms);
}

/** Date and time in full, for tooltips and tables. */
export function full(ms) {
  return formatter({ dateStyle: 'medium', timeStyle: 'medium' }).format(ms);
}

/** Monday 9 AM: an hour of the week; `weekday` from 1, Monday. */
export function weekHour(weekday, hour) {
  return formatter({ weekday: 'long', hour: 'numeric', timeZone: 'UTC' }).format(inWeek(weekday, hour));
}

/** Mon */
export function weekdayName(weekday) {
  return formatter({ weekday: 'short', timeZone: 'UTC' }).format(inWeek(weekday, 0));
}

/** 9 AM */
export function hourName(hour) {
  return formatter({ hour: 'numeric', timeZone: 'UTC' }).format(inWeek(1, hour));
}

// Any week does; that one began on a Monday.
const inWeek = (weekday, hour) => Date.UTC(2024, 0, weekday, hour);

/** Which local day a time falls on, as a number that grows by one each day. */
export function dayNumber(ms) {
  const date = new Date(ms);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** 1:05 from milliseconds. */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** 1.2 MB */
export function size(bytes) {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const options = { style: 'unit', unit: UNITS[step], unitDisplay: 'short', maximumFractionDigits: step ? 1 : 0 };
  return new Intl.NumberFormat(language, options).format(bytes / 1000 ** step);
}

export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}

/** 0.5 as 50 %. */
export function percent(share) {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(share);
}

/** Names in a sentence: A, B and C. */
export function list(names) {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}

/** The name of a language by its tag; the tag itself where it names none. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(tag);
  } catch {
    return tag;
  }
}
