// The drawing of a chat's story: messages as dots, the watermark as a line that rises, each advance as a step.

import { h, svg } from '../../dom.js';
import { day, number } from '../../format.js';
import { t } from '../../i18n.js';
import { HEIGHT, LANE, LEFT, TOP } from './story.js';

const FOOT = 18;

/**
 * Draw a story. `describe(mark)` says a mark in words; `point(mark, element)` is called when one is pointed at or focused,
 * with null when none is; `press(mark)` when it is clicked.
 */
export function drawStory(story, { label, describe, point, press }) {
  const height = TOP + HEIGHT + LANE + FOOT;
  const marks = [];
  const add = (element, mark) => {
    marks.push({ element, mark });
    return element;
  };
  const drawing = svg(
    'svg',
    {
      class: 'story',
      width: story.width,
      height,
      viewBox: `0 0 ${story.width} ${height}`,
      role: 'group',
      'aria-label': label,
    },
    story.days.map(dayLine),
    story.ticks.map((tick) => scale(tick, story.width)),
    svg('path', { class: 'story__read', d: `${story.line}V${TOP + HEIGHT}H${LEFT}Z` }),
    svg('path', { class: 'story__line', d: story.line }),
    story.sent.map((sent) => add(sentMark(sent), { kind: 'sent', ...sent })),
    story.dots.map((dot) => add(dotMark(dot), { kind: 'message', ...dot })),
    story.risers.map((step) => add(stepMark(step), { kind: 'step', ...step })),
  );
  wire(drawing, marks, { describe, point, press });
  return h('div.story-box.scroll', {}, drawing);
}

function dayLine({ x, at }) {
  const label = svg('text', { x: x + 3, y: TOP + HEIGHT + LANE + 13, class: 'story__label' });
  label.textContent = day(at);
  return [svg('path', { d: `M${x} ${TOP}V${TOP + HEIGHT + LANE}`, class: 'story__day' }), label];
}

function scale({ seq, y }, width) {
  const label = svg('text', { x: LEFT - 6, y: y + 4, class: 'story__label', 'text-anchor': 'end' });
  label.textContent = number(seq);
  return [svg('path', { d: `M${LEFT} ${y}H${width}`, class: 'story__grid' }), label];
}

function dotMark({ x, y, read }) {
  return svg('circle', { cx: x, cy: y, r: 5, class: read ? 'story__dot story__dot--read' : 'story__dot' });
}

function sentMark({ x }) {
  return svg('rect', { x: x - 4, y: TOP + HEIGHT + LANE / 2 - 3, width: 8, height: 8, rx: 2, class: 'story__sent' });
}

function stepMark({ x, from, to, cause }) {
  return svg(
    'g',
    { class: `story__step cause--${cause}` },
    svg('path', { d: `M${x} ${from}V${to}`, class: 'story__hit' }),
    svg('path', { d: `M${x} ${from}V${to}` }),
    svg('path', { d: `M${x - 5} ${to + 6}L${x} ${to - 1}L${x + 5} ${to + 6}Z`, class: 'story__tip' }),
  );
}

// One stop for the Tab key; arrow keys go from mark to mark in the order in which things happened.
function wire(drawing, marks, { describe, point, press }) {
  marks.sort((a, b) => a.mark.x - b.mark.x);
  marks.forEach(({ element, mark }, index) => {
    element.setAttribute('tabindex', index === marks.length - 1 ? '0' : '-1');
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', describe(mark));
    element.addEventListener('pointerenter', () => point(mark, element));
    element.addEventListener('focus', () => point(mark, element));
    element.addEventListener('blur', () => point(null));
    element.addEventListener('click', () => press(mark));
  });
  drawing.addEventListener('pointerleave', () => point(null));
  drawing.addEventListener('keydown', (event) => {
    const at = marks.findIndex(({ element }) => element === document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (event.key === 'Enter' && at >= 0) press(marks[at].mark);
    if (next === undefined || !marks[next]) return;
    event.preventDefault();
    marks[at]?.element.setAttribute('tabindex', '-1');
    marks[next].element.setAttribute('tabindex', '0');
    marks[next].element.focus();
  });
}

/** What the shapes mean. */
export function legend() {
  const entry = (shape, words) => h('span.legend__entry', {}, shape, words);
  const mark = (...shapes) =>
    svg('svg', { width: 14, height: 14, viewBox: '0 0 14 14', class: 'story', 'aria-hidden': 'true' }, shapes);
  return h(
    'p.legend',
    {},
    entry(mark(svg('circle', { cx: 7, cy: 7, r: 5, class: 'story__dot' })), t('Message, unread')),
    entry(mark(svg('circle', { cx: 7, cy: 7, r: 5, class: 'story__dot story__dot--read' })), t('Message, Read')),
    entry(
      mark(svg('rect', { x: 3, y: 3, width: 8, height: 8, rx: 2, class: 'story__sent' })),
      t('Sent by the account'),
    ),
    entry(mark(svg('path', { d: 'M0 11H7V3H14', class: 'story__line' })), t('Read up to here')),
  );
}
