// Drawings whose parts pointers and arrow keys go through, each told in words below the drawing; above all columns.

import { h, show, svg } from './dom.js';

const WIDTH = 12;

/**
 * A chart with a column for each item, the last one right. `draw({item, x, width, height})` gives a column's SVG
 * elements and `words(item)` what it says; `kind(item)` names its class. `label` is the whole chart in words, `hint` the line
 * below it until something is pointed at. `open(item)`, if given, is called for a column that is chosen. At least
 * `least` columns have room; `behind` is drawn below them all, given the drawing's size. `scale` stands below the drawing.
 */
export function columns(items, options) {
  const { label, hint, words, draw, kind, open, scale, height = 96, least = 30, behind = () => [] } = options;
  const width = Math.max(items.length, least) * WIDTH;
  const tip = h('p.chart__tip.small.muted', { role: 'status' }, hint);
  const drawn = items.map((item, index) => {
    const x = width - (items.length - index) * WIDTH;
    const names = ['bars__bar', kind && `bars__bar--${kind(item)}`].filter(Boolean).join(' ');
    const hit = svg('rect', { x, y: 0, width: WIDTH, height, class: 'bars__hit' });
    return svg(
      'g',
      { class: names, role: open ? 'link' : 'img' },
      hit,
      draw({ item, x: x + 2, width: WIDTH - 4, height }),
    );
  });
  const drawing = svg(
    'svg',
    {
      class: 'bars',
      viewBox: `0 0 ${width} ${height + 2}`,
      preserveAspectRatio: 'none',
      role: 'group',
      'aria-label': label,
    },
    behind({ width, height }),
    drawn,
  );
  tellEach(drawing, drawn, items, { words, tip, open });
  return h('div.stack.stack--tight', {}, h('div.bars-box', {}, drawing), scale, tip);
}

/**
 * Let pointers and arrow keys go through `drawn`, the elements of `items` in `drawing`, from its last on, and tell
 * `words(item)` in `tip`. Where `drawn` stands in rows, so many of them are in a `row`.
 */
export function tellEach(drawing, drawn, items, { words, tip, open, row }) {
  drawn.forEach((element, index) => {
    const item = items[index];
    element.setAttribute('aria-label', words(item));
    element.setAttribute('tabindex', index === drawn.length - 1 ? '0' : '-1');
    const tell = () => show(tip, words(item));
    element.addEventListener('pointerenter', tell);
    element.addEventListener('focus', tell);
    if (open) element.addEventListener('click', () => open(item));
  });
  drawing.addEventListener('keydown', (event) => moveAlong(event, drawn, row));
}

function moveAlong(event, drawn, row) {
  const at = drawn.indexOf(document.activeElement);
  if (event.key === 'Enter' && at >= 0) drawn[at].dispatchEvent(new MouseEvent('click', { bubbles: true }));
  const along = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: drawn.length - 1 };
  const across = row ? { ArrowDown: at + row, ArrowUp: at - row } : {};
  const next = { ...along, ...across }[event.key];
  if (next === undefined || !drawn[next]) return;
  event.preventDefault();
  drawn[at]?.setAttribute('tabindex', '-1');
  drawn[next].setAttribute('tabindex', '0');
  drawn[next].focus();
}

/** How high a time stands: logarithmic, so that seconds and hours are both to be seen. */
export function timeHeight(ms, topMs, height, least = 0) {
  const share = Math.log10(1 + Math.min(ms, topMs)) / Math.log10(1 + topMs);
  return Math.max(least, share * height);
}
