// The list of chats: filters, search, and per chat what the team has not seen and how long somebody has waited.

import { summary } from '../../chat/contents.js';
import { h, icon, iconButton, reconcile, show } from '../../dom.js';
import { span } from '../../durations.js';
import { brief, full, number, time } from '../../format.js';
import { t, tn } from '../../i18n.js';
import { avatar, empty } from '../../parts.js';
import { fill, segmented, soon } from '../../ui.js';
import * as calls from '../calls.js';
import { nameOf } from '../people.js';
import { hrefOf } from '../place.js';
import { stateBadge } from './read_state.js';

const PAGE = 50;
const SEARCH_MS = 200;
const LONGEST = 200;
const HOLD_MS = 500;
const MINUTE_MS = 60_000;

const FILTERS = {
  all: () => t('All'),
  unread: () => t('New'),
  mine: () => t('Mine'),
  unassigned: () => t('Unassigned'),
  waiting: () => t('Waiting'),
  resolved: () => t('Resolved'),
};

export class ChatList {
  constructor(screen) {
    this.screen = screen;
    this.filter = 'all';
    this.channel = '';
    this.query = '';
    this.limit = PAGE;
    this.chats = [];
    this.late = new Map();
    this.soon = soon(() => this.refresh());
    this.clock = setInterval(() => this.redraw(), MINUTE_MS);
    this.body = h('div.pane__body.scroll');
    this.rows = h('ul.rows');
    this.more = h(
      'button.button.button--wide',
      { type: 'button', hidden: true, onclick: () => this.showMore() },
      t('More chats'),
    );
    this.bound = h('p.list__bound.muted.small', { role: 'note', hidden: true });
    const options = Object.entries(FILTERS).map(([value, words]) => ({ value, text: words() }));
    this.filters = segmented(t('Which chats'), options, this.filter, (value) => this.choose({ filter: value }));
    this.channels = h('div');
    this.element = h(
      'section.pane.pane--list',
      { 'aria-label': t('Chats') },
      h('div.pane__head', {}, this.search(), this.channels, this.filters, this.bound),
      this.body,
    );
    this.known();
    this.refresh();
  }

  get desk() {
    return this.screen.desk;
  }

  leave() {
    clearInterval(this.clock);
  }

  search() {
    let timer;
    const oninput = (event) => {
      clearTimeout(timer);
      const query = event.target.value.trim();
      timer = setTimeout(() => this.choose({ query }), SEARCH_MS);
    };
    this.input = h('input.input', {
      type: 'search',
      maxlength: LONGEST,
      placeholder: t('Search by name or text'),
      'aria-label': t('Search chats'),
      oninput,
    });
    this.input.addEventListener('keydown', (event) => event.key === 'Escape' && this.input.blur());
    return h('div.search', {}, icon('search', 'icon--small'), this.input);
  }

  /** Channels or agents have changed. */
  known() {
    const { channels } = this.desk;
    if (channels.length < 2) show(this.channels);
    else {
      const options = [
        h('option', { value: '' }, t('All channels')),
        ...channels.map(({ channelKey, name }) => h('option', { value: channelKey }, name)),
      ];
      const select = h(
        'select.select',
        { 'aria-label': t('Channel'), onchange: (event) => this.choose({ channel: event.target.value }) },
        options,
      );
      select.value = this.channel;
      show(this.channels, select);
    }
    this.redraw();
  }

  choose(wanted) {
    Object.assign(this, wanted, { limit: PAGE });
    this.refresh();
  }

  showMore() {
    this.limit += PAGE;
    this.refresh();
  }

  refresh() {
    const { channel, filter, query, limit } = this;
    const asked = (this.asked = { channel, filter: filter === 'all' ? '' : filter, q: query, limit });
    return fill(
      this.body,
      () => Promise.all([calls.chats(asked), this.lateChats()]),
      ([answer, late]) => asked === this.asked && this.draw(answer, late),
    );
  }

