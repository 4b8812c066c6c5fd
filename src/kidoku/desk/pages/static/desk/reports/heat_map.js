// When in a week users wait: a field for each hour, the stronger the longer half of its messages waited.

import { tellEach } from '../../charts.js';
import { h, svg } from '../../dom.js';
import { span } from '../../durations.js';
import { hourName, number, weekdayName, weekHour } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { card } from '../../ui.js';
import { asTable, described, timeCells } from './charts.js';

const HOURS = 24;
const DAYS = 7;
const WIDTH = 12;
const HEIGHT = 22;
const GAP = 1;
const LEVELS_MS = [10_000, 60_000, 600_000, 3_600_000, 28_800_000, Infinity];
const NAMED_HOURS = [0, 6, 12, 18];

/** A week of seven rows; nothing while nothing was read. */
export function heatMapCard({ lines, total }, downloads) {
  if (!total.read) return null;
  const title = t('Times to read by weekday and hour');
  const some = lines.filter(({ read }) => read);
  return card(
    title,
    drawing(lines, `${title}: ${longest(some)}. ${t('Arrow keys go through the hours.')}`),
    legend(),
    asTable(
      'heat-table',
      title,
      [t('Hour'), t('Number'), t('Median'), t('90 %'), t('99 %'), t('Longest')],
      some.map(({ weekday, hour, read }) => [weekHour(weekday, hour), ...timeCells(read)]),
    ),
    downloads,
  );
}

function drawing(lines, label) {
  const hint = t('Each field is an hour in which messages came; its colour: half of them took no longer to be Read.');
  const tip = h('p.chart__tip.small.muted', { role: 'status' }, hint);
  const fields = lines.map(({ weekday, hour, read }) =>
    svg('rect', {
      x: hour * WIDTH + GAP / 2,
      y: (weekday - 1) * HEIGHT + GAP,
      width: WIDTH - GAP,
      height: HEIGHT - 2 * GAP,
      role: 'img',
      class: `heat__field ${levelClass(read)}`,
    }),
  );
  const map = svg(
    'svg',
    {
      class: 'heat__map',
      viewBox: `0 0 ${HOURS * WIDTH} ${DAYS * HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'group',
      'aria-label': label,
    },
    fields,
  );
  tellEach(map, fields, lines, { words, tip, row: HOURS });
  const days = Array.from({ length: DAYS }, (_, index) => h('span', {}, weekdayName(index + 1)));
  return h(
    'div.stack.stack--tight',
    {},
    h(
      'div.heat.small.muted',
      {},
      h('div.heat__days', { 'aria-hidden': 'true' }, days),
      map,
      h(
        'div.heat__hours',
        { 'aria-hidden': 'true' },
        NAMED_HOURS.map((hour) => h('span', {}, hourName(hour))),
      ),
    ),
    tip,
  );
}

function words({ weekday, hour, read, unread }) {
  const waiting = unread && t('{n} not read yet', { n: number(unread) });
  return [weekHour(weekday, hour), ...(read ? described(read) : [t('none')]), waiting].filter(Boolean).join(' · ');
}

/** The hour in which users waited longest, which a drawing is looked at for. */
function longest(some) {
  return words(some.reduce((most, line) => (line.read.medianMs > most.read.medianMs ? line : most)));
}

function levelClass(read) {
  return read ? `heat--${LEVELS_MS.findIndex((most) => read.medianMs <= most)}` : 'heat--none';
}

function legend() {
  const entry = (name, text) => h('span.legend__entry', {}, h('span.heat__swatch', { class: name }), text);
  const longer = t('longer than {time}', { time: span(LEVELS_MS.at(-2)) });
  return h(
    'p.legend',
    {},
    LEVELS_MS.map((most, level) =>
      entry(`heat--${level}`, most === Infinity ? longer : t('up to {time}', { time: span(most) })),
    ),
    entry('heat--none', t('none')),
  );
}
