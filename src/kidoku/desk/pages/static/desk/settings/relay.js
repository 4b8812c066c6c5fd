// What the bot behind a channel has not taken: how much waits, and what was given up, which can be sent again.

import { h, icon, show } from '../../dom.js';
import { report, toast } from '../../dialog.js';
import { t, tn } from '../../i18n.js';
import { notice, soon } from '../../ui.js';
import * as calls from '../calls.js';

const SOON_MS = 500;

/** A line of a channel's card; nothing while its bot takes everything. */
export class RelayLine {
  constructor(channel) {
    this.channel = channel;
    this.element = h('div.stack.stack--tight', { hidden: true });
    this.soon = soon(() => this.refresh(), SOON_MS);
    this.refresh();
  }

  async refresh() {
    const counts = await calls.relayCounts(this.channel.channelKey).catch(() => null);
    if (counts === null) return;
    const { parked = 0, queued = 0, waiting = 0, sending = 0 } = counts;
    const open = queued + waiting + sending;
    show(
      this.element,
      open > 0 && h('p.muted', {}, tn('{n} webhook waits for the bot.', '{n} webhooks wait for the bot.', open)),
      parked > 0 && this.parked(parked),
    );
    this.element.hidden = !open && !parked;
  }

  parked(count) {
    const button = h(
      'button.button.button--small',
      { type: 'button', onclick: () => this.sendAgain(button), disabled: !this.channel.relayUrl },
      icon('refresh', 'icon--small'),
      t('Send again'),
    );
    const words = tn('{n} webhook never reached the bot.', '{n} webhooks never reached the bot.', count);
    return notice('warning', h('div.row', {}, h('span.grow', {}, words), button));
  }

  async sendAgain(button) {
    button.disabled = true;
    try {
      await calls.retryRelays(this.channel.channelKey);
      toast(t('Trying again.'));
    } catch (problem) {
      report(problem);
    }
    await this.refresh();
  }
}
