// How times to read spread: so many messages within a second, a minute, a day.

import { columns } from '../../charts.js';
import { h, svg } from '../../dom.js';
import { span } from '../../durations.js';
import { number, percent } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { card } from '../../ui.js';
import { asTable } from './charts.js';

const NAMED_MS = new Set([1_000, 60_000, 3_600_000, 86_400_000]);

/** A column for each length of time; nothing while nothing was read. */
export function spreadCard({ lines }, downloads) {
  const parts = partsOf(lines);
  const most = Math.max(...parts.map(({ read }) => read));
  if (!most) return null;
  const title = t('How times to read spread');
  const highest = parts.find(({ read }) => read === most);
  const chart = columns(parts, {
    label: `${title}: ${words(highest)}. ${t('Arrow keys go through the columns.')}`,
    hint: t('Height: messages that were Read within each column’s time.'),
    words,
    draw: ({ item, x, width, height }) => {
      const tall = item.read ? Math.max(2, (item.read / most) * height) : 0;
      return svg('rect', { x, y: height - tall, width, height: tall, rx: 1, class: 'bars__inner' });
    },
    kind: () => 'time',
    least: parts.length,
    scale: scale(parts),
  });
  return card(
    title,
    chart,
    asTable(
      'spread-table',
      title,
      [t('Time to read'), t('Messages'), t('No longer')],
      parts.map((part) => [range(part), number(part.read), percent(part.share)]),
    ),
    downloads,
  );
}

/** Each line with the edge before it, and the share of all that took no longer. */
function partsOf(lines) {
  const all = Math.max(
    1,
    lines.reduce((sum, { read }) => sum + read, 0),
  );
  let fromMs = 0;
  let upToHere = 0;
  return lines.map(({ upToMs, read }) => {
    upToHere += read;
    const part = { fromMs, upToMs, read, share: upToHere / all };
    fromMs = upToMs;
    return part;
  });
}

function words(part) {
  const { read, share } = part;
  const count = tn('{n} message', '{n} messages', read);
  return [range(part), count, t('{percent} took no longer', { percent: percent(share) })].join(' · ');
}

function range({ fromMs, upToMs }) {
  if (!fromMs) return t('up to {time}', { time: span(upToMs) });
  if (upToMs === null) return t('longer than {time}', { time: span(fromMs) });
  return t('{from} to {to}', { from: span(fromMs), to: span(upToMs) });
}

/** The edges that people know, below the ends of their columns. */
function scale(parts) {
  const marks = parts.map(({ upToMs }, index) => {
    if (!NAMED_MS.has(upToMs)) return null;
    const mark = h('span', {}, span(upToMs));
    mark.style.left = `${((index + 1) / parts.length) * 100}%`;
    return mark;
  });
  return h('p.reports__edges.small.muted', { 'aria-hidden': 'true' }, marks);
}
