// Messaging API settings: what a bot needs to call this platform, and where its webhooks go.

import { h, show } from '../../dom.js';
import { report } from '../../dialog.js';
import { t } from '../../i18n.js';
import { credentials, snippetTabs } from '../../start/connect.js';
import * as calls from '../calls.js';
import { card, page } from '../../ui.js';
import { channelCard } from './credentials.js';
import { KeysCard } from './keys.js';
import { LimitsCard } from './limits.js';
import { WebhookCard } from './webhook.js';

export class ChannelScreen {
  constructor(manager) {
    this.manager = manager;
    this.title = t('Messaging API');
    this.channel = h('div');
    this.code = h('div');
    this.webhook = new WebhookCard(this);
    this.keys = new KeysCard(this);
    this.limits = new LimitsCard(this);
    const lead = t('What your bot needs to call this platform, and where its webhooks go.');
    const connect = card(
      t('Connect your bot'),
      h('p.muted', {}, t('Point your SDK here instead of to LINE. Nothing else in your bot changes.')),
      this.code,
    );
    this.element = page(
      this.title,
      { lead },
      this.webhook.element,
      this.channel,
      connect,
      this.keys.element,
      this.limits.element,
    );
    this.accountChanged();
  }

  get account() {
    return this.manager.account;
  }

  get unsaved() {
    return this.webhook.unsaved;
  }

  accountChanged() {
    const drawn = JSON.stringify([this.account.channelSecret, this.account.channelAccessToken, this.account.tokens]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      show(this.channel, channelCard(this));
      show(this.code, snippetTabs(credentials(this.account)));
    }
    this.webhook.accountChanged();
    this.limits.accountChanged();
  }

  refresh() {
    this.keys.refresh();
  }

  /** Do something to the channel and show what it became. What is refused is told. */
  async change(act) {
    try {
      await act(this.account.accountId);
      await this.manager.reload();
      return true;
    } catch (problem) {
      report(problem);
      return false;
    }
  }

  save(changes) {
    return this.change((accountId) => calls.changeSettings(accountId, changes));
  }
}
