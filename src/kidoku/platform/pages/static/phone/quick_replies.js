// Quick replies: buttons under the newest message, gone when one of them is used or the chat goes on.

import { h, show } from '../dom.js';
import { actionControl } from '../chat/cards.js';
import { t } from '../i18n.js';
import { compareIds } from './conversation.js';

// Tapping one of these ends nothing: what it sends does, as a newer message.
const SENDS_A_MESSAGE = new Set(['message', 'camera', 'cameraRoll', 'location']);

/**
 * Show the quick replies of the newest message of a chat. They go when one of them is tapped; where data is asked for
 * first, when it is sent; and when anybody sends a message, until that is unsent (LINE: "Use quick replies").
 */
export function drawQuickReplies(bar, chat) {
  const message = chat.conversation.messages.findLast(({ unsent }) => !unsent);
  const items = !message || message.own || isUsed(chat, message) ? [] : (message.quickReply?.items ?? []);
  const shape = JSON.stringify([message?.id, items]);
  if (bar.shape === shape) return;
  bar.shape = shape;
  bar.hidden = !items.length;
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', t('Quick replies'));
  const use = (used) => {
    setUsed(chat, message, used);
    drawQuickReplies(bar, chat);
  };
  show(
    bar,
    items.map((item) => chip(item, (action) => chat.perform(action, message), use)),
  );
}

function chip({ action, imageUrl }, perform, use) {
  const picture = imageUrl && h('img', { src: imageUrl, alt: '', referrerpolicy: 'no-referrer' });
  const tapped = async () => {
    const atOnce = action.type !== 'datetimepicker' && !SENDS_A_MESSAGE.has(action.type);
    if (atOnce) use(true);
    const done = await perform(action);
    if (atOnce && done === false) use(false);
    if (action.type === 'datetimepicker' && done) use(true);
  };
  const control = actionControl(action, tapped, 'button button--small quick__chip', [picture, action.label]);
  // The browser follows a link by itself.
  if (control.href) control.addEventListener('click', () => use(true));
  return control;
}

// What was tapped may leave nothing in the chat: it is kept here, for reloads too.
const key = ({ me, conversation }) => `quick-replies ${me.userId} ${conversation.peerId}`;

function isUsed(chat, message) {
  const last = sessionStorage.getItem(key(chat));
  return last !== null && compareIds(message.id, last) <= 0;
}

function setUsed(chat, message, used) {
  if (used) sessionStorage.setItem(key(chat), message.id);
  else sessionStorage.removeItem(key(chat));
}
