// The chat screen in three panes: the chats, a conversation, and its timeline.

import { h, icon, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { empty } from '../../parts.js';
import { hrefOf } from '../place.js';
import { ConversationPane } from './conversation_pane.js';
import { ChatList } from './list.js';
import { TimelinePane } from './timeline_pane.js';

export class ChatsScreen {
  constructor(manager, place) {
    this.manager = manager;
    this.peerId = null;
    this.list = new ChatList(this);
    this.middle = h('div.pane.pane--conversation');
    this.side = h('aside.pane.pane--timeline', { 'aria-label': t('Timeline') });
    this.element = h(
      'div.chats',
      {},
      h('h1.visually-hidden', { tabindex: '-1' }, t('Chats')),
      this.list.element,
      this.middle,
      this.side,
    );
    this.show(place);
  }

  get title() {
    return this.pane?.peer?.displayName ?? t('Chats');
  }

  get account() {
    return this.manager.account;
  }

  /** Whether operators can use the chat screen: LINE has it only while Chat is on. */
  get available() {
    return this.account.readMode === 'manual';
  }

  /** Show the chat that the address names, or none. */
  show({ item, peek }) {
    if (item === this.peerId && this.pane) return this.pane.look(peek);
    this.pane?.leave();
    this.timeline?.leave();
    this.peerId = item;
    this.pane = item ? new ConversationPane(this, item, peek) : null;
    this.timeline = item ? new TimelinePane(this, item) : null;
    show(this.middle, this.pane?.element ?? nobody());
    show(this.side, this.timeline?.element);
    this.element.classList.toggle('chats--one', Boolean(item));
    this.element.classList.remove('chats--timeline');
    this.list.mark(item);
    this.pane?.enter();
    return undefined;
  }

  /** Choose a chat, or none. With `peek` it is looked at without being opened. */
  choose(peerId, { peek = false } = {}) {
    this.manager.go({ section: 'chats', item: peerId ?? '', peek: peek && Boolean(peerId) });
  }

  hrefOf(peerId, peek = false) {
    return hrefOf({ accountId: this.account.accountId, section: 'chats', item: peerId, peek });
  }

  /** On windows without room for three panes the timeline takes the conversation's place. */
  toggleTimeline(wanted = !this.element.classList.contains('chats--timeline')) {
    this.element.classList.toggle('chats--timeline', wanted);
    if (wanted) this.timeline?.focus();
    else this.pane?.focus();
  }

  accountChanged() {
    this.list.accountChanged();
    this.pane?.accountChanged();
  }

  refresh() {
    this.list.refresh();
    this.pane?.refresh();
    this.timeline?.refresh();
  }

  happened(event) {
    this.list.happened(event);
    if (!this.pane) return;
    if (event.type === 'user') this.pane.known(event);
    if ((event.groupId ?? event.userId) !== this.peerId) return;
    this.pane.happened(event);
    this.timeline.happened(event);
  }

  leave() {
    this.pane?.leave();
    this.timeline?.leave();
  }
}

function nobody() {
  const text = t('Choose a chat on the left. Its messages, and when and why each became Read, appear here.');
  return empty({ art: icon('chats'), title: t('No chat is open'), text });
}
