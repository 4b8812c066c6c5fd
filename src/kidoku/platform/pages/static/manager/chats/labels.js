// The folders that operators sort chats into. They say nothing about Read.

import { iconButton } from '../../dom.js';
import { menu, report, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';

const LABELS = {
  inbox: { icon: 'inbox', words: () => t('Inbox') },
  follow_up: { icon: 'flag', words: () => t('Follow-up') },
  resolved: { icon: 'check', words: () => t('Resolved') },
  spam: { icon: 'block', words: () => t('Spam') },
};

/** What a folder is called. */
export function labelName(label) {
  return LABELS[label]?.words() ?? label;
}

/** A button that moves the chat to another folder. */
export function labelButton(pane) {
  const open = () => {
    const items = Object.entries(LABELS).map(([label, { icon, words }]) => ({
      icon,
      label: words(),
      act: () => move(pane, label),
    }));
    menu(button, items);
  };
  const button = iconButton('flag', t('Move to another folder'), open, {
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
  });
  return button;
}

async function move({ screen, peerId }, label) {
  try {
    await calls.setLabel(screen.account.accountId, peerId, label);
    toast(t('Moved to {folder}.', { folder: labelName(label) }));
    screen.list.refresh();
  } catch (problem) {
    report(problem);
  }
}
