// The switch that decides how messages become Read. It says beforehand what users will see.

import { h } from '../../dom.js';
import { confirm } from '../../dialog.js';
import { t, tn } from '../../i18n.js';
import * as calls from '../calls.js';
import { hrefOf } from '../place.js';
import { notice, switchRow } from '../../ui.js';

export class ChatSwitch {
  constructor(screen) {
    this.screen = screen;
    const { chat, option } = screen.settings;
    this.element = switchRow({
      label: t('Use chat'),
      note: t(
        'On: operators use the chat screen, and messages stay unread until they or the bot read them. Off: every message is Read on arrival.',
      ),
      checked: chat,
      disabled: option === 'in_use',
      act: (wanted) => (wanted ? this.turnOn() : this.turnOff()),
    });
  }

  note() {
    return optionNotice(this.screen.account);
  }

  async turnOn() {
    const text = t(
      'From now on messages stay unread on users’ phones until your bot or an operator reads them. What was Read stays Read.',
    );
    if (!(await confirm(t('Turn Chat on?'), text, { act: t('Turn Chat on') }))) return false;
    return this.screen.save({ chat: true });
  }

  async turnOff() {
    const unread = await unreadMessages(this.screen.account.accountId);
    if (!(await confirm(t('Turn Chat off?'), offText(unread), { act: t('Turn Chat off'), danger: unread.count > 0 })))
      return false;
    return this.screen.save({ chat: false });
  }
}

function offText({ count, more }) {
  const later = t('From then on every message shows Read as it arrives, and read tokens are refused.');
  if (!count) return `${t('No message is unread now, so nobody sees a change.')} ${later}`;
  const marks = more
    ? tn(
        'Turning Chat off marks more than {n} unread message Read: users see it at once.',
        'Turning Chat off marks more than {n} unread messages Read: users see it at once.',
        count,
      )
    : tn(
        'Turning Chat off marks {n} unread message Read: its user sees it at once.',
        'Turning Chat off marks {n} unread messages Read: users see it at once.',
        count,
      );
  return `${marks} ${later}`;
}

/** How many messages are not Read yet, all chats together. */
export async function unreadMessages(accountId) {
  try {
    const { chats, next } = await calls.chats({ accountId, limit: 200 });
    return { count: chats.reduce((sum, { unread }) => sum + unread, 0), more: Boolean(next) };
  } catch {
    return { count: 0, more: false };
  }
}

/** Why Chat cannot be turned on, with the way out; null when it can. */
function optionNotice({ accountId, settings }) {
  if (settings.option !== 'in_use') return null;
  const link = h('a', { href: hrefOf({ accountId, section: 'option' }) }, t('Option API'));
  return notice('info', t('Chat stays off while the option API is in use. Withdraw it first:'), ' ', link);
}
