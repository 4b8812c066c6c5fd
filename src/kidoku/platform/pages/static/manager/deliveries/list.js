// The list of deliveries, newest first, under a chart of the newest outcomes.

import { h, icon, reconcile, show } from '../../dom.js';
import { number } from '../../format.js';
import { t } from '../../i18n.js';
import { empty } from '../../parts.js';
import * as calls from '../calls.js';
import { span } from '../../durations.js';
import { hrefOf } from '../place.js';
import { card, fill, moment, segmented, soon } from '../../ui.js';
import { drawBars } from './bars.js';
import { STATE_NAMES, reasonText, stateBadge, stateName } from './states.js';

const PAGE = 50;
const BARS = 80;

export class DeliveryList {
  constructor(screen) {
    this.screen = screen;
    this.title = t('Webhook deliveries');
    this.state = '';
    this.limit = PAGE;
    this.soon = soon(() => this.refresh());
    this.chart = h('div.chart');
    this.box = h('div');
    this.list = h('ul.records');
    this.more = h(
      'button.button.button--wide',
      { type: 'button', hidden: true, onclick: () => this.showMore() },
      t('Earlier deliveries'),
    );
    const options = [{ value: '', text: t('All') }, ...STATE_NAMES.map((value) => ({ value, text: stateName(value) }))];
    const filters = segmented(t('Which deliveries'), options, this.state, (state) => this.choose(state));
    this.element = h(
      'div.stack',
      {},
      card(t('The newest deliveries'), this.chart),
      h('div', {}, filters),
      this.box,
      this.more,
    );
    this.names = new Map();
    this.learnNames();
    this.refresh();
  }

  // Deliveries name their chat by ID; people know it by name.
  async learnNames() {
    const answer = await calls
      .chats({ accountId: this.screen.account.accountId, limit: 200 })
      .catch(() => ({ chats: [] }));
    this.names = new Map(answer.chats.map(({ peer }) => [peer.id, peer.displayName]));
    for (const element of this.list.children) element.shape = null;
    if (this.answer) this.draw(this.answer);
  }

  choose(state) {
    this.state = state;
    this.limit = PAGE;
    this.refresh();
  }

  showMore() {
    this.limit += PAGE;
    this.refresh();
  }

  happened() {
    this.soon();
  }

  refresh() {
    const { accountId } = this.screen.account;
    const asked = (this.asked = { accountId, state: this.state, limit: Math.min(this.limit, 200) });
    return Promise.all([
      fill(
        this.box,
        () => calls.deliveries(asked),
        (answer) => asked === this.asked && this.draw(answer),
      ),
      fill(
        this.chart,
        () => calls.deliveries({ accountId, limit: BARS }),
        ({ deliveries }) => this.drawChart(deliveries),
      ),
    ]);
  }

  drawChart(deliveries) {
    const open = (id) => this.screen.manager.go({ section: 'deliveries', item: id });
    show(
      this.chart,
      deliveries.length ? drawBars(deliveries, { open }) : h('p.muted', {}, t('Nothing has been sent yet.')),
    );
  }

  draw(answer) {
    const { deliveries, next } = answer;
    this.answer = answer;
    this.more.hidden = !next || this.limit >= 200;
    if (!deliveries.length) return show(this.box, this.nothing());
    if (!this.list.isConnected) show(this.box, this.list);
    reconcile(this.list, deliveries, {
      key: ({ deliveryId }) => deliveryId,
      create: (delivery) => this.update(h('li'), delivery),
      update: (element, delivery) => this.update(element, delivery),
    });
    return undefined;
  }

  nothing() {
    if (this.state) return h('p.empty', {}, t('No delivery is like that.'));
    const { accountId, settings } = this.screen.account;
    if (settings.webhook)
      return empty({
        art: icon('webhook'),
        title: t('No deliveries yet'),
        text: t('Write to the account on a phone: the webhook appears here at once.'),
      });
    const action = h(
      'a.button.button--primary',
      { href: hrefOf({ accountId, section: 'messaging-api' }) },
      t('Set the webhook URL'),
    );
    return empty({
      art: icon('webhook'),
      title: t('No deliveries yet'),
      text: t('The account does not know where your bot listens.'),
      action,
    });
  }

  update(element, delivery) {
    const shape = JSON.stringify(delivery);
    if (element.shape === shape) return element;
    element.shape = shape;
    const focused = element.contains(document.activeElement);
    show(element, this.row(delivery));
    if (focused) element.firstElementChild.focus();
    return element;
  }

  row(delivery) {
    const { deliveryId, eventTypes, state, attempts, createdAt, settledAt } = delivery;
    const took = state === 'delivered' && settledAt ? span(settledAt - createdAt) : '';
    return h(
      'a.record',
      { href: this.screen.hrefOf(deliveryId) },
      moment(createdAt),
      h(
        'span.record__what',
        {},
        h('b', {}, eventTypes.join(', ') || t('(no event)')),
        h('span.muted.small.clip', { dir: 'auto' }, this.peerOf(delivery)),
      ),
      h('span.record__why.muted', {}, state === 'delivered' ? '' : reasonText(delivery)),
      h(
        'span.record__count.muted.numeric',
        {},
        attempts > 1 ? t('{n} attempts', { n: number(attempts) }) : '',
        took && h('span', {}, took),
      ),
      stateBadge(state),
    );
  }

  peerOf({ userId, groupId }) {
    const id = groupId ?? userId ?? '';
    return this.names.get(id) ?? id;
  }
}
