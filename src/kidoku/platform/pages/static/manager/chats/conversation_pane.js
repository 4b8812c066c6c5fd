// One conversation: opened, which shows Read on the user's phone, or only looked at, which shows nothing.

import { drawTimeline, keepingPlace, staysAtEnd, stillFollows, toEnd } from '../../chat/timeline.js';
import { h, iconButton, show, showFor } from '../../dom.js';
import { report } from '../../dialog.js';
import { number } from '../../format.js';
import { t } from '../../i18n.js';
import { avatar, placeholderRows, problemState } from '../../parts.js';
import * as calls from '../calls.js';
import { AnswerBox } from './answer_box.js';
import { labelButton, labelName } from './labels.js';
import { Messages } from './messages.js';
import { peekNotice, readLineText, rows } from './rows.js';

export class ConversationPane {
  constructor(screen, peerId, peek) {
    this.screen = screen;
    this.peerId = peerId;
    this.peek = peek;
    this.opened = this.opening = false;
    this.openedFrom = null;
    this.messages = new Messages(screen.account.accountId, peerId);
    this.row = rows(this);
    this.options = { jump: (id) => this.jump(id) };
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
    this.answers = new AnswerBox(this);
    this.element = h('div.conversation', {}, this.head, this.notice, this.box, this.answers.element);
    this.watch();
    this.nameIt();
    this.refresh();
  }

  get peer() {
    return this.messages.peer;
  }

  get isGroup() {
    return this.peer !== null && this.peer.kind !== 'user';
  }

  /** Whether the chat is open, as the user would notice. */
  get open() {
    return !this.peek && this.screen.available;
  }

  enter() {
    if (!document.body.classList.contains('embed')) this.focus();
  }

  focus() {
    if (this.open && matchMedia('(pointer: fine)').matches) this.answers.focus();
    else this.box.focus({ preventScroll: true });
  }

  leave() {
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
    this.onVisible = () => this.markOpened();
    document.addEventListener('visibilitychange', this.onVisible);
  }

  /** Look without opening, or open after having looked. */
  look(peek) {
    if (peek === this.peek) return;
    this.peek = peek;
    this.openedFrom = null;
    this.opened = false;
    this.draw();
    this.markOpened();
    this.focus();
  }

  accountChanged() {
    this.draw();
    this.markOpened();
  }

  async refresh() {
    try {
      await this.messages.load();
    } catch (problem) {
      if (!this.peer)
        show(
          this.box,
          problemState(problem, () => this.refresh()),
        );
      return;
    }
    this.screen.manager.retitle();
    this.nameIt();
    if (!this.log.isConnected) show(this.box, this.older, this.log);
    this.draw();
    await this.markOpened();
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

  // An operator has the chat open and in sight: what is in it becomes Read, as in LINE.
  async markOpened() {
    if (!this.open || !this.peer || document.hidden || this.opening) return;
    const before = this.messages.readSeq;
    if (this.opened && before >= this.messages.lastSeq) return;
    this.opening = true;
    try {
      await calls.openChat(this.screen.account.accountId, this.peerId);
      if (!this.opened && before < this.messages.lastSeq) this.openedFrom = before;
      this.opened = true;
      this.draw();
    } catch (problem) {
      report(problem);
    } finally {
      this.opening = false;
    }
  }

  nameIt() {
    const peer = this.peer ?? { id: this.peerId, displayName: '' };
    showFor(this.head, [peer, this.isGroup, this.messages.chat?.label], () => this.headOf(peer));
  }

  headOf(peer) {
    return [
      iconButton('back', t('Back to the chats'), () => this.screen.choose(null), { class: 'pane__back' }),
      avatar(peer, 'small'),
      h(
        'div.grow',
        {},
        h('h2.clip', { dir: 'auto' }, peer.displayName),
        h('p.muted.small', {}, this.isGroup ? t('Group') : labelName(this.messages.chat?.label ?? 'inbox')),
      ),
      labelButton(this),
      iconButton('steps', t('Show the timeline'), () => this.screen.toggleTimeline(), {
        class: 'pane__timeline-toggle',
      }),
    ];
  }

  draw() {
    if (!this.peer) return;
    this.following = stillFollows(this.box, this.following);
    this.drawLine();
    drawTimeline(this.log, this.messages.list, this.row);
    this.older.hidden = !this.messages.hasMore;
    this.element.classList.toggle('conversation--peek', !this.open);
    const open = () => this.screen.choose(this.peerId);
    const { available } = this.screen;
    const { unread } = this.messages;
    showFor(this.notice, [this.open, available, unread, this.peerId], () =>
      this.open ? null : peekNotice({ available, act: open, unread }),
    );
    this.answers.allow(this.open);
    if (this.following) toEnd(this.box);
  }

  // The line stands where Read ended: when the chat was opened, else now.
  drawLine() {
    const frozen = this.open && this.openedFrom !== null;
    const seq = frozen ? this.openedFrom : this.messages.readSeq;
    for (const message of this.messages.list) message.line = null;
    const first = this.messages.list.find((message) => message.seq > seq);
    if (first && (frozen || this.messages.unread > 0))
      Object.assign(first, { line: readLineText(frozen, number(this.messages.unread)), lineRead: frozen });
  }

  scrolled() {
    this.following = staysAtEnd(this.box, this.following);
    if (this.box.scrollTop < 120) this.loadOlder();
  }

  happened(event) {
    if (['group', 'user', 'friend', 'chat'].includes(event.type)) return this.changed(event);
    if (!this.messages.happened(event)) return undefined;
    this.draw();
    if (event.type === 'message') this.markOpened();
    return undefined;
  }

  /** Somebody has another name or picture: one of those who have written here, maybe. */
  known({ userId, displayName }) {
    if (this.messages.named(userId, displayName)) this.draw();
  }

  // The chat itself, not what is in it.
  async changed({ type, label }) {
    if (type === 'chat' && !label) return;
    await this.refresh();
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
