// Hours of the week by a wall clock. Day 0 is Monday, as in the settings.

import { language } from '../../i18n.js';

const DAY = 24 * 60;
const WEEK = 7 * DAY;
// 5 January 1970 was a Monday.
const MONDAY_MS = 4 * 86_400_000;

/** The name of a day of the week. */
export function dayName(day, weekday = 'long') {
  return new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(MONDAY_MS + day * 86_400_000);
}

/** Which day and time it is in a time zone: {day, minute, time}. */
export function clockIn(timeZone, now = Date.now()) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const of = (type) => parts.find((part) => part.type === type).value;
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(of('weekday'));
  return { day, minute: Number(of('hour')) * 60 + Number(of('minute')), time: `${of('hour')}:${of('minute')}` };
}

/** Whether the time there is inside one of the windows. */
export function inHours(windows, timeZone, now = Date.now()) {
  const { day, minute } = clockIn(timeZone, now);
  const at = day * DAY + minute;
  return windows.some(
    (one) => one.start && one.end && (at - (one.day * DAY + minutes(one.start)) + WEEK) % WEEK < length(one),
  );
}

/** The part of its own day that a window covers, in minutes: one that goes past midnight ends at 24:00 here. */
export function spans(one) {
  if (!one.start || !one.end) return [];
  const start = minutes(one.start);
  return [[start, Math.min(start + length(one), DAY)]];
}

// The same time twice means a whole day; an end before the start lies on the next day.
function length({ start, end }) {
  return (minutes(end) - minutes(start) + DAY) % DAY || DAY;
}

function minutes(time) {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
