// Dialogs, menus and short notices.

import { flat, h, icon } from './dom.js';
import { t } from './i18n.js';

/**
 * Open a dialog and wait until it closes. `content(close)` returns its elements; `close(value)` ends it.
 * Escape and a click outside give undefined. Focus goes back to where it was.
 */
export function dialog(title, content) {
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      result = value;
      element.close();
    };
    const element = h('dialog.dialog', { 'aria-label': title });
    element.append(h('div.dialog__body', {}, h('h2', {}, title), ...flat([content(close)])));
    element.addEventListener('click', (event) => event.target === element && element.close());
    element.addEventListener('close', () => {
      element.remove();
      resolve(result);
    });
    document.body.append(element);
    element.showModal();
  });
}

/** Ask before something that others will see. Resolves to true or false. */
export async function confirm(title, text, { act, danger = false }) {
  const answer = await dialog(title, (close) => [
    h('p', {}, text),
    h(
      'div.dialog__actions',
      {},
      h('button.button', { type: 'button', onclick: () => close(false) }, t('Cancel')),
      h(
        'button.button.button--primary',
        { type: 'button', class: danger ? 'button--danger' : '', onclick: () => close(true), autofocus: true },
        act,
      ),
    ),
  ]);
  return answer === true;
}

/**
 * A form in a dialog: `fields` are elements with names in them. `save(FormData)` runs on submit; what it throws is
 * shown and the dialog stays. Resolves to what `save` returned, or undefined.
 */
export function formDialog(title, fields, { act, save }) {
  return dialog(title, (close) => {
    const error = h('p.field__error', { role: 'alert', hidden: true });
    const button = h('button.button.button--primary', { type: 'submit' }, act);
    const submit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        close((await save(new FormData(event.target))) ?? true);
      } catch (problem) {
        error.textContent = words(problem);
        error.hidden = false;
      } finally {
        button.disabled = false;
      }
    };
    const cancel = h('button.button', { type: 'button', onclick: () => close() }, t('Cancel'));
    return h('form.stack', { onsubmit: submit }, fields, error, h('div.dialog__actions', {}, cancel, button));
  });
}

let fields = 0;

/** A labelled control: `field(t('Name'), h('input.input', {name: 'name'}))`. */
export function field(label, control, hint = '') {
  control.id ||= `field-${++fields}`;
  return h('div.field', {}, h('label', { for: control.id }, label), control, hint && h('p.field__hint', {}, hint));
}

/** A small menu beside `anchor`. Items: {label, icon, act, danger}. Arrow keys move, Escape closes. */
export function menu(anchor, items, { x, y } = {}) {
  const element = h('div.menu', { role: 'menu', popover: 'auto' });
  const buttons = items.map((item) => menuItem(item, element));
  element.append(...buttons);
  (document.querySelector('main') ?? document.body).append(element);
  element.addEventListener('keydown', (event) => moveFocus(event, buttons));
  element.addEventListener('toggle', (event) => {
    if (event.newState === 'open') return;
    element.remove();
    anchor.setAttribute('aria-expanded', 'false');
    if (document.activeElement === document.body) anchor.focus();
  });
  element.showPopover();
  anchor.setAttribute('aria-expanded', 'true');
  place(element, anchor.getBoundingClientRect(), x, y);
  buttons[0]?.focus();
}

function menuItem(item, element) {
  const onclick = () => {
    element.hidePopover();
    item.act();
  };
  return h(
    'button',
    { type: 'button', role: 'menuitem', class: item.danger ? 'danger' : '', onclick },
    icon(item.icon),
    item.label,
  );
}

function moveFocus(event, buttons) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}

function place(element, box, x = box.left, y = box.bottom + 4) {
  const { width, height } = element.getBoundingClientRect();
  const top = y + height > innerHeight - 8 ? Math.max(8, Math.min(y, box.top) - height - 4) : y;
  element.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  element.style.top = `${top}px`;
}

const TOAST_MS = 5_000;
const NEAR_FOOT_PX = 120;

/** A short notice at the bottom; `action` is {label, act} for undo and the like. */
export function toast(text, action) {
  const host = document.querySelector('.toasts') ?? document.body.appendChild(h('div.toasts', { role: 'status' }));
  const element = h('div.toast', {}, h('span', {}, text));
  if (action) {
    const onclick = () => {
      element.remove();
      action.act();
    };
    element.append(h('button.button.button--quiet', { type: 'button', onclick }, action.label));
  }
  host.append(element);
  host.style.setProperty('--below', `${written()}px`);
  setTimeout(() => element.remove(), TOAST_MS);
}

// How much of the window's foot is taken by what somebody writes in: a notice does not cover it.
function written() {
  const field = document.activeElement?.matches('textarea') && document.activeElement.getBoundingClientRect();
  return field && field.bottom > innerHeight - NEAR_FOOT_PX ? innerHeight - field.top : 0;
}

/** An error in words: what happened and what to do. */
export function words({ message, hint }) {
  return [message, hint].filter(Boolean).join(' ');
}

/** Tell about an error where there is no place of its own for it. */
export function report(problem) {
  toast(words(problem));
}
