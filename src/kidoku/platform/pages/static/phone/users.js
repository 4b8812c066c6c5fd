// Whose phone is this? Choose a user, or create one.

import { languageOptions } from '../chrome.js';
import { h, icon, reconcile, show, showFor } from '../dom.js';
import { field, formDialog } from '../dialog.js';
import { language, t } from '../i18n.js';
import { limited } from '../long_text.js';
import { avatar, empty, placeholderRows, problemState } from '../parts.js';
import * as calls from './calls.js';
import { screenFrame } from './screen.js';
import { nothingFound, notAll, searchField } from './search.js';

const MANY = 10;

export class UsersScreen {
  constructor(phone) {
    this.phone = phone;
    this.title = t('Whose phone is this?');
    this.body = h('div.screen__body.scroll');
    this.list = h('ul.rows');
    this.rest = notAll();
    this.foot = h('div.screen__foot', {}, this.rest);
    this.query = '';
    this.search = searchField((query) => {
      this.query = query;
      this.refresh();
    }, 'screen__search');
    this.search.hidden = true;
    this.element = screenFrame({ title: this.title, body: [this.search, this.body], name: 'users' });
    this.add = h(
      'button.button.button--primary',
      { type: 'button', onclick: () => this.create() },
      icon('person-add'),
      t('Create a user'),
    );
    show(this.body, placeholderRows());
  }

  enter() {
    this.live = this.phone.stream('?types=user', {
      event: () => this.refresh(),
      fresh: () => this.refresh(),
    });
    this.live.begun.then(() => this.refresh());
  }

  leave() {
    this.live.close();
  }

  // One request at a time: what changes meanwhile is asked for by the next.
  refresh() {
    this.isOld = true;
    this.asking ??= this.load().finally(() => (this.asking = null));
  }

  async load() {
    while (this.isOld) {
      this.isOld = false;
      try {
        const { query } = this;
        this.draw(await calls.users({ query }), query);
      } catch (problem) {
        this.refuse(problem);
      }
    }
  }

  // The list that is there is kept: the banner tells about a lost server.
  refuse(problem) {
    if (this.list.isConnected) return;
    show(
      this.body,
      problemState(problem, () => this.refresh()),
    );
  }

  draw({ users, next }, query) {
    this.search.hidden = !query && !next && users.length < MANY;
    this.rest.hidden = !next;
    reconcile(this.list, users, {
      key: ({ userId }) => userId,
      create: (user) => this.update(h('li'), user),
      update: (element, user) => this.update(element, user),
    });
    if (!users.length) this.drawNone(query);
    else if (!this.list.isConnected) this.drawList();
  }

  drawList() {
    this.foot.append(this.add);
    show(this.body, this.list, this.foot);
  }

  drawNone(query) {
    if (query) return nothingFound(this.body);
    const text = t('A user is somebody who chats with Official Accounts. Give one a name, and this is their phone.');
    return show(this.body, empty({ title: t('No users yet'), text, action: this.add }));
  }

  update(element, user) {
    showFor(element, user, () => this.row(user));
    return element;
  }

  row(user) {
    return h(
      'button.row-link',
      { type: 'button', onclick: () => this.phone.go({ user: user.userId }) },
      avatar({ ...user, id: user.userId }),
      h('span.grow', {}, h('span.row-name.clip', { dir: 'auto' }, user.displayName), status(user)),
      icon('forward', 'icon--small'),
    );
  }

  async create() {
    const answer = await createUserDialog();
    if (answer) this.phone.go({ user: answer.userId });
  }
}

function status({ statusMessage }) {
  return statusMessage ? h('span.row-note.clip', { dir: 'auto' }, statusMessage) : null;
}

/** Ask for a name and a language, and create the user. Resolves to what the server answered, or undefined. */
export function createUserDialog() {
  const name = limited(
    20,
    h('input.input', {
      name: 'displayName',
      required: true,
      autocomplete: 'off',
      autofocus: true,
    }),
  );
  const spoken = h('select.select', { name: 'language' }, languageOptions());
  spoken.value = language;
  return formDialog(
    t('Create a user'),
    [field(t('Name'), name), field(t('Language'), spoken, t('Bots read it in the user’s profile.'))],
    {
      act: t('Create'),
      save: (form) => calls.createUser({ displayName: form.get('displayName').trim(), language: form.get('language') }),
    },
  );
}
