// The Manager: which account, which section, and the stream that keeps both true.

import { address } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { h, icon, show } from '../dom.js';
import { t } from '../i18n.js';
import { Live, bannerState } from '../live.js';
import { problemState } from '../parts.js';
import { AccountsScreen } from './accounts.js';
import { ApiCallsScreen } from './api_calls.js';
import * as calls from './calls.js';
import { ChannelScreen } from './channel/channel.js';
import { ChatsScreen } from './chats/chats.js';
import { DeliveriesScreen } from './deliveries/deliveries.js';
import { HomeScreen } from './home.js';
import { OptionScreen } from './option.js';
import { embedded, hrefOf, placeOf } from './place.js';
import './problems.js';
import { Rail } from './rail.js';
import { ResponseScreen } from './settings/response.js';

const SCREENS = {
  home: HomeScreen,
  chats: ChatsScreen,
  response: ResponseScreen,
  'messaging-api': ChannelScreen,
  deliveries: DeliveriesScreen,
  calls: ApiCallsScreen,
  option: OptionScreen,
};
const SOON_MS = 80;

class Manager {
  constructor(root, start) {
    this.root = root;
    this.start = start;
    this.account = null;
    this.screen = null;
    this.kept = new Map();
    this.changes = 0;
    this.banner = h(
      'p.banner.banner--warning',
      { role: 'status', hidden: true },
      icon('offline', 'icon--small'),
      t('Connection lost. Trying again…'),
    );
    this.stage = h('div.content__stage');
    this.announcer = h('p.visually-hidden', { role: 'status' });
    show(root, this.banner, this.stage, this.announcer);
    root.removeAttribute('aria-busy');
    this.rail = new Rail(this);
    addEventListener('popstate', () => this.follow());
    addEventListener('beforeunload', (event) => this.unsaved && event.preventDefault());
    document.addEventListener('click', (event) => this.clicked(event));
    this.follow();
  }

  get accountId() {
    return this.account?.accountId ?? '';
  }

  /** Show what the address says. */
  async follow() {
    const place = placeOf(new URL(location.href));
    this.place = place;
    if (!place.accountId) return this.enter(new AccountsScreen(this));
    if (this.accountId !== place.accountId && !(await this.take(place.accountId))) return;
    const Screen = SCREENS[place.section] ?? HomeScreen;
    if (this.screen instanceof Screen) this.screen.show?.(place);
    else this.enter(this.kept.get(Screen) ?? new Screen(this, place));
    this.rail.mark(place.section);
    this.retitle();
  }

  /** Go to a place of this account; in a frame the frame's owner keeps its own history. */
  go(place, { replace = embedded() } = {}) {
    const href = hrefOf({ accountId: this.accountId, ...place });
    if (replace) history.replaceState(null, '', href);
    else history.pushState(null, '', href);
    this.follow();
  }

  // Links inside the Manager change the section without loading the page, so that the stream goes on.
  clicked(event) {
    const link = event.target.closest?.('a[href^="/manager/"]');
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.target || link.hasAttribute('download')) return;
    const place = placeOf(new URL(link.href));
    if (!this.account || place.accountId !== this.accountId) return;
    event.preventDefault();
    this.rail.close();
    this.go(place);
    this.root.focus({ preventScroll: true });
  }

  // The stream is open before anything is read: what happens in between is not missed, and nothing is read twice.
  async take(accountId) {
    this.live?.close();
    await this.listen(accountId);
    try {
      this.account = await this.read(accountId);
    } catch (problem) {
      this.live.close();
      show(
        this.stage,
        problemState(problem, () => this.follow()),
      );
      return false;
    }
    this.rail.draw();
    this.rail.refresh();
    return true;
  }

  // What changes while the answer is on its way may not be in it, and is told before it comes.
  async read(accountId) {
    for (;;) {
      const { changes } = this;
      const account = await calls.account(accountId);
      if (changes === this.changes) return account;
    }
  }

  listen(accountId) {
    this.live = new Live(address('/events') + `?account=${encodeURIComponent(accountId)}`, {
      event: (event) => this.happened(event),
      fresh: () => this.refresh(),
      state: bannerState(this.banner),
    });
    return this.live.begun;
  }

  /** Show a section. One that is left with something unsaved in it is shown again as it was. */
  enter(screen) {
    this.screen?.leave?.();
    if (this.screen?.unsaved) this.kept.set(this.screen.constructor, this.screen);
    this.screen = screen;
    show(this.stage, screen.element);
    if (this.kept.delete(screen.constructor)) screen.accountChanged();
    this.root.scrollTop = 0;
    this.retitle();
  }

  get unsaved() {
    return [this.screen, ...this.kept.values()].some((screen) => screen?.unsaved);
  }

  happened(event) {
    if (event.type === 'settings' || event.type === 'account') this.changes += 1;
    if (!this.account) return;
    if (event.type === 'settings') this.applySettings(event);
    else if (event.type === 'account') this.reloadSoon();
    this.screen?.happened?.(event);
    this.rail.happened(event);
  }

  applySettings({ settings, readMode, chatMode, markAsReadMode }) {
    this.changeAccount({ ...this.account, settings, readMode, chatMode, markAsReadMode });
  }

  /** Everything anew: at the start of the stream, and when the server cannot say what was missed. */
  refresh() {
    this.screen?.refresh?.();
    this.rail.refresh();
    this.reloadSoon();
  }

  reloadSoon() {
    this.waiting ??= setTimeout(() => this.reload(), SOON_MS);
  }

  /** Read the account's details again. */
  async reload() {
    this.waiting = null;
    const { accountId } = this;
    try {
      const account = await this.read(accountId);
      if (accountId === this.accountId) this.changeAccount(account);
    } catch {
      // The banner tells about a lost server; what is known stays.
    }
  }

  changeAccount(account) {
    this.account = account;
    this.rail.draw();
    this.screen?.accountChanged?.();
    this.retitle();
  }

  retitle() {
    const count = this.rail.unread ? `(${this.rail.unread}) ` : '';
    const parts = [this.screen?.title, this.account?.displayName, 'Kidoku'].filter(Boolean);
    document.title = count + parts.join(' · ');
  }

  /** Say something to screen readers, once. */
  announce(text) {
    this.announcer.textContent = '';
    requestAnimationFrame(() => (this.announcer.textContent = text));
  }
}

wirePreferences();
const start = JSON.parse(document.getElementById('manager-start').textContent);
new Manager(document.getElementById('main'), start);
