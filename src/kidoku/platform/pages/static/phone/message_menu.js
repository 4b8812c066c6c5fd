// What can be done with a message: answer it, copy it, edit it, take it back.

import { confirm, menu, report } from '../dialog.js';
import { t } from '../i18n.js';
import { copy } from '../parts.js';
import * as calls from './calls.js';

// LINE gives quote tokens to these only.
const QUOTABLE = new Set(['text', 'sticker', 'image', 'video', 'template', 'flex', 'imagemap']);
const LONG_PRESS_MS = 480;

/** Open the menu by right click or long press anywhere on a message. */
export function wireMessageMenu(chat) {
  const open = (event) => {
    const element = event.target.closest('.message');
    const message = element && chat.conversation.find(element.dataset.key);
    if (!message || message.unsent || event.target.closest('a, video, input')) return false;
    const anchor = element.querySelector('.message__menu') ?? element;
    chat.openMenu(message, anchor, { x: event.clientX, y: event.clientY });
    return true;
  };
  chat.log.addEventListener('contextmenu', (event) => open(event) && event.preventDefault());
  wireLongPress(chat.log, open);
}

// Safari on phones has no contextmenu event.
function wireLongPress(log, open) {
  let timer = null;
  const cancel = () => clearTimeout(timer);
  log.addEventListener('pointerdown', (event) => {
    cancel();
    if (event.pointerType === 'touch') timer = setTimeout(() => open(event), LONG_PRESS_MS);
  });
  for (const type of ['pointerup', 'pointermove', 'pointercancel', 'contextmenu']) log.addEventListener(type, cancel);
}

/** Show the menu of one message beside `anchor`, or at a point. */
export function openMessageMenu(chat, message, anchor, at) {
  const text = message.type === 'text';
  const items = [
    QUOTABLE.has(message.type) &&
      !chat.blocked && { label: t('Reply'), icon: 'quote', act: () => chat.composer.quote(message) },
    text && { label: t('Copy'), icon: 'copy', act: () => copy(message.text) },
    canEdit(chat, message) && { label: t('Edit'), icon: 'edit', act: () => chat.composer.edit(message) },
    message.own && { label: t('Unsend'), icon: 'undo', danger: true, act: () => unsend(chat, message) },
  ].filter(Boolean);
  if (items.length) menu(anchor, items, at);
}

/** People may edit their own texts, in groups only, as in LINE. */
export function canEdit(chat, message) {
  return chat.isGroup && message.own && message.type === 'text' && !message.unsent && !message.draft;
}

async function unsend(chat, message) {
  const sure = await confirm(
    t('Unsend this message?'),
    t('It disappears for everyone in the chat, and bots are told to forget it.'),
    { act: t('Unsend'), danger: true },
  );
  if (!sure) return;
  try {
    await calls.unsend(chat.me.userId, chat.conversation.peerId, message.id);
    chat.change(() => chat.conversation.unsent(message.id));
  } catch (problem) {
    report(problem);
  }
}
