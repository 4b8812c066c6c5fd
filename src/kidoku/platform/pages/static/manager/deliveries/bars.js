// The newest deliveries as bars: how long each took, and what became of it.

import { columns, timeHeight } from '../../charts.js';
import { h, svg } from '../../dom.js';
import { full } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { span } from '../../durations.js';
import { reasonText, stateName } from './states.js';

const LEAST = 6;
const DEADLINE_MS = 2_000;
const TOP_MS = 60_000;

/** A chart of deliveries (newest first in the list, newest right in the drawing). `open(id)` is called for a bar. */
export function drawBars(deliveries, { open }) {
  const shown = [...deliveries].reverse();
  const chart = columns(shown, {
    label: summary(shown),
    hint: t('Point at a bar to see what it was.'),
    words,
    draw: bar,
    kind: ({ state }) => state,
    open: ({ deliveryId }) => open(deliveryId),
    behind: ({ width, height }) => {
      const y = height - timeHeight(DEADLINE_MS, TOP_MS, height);
      return svg('path', { d: `M0 ${y}H${width}`, class: 'bars__deadline' });
    },
  });
  const scale = h(
    'p.chart__scale.small.muted',
    {},
    t('Height: time until it was settled. Dashed line: the two seconds that a bot has.'),
  );
  chart.append(scale);
  return chart;
}

function bar({ item, x, width, height }) {
  const tall = item.state === 'skipped' ? LEAST : timeHeight(tookMs(item), TOP_MS, height, LEAST);
  return svg('rect', { x, y: height - tall, width, height: tall, rx: 2 });
}

function tookMs({ createdAt, settledAt }) {
  return settledAt ? settledAt - createdAt : DEADLINE_MS;
}

function words(delivery) {
  const { createdAt, settledAt, eventTypes, state } = delivery;
  const reason = state === 'delivered' ? '' : reasonText(delivery);
  const took = settledAt ? span(settledAt - createdAt) : '';
  return [full(createdAt), eventTypes.join(', '), stateName(state), reason, took].filter(Boolean).join(' · ');
}

function summary(deliveries) {
  const failed = deliveries.filter(({ state }) => state === 'failed').length;
  const all = tn('{n} delivery', '{n} deliveries', deliveries.length);
  return `${all}, ${tn('{n} failed', '{n} failed', failed)}. ${t('Arrow keys go through them, Enter opens one.')}`;
}
