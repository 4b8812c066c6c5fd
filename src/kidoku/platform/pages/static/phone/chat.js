// The chat screen: the conversation, what is written under it, and what happens live.

import { stickerPicture } from '../chat/stickers.js';
import { drawTimeline, keepingPlace, staysAtEnd, stillFollows, toEnd } from '../chat/timeline.js';
import { h, iconButton, show } from '../dom.js';
import { t } from '../i18n.js';
import { placeholderRows, problemState } from '../parts.js';
import { perform } from './actions.js';
import { newerPill, readLabel, rows, typingRow } from './bubbles.js';
import * as calls from './calls.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { draftOf } from './drafts.js';
import { openMessageMenu, wireMessageMenu } from './message_menu.js';
import { notices } from './notices.js';
import { drawQuickReplies } from './quick_replies.js';
import { countedName, nameOf, renamed, someone } from './peers.js';
import { screenFrame } from './screen.js';

export class ChatScreen {
  constructor(phone, peerId) {
    this.phone = phone;
    this.me = phone.me;
    this.draft = draftOf(phone.me.userId, peerId);
    this.conversation = new Conversation(phone.me, peerId, this.draft.outbox, () => this.draw());
    this.row = rows(this);
    this.heading = h('h1.screen__title.counted', { tabindex: '-1', dir: 'auto' });
    this.log = h('div.log', {
      role: 'log',
      'aria-live': 'polite',
      'aria-relevant': 'additions',
      'aria-label': t('Messages'),
    });
    this.older = h(
      'div.older',
      { hidden: true },
      h('button.button.button--small', { type: 'button', onclick: () => this.loadOlder() }, t('Earlier messages')),
    );
    this.typing = h('div.log.log--typing', { hidden: true });
    this.hint = h(
      'div.first-words',
      { hidden: true },
      stickerPicture({ packageId: '8402', stickerId: '840201' }),
      t('No messages yet. Say hello.'),
    );
    this.box = h(
      'div.chat__box.scroll',
      { tabindex: '0', role: 'region', 'aria-label': t('Conversation') },
      placeholderRows(),
    );
    this.newer = newerPill(() => toEnd(this.box));
    this.notices = h('div.chat__notices');
    this.quick = h('div.quick', { hidden: true });
    this.composer = new Composer(this);
    const middle = h('div.chat__middle', {}, this.box, this.newer);
    const body = h('div.chat', {}, this.notices, middle, this.quick, this.composer.element);
    const tools = [iconButton('menu', t('About this chat'), () => phone.go({ chat: peerId, about: true }))];
    this.element = screenFrame({ title: this.heading, back: () => phone.go({}), tools, body, name: 'chat' });
    this.box.addEventListener('scroll', () => this.scrolled(), { passive: true });
    wireMessageMenu(this);
    this.watch();
    this.nameIt();
    this.refresh();
  }

  get title() {
    return this.peer ? nameOf(this.peer) : t('Chat');
  }

  get peer() {
    return this.conversation.peer ?? this.known;
  }

  get isGroup() {
    return this.conversation.isGroup;
  }

  get blocked() {
    return this.account?.state === 'blocked';
  }

  // The friend list knows the account's state; a group has none.
  get account() {
    return this.phone.home.friends.find(({ accountId }) => accountId === this.conversation.peerId) ?? null;
  }

  get known() {
    return this.phone.home.chats.find(({ peer }) => peer.id === this.conversation.peerId)?.peer ?? this.account;
  }

  get options() {
    return {
      me: this.me.userId,
      jump: (id) => this.jump(id),
    };
  }

  /** Who has written a message, as they are called and look now. Who has left is as the message knows them. */
  writer(author) {
    const { id, kind, displayName } = author ?? {};
    const friend = ({ accountId }) => accountId === id;
    const now = someone(this.peer, id) ?? this.phone.home.friends.find(friend);
    return { id, kind, displayName: now?.displayName ?? displayName, pictureUrl: now?.pictureUrl };
  }

  enter() {
    // On a touch screen the keyboard would cover half of the chat.
    if (matchMedia('(pointer: fine)').matches) this.composer.focus();
    else this.heading.focus({ preventScroll: true });
  }

  // What is on its way still arrives, and finds nothing to draw on any more.
  leave() {
    this.left = true;
    clearTimeout(this.typingTimer);
    document.removeEventListener('visibilitychange', this.onVisible);
    this.resized.disconnect();
    this.composer.leave();
  }

  // Pictures load and the keyboard opens: what was at the end stays at the end.
  watch() {
    this.following = true;
    this.resized = new ResizeObserver(() => this.following && toEnd(this.box));
    this.resized.observe(this.box);
    this.resized.observe(this.log);
    this.onVisible = () => this.seen();
    document.addEventListener('visibilitychange', this.onVisible);
  }

