// One conversation, open or only looked into. What opening, answering and marking show to the user is said here.

import { drawTimeline, keepingPlace, staysAtEnd, stillFollows, toEnd } from '../../chat/timeline.js';
import { h, icon, iconButton, show, showFor } from '../../dom.js';
import { menu, report, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import { avatar, placeholderRows, problemState } from '../../parts.js';
import { soon } from '../../ui.js';
import * as calls from '../calls.js';
import { rows } from './bubbles.js';
import { Composer } from './composer.js';
import { nameOfChat } from './list.js';
import { Messages, newestUnread } from './messages.js';
import { openingShows, whatOpeningDoes } from './opening.js';
import { receiveFiles } from './pictures.js';
import { Presence } from './presence.js';
import { WaitingBar } from './waiting.js';

export class ConversationPane {
  constructor(screen, chatId, peek) {
    this.screen = screen;
    this.desk = screen.desk;
    this.chatId = chatId;
    this.peek = peek;
    this.chat = null;
    this.opened = false;
    this.messages = new Messages(this.desk, chatId);
    this.row = rows(this);
    this.options = { jump: (id) => this.jump(id), act: () => toast(t('Only the user can press this.')) };
    this.soon = soon(() => this.refresh(), 60);
    this.head = h('header.pane__head.conversation__head');
    this.notice = h('div');
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
    this.box = h(
      'div.conversation__box.scroll',
      { tabindex: '0', role: 'region', 'aria-label': t('Conversation') },
      placeholderRows(),
    );
    this.waiting = new WaitingBar(this);
    this.presence = new Presence(this);
    this.composer = new Composer(this);
    this.element = h(
      'div.conversation',
      {},
      this.head,
      this.notice,
      this.box,
      this.waiting.element,
      this.presence.element,
      this.composer.element,
    );
    receiveFiles(this.box, (file) => !this.peek && !this.cannotSend && this.composer.picture(file));
    this.watch();
  }

  get name() {
    return this.chat ? nameOfChat(this.chat) : '';
  }

  get isGroup() {
    return this.chat !== null && this.chat.kind !== 'user';
  }

  /** Why nothing can be sent to this chat, in words; '' when something can. */
  get cannotSend() {
    if (!this.chat?.blocked) return '';
    if (this.isGroup) return t('The account is no longer in this group: nothing can be sent.');
    return t('This user has blocked the account: answers do not arrive.');
  }

  /** Whether an answer would be free just now. */
  get isFree() {
    return (this.chat?.replyUntil ?? 0) > Date.now();
  }

  get channel() {
    return this.chat ? this.desk.channel(this.chat.channelKey) : undefined;
  }

  async begin() {
    this.box.focus({ preventScroll: true });
    await this.refresh();
    await this.enter();
  }

  leave() {
    this.left = true;
    this.waiting.leave();
    this.presence.leave();
    this.resized.disconnect();
    document.removeEventListener('visibilitychange', this.onVisible);
  }

  // What was at the end stays at the end when pictures load or the window changes.
  watch() {
    this.following = true;
    this.resized = new ResizeObserver(() => this.following && toEnd(this.box));
    this.resized.observe(this.box);
    this.resized.observe(this.log);
    this.box.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.onVisible = () => this.enter();
    document.addEventListener('visibilitychange', this.onVisible);
  }

  /** Look without opening, or open after having looked. */
  look(peek) {
    if (peek === this.peek) return;
    this.peek = peek;
    this.opened = false;
    this.draw();
    this.enter();
  }

  // Told once per opening, and again when something came while the chat is open and in sight: nothing is asked for a
  // page that nobody looks at. What is asked for meanwhile is done afterwards.
  async enter() {
    if (!this.chat || document.hidden || this.left) return;
    if (this.opened && !this.chat.unread) return;
    this.again = this.entering;
    if (this.entering) return;
    this.entering = true;
    const { peek } = this;
    try {
      if (peek) await calls.peek(this.chatId);
      else await calls.open(this.chatId);
      this.opened = this.peek === peek;
      if (this.left) this.presence.sayAway();
      else this.presence.arrive();
    } catch (problem) {
      report(problem);
    } finally {
      this.entering = false;
    }
    if (this.again) await this.enter();
  }

  async refresh() {
    const askedAt = Date.now();
    try {
      const [chat] = await Promise.all([calls.chat(this.chatId), this.messages.load()]);
      this.chat = chat;
    } catch (problem) {
      if (problem.status === 401) return this.desk.leave();
      if (!this.chat)
        show(
          this.box,
          problemState(problem, () => this.refresh()),
        );
      return undefined;
    }
    if (this.left) return undefined;
    this.screen.chatChanged(this.chat);
    this.presence.take(this.chat.present, askedAt);
    this.nameIt();
    if (!this.log.isConnected) show(this.box, this.older, this.log);
    this.draw();
    return undefined;
  }

  async loadOlder() {
    if (this.loadingOlder || !this.messages.hasMore) return;
    this.loadingOlder = true;
    try {
      await this.messages.loadOlder();
      keepingPlace(this.box, () => this.draw());
    } catch (problem) {
      report(problem);
    } finally {
      this.loadingOlder = false;
    }
  }

  known() {
    if (!this.chat) return;
    this.nameIt();
    this.draw();
  }

  async happened(event) {
    if (event.type === 'presence') return this.presence.happened(event);
    this.soon();
    if (event.type !== 'message') return undefined;
    // Seen by whoever has the chat open; asked for after the refresh, which knows whether anything is new.
    await this.refresh();
    return this.peek ? undefined : this.enter();
  }

  nameIt() {
    const { chat } = this;
    const agent = this.desk.agent(chat.assignee);
    const note = [this.channel?.name, agent ? t('For {name}', { name: agent.name }) : t('Nobody’s yet')];
    const marked = !newestUnread(this.messages.list);
    const key = [this.chatId, this.name, chat.pictureUrl, chat.kind, chat.state, note, marked];
    showFor(this.head, key, () => this.headOf(chat, note, marked));
  }

  headOf(chat, note, marked) {
    const back = iconButton('back', t('Back to the chats'), () => this.screen.choose(null), { class: 'pane__back' });
    const resolved = chat.state === 'resolved';
    this.assignButton = iconButton('person-add', t('Assign'), () => this.assign(), {
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
    });
    return [
      back,
      avatar({ id: this.chatId, displayName: this.name, pictureUrl: chat.pictureUrl, kind: chat.kind }, 'small'),
      h(
        'div.grow',
        {},
        h('h2.clip', { dir: 'auto' }, this.name),
        h('p.muted.small.clip', {}, note.filter(Boolean).join(' · ')),
      ),
      this.markButton(marked),
      this.assignButton,
      iconButton(resolved ? 'undo' : 'check', resolved ? t('Open again') : t('Resolve'), () => this.resolve(), {
        'aria-pressed': String(resolved),
      }),
      iconButton('info', t('Show the details'), () => this.screen.toggleDetails(), { class: 'pane__details-toggle' }),
    ];
  }

  markButton(disabled) {
    const label = t('Mark as read');
    return h(
      'button.button.button--small.conversation__mark',
      {
        type: 'button',
        title: t('Shows Read on the user’s phone'),
        'aria-label': label,
        disabled,
        onclick: () => this.markRead(),
      },
      icon('read', 'icon--small'),
      h('span', {}, label),
    );
  }

  draw() {
    if (!this.chat) return;
    this.following = stillFollows(this.box, this.following);
    drawTimeline(this.log, this.messages.moments, this.row);
    this.older.hidden = !this.messages.hasMore;
    this.element.classList.toggle('conversation--peek', this.peek);
    const { readPolicy } = this.channel ?? {};
    const shows = this.peek && openingShows(this.channel, this.messages.list);
    showFor(this.notice, [this.cannotSend, this.peek, readPolicy, shows], () => [
      this.cannotSend && this.blockedNotice(),
      this.peek ? this.peekNotice(shows) : this.openNotice(),
    ]);
    this.waiting.draw(this.messages.list);
    this.composer.allow(this.chat);
    if (this.following) toEnd(this.box);
  }

  peekNotice(shows) {
    const open = () => this.screen.choose(this.chatId);
    return h(
      'div.peek-notice',
      {},
      icon('eye', 'icon--small'),
      h('span.grow', {}, t('You are only looking: the user sees nothing, and the chat stays new for the team.')),
      h(
        'button.button.button--small.button--primary',
        { type: 'button', onclick: open },
        shows ? t('Open: shows Read') : t('Open'),
      ),
    );
  }

  blockedNotice() {
    return h(
      'p.peek-notice.peek-notice--warning',
      {},
      icon('block', 'icon--small'),
      h('span.grow', {}, this.cannotSend),
    );
  }

  openNotice() {
    if (this.cannotSend) return null;
    return h('p.pane__hint', {}, icon('info', 'icon--small'), whatOpeningDoes(this.channel));
  }

  scrolled() {
    this.following = staysAtEnd(this.box, this.following);
    if (this.box.scrollTop < 120) this.loadOlder();
  }

  jump(id) {
    const element = this.log.querySelector(`.message[data-key="${CSS.escape(id)}"]`);
    if (!element) return;
    this.following = false;
    element.scrollIntoView({ block: 'center' });
    element.classList.remove('message--flash');
    requestAnimationFrame(() => element.classList.add('message--flash'));
  }

  /** Write an answer; someone who only looked opens the chat by it. */
  answer() {
    if (this.peek) this.screen.choose(this.chatId);
    this.composer.focus();
  }

  /** Answer a certain message. */
  quote(message) {
    this.answer();
    this.composer.quote(message);
  }

  async markRead() {
    if (!newestUnread(this.messages.list)) return toast(t('Everything is Read already.'));
    return this.attempt(() => calls.read(this.chatId), t('Asked LINE to show Read.'));
  }

  undo() {
    return this.waiting.mark
      ? this.attempt(() => calls.undo(this.chatId, this.waiting.mark.markId), t('Undone: the user sees nothing.'))
      : null;
  }

  resolve() {
    if (this.chat.state === 'resolved') return this.attempt(() => calls.reopen(this.chatId), t('Open again.'));
    return this.attempt(() => calls.resolve(this.chatId), t('Resolved.'), {
      label: t('Undo'),
      act: () => this.attempt(() => calls.reopen(this.chatId)),
    });
  }

  assign() {
    const to = (agentId, words) => this.attempt(() => calls.assign(this.chatId, agentId), words);
    const others = this.desk.agents.filter(({ agentId, disabled }) => !disabled && agentId !== this.desk.myId);
    const mine = this.desk.me && { icon: 'person', label: t('To me'), act: () => to(this.desk.myId, t('Yours now.')) };
    const items = [
      mine,
      ...others.map(({ agentId, name }) => ({
        icon: 'person',
        label: name,
        act: () => to(agentId, t('Assigned to {name}.', { name })),
      })),
      { icon: 'close', label: t('To nobody'), act: () => to(null, t('Nobody’s now.')) },
    ];
    menu(this.assignButton, items.filter(Boolean));
  }

  async attempt(act, words = '', action = undefined) {
    try {
      await act();
      if (words) toast(words, action);
    } catch (problem) {
      report(problem);
    }
    this.soon();
  }
}
