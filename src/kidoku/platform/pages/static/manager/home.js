// The account at a glance: what users see now, how much waits, and what became Read lately.

import { summary } from '../chat/contents.js';
import { h, icon, iconButton, show } from '../dom.js';
import { brief, number } from '../format.js';
import { t, tn } from '../i18n.js';
import { avatar, copyable } from '../parts.js';
import * as calls from './calls.js';
import { causeBadge, modeCard } from './mode.js';
import { hrefOf } from './place.js';
import { editProfile } from './profile.js';
import { card, facts, fill, moment, notice, page, soon } from '../ui.js';

const SHOWN = 12;
const CHATS_LOOKED_AT = 8;
const MOVES = new Set(['message', 'read', 'chat', 'delivery', 'unsend']);

export class HomeScreen {
  constructor(manager) {
    this.manager = manager;
    this.title = t('Home');
    this.mode = h('div');
    this.warnings = h('div.stack.stack--tight');
    this.numbers = h('div.numbers');
    this.reads = h('div');
    this.waiting = h('div');
    this.about = h('div');
    this.soon = soon(() => this.refresh(), 400);
    const columns = h(
      'div.columns',
      {},
      card(t('Lately read'), this.reads),
      h('div.stack', {}, card(t('Waiting to be read'), this.waiting), card(null, aboutHead(manager), this.about)),
    );
    this.element = page(
      this.title,
      { lead: t('What users see right now, and by what it changes.') },
      this.warnings,
      this.mode,
      this.numbers,
      columns,
    );
    this.accountChanged();
    this.refresh();
  }

  accountChanged() {
    const { account } = this.manager;
    show(this.mode, modeCard(account));
    show(this.warnings, warnings(account));
    show(this.about, about(account));
  }

  happened(event) {
    if (MOVES.has(event.type)) this.soon();
  }

  async refresh() {
    const { accountId } = this.manager;
    await fill(
      this.reads,
      () => this.load(accountId),
      (loaded) => this.draw(loaded),
    );
  }

  async load(accountId) {
    const [{ chats }, failed] = await Promise.all([
      calls.chats({ accountId, limit: 100 }),
      calls.deliveries({ accountId, state: 'failed', limit: 50 }),
    ]);
    const moved = chats.filter(({ readSeq }) => readSeq > 0).slice(0, CHATS_LOOKED_AT);
    const lines = await Promise.all(moved.map((chat) => this.stepsOf(accountId, chat)));
    const reads = lines
      .flat()
      .sort((a, b) => b.at - a.at)
      .slice(0, SHOWN);
    return { chats, reads, failed: failed.deliveries.length };
  }

  async stepsOf(accountId, chat) {
    const { steps } = await calls.timeline(accountId, chat.peer.id, { limit: SHOWN });
    return steps.map((step) => ({ ...step, chat }));
  }

  draw({ chats, reads, failed }) {
    const { accountId } = this.manager;
    show(this.numbers, numbers(accountId, chats, failed));
    show(
      this.reads,
      reads.length
        ? h(
            'ul.reads',
            {},
            reads.map((read) => readRow(accountId, read)),
          )
        : noReads(),
    );
    const waiting = chats.filter(({ unread }) => unread > 0).slice(0, 5);
    show(
      this.waiting,
      waiting.length
        ? h(
            'ul.rows.rows--inset',
            {},
            waiting.map((chat) => waitingRow(accountId, chat)),
          )
        : noneWaiting(),
    );
  }
}

function warnings({ accountId, settings, failingSince }) {
  const channel = hrefOf({ accountId, section: 'messaging-api' });
  const link = (text) => h('a', { href: channel }, text);
  return [
    settings.suspended &&
      notice(
        'danger',
        t('Webhooks are suspended because the endpoint failed for long.'),
        ' ',
        link(t('Verify the webhook')),
      ),
    !settings.suspended &&
      failingSince &&
      notice(
        'warning',
        t('The webhook endpoint is failing.'),
        ' ',
        h('a', { href: hrefOf({ accountId, section: 'deliveries' }) }, t('See why')),
      ),
    settings.useWebhook &&
      !settings.webhook &&
      notice('info', t('No webhook URL is set, so no bot hears of messages.'), ' ', link(t('Connect a bot'))),
  ];
}

