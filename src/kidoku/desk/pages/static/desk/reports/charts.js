// Times and backlog as columns, with the same numbers as a table.

import { columns, timeHeight } from '../../charts.js';
import { h, svg } from '../../dom.js';
import { span } from '../../durations.js';
import { day, full, number, time } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { card, facts } from '../../ui.js';
import { table } from './tables.js';

const TOP_S = 86_400;
const WORDS = {
  read: { title: () => t('Time to read'), none: () => t('Nothing was read in this period.') },
  answered: { title: () => t('Time to answer'), none: () => t('Nothing was answered in this period.') },
};

const long = (ms, by) => (by === 'hour' ? full(ms) : day(ms));

/** Times to read or to answer (`kind`), with a column for each hour or day. */
export function timesCard(kind, { lines, total }, by, downloads) {
  const { title, none } = WORDS[kind];
  const all = total[kind];
  if (!all) return card(title(), h('p.muted', {}, none()), facts(unreadFacts(kind, total)), downloads);
  const words = ({ start, [kind]: times }) =>
    times ? [long(start, by), ...described(times)].join(' · ') : `${long(start, by)} · ${t('none')}`;
  const chart = columns(lines, {
    label: `${title()}: ${described(all).join(', ')}. ${t('Arrow keys go through the columns.')}`,
    hint: t('Height: nine in ten took no longer. Solid: half of them took no longer.'),
    words,
    draw: ({ item, ...place }) => (item[kind] ? timeColumn(item[kind], place) : []),
    kind: () => 'time',
    least: 7,
    scale: scale(
      lines.map(({ start }) => start),
      by,
    ),
  });
  return card(
    title(),
    facts([
      [t('Median'), span(all.medianMs)],
      [t('90 %'), span(all.p90Ms)],
      [t('99 %'), span(all.p99Ms)],
      [t('Longest'), span(all.longestMs)],
      [t('Number'), number(all.count)],
      ...unreadFacts(kind, total),
    ]),
    chart,
    asTable(
      `${kind}-table`,
      title(),
      [t('Since'), t('Number'), t('Median'), t('90 %'), t('99 %'), t('Longest')],
      lines.map((line) => [long(line.start, by), ...timeCells(line[kind])]),
    ),
    downloads,
  );
}

function unreadFacts(kind, { unread, withinTarget, read }) {
  if (kind !== 'read') return [];
  return [
    [t('Not read yet'), number(unread)],
    [t('Within the target'), withinTarget ? `${number(withinTarget)} / ${number(read.count)}` : null],
  ];
}

function timeColumn({ medianMs, p90Ms }, { x, width, height }) {
  return [p90Ms, medianMs].map((ms, index) => {
    const tall = timeHeight(ms / 1_000, TOP_S, height, 2);
    return svg('rect', {
      x,
      y: height - tall,
      width,
      height: tall,
      rx: 1,
      class: index ? 'bars__inner' : 'bars__outer',
    });
  });
}

/** Times in words: how many, the median, and nine in ten. */
export function described({ count, medianMs, p90Ms }) {
  return [
    tn('{n} message', '{n} messages', count),
    t('median {span}', { span: span(medianMs) }),
    t('90 %: {span}', { span: span(p90Ms) }),
  ];
}

export function timeCells(times) {
  if (!times) return [number(0), '–', '–', '–', '–'];
  return [number(times.count), span(times.medianMs), span(times.p90Ms), span(times.p99Ms), span(times.longestMs)];
}

/** Unread messages at the end of each hour or day. */
export function backlogCard({ lines }, by, downloads) {
  const most = Math.max(1, ...lines.map(({ unread }) => unread));
  const words = ({ at, unread }) => `${full(at)} · ${tn('{n} unread message', '{n} unread messages', unread)}`;
  const newest = lines.at(-1);
  const chart = columns(lines, {
    label: `${t('Unread messages')}: ${newest ? words(newest) : t('none')}. ${t('Arrow keys go through the columns.')}`,
    hint: t('Height: messages that were unread at the end of each column’s time.'),
    words,
    draw: ({ item, x, width, height }) => {
      const tall = item.unread ? Math.max(2, (item.unread / most) * height) : 0;
      return svg('rect', { x, y: height - tall, width, height: tall, rx: 1, class: 'bars__inner' });
    },
    kind: () => 'unread',
    least: 7,
    scale: scale(
      lines.map(({ at }) => (by === 'hour' ? at : at - 1)),
      by,
    ),
  });
  return card(
    t('Unread messages'),
    chart,
    asTable(
      'backlog-table',
      t('Unread messages'),
      [t('At'), t('Unread messages')],
      lines.map(({ at, unread }) => [full(at), number(unread)]),
    ),
    downloads,
  );
}

/** The first, the middle and the last moment below a chart. */
function scale(moments, by) {
  if (!moments.length) return null;
  const shown = moments.length < 3 ? moments : [moments[0], moments[Math.floor(moments.length / 2)], moments.at(-1)];
  return h(
    'p.reports__scale.small.muted',
    { 'aria-hidden': 'true' },
    shown.map((at) => h('span', {}, by === 'hour' ? time(at) : day(at))),
  );
}

/** The same numbers as a table, for those who ask for it. */
export function asTable(id, caption, head, rows) {
  return h('details', { id }, h('summary', {}, t('As a table')), table(caption, head, rows));
}
