// The rail at the left: sections, how much is unread, and the way to other accounts.

import { h, show } from '../dom.js';
import { menu, report } from '../dialog.js';
import { number } from '../format.js';
import { t, tn } from '../i18n.js';
import { avatar } from '../parts.js';
import * as calls from './calls.js';
import { hrefOf } from './place.js';

const SOON_MS = 150;
const MOVES_BADGE = new Set(['message', 'chat', 'read']);

export class Rail {
  constructor(manager) {
    this.manager = manager;
    this.unread = 0;
    this.element = document.getElementById('rail');
    this.count = document.querySelector('[data-unread]');
    this.opener = document.querySelector('[data-open-rail]');
    this.opener?.addEventListener('click', () => this.open());
    document.querySelector('[data-close-rail]')?.addEventListener('click', () => this.close());
    const switcher = document.querySelector('[data-switch-account]');
    switcher?.addEventListener('click', () => this.choose(switcher));
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
  }

  /** On small windows the rail slides in over the content. */
  open() {
    this.element.classList.add('rail--open');
    this.opener.setAttribute('aria-expanded', 'true');
    this.scrim ??= h('div.rail-scrim', { onclick: () => this.close() });
    this.element.after(this.scrim);
    this.element.querySelector('[aria-current="page"]')?.focus();
  }

  close() {
    if (!this.element?.classList.contains('rail--open')) return;
    this.element.classList.remove('rail--open');
    this.opener.setAttribute('aria-expanded', 'false');
    this.scrim.remove();
    this.opener.focus();
  }

  mark(section) {
    for (const link of document.querySelectorAll('[data-section]')) {
      if (link.dataset.section === section) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  draw() {
    const { account } = this.manager;
    for (const name of document.querySelectorAll('[data-account-name]')) name.textContent = account.displayName;
    const old = document.querySelector('[data-account-avatar]');
    if (!old) return;
    const fresh = avatar({ ...account, id: account.accountId, kind: 'account' }, 'small');
    fresh.dataset.accountAvatar = '';
    old.replaceWith(fresh);
  }

  happened(event) {
    if (MOVES_BADGE.has(event.type)) this.refreshSoon();
  }

  refreshSoon() {
    this.waiting ??= setTimeout(() => this.refresh(), SOON_MS);
  }

  /** Count the chats that no operator has looked at yet. */
  async refresh() {
    this.waiting = null;
    if (!this.count) return;
    try {
      const { chats } = await calls.chats({ accountId: this.manager.accountId, filter: 'badge', limit: 100 });
      this.unread = chats.length;
    } catch {
      return;
    }
    this.count.hidden = !this.unread;
    const shown = this.unread > 99 ? '99+' : number(this.unread);
    const words = tn('{n} chat not seen by operators', '{n} chats not seen by operators', this.unread);
    show(this.count, h('span', { 'aria-hidden': 'true' }, shown), h('span.visually-hidden', {}, words));
    this.manager.retitle();
  }

  async choose(anchor) {
    const accounts = await calls.accounts().catch(report);
    if (!accounts) return;
    const others = accounts.filter(({ accountId }) => accountId !== this.manager.accountId).slice(0, 12);
    const items = others.map((account) => ({
      icon: 'chat',
      label: account.displayName,
      act: () => location.assign(hrefOf({ accountId: account.accountId })),
    }));
    menu(anchor, [...items, { icon: 'list', label: t('All accounts'), act: () => location.assign(hrefOf({})) }]);
  }
}
