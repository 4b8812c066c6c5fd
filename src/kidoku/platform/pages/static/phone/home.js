// The phone's first screen: friends, chats and settings, one tab each.

import { h, icon, iconButton, show } from '../dom.js';
import { t } from '../i18n.js';
import { drawChats } from './chats.js';
import { drawFriends } from './friends.js';
import { newGroup } from './group.js';
import { focusTitle, screenFrame } from './screen.js';
import { searchField } from './search.js';
import { drawSettings } from './settings.js';

const TABS = {
  friends: { icon: 'home', label: () => t('Friends'), draw: drawFriends },
  chats: { icon: 'chat', label: () => t('Chats'), draw: drawChats },
  settings: { icon: 'settings', label: () => t('Settings'), draw: drawSettings },
};

export class HomeScreen {
  constructor(phone) {
    this.phone = phone;
    this.query = '';
    this.heading = h('h1.screen__title', { tabindex: '-1' });
    this.body = h('div.screen__body.scroll');
    this.tabs = h(
      'nav.tabs',
      { 'aria-label': t('Phone') },
      Object.entries(TABS).map((tab) => this.tab(...tab)),
    );
    this.group = iconButton('people', t('Create a group'), () => newGroup(phone));
    const search = searchField((query) => {
      this.query = query.toLocaleLowerCase();
      this.draw();
    }, 'screen__search');
    this.element = screenFrame({
      title: this.heading,
      tools: [this.group],
      body: [search, this.body, this.tabs],
      name: 'home',
    });
    this.searchBox = search;
    this.draw();
  }

  get title() {
    return TABS[this.phone.tab].label();
  }

  enter() {
    focusTitle(this.element);
  }

  homeChanged() {
    if (this.phone.tab !== 'settings') this.draw();
  }

  meChanged() {
    this.draw();
  }

  choose(tab) {
    this.phone.tab = tab;
    this.draw();
    this.body.scrollTop = 0;
    this.phone.retitle();
  }

  draw() {
    const { tab } = this.phone;
    this.heading.textContent = this.title;
    this.group.hidden = this.searchBox.hidden = tab === 'settings';
    for (const button of this.tabs.children)
      button.setAttribute('aria-current', button.value === tab ? 'page' : 'false');
    this.count.textContent = this.phone.unread > 999 ? '999+' : this.phone.unread;
    this.count.parentElement.hidden = !this.phone.unread;
    TABS[tab].draw(this.phone, this.body, this.query);
  }

  tab(value, { icon: name, label }) {
    const count = h('span', { 'aria-hidden': 'true' });
    const badge = h('span.count.tabs__count', { hidden: true }, count, h('span.visually-hidden', {}, t('unread')));
    if (value === 'chats') this.count = count;
    return h(
      'button.tabs__tab',
      { type: 'button', value, onclick: () => this.choose(value) },
      icon(name),
      h('span', {}, label()),
      value === 'chats' && badge,
    );
  }
}
