// What is known about a chat: who it is, whose work, what the team noted, and every mark that was asked for.

import { h, icon, iconButton, show } from '../../dom.js';
import { confirm, report } from '../../dialog.js';
import { full, languageName } from '../../format.js';
import { span } from '../../durations.js';
import { t } from '../../i18n.js';
import { LongText } from '../../long_text.js';
import { avatar } from '../../parts.js';
import { facts, soon } from '../../ui.js';
import * as calls from '../calls.js';
import { nameOf } from '../people.js';
import { adviceOf } from './advice.js';
import { nameOfChat, whyGone } from './list.js';
import { occasionName, stateBadge } from './read_state.js';

const LONGEST_NOTE = 5_000;
const MARKS = 20;
const SECOND_MS = 1_000;
const STATES = {
  open: () => t('Unresolved'),
  waiting: () => t('Waits for the user'),
  resolved: () => t('Resolved'),
};

export class DetailsPane {
  constructor(screen, chatId) {
    this.screen = screen;
    this.desk = screen.desk;
    this.chatId = chatId;
    this.soon = soon(() => this.refresh(), 120);
    this.who = h('section.details__who');
    this.about = h('section.details__part');
    this.waits = h('span');
    this.clock = setInterval(() => this.showWait(), SECOND_MS);
    this.notes = h('div.stack.stack--tight');
    this.marks = h('div');
    this.note = new LongText(LONGEST_NOTE, {
      rows: 2,
      'aria-label': t('A note for the team'),
      placeholder: t('A note for the team. Users never see it.'),
    });
    this.save = h('button.button.button--small', { type: 'submit' }, t('Keep the note'));
    const tools = h('div.row.row--spread', {}, this.save, this.note.counter);
    const form = h('form.stack.stack--tight', { onsubmit: (event) => this.keep(event) }, this.note.input, tools);
    this.title = h('h2.grow', { tabindex: '-1' }, t('Details'));
    const back = iconButton('back', t('Back to the conversation'), () => screen.toggleDetails(false), {
      class: 'pane__details-toggle',
    });
    this.element = h(
      'div.details',
      {},
      h('header.pane__head.conversation__head', {}, back, this.title),
      h(
        'div.pane__body.scroll.details__body',
        { tabindex: '0', role: 'region', 'aria-label': t('Details') },
        this.who,
        this.about,
        h('section.details__part', {}, h('h3', {}, t('Notes')), this.notes, form),
        h('section.details__part', {}, h('h3', {}, t('Read marks')), this.marks),
      ),
    );
    this.refresh();
  }

  focus() {
    this.title.focus({ preventScroll: true });
  }

  writeNote() {
    this.note.input.focus();
  }

  leave() {
    this.left = true;
    clearInterval(this.clock);
  }

  take(chat) {
    this.chat = chat;
    this.drawChat();
  }

  known() {
    if (this.chat) this.drawChat();
    this.refresh();
  }

  happened() {
    this.soon();
  }

  refresh() {
    this.load(
      () => calls.notes(this.chatId),
      (notes) => this.drawNotes(notes),
    );
    this.load(
      () => calls.marks({ chatId: this.chatId, limit: MARKS }),
      (marks) => this.drawMarks(marks),
    );
  }

  async load(ask, draw) {
    try {
      const answer = await ask();
      if (!this.left) draw(answer);
    } catch (problem) {
      if (problem.status === 401) this.desk.leave();
    }
  }

  drawChat() {
    const { chat } = this;
    const name = nameOfChat(chat);
    const agent = this.desk.agent(chat.assignee);
    this.showWait();
    show(
      this.who,
      avatar({ id: this.chatId, displayName: name, pictureUrl: chat.pictureUrl, kind: chat.kind }, 'large'),
      h('p.details__name', { dir: 'auto' }, name),
      chat.statusMessage && h('p.muted.small', { dir: 'auto' }, chat.statusMessage),
      chat.blocked && h('span.badge.badge--warning', {}, icon('block', 'icon--small'), whyGone(chat.kind)),
    );
    show(
      this.about,
      facts([
        [t('Channel'), this.desk.channel(chat.channelKey)?.name],
        [t('Assigned to'), agent?.name ?? t('Nobody')],
        [t('State'), STATES[chat.state]?.() ?? chat.state],
        [t('Waits for an answer'), chat.waitingSince && chat.state !== 'resolved' && this.waits],
        [t('Language'), chat.language && languageName(chat.language)],
        [t('ID'), h('code.details__id', {}, chat.userId ?? chat.groupId ?? chat.roomId)],
      ]),
    );
  }

  showWait() {
    if (this.chat?.waitingSince) this.waits.textContent = span(Date.now() - this.chat.waitingSince);
  }

  drawNotes(notes) {
    show(
      this.notes,
      notes.length ? notes.map((note) => this.noteRow(note)) : h('p.muted.small', {}, t('Nobody has noted anything.')),
    );
  }

  noteRow({ noteId, text, by, createdAt }) {
    const remove = async () => {
      const sure = await confirm(t('Throw the note away?'), text, { act: t('Throw away'), danger: true });
      if (sure) await calls.removeNote(this.chatId, noteId).then(() => this.refresh(), report);
    };
    return h(
      'article.note',
      {},
      h('p.note__text', { dir: 'auto' }, text),
      h('p.muted.small.note__by', {}, `${nameOf(this.desk, by)} · ${full(createdAt)}`),
      iconButton('trash', t('Throw the note away'), remove, { class: 'note__remove' }),
    );
  }

  async keep(event) {
    event.preventDefault();
    const text = this.note.input.value.trim();
    if (!text) return;
    this.save.disabled = true;
    try {
      await calls.addNote(this.chatId, text);
      if (this.note.input.value.trim() === text) this.note.set('');
      this.refresh();
    } catch (problem) {
      report(problem);
    } finally {
      this.save.disabled = false;
    }
  }

  drawMarks(marks) {
    const words = t('Nothing was marked as read yet. Every mark appears here, with its cause.');
    if (!marks.length) return show(this.marks, h('p.muted.small', {}, words));
    return show(
      this.marks,
      h(
        'ol.journal',
        {},
        marks.map((mark) => this.markRow(mark)),
      ),
    );
  }

  markRow(mark) {
    const at = mark.confirmedAt ?? mark.dueAt ?? mark.askedAt;
    const cause = [occasionName(mark.occasion), nameOf(this.desk, mark.by)].filter(Boolean).join(' · ');
    const lag = mark.confirmedAt && t('after {time}', { time: span(mark.confirmedAt - mark.askedAt) });
    return h(
      'li',
      {},
      h('span.journal__head', {}, markState(mark.state), h('span.muted.numeric', {}, full(at))),
      h('span.muted.small', {}, [cause, lag].filter(Boolean).join(' · ')),
      mark.state === 'parked' && h('span.small', {}, adviceOf(mark.advice)),
      mark.reason && mark.state !== 'confirmed' && h('code.journal__reason', {}, mark.reason),
    );
  }
}

const ENDED = {
  superseded: () => t('Covered by a newer mark'),
  undone: () => t('Undone'),
};

function markState(state) {
  return ENDED[state] ? h('span.read-state.read-state--ended', {}, ENDED[state]()) : stateBadge(state);
}
