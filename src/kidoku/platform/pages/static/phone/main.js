// The phone: whose it is, which screen it shows, and the stream that keeps all of it true.

import { address } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { toast } from '../dialog.js';
import { h, icon, show } from '../dom.js';
import { t } from '../i18n.js';
import { Live, bannerState } from '../live.js';
import { problemState } from '../parts.js';
import '../problems.js';
import { wireBeside } from './beside.js';
import * as calls from './calls.js';
import { ChatScreen } from './chat.js';
import { DetailsScreen } from './details.js';
import { HomeScreen } from './home.js';
import { screenFrame } from './screen.js';
import { UsersScreen } from './users.js';

const HOME_DELAY_MS = 60;

class Phone {
  constructor(root) {
    this.root = root;
    this.me = null;
    this.home = null;
    this.tab = 'chats';
    this.screen = null;
    this.live = null;
    this.wanted = '';
    this.banner = h(
      'p.banner.banner--warning',
      { role: 'status', hidden: true },
      icon('offline', 'icon--small'),
      t('Connection lost. Trying again…'),
    );
    this.connection = bannerState(this.banner);
    this.place = h('div.place');
    this.announcer = h('p.visually-hidden', { role: 'status' });
    show(root, this.banner, this.place, this.announcer);
    root.removeAttribute('aria-busy');
    addEventListener('popstate', () => this.follow());
    this.follow();
  }

  /** Show what the address says: `?user=` whose phone, `&chat=` which chat, `&about=1` its details. */
  async follow() {
    this.wanted = location.search;
    const wanted = new URLSearchParams(this.wanted);
    const userId = wanted.get('user');
    if (!userId) return this.signOut();
    if (this.me?.userId !== userId && !(await this.signIn(userId))) return;
    const peerId = wanted.get('chat');
    if (!peerId) this.enter(new HomeScreen(this));
    else if (wanted.has('about')) this.enter(new DetailsScreen(this, peerId));
    else this.enter(new ChatScreen(this, peerId));
  }

  /** Go somewhere else in the phone. In a frame the frame's owner keeps its own history. */
  go({ user = this.me?.userId, chat = null, about = false } = {}) {
    const url = new URL(location.href);
    url.searchParams.delete('lang');
    for (const [name, value] of Object.entries({ user, chat, about: about ? '1' : null })) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (document.body.classList.contains('embed')) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    this.follow();
  }

  /**
   * Take this user's phone. False where that can't be had, or where the address says something else by then. The stream
   * is open before anything is read, so that what happens in between is not missed.
   */
  async signIn(userId) {
    const { wanted } = this;
    let early = false;
    const live = this.stream(`?user=${encodeURIComponent(userId)}`, {
      event: (event) => (this.live === live ? this.happened(event) : (early = true)),
      fresh: () => this.live === live && this.refresh(),
    });
    await live.begun;
    const [who, problem] = await Promise.all([calls.profile(userId), calls.home(userId)]).then(
      (who) => [who],
      (problem) => [null, problem],
    );
    const late = this.wanted !== wanted || this.me?.userId === userId;
    if (late || !who) live.close();
    if (late) return false;
    this.signOut(who ? null : this.refusal(problem));
    if (!who) return false;
    [this.me, this.home] = who;
    this.live = live;
    if (early) this.refreshSelf();
    return true;
  }

  refusal(problem) {
    const onclick = () => this.go({ user: null });
    const choose = h('button.button.button--quiet', { type: 'button', onclick }, t('Choose another user'));
    const body = h(
      'div.screen__body',
      {},
      problemState(problem, () => this.follow()),
      h('div.screen__foot', {}, choose),
    );
    return { element: screenFrame({ title: t('Phone'), body }) };
  }

  signOut(next = new UsersScreen(this)) {
    this.live?.close();
    this.live = this.me = this.home = null;
    this.connection('live');
    if (next) this.enter(next);
  }

  /** Follow live events, with the banner that tells when they are lost. */
  stream(query, on) {
    return new Live(address('/events') + query, { ...on, state: this.connection });
  }

  enter(screen) {
    this.screen?.leave?.();
    this.screen = screen;
    show(this.place, screen.element);
    this.retitle();
    screen.enter?.();
  }

  happened(event) {
    if (event.change === 'memberLeft' && event.userId === this.me.userId) this.removedFrom(event.groupId);
    if (event.type === 'user' && event.userId === this.me.userId) this.changed(event);
    this.screen?.happened?.(event);
    if (event.type !== 'typing') this.refreshHomeSoon();
  }

  // Screens hold on to who they belong to: that stays one object.
  changed({ displayName, pictureUrl, statusMessage, language }) {
    Object.assign(this.me, { displayName, pictureUrl, statusMessage, language });
    this.screen?.meChanged?.();
  }

  // A member may be removed by another; whoever leaves by themselves is led out by the screen they left on.
  removedFrom(groupId) {
    const here = new URLSearchParams(location.search).get('chat') === groupId;
    if (here && this.screen instanceof ChatScreen) {
      toast(t('You are no longer in {name}.', { name: this.screen.title }));
      this.go({});
    }
  }

  /** Read everything anew: when the server cannot say what was missed. */
  refresh() {
    this.screen?.refresh?.();
    this.refreshSelf();
  }

  refreshSelf() {
    this.refreshMe();
    this.refreshHomeSoon();
  }

  async refreshMe() {
    const { me } = this;
    // Where it fails the banner tells about a lost server.
    const profile = await calls.profile(me.userId).catch(() => null);
    if (profile && this.me === me) this.changed(profile);
  }

  // One request at a time, however much happens: what comes meanwhile is asked for by the next.
  refreshHomeSoon() {
    this.homeIsOld = true;
    this.asking ??= this.keepHomeFresh().finally(() => (this.asking = null));
  }

  async keepHomeFresh() {
    while (this.homeIsOld) {
      await new Promise((resolve) => setTimeout(resolve, HOME_DELAY_MS));
      this.homeIsOld = false;
      await this.refreshHome();
    }
  }

  async refreshHome() {
    const me = this.me;
    if (!me) return;
    try {
      const home = await calls.home(me.userId);
      if (this.me !== me) return;
      this.home = home;
    } catch {
      // The banner tells about a lost server; the list keeps what it had.
      return;
    }
    this.retitle();
    this.screen?.homeChanged?.();
  }

  get unread() {
    return (this.home?.chats ?? []).reduce((sum, chat) => sum + chat.unread, 0);
  }

  retitle() {
    const count = this.unread ? `(${this.unread}) ` : '';
    document.title = `${count}${this.screen?.title ?? t('Phone')} · Kidoku`;
  }

  /** Say something to screen readers, once. */
  announce(text) {
    this.announcer.textContent = '';
    requestAnimationFrame(() => (this.announcer.textContent = text));
  }

  /** Everyone else in this phone's world, for groups; of many the first who match. */
  async others(query = '') {
    const { userId, providerId } = this.me;
    const { users, next } = await calls.users({ providerId, query });
    return { users: users.filter((one) => one.userId !== userId), next };
  }
}

wirePreferences();
wireBeside();
new Phone(document.getElementById('phone'));
