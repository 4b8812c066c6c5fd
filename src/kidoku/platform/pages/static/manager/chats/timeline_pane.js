// The timeline of a chat: what came, how far it is Read, and what made it so. As a drawing or as a table.

import { summary } from '../../chat/contents.js';
import { h, iconButton, show } from '../../dom.js';
import { day, full, number, preciseTime } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { span } from '../../durations.js';
import * as calls from '../calls.js';
import { causeBadge, causeName } from '../mode.js';
import { fill, segmented, soon } from '../../ui.js';
import { drawStory, legend } from './drawing.js';
import { lay } from './story.js';

const MOVES = new Set(['message', 'read']);
const ROWS = 200;
const MARGINS = 24;

export class TimelinePane {
  constructor(screen, peerId) {
    this.screen = screen;
    this.peerId = peerId;
    this.view = 'drawing';
    this.soon = soon(() => this.refresh(), 60);
    this.body = h('div.pane__body.scroll.timeline__body');
    this.status = h('p.timeline__status');
    this.tip = h('div.tip', { role: 'status', hidden: true });
    const views = [
      { value: 'drawing', text: t('Drawing') },
      { value: 'table', text: t('Table') },
    ];
    this.head = h(
      'header.pane__head.timeline__head',
      {},
      iconButton('back', t('Back to the conversation'), () => screen.toggleTimeline(false), {
        class: 'pane__timeline-toggle',
      }),
      h('h2.grow', { tabindex: '-1' }, t('Timeline')),
      segmented(t('Show as'), views, this.view, (view) => this.switchTo(view)),
    );
    this.element = h('div.timeline', {}, this.head, this.status, this.body, this.tip);
    this.resized = new ResizeObserver(() => this.data && this.body.clientWidth !== this.drawnWidth && this.draw());
    this.resized.observe(this.body);
    this.refresh();
  }

  focus() {
    this.head.querySelector('h2').focus({ preventScroll: true });
  }

  leave() {
    this.resized.disconnect();
  }

  happened(event) {
    if (MOVES.has(event.type)) this.soon();
  }

  refresh() {
    return fill(
      this.body,
      () => calls.timeline(this.screen.account.accountId, this.peerId),
      (data) => this.take(data),
    );
  }

  take(data) {
    const drawn = JSON.stringify(data);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.data = data;
    this.draw();
  }

  switchTo(view) {
    this.view = view;
    if (this.data) this.draw();
  }

  draw() {
    const { messages, steps, readSeq, lastSeq } = this.data;
    this.drawnWidth = this.body.clientWidth;
    const unread = lastSeq - readSeq;
    show(this.status, position(readSeq, lastSeq, unread));
    if (!messages.length) return show(this.body, h('p.empty', {}, t('Nothing has been written here yet.')));
    if (this.view === 'table') return show(this.body, table(this.data));
    const label = t('{read} of {all} messages are Read, in {steps} steps. Arrow keys go through them.', {
      read: number(readSeq),
      all: number(lastSeq),
      steps: number(steps.length),
    });
    const story = drawStory(lay(this.data, this.room), {
      label,
      describe: (mark) => describe(mark).join('. '),
      point: (mark, element) => this.point(mark, element),
      press: (mark) => this.press(mark),
    });
    show(this.body, story, legend(), recent(steps, messages));
    story.scrollLeft = story.scrollWidth;
    return undefined;
  }

