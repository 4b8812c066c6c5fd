// A message's read state: what its sender sees, since when, and why. An icon, a word, and the whole story on request.

import { h, icon } from '../../dom.js';
import { dialog } from '../../dialog.js';
import { full, preciseTime, time } from '../../format.js';
import { t } from '../../i18n.js';
import { facts } from '../../ui.js';
import { nameOf } from '../people.js';
import { adviceOf } from './advice.js';

const STATES = {
  none: { symbol: 'eye-off', words: () => t('Unread') },
  waiting: { symbol: 'clock', words: () => t('Soon Read') },
  due: { symbol: 'clock', words: () => t('Marking…') },
  sending: { symbol: 'clock', words: () => t('Marking…') },
  confirmed: { symbol: 'read', words: () => t('Read') },
  parked: { symbol: 'warning', words: () => t('Not marked') },
};

const OCCASIONS = {
  received: () => t('On arrival'),
  opened: () => t('Opened'),
  'kept-open': () => t('Kept open'),
  replied: () => t('Answered'),
  assigned: () => t('Assigned'),
  asked: () => t('By hand'),
  'bot-handled': () => t('Bot took it'),
};

const LONG = {
  none: () => t('The user sees no “Read”. Nobody has asked for it.'),
  waiting: () => t('The user sees no “Read” yet. It can still be undone.'),
  due: () => t('“Read” is asked for and about to be sent to LINE; if that failed, it is tried again.'),
  sending: () => t('“Read” is being sent to LINE.'),
  confirmed: () => t('LINE has confirmed it: the user sees “Read”.'),
  parked: () => t('LINE refused: the user sees no “Read”. It waits for somebody to mend that.'),
};

/** What led to a mark, in a word or two. */
export function occasionName(occasion) {
  return OCCASIONS[occasion]?.() ?? occasion ?? '';
}

/** The word for a state. */
export function stateName(state) {
  return (STATES[state] ?? STATES.none).words();
}

/** A state as an icon and a word, for lists. */
export function stateBadge(state) {
  const { symbol, words } = STATES[state] ?? STATES.none;
  return h('span.read-state', { class: `read-state--${state}` }, icon(symbol, 'icon--small'), words());
}

/** What stands beside a user's message; pressed, it tells all that is known. */
export function readState(desk, { read, botHandled }, fresh = false) {
  const state = read?.state ?? 'none';
  const { symbol, words } = STATES[state] ?? STATES.none;
  const text = state === 'confirmed' && read.confirmedAt ? `${words()} ${time(read.confirmedAt)}` : words();
  const cause = state === 'none' ? '' : occasionName(read.occasion);
  return h(
    'button.read-state',
    {
      type: 'button',
      class: `read-state--${state}${fresh ? ' meta__read--new' : ''}`,
      title: story(desk, read),
      onclick: () => tell(desk, read, botHandled),
    },
    h('span.read-state__word', {}, icon(symbol, 'icon--small'), text),
    cause && h('span.read-state__cause', {}, cause),
  );
}

/** One line: when, why and by whom. */
export function story(desk, read) {
  const state = read?.state ?? 'none';
  if (state === 'none') return LONG.none();
  const at = read.confirmedAt ?? read.dueAt ?? read.askedAt;
  const cause = [occasionName(read.occasion), nameOf(desk, read.by)].filter(Boolean).join(', ');
  return [stateName(state), at && preciseTime(at), cause].filter(Boolean).join(' · ');
}

function tell(desk, read, botHandled) {
  const state = read?.state ?? 'none';
  const moment = (ms) => ms && full(ms);
  return dialog(stateName(state), (close) => [
    h('p', {}, (LONG[state] ?? LONG.none)()),
    read?.advice && h('p', {}, adviceOf(read.advice)),
    facts([
      [t('Because'), occasionName(read?.occasion)],
      [t('By'), nameOf(desk, read?.by)],
      [t('Taken by'), botHandled && t('the bot')],
      [t('Asked for'), moment(read?.askedAt)],
      [t('Due'), state === 'confirmed' ? null : moment(read?.dueAt)],
      [t('Confirmed by LINE'), moment(read?.confirmedAt)],
      [t('LINE said'), read?.reason && h('code', {}, read.reason)],
    ]),
    h('div.dialog__actions', {}, h('button.button', { type: 'button', onclick: () => close() }, t('Close'))),
  ]);
}
