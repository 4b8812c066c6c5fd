// About a chat: the account one talks with, or the group and who is in it.

import { h, icon, iconButton, show } from '../dom.js';
import { confirm, menu, report, toast } from '../dialog.js';
import { t, tn } from '../i18n.js';
import { avatar, copyable, empty, placeholderRows, problemState } from '../parts.js';
import * as calls from './calls.js';
import { addFriend } from './friends.js';
import { invite } from './group.js';
import { blockAccount } from './notices.js';
import { nameOf, renamed, someone } from './peers.js';
import { focusTitle, screenFrame } from './screen.js';

export class DetailsScreen {
  constructor(phone, peerId) {
    this.phone = phone;
    this.peerId = peerId;
    this.title = t('About this chat');
    this.body = h('div.screen__body.scroll', {}, placeholderRows(2));
    this.element = screenFrame({
      title: this.title,
      back: () => phone.go({ chat: peerId }),
      body: this.body,
      name: 'details',
    });
    this.refresh();
  }

  enter() {
    focusTitle(this.element);
  }

  get account() {
    return this.phone.home.friends.find(({ accountId }) => accountId === this.peerId);
  }

  async refresh() {
    try {
      this.peer = (await calls.messages(this.phone.me.userId, this.peerId)).peer;
      this.draw();
    } catch (problem) {
      show(
        this.body,
        problemState(problem, () => this.refresh()),
      );
    }
  }

  homeChanged() {
    if (this.peer) this.draw();
  }

  happened(event) {
    const changed = event.type === 'group' && event.groupId === this.peerId;
    if (changed || someone(this.peer, renamed(event))) this.refresh();
  }

  draw() {
    show(this.body, this.peer.kind === 'account' ? this.accountCard() : this.groupCard());
  }

  accountCard() {
    const account = this.account ?? { accountId: this.peerId, state: 'none', ...this.peer };
    return h(
      'div.about',
      {},
      avatar({ ...account, id: this.peerId, kind: 'account' }, 'large'),
      h('h2', { dir: 'auto' }, account.displayName),
      account.basicId && copyable(account.basicId, t('Copy the basic ID')),
      h('div.about__acts', {}, accountActs(this.phone, account)),
    );
  }

  groupCard() {
    const { peer, phone } = this;
    const members = peer.members ?? [];
    const bot = peer.accountId && !members.some(({ accountId }) => accountId === peer.accountId) ? this.bot() : null;
    return [
      h(
        'div.about',
        {},
        avatar(peer, 'large'),
        h('h2', { dir: 'auto' }, nameOf(peer)),
        h('p.muted', {}, tn('{n} member', '{n} members', peer.memberCount ?? members.length)),
      ),
      h(
        'div.screen__foot',
        {},
        h('button.button', { type: 'button', onclick: () => this.invite() }, icon('person-add'), t('Invite')),
      ),
      h(
        'ul.rows',
        {},
        [...members, bot].filter(Boolean).map((member) => h('li.row-pair', {}, this.member(member))),
      ),
      members.length ? null : empty({ title: t('Nobody is here.') }),
      h(
        'div.screen__foot',
        {},
        h(
          'button.button.button--danger',
          { type: 'button', onclick: () => this.leaveGroup(phone) },
          icon('leave'),
          t('Leave the group'),
        ),
      ),
    ];
  }

  bot() {
    const known = this.phone.home.friends.find(({ accountId }) => accountId === this.peer.accountId);
    return {
      accountId: this.peer.accountId,
      displayName: known?.displayName ?? t('Official Account'),
      pictureUrl: known?.pictureUrl,
    };
  }

  member(member) {
    const id = member.userId ?? member.accountId;
    const me = id === this.phone.me.userId;
    const about = me ? t('You') : member.accountId ? t('Official Account') : null;
    const name = h(
      'span.grow',
      {},
      h('span.row-name.clip', { dir: 'auto' }, member.displayName),
      about && h('span.row-note', {}, about),
    );
    const picture = avatar({ ...member, id, kind: member.accountId ? 'account' : 'user' });
    const tools = iconButton(
      'more',
      t('Menu for {name}', { name: member.displayName }),
      (event) => this.memberMenu(event, id, member),
      { 'aria-haspopup': 'menu' },
    );
    return [h('div.row-link.row-link--still', {}, picture, name), me ? null : tools];
  }

  memberMenu(event, id, member) {
    const act = () => this.dismiss(id, member);
    menu(event.currentTarget, [{ label: t('Remove from the group'), icon: 'leave', danger: true, act }]);
  }

  async dismiss(id, { displayName }) {
    const sure = await confirm(
      t('Remove {name}?', { name: displayName }),
      t('Everybody in the group sees that. Bots get an event.'),
      { act: t('Remove'), danger: true },
    );
    if (sure) await this.change(() => calls.leaveGroup(this.peerId, id));
  }

  async invite() {
    if (await invite(this.phone, this.peer)) await this.refresh();
  }

  async leaveGroup(phone) {
    const sure = await confirm(t('Leave the group?'), t('You no longer see its messages. Bots get an event.'), {
      act: t('Leave'),
      danger: true,
    });
    if (!sure || !(await this.change(() => calls.leaveGroup(this.peerId, phone.me.userId), false))) return;
    toast(t('You left {name}.', { name: nameOf(this.peer) }));
    await phone.refreshHome();
    phone.go({});
  }

  async change(act, stay = true) {
    try {
      await act();
      if (stay) await this.refresh();
      return true;
    } catch (problem) {
      report(problem);
      return false;
    }
  }
}

function accountActs(phone, account) {
  const add = (label) =>
    h(
      'button.button.button--primary',
      { type: 'button', onclick: () => addFriend(phone, account.accountId, account.displayName) },
      icon('person-add'),
      label,
    );
  const chat = h(
    'button.button',
    { type: 'button', onclick: () => phone.go({ chat: account.accountId }) },
    icon('chat'),
    t('Chat'),
  );
  const block = h(
    'button.button.button--danger',
    { type: 'button', onclick: () => blockAccount(phone, account) },
    icon('block'),
    t('Block'),
  );
  return { friend: [chat, block], none: [add(t('Add friend')), chat, block], blocked: [add(t('Unblock')), chat] }[
    account.state
  ];
}
