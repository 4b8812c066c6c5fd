// The inbox in three panes: the chats, a conversation, and what is known about it.

import { h, icon, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { empty } from '../../parts.js';
import { ConversationPane } from './conversation.js';
import { DetailsPane } from './details.js';
import { ChatList } from './list.js';
import { ParkedBanner } from './parked.js';

export class InboxScreen {
  constructor(desk, place) {
    this.desk = desk;
    this.chatId = null;
    this.parked = new ParkedBanner(desk);
    this.list = new ChatList(this);
    this.middle = h('div.pane.pane--conversation');
    this.side = h('aside.pane.pane--details', { 'aria-label': t('Details') });
    const panes = h('div.panes', {}, this.list.element, this.middle, this.side);
    this.panes = panes;
    this.element = h(
      'div.inbox',
      {},
      h('h1.visually-hidden', { tabindex: '-1' }, t('Inbox')),
      this.parked.element,
      panes,
    );
    this.show(place);
  }

  get title() {
    return this.pane?.name || t('Inbox');
  }

  /** Show the chat that the address names, or none. */
  show({ item, peek }) {
    if (item === this.chatId && (this.pane || !item)) return this.pane?.look(peek);
    this.pane?.leave();
    this.details?.leave();
    this.chatId = item;
    this.pane = item ? new ConversationPane(this, item, peek) : null;
    this.details = item ? new DetailsPane(this, item) : null;
    show(this.middle, this.pane?.element ?? nobody());
    show(this.side, this.details?.element);
    this.panes.classList.toggle('panes--one', Boolean(item));
    this.toggleDetails(false);
    this.list.mark();
    this.pane?.begin();
    return undefined;
  }

  /** Choose a chat, or none. With `peek` it is looked at without being opened. */
  choose(chatId, { peek = false } = {}) {
    this.desk.go({ item: chatId ?? '', peek: peek && Boolean(chatId) });
  }

  /** On windows without room for three panes the details take the conversation's place. */
  toggleDetails(wanted = !this.panes.classList.contains('panes--details')) {
    this.panes.classList.toggle('panes--details', wanted);
    if (wanted) this.details?.focus();
  }

  /** The chat was read anew by the pane: the details show the same. */
  chatChanged(chat) {
    this.details?.take(chat);
    this.desk.retitle();
  }

  known() {
    this.list.known();
    this.pane?.known();
    this.details?.known();
  }

  refresh() {
    this.parked.refresh();
    this.list.refresh();
    this.pane?.refresh();
    this.details?.refresh();
  }

  happened(event) {
    if (event.type === 'mark') this.parked.soon();
    if (event.chatId && event.type !== 'bot-handled') this.list.soon();
    if (!event.chatId || event.chatId !== this.chatId) return;
    this.pane?.happened(event);
    this.details?.happened(event);
  }

  leave() {
    this.list.leave();
    this.pane?.leave();
    this.details?.leave();
  }

  get keys() {
    const { list, pane } = this;
    return {
      j: () => list.move(1),
      k: () => list.move(-1),
      o: () => list.chosen && this.choose(list.chosen),
      p: () => list.chosen && this.choose(list.chosen, { peek: true }),
      '/': () => list.input.focus(),
      r: () => pane?.answer(),
      m: () => pane?.markRead(),
      u: () => pane?.undo(),
      a: () => pane?.assign(),
      e: () => pane?.resolve(),
      n: () => {
        this.toggleDetails(true);
        this.details?.writeNote();
      },
      Escape: () => (this.panes.classList.contains('panes--details') ? this.toggleDetails(false) : this.choose(null)),
    };
  }
}

function nobody() {
  const text = t('Choose a chat on the left. Beside every message stands whether it shows Read, since when and why.');
  return empty({ art: icon('inbox'), title: t('No chat is open'), text });
}
