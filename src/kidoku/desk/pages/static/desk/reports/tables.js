// What reports say in tables and lists.

import { h } from '../../dom.js';
import { full, number } from '../../format.js';
import { t } from '../../i18n.js';
import { card, notice } from '../../ui.js';
import { adviceOf } from '../inbox/advice.js';
import { occasionName } from '../inbox/read_state.js';
import { nameOf } from '../people.js';
import { hrefOf } from '../place.js';
import { timeCells } from './charts.js';

/** A table with a caption for screen readers; the first cell of each row is its head. */
export function table(caption, head, rows) {
  return h(
    'div.table-box',
    { tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table.table',
      {},
      h('caption.visually-hidden', {}, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          head.map((words) => h('th', { scope: 'col' }, words)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map(([first, ...others]) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, first),
            others.map((cell) => h('td.numeric', {}, cell)),
          ),
        ),
      ),
    ),
  );
}

/** Who read and answered, and how long it took. */
export function agentsTable(lines, desk) {
  if (!lines.length) return h('p.muted', {}, t('Nobody read or answered anything in this period.'));
  return timesTable(t('By agent'), t('Who'), lines, ({ by }) => nameOf(desk, by));
}

/** The same for each channel. */
export function channelsTable(lines) {
  return timesTable(t('By channel'), t('Channel'), lines, ({ name }) => name);
}

function timesTable(caption, first, lines, nameOfLine) {
  const times = [t('Median'), t('90 %'), t('99 %')];
  const cells = (summary) => timeCells(summary).slice(0, 1 + times.length);
  return table(
    caption,
    [first, t('Read'), ...times, t('Answers'), ...times],
    lines.map((line) => [nameOfLine(line), ...cells(line.read), ...cells(line.answered)]),
  );
}

/** What caused marks, what became of them, and what can be done about those that failed. */
export function marksCard({ causes, failures }, downloads) {
  const rest = (states) => ['waiting', 'due', 'sending'].reduce((sum, state) => sum + (states[state] ?? 0), 0);
  const covered = (states) => (states.superseded ?? 0) + (states.undone ?? 0);
  return card(
    t('Marks by cause'),
    causes.length
      ? table(
          t('Marks by cause'),
          [
            t('Cause'),
            t('Asked for'),
            t('Confirmed'),
            t('Covered by others or taken back'),
            t('Under way'),
            t('Parked'),
          ],
          causes.map(({ occasion, marks, states }) => [
            occasionName(occasion) ?? occasion,
            ...[marks, states.confirmed ?? 0, covered(states), rest(states), states.parked ?? 0].map(number),
          ]),
        )
      : h('p.muted', {}, t('No marks were asked for in this period.')),
    failures.length > 0 && h('h3', {}, t('Why marks are parked')),
    failures.length > 0 &&
      table(
        t('Why marks are parked'),
        [t('Reason'), t('Marks')],
        failures.map(({ advice, marks }) => [adviceOf(advice), number(marks)]),
      ),
    downloads,
  );
}

const SHOWN = 10;

/** Messages whose time is over or nearly so; nothing while there are none. */
export function targetsCard(messages, desk) {
  if (!messages.length) return null;
  const missed = messages.filter(({ state }) => state === 'missed').length;
  return notice(
    missed ? 'danger' : 'warning',
    h('h2', {}, missed ? t('Messages have waited too long') : t('Messages will soon have waited too long')),
    h(
      'ul.reports__late',
      {},
      messages
        .slice(0, SHOWN)
        .map(({ chatId, channelKey, dueAt, state }) =>
          h(
            'li.row',
            {},
            h('a', { href: hrefOf({ item: chatId, peek: true }) }, desk.channel(channelKey)?.name ?? channelKey),
            h(
              'span',
              {},
              state === 'missed'
                ? t('should have been read by {time}', { time: full(dueAt) })
                : t('to be read by {time}', { time: full(dueAt) }),
            ),
          ),
        ),
    ),
    messages.length > SHOWN && h('p.small', {}, t('and {n} more', { n: number(messages.length - SHOWN) })),
  );
}