  /** By chat, its message that should be Read first, where the time for that is nearly or quite over. */
  async lateChats() {
    if (!this.desk.channels.some(({ readTargetS }) => readTargetS)) return new Map();
    const { messages } = await calls.report('targets', { channel: this.channel });
    return new Map(messages.reverse().map((message) => [message.chatId, message]));
  }

  draw({ chats, next, counts, lookedAt }, late) {
    this.chats = chats;
    this.late = late;
    this.counts = counts ?? {};
    this.more.hidden = !next;
    this.countFilters();
    this.tellBound(lookedAt);
    if (!chats.length) return show(this.body, this.nothing());
    if (!this.rows.isConnected) show(this.body, this.rows, this.more);
    return this.redraw();
  }

  // A search for something common sees only the newest of it.
  tellBound(lookedAt) {
    this.bound.hidden = !lookedAt;
    if (!lookedAt) return;
    const words = t(
      'Only the newest {number} messages were looked at. Add a word, or a longer one, to find older ones.',
      {
        number: number(lookedAt),
      },
    );
    show(this.bound, icon('info', 'icon--small'), h('span', {}, words));
  }

  redraw() {
    reconcile(this.rows, this.chats, {
      key: ({ chatId }) => chatId,
      create: (chat) => this.update(h('li.chat-row'), chat),
      update: (element, chat) => this.update(element, chat),
    });
  }

  countFilters() {
    for (const button of this.filters.children) {
      const count = this.counts[button.value];
      const shown = count > 0 && button.value !== 'all' && button.value !== 'resolved';
      show(button, FILTERS[button.value](), shown && h('span.filter-count.numeric', {}, number(count)));
    }
  }

  nothing() {
    if (this.query || this.filter !== 'all' || this.channel) return h('p.empty', {}, t('No chat is like that.'));
    if (!this.desk.channels.length)
      return empty({
        art: icon('webhook'),
        title: t('Connect your first channel'),
        text: t('Messages appear here once LINE sends a channel’s webhooks to the desk.'),
        action: h('a.button.button--primary', { href: '/settings' }, icon('plus'), t('Add a channel')),
      });
    return empty({
      art: icon('chats'),
      title: t('No chats yet'),
      text: t(
        'They begin when a user writes to one of your channels. If nothing comes, the settings can examine a channel.',
      ),
      action: h('a.button', { href: '/settings' }, icon('settings'), t('Settings')),
    });
  }

  update(element, chat) {
    const names = [this.desk.channels.length, this.desk.agents.length, Math.floor(Date.now() / MINUTE_MS)];
    const shape = JSON.stringify([chat, names, this.late.get(chat.chatId)]);
    if (element.shape !== shape) {
      element.shape = shape;
      const focused = element.contains(document.activeElement);
      show(element, this.row(chat), this.peekButton(chat));
      element.classList.toggle('chat-row--new', chat.unread > 0);
      if (focused) element.querySelector('a').focus();
    }
    this.markRow(element, chat.chatId);
    return element;
  }

  row(chat) {
    const { chatId } = chat;
    const lastMessage = chat.found ?? chat.lastMessage;
    const name = nameOfChat(chat);
    const link = h(
      'a.row-link',
      { href: hrefOf({ item: chatId }) },
      avatar({ id: chatId, displayName: name, pictureUrl: chat.pictureUrl, kind: chat.kind }),
      h(
        'span.grow',
        {},
        h('span.row-name.clip', { dir: 'auto' }, name),
        h('span.row-note.clip', { dir: 'auto' }, lastMessage ? preview(this.desk, lastMessage) : ''),
        this.state(chat),
      ),
      h(
        'span.row-side',
        {},
        lastMessage?.at &&
          h(
            'time',
            { datetime: new Date(lastMessage.at).toISOString(), title: full(lastMessage.at) },
            brief(lastMessage.at),
          ),
        badge(chat),
      ),
    );
    holdToPeek(link, () => this.screen.choose(chatId, { peek: true }));
    return link;
  }

