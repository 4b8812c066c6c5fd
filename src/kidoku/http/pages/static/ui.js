// Pieces that the sections of a page are made of.

import { h, icon, show } from './dom.js';
import { full, preciseTime } from './format.js';
import { placeholderRows, problemState } from './parts.js';

/** A section's frame: its title, a sentence about it, tools at the end of the line, and what it shows. */
export function page(title, { lead = '', tools = [], back = null } = {}, ...children) {
  return h(
    'div.page',
    {},
    h(
      'header.page__head',
      {},
      back,
      h('div.grow', {}, h('h1', { tabindex: '-1' }, title), lead && h('p.muted.page__lead', {}, lead)),
      h('div.row', {}, tools),
    ),
    children,
  );
}

/** A titled box. */
export function card(title, ...children) {
  return h('section.card.stack', {}, title && h('h2', {}, title), children);
}

let switches = 0;

/** A switch with its words. `act(wanted)` may refuse by throwing or answering false: the switch then goes back. */
export function switchRow({ label, note, checked, disabled = false, act }) {
  const id = `switch-${++switches}`;
  const input = h('input.switch', {
    type: 'checkbox',
    role: 'switch',
    id,
    checked,
    disabled,
    'aria-describedby': `${id}-note`,
  });
  input.addEventListener('change', async () => {
    input.disabled = true;
    const wanted = input.checked;
    try {
      if ((await act(wanted)) === false) input.checked = !wanted;
    } catch {
      input.checked = !wanted;
    } finally {
      input.disabled = disabled;
      input.focus();
    }
  });
  const words = h(
    'div.grow',
    {},
    h('label.setting__label', { for: id }, label),
    h('p.muted.small', { id: `${id}-note` }, note),
  );
  return h('div.setting', {}, words, input);
}

/** A notice inside a page; `kind` is info, warning, danger or good. */
export function notice(kind, ...children) {
  const name = { info: 'info', warning: 'warning', danger: 'warning', good: 'check' }[kind];
  return h('div.notice-box', { class: `notice-box--${kind}` }, icon(name, 'icon--small'), h('div.grow', {}, children));
}

/**
 * Fill `box` with what `load` answers, drawn by `draw(data)`. While it loads for the first time the box keeps the shape
 * of rows; a failure says what to do, unless something is shown already.
 */
export async function fill(box, load, draw) {
  if (!box.childElementCount) show(box, placeholderRows());
  try {
    draw(await load());
    box.dataset.filled = '';
  } catch (problem) {
    if (!('filled' in box.dataset))
      show(
        box,
        problemState(problem, () => fill(box, load, draw)),
      );
  }
}

/** Facts as a definition list: pairs of a name and what stands for it; pairs with nothing are left out. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value === 0 || value);
  return h(
    'dl.facts',
    {},
    shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** A time to the millisecond; the date is its tooltip. */
export function moment(ms) {
  return h('time.numeric', { datetime: new Date(ms).toISOString(), title: full(ms) }, preciseTime(ms));
}

/** JSON to read: indented, in a box that scrolls. */
export function json(value, label) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return h('pre.code.scroll', { tabindex: '0', role: 'region', 'aria-label': label }, text);
}

/** Buttons of which one is pressed. `choose(value)` is called for another one. */
export function segmented(label, options, chosen, choose) {
  const buttons = options.map(({ value, text }) =>
    h('button', { type: 'button', value, 'aria-pressed': String(value === chosen) }, text),
  );
  const group = h('div.segmented.segmented--wrap', { role: 'group', 'aria-label': label }, buttons);
  group.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    for (const one of buttons) one.setAttribute('aria-pressed', String(one === button));
    choose(button.value);
  });
  return group;
}

/** Call `act` once, shortly after the last of many calls. */
export function soon(act, ms = 120) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      act();
    }, ms);
  };
}
