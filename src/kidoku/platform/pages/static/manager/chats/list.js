// The list of chats: filters, search, and per chat what is unread for the user and what no operator has seen.

import { summary } from '../../chat/contents.js';
import { h, icon, iconButton, reconcile, show } from '../../dom.js';
import { brief, full, number } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { avatar, empty } from '../../parts.js';
import * as calls from '../calls.js';
import { fill, segmented, soon } from '../../ui.js';
import { labelName } from './labels.js';

const PAGE = 50;
const SEARCH_MS = 200;
const MOVES = new Set(['message', 'read', 'chat', 'unsend', 'edit', 'friend', 'group', 'user']);

const FILTERS = {
  all: { words: () => t('All'), query: {} },
  badge: { words: () => t('New'), query: { filter: 'badge' } },
  unread: { words: () => t('Not Read'), query: { filter: 'unread' } },
  inbox: { words: () => labelName('inbox'), query: { label: 'inbox' } },
  follow_up: { words: () => labelName('follow_up'), query: { label: 'follow_up' } },
  resolved: { words: () => labelName('resolved'), query: { label: 'resolved' } },
  spam: { words: () => labelName('spam'), query: { label: 'spam' } },
};

export class ChatList {
  constructor(screen) {
    this.screen = screen;
    this.filter = 'all';
    this.query = '';
    this.limit = PAGE;
    this.soon = soon(() => this.refresh());
    this.body = h('div.pane__body.scroll');
    this.rows = h('ul.rows');
    this.more = h(
      'button.button.button--wide',
      { type: 'button', hidden: true, onclick: () => this.showMore() },
      t('More chats'),
    );
    this.hint = h('p.pane__hint');
    const options = Object.entries(FILTERS).map(([value, { words }]) => ({ value, text: words() }));
    const filters = segmented(t('Which chats'), options, this.filter, (value) => this.choose(value));
    this.element = h(
      'section.pane.pane--list',
      { 'aria-label': t('Chats') },
      h('div.pane__head', {}, this.search(), filters),
      this.hint,
      this.body,
    );
    this.accountChanged();
    this.refresh();
  }

  search() {
    let timer;
    const oninput = (event) => {
      clearTimeout(timer);
      const query = event.target.value.trim();
      timer = setTimeout(() => this.choose(this.filter, query), SEARCH_MS);
    };
    const input = h('input.input', {
      type: 'search',
      placeholder: t('Search by name or text'),
      'aria-label': t('Search chats'),
      oninput,
    });
    return h('div.search', {}, icon('search', 'icon--small'), input);
  }

  // What opening will do is said before anything is opened.
  accountChanged() {
    show(
      this.hint,
      icon(this.screen.available ? 'eye' : 'eye-off', 'icon--small'),
      this.screen.available
        ? t('Opening a chat shows Read on the user’s phone. The eye looks without opening.')
        : t('Chat is off: you can look into chats, but not open or answer them.'),
    );
  }

  choose(filter, query = this.query) {
    this.filter = filter;
    this.query = query;
    this.limit = PAGE;
    this.refresh();
  }

  showMore() {
    this.limit += PAGE;
    this.refresh();
  }

  happened(event) {
    if (MOVES.has(event.type)) this.soon();
  }

  refresh() {
    const { accountId } = this.screen.account;
    const asked = (this.asked = { accountId, ...FILTERS[this.filter].query, q: this.query, limit: this.limit });
    return fill(
      this.body,
      () => calls.chats(asked),
      (answer) => asked === this.asked && this.draw(answer),
    );
  }

  draw({ chats, next }) {
    this.more.hidden = !next;
    if (!chats.length) return show(this.body, this.nothing());
    if (!this.rows.isConnected) show(this.body, this.rows, this.more);
    reconcile(this.rows, chats, {
      key: ({ peer }) => peer.id,
      create: (chat) => this.update(h('li.chat-row'), chat),
      update: (element, chat) => this.update(element, chat),
    });
    return undefined;
  }

  nothing() {
    if (this.query || this.filter !== 'all') return h('p.empty', {}, t('No chat is like that.'));
    const action = h(
      'a.button',
      { href: '/phone', target: '_blank', rel: 'noopener' },
      icon('phone'),
      t('Open a phone'),
    );
    return empty({
      art: icon('chats'),
      title: t('No chats yet'),
      text: t('They begin when a user adds the account as a friend or writes to it.'),
      action,
    });
  }

  update(element, chat) {
    const shape = JSON.stringify([chat, this.screen.available, Math.floor(Date.now() / 3_600_000)]);
    if (element.shape !== shape) {
      element.shape = shape;
      const focused = element.contains(document.activeElement);
      show(element, this.row(chat), this.screen.available && this.peekButton(chat));
      if (focused) element.querySelector('a').focus();
    }
    this.markRow(element, chat.peer.id);
    return element;
  }

  row(chat) {
    const { peer, lastMessage, lastMessageAt } = chat;
    return h(
      'a.row-link',
      { href: this.screen.hrefOf(peer.id, !this.screen.available), data: { peer: peer.id } },
      avatar(peer),
      h(
        'span.grow',
        {},
        h('span.row-name.clip', { dir: 'auto' }, peer.displayName),
        h('span.row-note.clip', { dir: 'auto' }, lastMessage ? preview(lastMessage) : ''),
        state(chat),
      ),
      h(
        'span.row-side',
        {},
        lastMessageAt
          ? h(
              'time',
              { datetime: new Date(lastMessageAt).toISOString(), title: full(lastMessageAt) },
              brief(lastMessageAt),
            )
          : null,
        badge(chat),
      ),
    );
  }

  peekButton({ peer }) {
    const look = () => this.screen.choose(peer.id, { peek: true });
    return iconButton('eye', t('Look into the chat with {name} without opening it', { name: peer.displayName }), look, {
      class: 'chat-row__peek',
    });
  }

  mark(peerId) {
    for (const element of this.rows.children) this.markRow(element, element.dataset.key, peerId);
  }

  markRow(element, id, chosen = this.screen.peerId) {
    const link = element.querySelector('a');
    if (id === chosen) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

function preview(message) {
  const words = message.text || message.unsent ? summary(message) : t('[{kind}]', { kind: summary(message) });
  return message.author?.kind === 'account' ? `${t('You')}: ${words}` : words;
}

// Two states side by side: what the user sees, and which folder the operators put the chat into.
function state({ unread, lastSeq, label }) {
  const read =
    unread > 0
      ? h('span.unread-mark', {}, tn('{n} not Read', '{n} not Read', unread))
      : lastSeq > 0 && h('span.read-mark', {}, icon('read', 'icon--small'), t('All Read'));
  return h('span.chat-row__state', {}, read, label && label !== 'inbox' && h('span.badge', {}, labelName(label)));
}

function badge({ badge: count }) {
  if (!count) return null;
  return h(
    'span.count',
    { role: 'img', 'aria-label': tn('{n} message not seen by operators', '{n} messages not seen by operators', count) },
    count > 99 ? '99+' : number(count),
  );
}
