// Desktop notifications: asked for by the agent, and only while the page is out of sight.

import { summary } from '../chat/contents.js';
import { t } from '../i18n.js';
import * as calls from './calls.js';
import { notifies } from './choices.js';

/** Tell about a message of a user's. A click leads to its chat, without opening it. */
export async function tellOf(desk, { chatId, direction = 'in' }) {
  if (direction !== 'in' || !document.hidden || !notifies()) return;
  const chat = await calls.chat(chatId).catch(() => null);
  if (!chat || chat.lastMessage?.direction === 'out') return;
  const note = new Notification(chat.displayName ?? t('Somebody'), {
    body: summary(chat.lastMessage ?? {}),
    tag: chatId,
    icon: chat.pictureUrl ?? undefined,
  });
  note.addEventListener('click', () => {
    focus();
    note.close();
    desk.go({ item: chatId, peek: true });
  });
}