  async refresh() {
    const unknown = !this.conversation.peer;
    try {
      await this.conversation.load();
    } catch (problem) {
      this.failed(problem);
      return;
    }
    if (this.left) return;
    this.nameIt();
    this.phone.retitle();
    if (!this.log.isConnected) {
      show(this.box, this.older, this.hint, this.log, this.typing);
      toEnd(this.box);
    }
    this.draw();
    this.seen();
    if (unknown) this.composer.peerKnown();
  }

  // What is shown stays while the server is away; the page's banner tells that.
  failed(problem) {
    if (!this.conversation.peer)
      show(
        this.box,
        problemState(problem, () => this.refresh()),
      );
    else if (problem.code === 'not_a_member') this.phone.removedFrom(this.conversation.peerId);
  }

  async loadOlder() {
    if (this.loadingOlder || !this.conversation.hasMore) return;
    this.loadingOlder = true;
    try {
      await this.conversation.loadOlder();
      keepingPlace(this.box, () => this.draw());
    } catch (problem) {
      this.phone.announce(problem.message);
    } finally {
      this.loadingOlder = false;
    }
  }

  nameIt() {
    show(this.heading, this.peer ? countedName(this.peer) : this.title);
    show(this.notices, notices(this));
    this.composer.allow(!this.blocked);
  }

  homeChanged() {
    this.nameIt();
    this.draw();
  }

  draw() {
    if (this.left) return;
    const { messages, hasMore } = this.conversation;
    this.following = stillFollows(this.box, this.following);
    drawTimeline(this.log, messages, this.row);
    this.composer.messagesChanged();
    this.older.hidden = !hasMore;
    this.hint.hidden = messages.length > 0;
    this.log.hidden = !messages.length;
    drawQuickReplies(this.quick, this);
    if (this.following) toEnd(this.box);
  }

  scrolled() {
    this.following = staysAtEnd(this.box, this.following);
    if (this.following) this.newer.hidden = true;
    if (this.box.scrollTop < 120) this.loadOlder();
  }

  happened(event) {
    const whom = renamed(event);
    if (whom && someone(this.peer, whom)) this.refresh();
    if (!this.conversation.concerns(event)) return;
    this.on[event.type]?.(event);
  }

  on = {
    message: ({ message }) => this.arrived(message),
    read: (event) => this.wasRead(event),
    unsend: (event) => this.change(() => this.conversation.unsent(event.messageId)),
    edit: (event) => this.change(() => this.conversation.edited(event.messageId ?? event.message.id, edit(event))),
    typing: (event) => this.showTyping(event),
    group: () => this.refresh(),
  };

  change(act) {
    act();
    this.draw();
  }

  arrived(message) {
    const fromOther = message.author?.id !== this.me.userId;
    if (message.author?.kind === 'account') this.hideTyping();
    this.conversation.received(message);
    this.draw();
    if (fromOther && !this.following) this.newer.hidden = false;
    if (fromOther) this.seen();
  }

  wasRead({ readSeq, accountId, reader }) {
    if (!this.conversation.readUpTo(reader?.id ?? accountId, readSeq)) return;
    this.draw();
    const newest = this.conversation.messages.findLast((message) => message.own && message.read);
    this.phone.announce(readLabel(newest, this.isGroup));
  }

  showTyping({ seconds, timestamp }) {
    const left_ms = Math.min(seconds * 1000, seconds * 1000 - (Date.now() - timestamp));
    if (left_ms <= 0) return;
    this.following = stillFollows(this.box, this.following);
    show(this.typing, typingRow(this.peer)).hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), left_ms);
    if (this.following) toEnd(this.box);
  }

  hideTyping() {
    clearTimeout(this.typingTimer);
    this.typing.hidden = true;
  }

  /** The chat is on screen: nothing in it is unread for this user any more. */
  seen() {
    if (document.hidden || !this.conversation.peer) return;
    // What comes of it is told by the stream; if it fails, the next message tries again.
    calls.seen(this.me.userId, this.conversation.peerId).catch(() => {});
  }

  send(body, shown = body) {
    this.following = true;
    this.newer.hidden = true;
    return this.conversation.send(body, shown);
  }

  perform(action, message) {
    return perform(action, this, message);
  }

  openMenu(message, anchor, at) {
    openMessageMenu(this, message, anchor, at);
  }

  discard(message) {
    this.change(() => this.draft.outbox.remove(message));
  }

  jump(id) {
    const element = this.log.querySelector(`.message[data-key="${CSS.escape(id)}"]`);
    if (!element) return;
    this.following = false;
    element.scrollIntoView({ block: 'center' });
    element.classList.remove('message--flash');
    requestAnimationFrame(() => element.classList.add('message--flash'));
  }
}

// An event is the same for everybody: it cannot know whose message it is, or who here has read it.
function edit({ message, editedAt }) {
  const { text, emojis, mention } = message;
  return { text, emojis, mention, editedAt: message.editedAt ?? editedAt };
}