function numbers(accountId, chats, failed) {
  const sum = (name) => chats.reduce((total, chat) => total + (chat[name] ?? 0), 0);
  const chatsHref = hrefOf({ accountId, section: 'chats' });
  const more = chats.length >= 100 ? '+' : '';
  return [
    tile(number(chats.length) + more, t('Chats'), chatsHref),
    tile(number(sum('unread')), t('Messages not yet Read'), chatsHref, sum('unread') ? 'unread' : ''),
    tile(number(sum('badge')), t('Messages no operator has seen'), chatsHref),
    tile(
      number(failed) + (failed >= 50 ? '+' : ''),
      t('Failed deliveries'),
      hrefOf({ accountId, section: 'deliveries' }),
      failed ? 'danger' : '',
    ),
  ];
}

function tile(value, label, href, kind = '') {
  return h('a.number', { href, class: kind && `number--${kind}` }, h('b.numeric', {}, value), h('span', {}, label));
}

function readRow(accountId, { chat, fromSeq, toSeq, at, cause }) {
  const count = toSeq - fromSeq;
  return h(
    'li',
    {},
    h(
      'a.row-link',
      { href: hrefOf({ accountId, section: 'chats', item: chat.peer.id, peek: true }) },
      avatar(chat.peer, 'small'),
      h(
        'span.grow',
        {},
        h('span.row-name.clip', { dir: 'auto' }, chat.peer.displayName),
        h('span.row-note', {}, tn('{n} message became Read', '{n} messages became Read', count)),
      ),
      h('span.row-side', {}, causeBadge(cause), moment(at)),
    ),
  );
}

function waitingRow(accountId, { peer, unread, lastMessage, lastMessageAt }) {
  return h(
    'li',
    {},
    h(
      'a.row-link',
      { href: hrefOf({ accountId, section: 'chats', item: peer.id, peek: true }) },
      avatar(peer, 'small'),
      h(
        'span.grow',
        {},
        h('span.row-name.clip', { dir: 'auto' }, peer.displayName),
        h('span.row-note.clip', { dir: 'auto' }, lastMessage ? summary(lastMessage) : ''),
      ),
      h(
        'span.row-side',
        {},
        lastMessageAt && h('time', {}, brief(lastMessageAt)),
        h('span.unread-mark', {}, tn('{n} unread', '{n} unread', unread)),
      ),
    ),
  );
}

function noReads() {
  return h('p.muted', {}, t('Nothing has been read yet. Write something on a phone, and watch it here.'));
}

function noneWaiting() {
  return h('p.muted.row', {}, icon('check', 'icon--small'), t('Everything has been read.'));
}

function aboutHead(manager) {
  return h(
    'div.row.row--spread',
    {},
    h('h2', {}, t('This account')),
    iconButton('edit', t('Edit name and picture'), () => editProfile(manager)),
  );
}

function about({ accountId, basicId, providerId, chatMode, markAsReadMode, friends, quota }) {
  const used = quota.limit === null ? number(quota.used) : `${number(quota.used)} / ${number(quota.limit)}`;
  return facts([
    [t('Basic ID'), h('code', {}, basicId)],
    [t('Account ID'), copyable(accountId, t('Copy the account ID'))],
    [t('Provider'), h('code', {}, providerId)],
    [t('Friends'), number(friends)],
    [t('Sent this month'), used],
    [t('Bot info says'), h('code', {}, `chatMode ${chatMode}, markAsReadMode ${markAsReadMode}`)],
  ]);
}
