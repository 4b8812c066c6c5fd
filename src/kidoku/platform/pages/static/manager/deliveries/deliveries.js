// Webhook deliveries: all of them, one of them, or the statistics of errors.

import { h, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { hrefOf } from '../place.js';
import { page } from '../../ui.js';
import { DeliveryPane } from './delivery.js';
import { ErrorsPane } from './errors.js';
import { DeliveryList } from './list.js';

export class DeliveriesScreen {
  constructor(manager, place) {
    this.manager = manager;
    this.body = h('div.stack');
    this.tabs = h('nav.tabs-bar', { 'aria-label': t('Webhook deliveries') });
    this.element = page(
      t('Webhook deliveries'),
      { lead: t('Every event that goes to your bot, what the bot answered, and how long it took.') },
      this.tabs,
      this.body,
    );
    this.show(place);
  }

  get account() {
    return this.manager.account;
  }

  get title() {
    return this.pane?.title ?? t('Webhook deliveries');
  }

  show({ item }) {
    if (this.pane && item === this.item) return;
    this.item = item;
    this.pane = this.paneFor(item);
    show(this.tabs, this.tab('', t('Deliveries')), this.tab('errors', t('Error statistics')));
    show(this.body, this.pane.element);
  }

  paneFor(item) {
    if (item === 'errors') return new ErrorsPane(this);
    return item ? new DeliveryPane(this, item) : new DeliveryList(this);
  }

  tab(item, words) {
    const current = item === 'errors' ? this.item === 'errors' : this.item !== 'errors';
    return h('a', { href: this.hrefOf(item), 'aria-current': current ? 'page' : null }, words);
  }

  hrefOf(item) {
    return hrefOf({ accountId: this.account.accountId, section: 'deliveries', item });
  }

  accountChanged() {
    this.pane.accountChanged?.();
  }

  happened(event) {
    if (event.type === 'delivery') this.pane.happened(event);
  }

  refresh() {
    this.pane.refresh();
  }
}