  state({ chatId, state, kind, assignee, waitingSince, blocked, channelKey, read }) {
    const late = this.late.get(chatId);
    const agent = this.desk.agent(assignee);
    const waits = waitingSince && state !== 'resolved' ? Date.now() - waitingSince : 0;
    const channel = this.desk.channels.length > 1 && this.desk.channel(channelKey);
    return h(
      'span.chat-row__state',
      {},
      read && stateBadge(read.state),
      late && lateBadge(late),
      waits > MINUTE_MS && h('span.waits', {}, icon('clock', 'icon--small'), t('Waits {time}', { time: span(waits) })),
      state === 'resolved' && h('span.badge.badge--good', {}, icon('check', 'icon--small'), t('Resolved')),
      blocked && h('span.badge.badge--warning', {}, whyGone(kind)),
      agent && h('span.badge', {}, agent.agentId === this.desk.myId ? t('You') : agent.name),
      channel && h('span.badge.badge--info', {}, channel.name),
    );
  }

  peekButton(chat) {
    const look = () => this.screen.choose(chat.chatId, { peek: true });
    const label = t('Peek into the chat with {name}: the user sees nothing', { name: nameOfChat(chat) });
    return iconButton('eye', label, look, { class: 'chat-row__peek' });
  }

  mark() {
    for (const element of this.rows.children) this.markRow(element, element.dataset.key);
  }

  markRow(element, chatId) {
    const link = element.querySelector('a');
    const current = chatId === this.screen.chatId;
    if (current) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }

  /** The row `step` after the one that has the focus, or else is open, takes the focus. */
  move(step) {
    const links = [...this.rows.querySelectorAll('a.row-link')];
    const focused = links.indexOf(document.activeElement);
    const at = focused >= 0 ? focused : links.findIndex((link) => link.hasAttribute('aria-current'));
    const next = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + step))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  /** The chat that has the focus, or else is open. */
  get chosen() {
    return document.activeElement?.closest?.('.chat-row')?.dataset.key ?? this.screen.chatId;
  }
}

/** What a chat is called; until LINE has told the name, what kind it is. */
export function nameOfChat({ displayName, kind }) {
  if (displayName) return displayName;
  return { group: t('Group'), room: t('Room') }[kind] ?? t('Unknown user');
}

/** Why nothing arrives at a chat any more, in a few words. */
export function whyGone(kind) {
  return kind === 'user' ? t('Has blocked you') : t('Left the group');
}

function preview(desk, message) {
  const words = message.text || message.unsent ? summary(message) : t('[{kind}]', { kind: summary(message) });
  const writer = message.direction === 'out' && nameOf(desk, message.by);
  return writer ? `${writer}: ${words}` : words;
}

// The channel's target for Read, told before it is missed and while it is.
function lateBadge({ state, dueAt }) {
  const [kind, words] =
    state === 'missed'
      ? ['danger', t('Overdue since {time}', { time: time(dueAt) })]
      : ['warning', t('Due by {time}', { time: time(dueAt) })];
  return h(`span.badge.badge--${kind}`, { title: full(dueAt) }, icon('clock', 'icon--small'), words);
}

function badge({ unread }) {
  if (!unread) return null;
  const label = tn('{n} message not seen by the team', '{n} messages not seen by the team', unread);
  return h('span.count', { role: 'img', 'aria-label': label }, unread > 99 ? '99+' : number(unread));
}

// A long press peeks, as Shift and a click do; the click that ends it opens nothing.
function holdToPeek(link, peek) {
  let timer = null;
  let held = false;
  const stop = () => clearTimeout(timer);
  link.addEventListener('pointerdown', (event) => {
    held = false;
    if (event.pointerType === 'mouse') return;
    timer = setTimeout(() => {
      held = true;
      peek();
    }, HOLD_MS);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointermove']) link.addEventListener(end, stop);
  link.addEventListener('contextmenu', (event) => held && event.preventDefault());
  link.addEventListener('click', (event) => held && event.preventDefault());
}
