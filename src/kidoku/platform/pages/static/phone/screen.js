// The frame of every screen on the phone: a bar with a title, and what is below it.

import { h, iconButton } from '../dom.js';
import { t } from '../i18n.js';

/** A screen's element. `back` is a function or null; `tools` stand at the end of the bar. */
export function screenFrame({ title, back = null, tools = [], body, name }) {
  const heading =
    typeof title === 'string' ? h('h1.screen__title.clip', { tabindex: '-1', dir: 'auto' }, title) : title;
  return h(
    'section.screen',
    { class: name ? `screen--${name}` : '' },
    h('header.screen__bar', {}, back && iconButton('back', t('Back'), back), heading, tools),
    body,
  );
}

/** Put the focus on the screen's title, so that a screen reader says where one is. */
export function focusTitle(element) {
  element.querySelector('h1')?.focus({ preventScroll: true });
}
