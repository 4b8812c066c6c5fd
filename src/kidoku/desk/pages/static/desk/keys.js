// The keyboard: one key per act, where nobody is writing.

import { h } from '../dom.js';
import { dialog } from '../dialog.js';
import { t } from '../i18n.js';

const WORDS = [
  ['j', () => t('Next chat')],
  ['k', () => t('Previous chat')],
  ['o', () => t('Open the chosen chat')],
  ['p', () => t('Peek: look without opening')],
  ['r', () => t('Write an answer')],
  ['m', () => t('Mark as read')],
  ['u', () => t('Undo while the mark waits')],
  ['a', () => t('Assign')],
  ['e', () => t('Resolve, or open again')],
  ['n', () => t('Write a note')],
  ['/', () => t('Search')],
  ['?', () => t('Show this help')],
];

export class Keys {
  constructor(desk) {
    this.desk = desk;
    document.addEventListener('keydown', (event) => this.pressed(event));
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest?.('input, textarea, select, [contenteditable], dialog, [popover]')) return;
    if (event.key === '?') return this.act(event, () => this.help());
    const act = this.desk.screen?.keys?.[event.key];
    if (act) this.act(event, act);
    return undefined;
  }

  act(event, act) {
    event.preventDefault();
    act();
  }

  help() {
    const rows = WORDS.map(([key, words]) => h('div', {}, h('dt', {}, h('kbd.key', {}, key)), h('dd', {}, words())));
    return dialog(t('Keyboard shortcuts'), (close) => [
      h('dl.shortcuts', {}, rows),
      h('p.muted.small', {}, t('Shift and a click on a chat peek into it, as does holding it with a finger.')),
      h('div.dialog__actions', {}, h('button.button', { type: 'button', onclick: () => close() }, t('Close'))),
    ]);
  }
}
