// The agents: who may sign in, and as what.

import { h, icon, iconButton, show } from '../../dom.js';
import { confirm, field, formDialog, menu, report, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import { limited } from '../../long_text.js';
import { avatar } from '../../parts.js';
import { card, notice } from '../../ui.js';
import * as calls from '../calls.js';

const SHORTEST = 10;

export class AgentsPart {
  constructor(desk) {
    this.desk = desk;
    this.element = h('div.stack');
    this.known();
  }

  known() {
    const { agents, isAdmin } = this.desk;
    const add = h(
      'button.button.button--primary',
      { type: 'button', onclick: () => this.add() },
      icon('person-add'),
      t('Add an agent'),
    );
    show(
      this.element,
      !isAdmin && notice('info', t('Only admins add and change agents.')),
      card(
        '',
        h(
          'ul.rows.rows--inset',
          {},
          agents.map((agent) => this.row(agent)),
        ),
      ),
      isAdmin && h('div', {}, add),
    );
  }

  row(agent) {
    const { agentId, name, login, role, disabled } = agent;
    const button = iconButton('more', t('More about {name}', { name }), () => this.menu(button, agent), {
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
    });
    return h(
      'li.row-link.agent',
      {},
      avatar({ id: agentId, displayName: name }),
      h('span.grow', {}, h('span.row-name.clip', { dir: 'auto' }, name), h('span.row-note.clip', {}, login)),
      role === 'admin' && h('span.badge.badge--info', {}, t('Admin')),
      disabled && h('span.badge.badge--warning', {}, t('Cannot sign in')),
      agentId === this.desk.myId && h('span.badge', {}, t('You')),
      this.desk.isAdmin && button,
    );
  }

  menu(anchor, agent) {
    const { agentId, name, role, disabled } = agent;
    const change = (body, words) => this.attempt(() => calls.changeAgent(agentId, body), words);
    menu(anchor, [
      role === 'admin'
        ? { icon: 'person', label: t('Make an ordinary agent'), act: () => change({ role: 'agent' }, t('Saved')) }
        : { icon: 'key', label: t('Make an admin'), act: () => change({ role: 'admin' }, t('Saved')) },
      { icon: 'lock', label: t('Set a new password'), act: () => this.password(agent) },
      disabled
        ? { icon: 'check', label: t('Let sign in again'), act: () => change({ disabled: false }, t('Saved')) }
        : { icon: 'block', label: t('Lock out'), danger: true, act: () => this.lockOut(agentId, name) },
    ]);
  }

  async lockOut(agentId, name) {
    const text = t('{name} is signed out everywhere and cannot sign in again. What they did keeps their name.', {
      name,
    });
    const sure = await confirm(t('Lock out {name}?', { name }), text, { act: t('Lock out'), danger: true });
    if (sure) await this.attempt(() => calls.changeAgent(agentId, { disabled: true }), t('Locked out.'));
  }

  password({ agentId, name }) {
    return formDialog(t('A new password for {name}', { name }), [passwordField(t('Password'))], {
      act: t('Save'),
      save: async (form) => {
        await calls.changeAgent(agentId, { password: form.get('password') });
        toast(t('Saved. They are signed out everywhere.'));
      },
    });
  }

  add() {
    const role = h('select.select', { name: 'role' }, [
      h('option', { value: 'agent' }, t('Agent')),
      h('option', { value: 'admin' }, t('Admin: may change channels and agents')),
    ]);
    const login = limited(
      64,
      h('input.input', {
        name: 'login',
        required: true,
        pattern: '[A-Za-z0-9][A-Za-z0-9._@+\\-]*',
        autocomplete: 'off',
        autocapitalize: 'none',
        spellcheck: 'false',
      }),
    );
    const fields = [
      field(t('Name'), limited(100, h('input.input', { name: 'name', required: true, dir: 'auto' }))),
      field(t('Login'), login, t('Letters, digits, and . _ @ + -')),
      passwordField(t('Password')),
      field(t('Role'), role),
    ];
    return formDialog(t('Add an agent'), fields, {
      act: t('Add'),
      save: async (form) => {
        await calls.addAgent(Object.fromEntries(form));
        await this.desk.reload();
      },
    });
  }

  async attempt(act, words) {
    try {
      await act();
      await this.desk.reload();
      toast(words);
    } catch (problem) {
      report(problem);
    }
  }
}

/** A field for a new password. */
export function passwordField(label) {
  const input = limited(
    256,
    h('input.input', {
      name: 'password',
      type: 'password',
      required: true,
      minlength: SHORTEST,
      autocomplete: 'new-password',
    }),
  );
  return field(label, input, t('{n} characters at least.', { n: SHORTEST }));
}
