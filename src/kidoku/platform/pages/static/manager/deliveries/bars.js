// The newest deliveries as bars: how long each took, and what became of it.

import { h, show, svg } from '../../dom.js';
import { full } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { span } from '../../durations.js';
import { reasonText, stateName } from './states.js';

const WIDTH = 12;
const HEIGHT = 96;
const LEAST = 6;
const DEADLINE_MS = 2_000;
const TOP_MS = 60_000;

/** A chart of deliveries (newest first in the list, newest right in the drawing). `open(id)` is called for a bar. */
export function drawBars(deliveries, { open }) {
  const shown = [...deliveries].reverse();
  const width = Math.max(shown.length, 30) * WIDTH;
  const tip = h('p.chart__tip.small.muted', { role: 'status' }, t('Point at a bar to see what it was.'));
  const bars = shown.map((delivery, index) => bar(delivery, width - (shown.length - index) * WIDTH));
  const deadline = HEIGHT - heightOf(DEADLINE_MS);
  const drawing = svg(
    'svg',
    {
      class: 'bars',
      viewBox: `0 0 ${width} ${HEIGHT + 2}`,
      preserveAspectRatio: 'none',
      role: 'group',
      'aria-label': summary(shown),
    },
    svg('path', { d: `M0 ${deadline}H${width}`, class: 'bars__deadline' }),
    bars,
  );
  bars.forEach((element, index) => {
    const delivery = shown[index];
    element.setAttribute('aria-label', words(delivery));
    element.setAttribute('tabindex', index === bars.length - 1 ? '0' : '-1');
    const tell = () => show(tip, words(delivery));
    element.addEventListener('pointerenter', tell);
    element.addEventListener('focus', tell);
    element.addEventListener('click', () => open(delivery.deliveryId));
  });
  drawing.addEventListener('keydown', (event) => moveAlong(event, bars));
  const scale = h(
    'p.chart__scale.small.muted',
    {},
    t('Height: time until it was settled. Dashed line: the two seconds that a bot has.'),
  );
  return h('div.stack.stack--tight', {}, h('div.bars-box', {}, drawing), tip, scale);
}

function bar(delivery, x) {
  const height = delivery.state === 'skipped' ? LEAST : heightOf(tookMs(delivery));
  return svg(
    'g',
    { class: `bars__bar bars__bar--${delivery.state}`, role: 'link' },
    svg('rect', { x, y: 0, width: WIDTH, height: HEIGHT, class: 'bars__hit' }),
    svg('rect', { x: x + 2, y: HEIGHT - height, width: WIDTH - 4, height, rx: 2 }),
  );
}

function tookMs({ createdAt, settledAt }) {
  return settledAt ? settledAt - createdAt : DEADLINE_MS;
}

// Logarithmic: milliseconds and minutes are both to be seen.
function heightOf(ms) {
  const share = Math.log10(1 + Math.min(ms, TOP_MS)) / Math.log10(1 + TOP_MS);
  return Math.max(LEAST, share * HEIGHT);
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

function moveAlong(event, bars) {
  const at = bars.indexOf(document.activeElement);
  if (event.key === 'Enter' && at >= 0) bars[at].dispatchEvent(new MouseEvent('click', { bubbles: true }));
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: bars.length - 1 }[event.key];
  if (next === undefined || !bars[next]) return;
  event.preventDefault();
  bars[at]?.setAttribute('tabindex', '-1');
  bars[next].setAttribute('tabindex', '0');
  bars[next].focus();
}
