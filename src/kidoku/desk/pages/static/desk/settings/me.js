// What is one's own: name and password, the browsers one is signed in with, and how this browser behaves.

import { wirePreferences } from '../../chrome.js';
import { h, icon, show } from '../../dom.js';
import { field, formDialog, report, toast } from '../../dialog.js';
import { full } from '../../format.js';
import { t } from '../../i18n.js';
import { limited } from '../../long_text.js';
import { card, fill, notice, switchRow } from '../../ui.js';
import * as calls from '../calls.js';
import { enterSends, notifies, setEnterSends, setNotifies } from '../choices.js';
import { passwordField } from './agents.js';

export class MePart {
  constructor(desk) {
    this.desk = desk;
    this.sessions = h('div');
    this.element = h('div.stack', {}, this.browser(), desk.me ? this.account() : byKey());
    if (desk.me) this.refresh();
  }

  browser() {
    const preferences = document.getElementById('preferences').content.cloneNode(true);
    const row = h('div.row.row--spread', {}, h('span.setting__label', {}, t('Language and theme')), preferences);
    wirePreferences(row);
    return card(
      t('This browser'),
      row,
      switchRow({
        label: t('Enter sends'),
        note: t('Shift+Enter begins a new line. Off: Ctrl+Enter sends.'),
        checked: enterSends(),
        act: (wanted) => setEnterSends(wanted),
      }),
      switchRow({
        label: t('Desktop notifications'),
        note: t('Of new messages, while the desk is open but out of sight. Nothing becomes Read by them.'),
        checked: notifies(),
        act: async (wanted) => (await setNotifies(wanted)) === wanted,
      }),
    );
  }

  account() {
    const { me } = this.desk;
    const button = (symbol, words, act) =>
      h('button.button', { type: 'button', onclick: act }, icon(symbol, 'icon--small'), words);
    return h(
      'div.stack',
      {},
      card(
        me.name,
        h(
          'div.row',
          {},
          button('edit', t('Change the name'), () => this.rename()),
          button('lock', t('Change the password'), () => this.password()),
          button('signout', t('Sign out'), () => this.desk.signOut()),
        ),
      ),
      card(t('Where you are signed in'), this.sessions),
    );
  }

  refresh() {
    return fill(
      this.sessions,
      () => calls.sessions('me'),
      (sessions) =>
        show(
          this.sessions,
          h(
            'ul.sessions',
            {},
            sessions.map((one) => this.row(one)),
          ),
        ),
    );
  }

  row({ sessionId, createdAt, seenAt, userAgent, current }) {
    const end = async () => {
      try {
        await calls.endSession('me', sessionId);
        this.refresh();
      } catch (problem) {
        report(problem);
      }
    };
    return h(
      'li',
      {},
      icon('screen'),
      h(
        'div.grow',
        {},
        h('p', {}, browserName(userAgent), ' ', current && h('span.badge.badge--good', {}, t('This browser'))),
        h('p.muted.small', {}, t('Since {since}, last seen {seen}', { since: full(createdAt), seen: full(seenAt) })),
      ),
      !current && h('button.button.button--small', { type: 'button', onclick: end }, t('Sign out')),
    );
  }

  rename() {
    const input = limited(
      100,
      h('input.input', {
        name: 'name',
        required: true,
        dir: 'auto',
        value: this.desk.me.name,
      }),
    );
    return formDialog(t('Change the name'), [field(t('Name'), input)], {
      act: t('Save'),
      save: async (form) => {
        this.desk.me = await calls.changeAgent('me', { name: form.get('name') });
        show(this.element, this.browser(), this.account());
        this.refresh();
      },
    });
  }

  password() {
    const old = h('input.input', {
      name: 'oldPassword',
      type: 'password',
      required: true,
      autocomplete: 'current-password',
    });
    return formDialog(
      t('Change the password'),
      [field(t('Password until now'), old), passwordField(t('New password'))],
      {
        act: t('Save'),
        save: async (form) => {
          await calls.changeAgent('me', Object.fromEntries(form));
          toast(t('Saved. You are signed out everywhere else.'));
          this.refresh();
        },
      },
    );
  }
}

function byKey() {
  return notice('info', t('You are here by the API key, which belongs to no agent.'));
}

const BROWSERS = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

function browserName(userAgent) {
  const named = (known) => known.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  return [named(BROWSERS) ?? t('Another browser'), named(SYSTEMS)].filter(Boolean).join(', ');
}
