// Small things that many pages show: avatars, empty and error states, placeholders, copy buttons.

import { h, icon, iconButton } from './dom.js';
import { t } from './i18n.js';
import { report, toast } from './dialog.js';

const INKS = 8;

/** A person's or account's picture, or their initial on an ink that their ID chooses. */
export function avatar({ id = '', displayName = '', pictureUrl = null, kind = 'user' }, size = '') {
  const ink = [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 4093, 7) % INKS;
  const classes = [`ink-${ink}`, kind === 'account' ? 'avatar--account' : '', size && `avatar--${size}`];
  const element = h('span.avatar', { class: classes.join(' '), 'aria-hidden': 'true' });
  if (kind === 'group' || kind === 'room') element.append(icon('people'));
  else element.append(initial(displayName));
  if (pictureUrl) {
    const picture = h('img', { src: pictureUrl, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer' });
    picture.addEventListener('error', () => picture.remove());
    element.append(picture);
  }
  return element;
}

function initial(name) {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment((name ?? '').trim());
  return first?.segment.toLocaleUpperCase() ?? '?';
}

/** Nothing here yet: say so, and teach the next step. */
export function empty({ art = null, title, text = '', action = null }) {
  return h('div.empty', {}, art, h('h2', {}, title), text && h('p', {}, text), action);
}

/** It went wrong: what happened, what to do, and a way to try again. */
export function problemState(problem, retry) {
  const button = h('button.button', { type: 'button', onclick: retry }, icon('refresh'), t('Try again'));
  return h(
    'div.empty',
    { role: 'alert' },
    icon('warning'),
    h('h2', {}, problem.message),
    problem.hint && h('p', {}, problem.hint),
    button,
  );
}

/** Rows of the shape that is about to arrive. */
export function placeholderRows(count = 4) {
  const row = () =>
    h('li.row-link', {}, h('span.avatar.skeleton'), h('span.grow.stack.stack--tight', {}, bar('60%'), bar('35%')));
  return h('ul.rows', { 'aria-hidden': 'true' }, Array.from({ length: count }, row));
}

function bar(width) {
  const element = h('span.skeleton');
  element.style.cssText = `display:block;height:12px;width:${width}`;
  return element;
}

/** A value with a button that copies it. */
export function copyable(value, label) {
  return h(
    'div.copyable',
    {},
    h('code', {}, value),
    copyButton(() => value, label),
  );
}

export function copyButton(value, label = t('Copy')) {
  return iconButton('copy', label, () => copy(value()));
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('Copied'));
  } catch {
    report(new Error(t('The browser did not allow copying. Select the text and copy it yourself.')));
  }
}
