// The desk: who is signed in, which part is shown, and the stream that keeps it true.

import { address } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { h, icon, show } from '../dom.js';
import { menu, report, toast } from '../dialog.js';
import { number } from '../format.js';
import { t, tn } from '../i18n.js';
import { Live, bannerState } from '../live.js';
import { problemState } from '../parts.js';
import { soon } from '../ui.js';
import * as calls from './calls.js';
import { notifies, setNotifies } from './choices.js';
import { InboxScreen } from './inbox/inbox.js';
import { Keys } from './keys.js';
import { tellOf } from './notifications.js';
import { hrefOf, placeOf } from './place.js';
import { ReportsScreen } from './reports/reports.js';
import { SettingsScreen } from './settings/settings.js';

const SCREENS = { inbox: InboxScreen, reports: ReportsScreen, settings: SettingsScreen };

class Desk {
  constructor(root, start) {
    this.root = root;
    this.start = start;
    this.me = start.me;
    this.agents = [];
    this.channels = [];
    this.canned = [];
    this.unread = 0;
    this.banner = h(
      'p.banner.banner--warning',
      { role: 'status', hidden: true },
      icon('offline', 'icon--small'),
      t('Connection lost. Trying again…'),
    );
    this.stage = h('div.desk__screen');
    this.announcer = h('p.visually-hidden', { role: 'status' });
    show(root, this.banner, this.stage, this.announcer);
    this.keys = new Keys(this);
    this.countSoon = soon(() => this.count(), 150);
    this.wire();
    this.begin();
  }

  // The stream is open before anything is read, so that what happens in between is not missed.
  async begin() {
    await this.listen();
    try {
      await this.load();
    } catch (problem) {
      if (problem.status === 401) return this.leave();
      return show(
        this.stage,
        problemState(problem, () => location.reload()),
      );
    } finally {
      this.root.removeAttribute('aria-busy');
    }
    addEventListener('popstate', () => this.follow());
    document.addEventListener('click', (event) => this.clicked(event));
    this.follow();
    this.count();
    return undefined;
  }

  async load() {
    const [channels, agents, canned] = await Promise.all([
      calls.channels(),
      calls.agents(),
      calls.canned().catch(() => []),
    ]);
    Object.assign(this, { channels, agents, canned });
  }

  listen() {
    this.live = new Live(address('/events'), {
      event: (event) => this.happened(event),
      fresh: () => this.refresh(),
      state: bannerState(this.banner),
    });
    return this.live.begun;
  }

  wire() {
    document.querySelector('[data-me]').addEventListener('click', (event) => this.meMenu(event.currentTarget));
    document.querySelector('[data-help]').addEventListener('click', () => this.keys.help());
    const bell = document.querySelector('[data-notify]');
    const mark = () => bell.setAttribute('aria-pressed', String(notifies()));
    bell.addEventListener('click', async () => {
      const wanted = !notifies();
      const on = await setNotifies(wanted);
      mark();
      if (on) toast(t('You will be told about new messages while this page is out of sight.'));
      else if (wanted)
        toast(t('The browser does not allow notifications for this page. Allow them beside the address.'));
      else toast(t('Desktop notifications are off.'));
    });
    mark();
  }

  meMenu(anchor) {
    menu(anchor, [
      { icon: 'person', label: this.me?.name ?? t('You'), act: () => this.go({ section: 'settings', item: 'me' }) },
      { icon: 'help', label: t('Keyboard shortcuts'), act: () => this.keys.help() },
      { icon: 'signout', label: t('Sign out'), act: () => this.signOut() },
    ]);
  }

  async signOut() {
    try {
      await calls.signOut();
      location.assign('/sign-in');
    } catch (problem) {
      report(problem);
    }
  }

  /** The session has ended: sign in again, and come back here. */
  leave() {
    const here = location.pathname + location.search;
    location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
  }

  /** Show what the address says. */
  follow() {
    const place = placeOf(new URL(location.href));
    this.place = place;
    const Screen = SCREENS[place.section];
    if (this.screen instanceof Screen) this.screen.show(place);
    else this.enter(new Screen(this, place));
    for (const link of document.querySelectorAll('[data-section]')) {
      if (link.dataset.section === place.section) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.retitle();
  }

  enter(screen) {
    this.screen?.leave?.();
    this.screen = screen;
    show(this.stage, screen.element);
  }

  go(place, { replace = false } = {}) {
    if (replace) history.replaceState(null, '', hrefOf(place));
    else history.pushState(null, '', hrefOf(place));
    this.follow();
  }

  // Links inside the desk change what is shown without loading the page, so that the stream goes on.
  clicked(event) {
    const link = event.target.closest?.('a[href^="/"]');
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.altKey);
    if (!link || !plain || link.target || link.hasAttribute('download') || event.defaultPrevented) return;
    const url = new URL(link.href);
    if (!/^\/(chats\/|reports|settings|$)/.test(url.pathname)) return;
    event.preventDefault();
    const place = placeOf(url);
    this.go(place.section === 'inbox' && place.item ? { ...place, peek: place.peek || event.shiftKey } : place);
  }

  channel(key) {
    return this.channels.find(({ channelKey }) => channelKey === key);
  }

  /** An agent by the name that marks and messages carry (`agent:7`), or by their ID. */
  agent(name) {
    const id = String(name ?? '').replace(/^agent:/, '');
    return this.agents.find(({ agentId }) => agentId === id);
  }

  get myId() {
    return this.me?.agentId ?? '';
  }

  get isAdmin() {
    return this.me === null || this.me.role === 'admin';
  }

  async happened(event) {
    if (event.type === 'agent' || event.type === 'channel' || event.type === 'canned') await this.reload();
    this.screen?.happened?.(event);
    if (event.chatId) this.countSoon();
    if (event.type === 'message') tellOf(this, event);
  }

  async reload() {
    try {
      await this.load();
      this.screen?.known?.();
    } catch (problem) {
      if (problem.status === 401) this.leave();
    }
  }

  async refresh() {
    await this.reload();
    this.screen?.refresh?.();
    this.count();
  }

  /** How many chats hold something that nobody of the team has seen. */
  async count() {
    try {
      const { counts } = await calls.chats({ limit: 1 });
      this.unread = counts?.unread ?? 0;
    } catch {
      return;
    }
    const badge = document.querySelector('[data-unread]');
    badge.hidden = !this.unread;
    const shown = this.unread > 99 ? '99+' : number(this.unread);
    const words = tn('{n} chat with new messages', '{n} chats with new messages', this.unread);
    show(badge, h('span', { 'aria-hidden': 'true' }, shown), h('span.visually-hidden', {}, words));
    this.retitle();
  }

  retitle() {
    const count = this.unread ? `(${this.unread}) ` : '';
    document.title = count + [this.screen?.title, 'Kidoku'].filter(Boolean).join(' · ');
  }

  /** Say something to screen readers, once. */
  announce(text) {
    this.announcer.textContent = '';
    requestAnimationFrame(() => (this.announcer.textContent = text));
  }
}

wirePreferences();
const start = JSON.parse(document.getElementById('desk-start').textContent);
new Desk(document.getElementById('main'), start);
