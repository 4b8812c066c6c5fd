// Response settings: how the account answers and reads.

import { h, show } from '../../dom.js';
import { report } from '../../dialog.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';
import { modeCard } from '../mode.js';
import { card, page, switchRow } from '../../ui.js';
import { AutoResponseCard } from './auto_response.js';
import { ChatSwitch } from './chat_switch.js';
import { GreetingCard } from './greeting.js';
import { HoursCard } from './hours.js';

export class ResponseScreen {
  constructor(manager) {
    this.manager = manager;
    this.title = t('Response settings');
    this.mode = h('div');
    this.switches = h('div');
    this.others = h('div');
    this.cards = [new GreetingCard(this), new AutoResponseCard(this), new HoursCard(this)];
    const lead = t('How the account answers, and by what a message becomes Read.');
    const forms = this.cards.map(({ element }) => element);
    this.element = page(
      this.title,
      { lead },
      this.mode,
      card(t('Chat and Webhook'), this.switches),
      forms,
      card(t('Groups'), this.others),
    );
    this.accountChanged();
  }

  get account() {
    return this.manager.account;
  }

  get settings() {
    return this.account.settings;
  }

  get unsaved() {
    return this.cards.some(({ unsaved }) => unsaved);
  }

  accountChanged() {
    const drawn = JSON.stringify([this.settings, this.account.readMode]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    show(this.mode, modeCard(this.account, { link: false }));
    const chat = new ChatSwitch(this);
    show(this.switches, chat.element, this.webhookSwitch(), chat.note());
    show(this.others, this.groupSwitch());
    for (const one of this.cards) one.settingsChanged();
  }

  /** Change some settings. What is refused is told, and thrown for whoever has to take something back. */
  async save(changes) {
    try {
      await calls.changeSettings(this.account.accountId, changes);
      await this.manager.reload();
    } catch (problem) {
      report(problem);
      throw problem;
    }
  }

  webhookSwitch() {
    return switchRow({
      label: t('Use webhook'),
      note: t(
        'Your bot gets an event for everything that happens in chats. While it is off, nothing is sent and nothing is kept for later.',
      ),
      checked: this.settings.useWebhook,
      act: (useWebhook) => this.save({ useWebhook }),
    });
  }

  groupSwitch() {
    return switchRow({
      label: t('Can be invited to groups'),
      note: t('Users may add the account to their groups. A group holds one Official Account at most.'),
      checked: this.settings.joinGroups,
      act: (joinGroups) => this.save({ joinGroups }),
    });
  }
}
