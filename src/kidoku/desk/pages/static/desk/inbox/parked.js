// Marks that LINE refused: said on top of everything, with what to do and a way to try again.

import { h, icon, show } from '../../dom.js';
import { report, toast } from '../../dialog.js';
import { tn, t } from '../../i18n.js';
import { soon } from '../../ui.js';
import * as calls from '../calls.js';
import { hrefOf } from '../place.js';
import { adviceOf } from './advice.js';

const ABOUT_SETTINGS = new Set(['access-token', 'wrong-channel', 'not-entitled', 'wrong-base-url']);

export class ParkedBanner {
  constructor(desk) {
    this.desk = desk;
    this.element = h('div.parked', { role: 'status', hidden: true });
    this.soon = soon(() => this.refresh(), 150);
    this.refresh();
  }

  async refresh() {
    let marks;
    try {
      marks = await calls.marks({ state: 'parked', limit: 100 });
    } catch {
      return;
    }
    this.marks = marks;
    this.element.hidden = !marks.length;
    const shape = JSON.stringify(marks.map(({ markId, advice }) => [markId, advice]));
    if (shape === this.shape) return;
    this.shape = shape;
    show(
      this.element,
      byAdvice(marks).map((group) => this.row(group)),
    );
  }

  row([advice, marks]) {
    const chats = new Set(marks.map(({ chatId }) => chatId));
    const retry = h(
      'button.button.button--small',
      { type: 'button', onclick: () => this.retry(advice, retry) },
      icon('refresh', 'icon--small'),
      t('Try again'),
    );
    const [first] = marks;
    return h(
      'div.banner.banner--danger',
      {},
      icon('warning'),
      h(
        'span.grow',
        {},
        h('b', {}, tn('{n} chat could not be marked as read.', '{n} chats could not be marked as read.', chats.size)),
        ' ',
        adviceOf(advice),
        advice === 'refused' && first.reason ? [' ', h('code', {}, first.reason)] : null,
        ' ',
        chats.size === 1 && h('a', { href: hrefOf({ item: first.chatId, peek: true }) }, t('Look into the chat')),
        chats.size === 1 && ' ',
        ABOUT_SETTINGS.has(advice) && h('a', { href: '/settings' }, t('Settings')),
      ),
      retry,
    );
  }

  async retry(advice, button) {
    button.disabled = true;
    try {
      await calls.retryParked(advice);
      toast(t('Trying again.'));
    } catch (problem) {
      report(problem);
    } finally {
      button.disabled = false;
    }
    this.soon();
  }
}

function byAdvice(marks) {
  const groups = new Map();
  for (const mark of marks) groups.set(mark.advice, [...(groups.get(mark.advice) ?? []), mark]);
  return [...groups];
}
