// Naming somebody in a group: a list to choose from while one types @, and the message's `mention` when it is sent.

import { h, show } from '../dom.js';
import { t } from '../i18n.js';
import { avatar } from '../parts.js';

const TYPED = /(?:^|\s)@([^\s@]*)$/u;
const LISTED = 6;

/** Whom a message mentions, as they were chosen when it was written. */
export function mentionsOf({ text, mention }) {
  return (mention?.mentionees ?? []).map(({ index, length, type, userId }) => ({
    label: text.slice(index, index + length),
    target: userId ? { type, userId } : { type },
  }));
}

// Where `label` stands in `text` outside of the places that are `taken`; -1 where it does not.
function indexOfFree(text, label, taken) {
  const hit = (from) => taken.find(({ index, length }) => from < index + length && index < from + label.length);
  let index = text.indexOf(label);
  while (index >= 0 && hit(index)) index = text.indexOf(label, index + 1);
  return index;
}

export class Mentions {
  constructor(chat, input) {
    this.chat = chat;
    this.input = input;
    this.element = h('ul.mentions', { hidden: true, 'aria-label': t('Mention somebody') });
  }

  get open() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
  }

  /** Look at what stands before the caret, and offer whoever it may mean. */
  suggest() {
    const typed = this.chat.isGroup && this.input.value.slice(0, this.input.selectionStart).match(TYPED);
    const found = typed ? this.#candidates(typed[1].toLocaleLowerCase()).slice(0, LISTED) : [];
    show(
      this.element,
      found.map((someone) => h('li', {}, this.#choice(someone, typed[1].length))),
    );
    this.element.hidden = !found.length;
  }

  /** Take the first of the list. */
  takeFirst() {
    this.element.querySelector('button')?.click();
  }

  /** The `mention` for a text that is sent now: the chosen names that still stand in it. */
  in(text) {
    const mentionees = [];
    // A name may begin as another does: the longer one takes its place first.
    const chosen = this.chat.draft.sheet.mentions.toSorted((one, other) => other.label.length - one.label.length);
    for (const { label, target } of chosen) {
      const index = indexOfFree(text, label, mentionees);
      if (index >= 0) mentionees.push({ index, length: label.length, ...target });
    }
    mentionees.sort((one, other) => one.index - other.index);
    return mentionees.length ? { mention: { mentionees } } : {};
  }

  #candidates(start) {
    const { peer, me, phone } = this.chat;
    const members = (peer.members ?? []).filter(({ userId, accountId }) => (userId ?? accountId) !== me.userId);
    const inside = new Set(members.map(({ userId, accountId }) => userId ?? accountId));
    const bots = phone.home.friends.filter(({ accountId }) => accountId === peer.accountId && !inside.has(accountId));
    const all = { displayName: t('All'), target: { type: 'all' } };
    const people = [...members, ...bots].map((one) => ({
      ...one,
      target: { type: 'user', userId: one.userId ?? one.accountId },
    }));
    return [...people, all].filter(({ displayName }) => displayName.toLocaleLowerCase().startsWith(start));
  }

  #choice(someone, typed) {
    const picture = avatar({ ...someone, id: someone.target.userId ?? '' }, 'small');
    const onclick = () => this.#choose(someone, typed);
    return h(
      'button.row-link',
      { type: 'button', onclick },
      picture,
      h('span.clip', { dir: 'auto' }, someone.displayName),
    );
  }

  #choose({ displayName, target }, typed) {
    const label = `@${displayName}`;
    const caret = this.input.selectionStart;
    this.input.setRangeText(`${label} `, caret - typed - 1, caret, 'end');
    this.chat.draft.sheet.mentions.push({ label, target });
    this.close();
    this.input.focus();
    this.input.dispatchEvent(new Event('input'));
  }
}