  point(mark, element) {
    this.tip.hidden = !mark;
    if (!mark) return;
    const lines = describe(mark);
    show(
      this.tip,
      lines.map((line, index) => h(index ? 'span' : 'b', {}, line)),
    );
    const box = element.getBoundingClientRect();
    const frame = this.element.getBoundingClientRect();
    const width = this.tip.offsetWidth;
    const left = Math.max(8, Math.min(box.left + box.width / 2 - frame.left - width / 2, frame.width - width - 8));
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${box.bottom - frame.top + 8}px`;
  }

  // Pixels that the drawing has, without the pane's own margins.
  get room() {
    return this.body.clientWidth - MARGINS;
  }

  press(mark) {
    if (mark.kind === 'step') return;
    this.screen.element.classList.remove('chats--timeline');
    this.screen.pane?.jump(mark.id);
  }
}

function position(readSeq, lastSeq, unread) {
  if (!lastSeq) return t('No message from the user yet.');
  if (!unread) return tn('{n} message, all Read', '{n} messages, all Read', lastSeq);
  const words = { read: number(readSeq), all: number(lastSeq) };
  return [
    t('Read up to message {read} of {all}.', words),
    ' ',
    h('b.unread-mark', {}, tn('{n} not Read', '{n} not Read', unread)),
  ];
}

function describe(mark) {
  const at = `${day(mark.at)} ${preciseTime(mark.at)}`;
  if (mark.kind === 'sent') return [t('Sent by the account'), words(mark), at].filter(Boolean);
  if (mark.kind === 'message')
    return [
      `${t('Message {seq}', { seq: number(mark.seq) })} · ${mark.read ? t('Read') : t('Unread')}`,
      words(mark),
      at,
    ].filter(Boolean);
  const count = mark.toSeq - mark.fromSeq;
  const lines = [tn('{n} message became Read', '{n} messages became Read', count), causeName(mark.cause), at];
  return mark.lag === null ? lines : [...lines, t('{time} after it arrived', { time: span(mark.lag) })];
}

const MOST_WORDS = 60;

function words(message) {
  const text = summary(message);
  return text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS)}…` : text;
}

// The newest advances in words, under the drawing.
function recent(steps, messages) {
  const arrived = arrivals(messages);
  const newest = steps.slice(-5).reverse();
  if (!newest.length) return h('p.muted.timeline__none', {}, t('Nothing has become Read yet.'));
  return h(
    'ol.steps-list',
    {},
    newest.map((step) => stepRow(step, arrived)),
  );
}

function stepRow(step, arrived) {
  const after = arrived.has(step.toSeq)
    ? ` · ${t('after {time}', { time: span(step.at - arrived.get(step.toSeq)) })}`
    : '';
  return h(
    'li',
    {},
    h(
      'span.steps-list__what',
      {},
      stepWords(step),
      h('span.muted.numeric', { title: full(step.at) }, preciseTime(step.at), after),
    ),
    causeBadge(step.cause),
  );
}

function stepWords({ fromSeq, toSeq }) {
  const count = toSeq - fromSeq;
  return count === 1
    ? t('Message {seq}', { seq: number(toSeq) })
    : t('Messages {from} to {to}', { from: number(fromSeq + 1), to: number(toSeq) });
}

function arrivals(messages) {
  return new Map(messages.filter(({ seq }) => seq).map(({ seq, timestamp }) => [seq, timestamp]));
}

function table({ messages, steps }) {
  const arrived = arrivals(messages);
  const moments = [
    ...messages.map((message) => ({ at: message.timestamp, order: 0, message })),
    ...steps.map((step) => ({ at: step.at, order: 1, step })),
  ]
    .sort((a, b) => b.at - a.at || b.order - a.order)
    .slice(0, ROWS);
  const head = [t('Time'), t('What happened')].map((name) => h('th', { scope: 'col' }, name));
  const row = ({ at, message, step }) =>
    h(
      'tr',
      {},
      h('td.numeric', { title: full(at) }, preciseTime(at)),
      h('td', {}, step ? stepCell(step, arrived) : messageCell(message)),
    );
  const body = h('table.table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, moments.map(row)));
  return h(
    'div.table-box.timeline__table',
    { tabindex: '0', role: 'region', 'aria-label': t('Timeline as a table') },
    body,
  );
}

function stepCell(step, arrived) {
  const after = arrived.has(step.toSeq) && t('after {time}', { time: span(step.at - arrived.get(step.toSeq)) });
  return [
    h('b', {}, t('Read')),
    `: ${stepWords(step)} `,
    causeBadge(step.cause),
    after && h('span.muted', {}, ` ${after}`),
  ];
}

function messageCell(message) {
  const kind = message.seq ? t('Message {seq}', { seq: number(message.seq) }) : t('Sent by the account');
  return [`${kind}: `, h('span.muted', { dir: 'auto' }, words(message))];
}
