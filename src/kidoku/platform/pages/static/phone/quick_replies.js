// Quick replies: buttons under the newest message, gone when the chat goes on.

import { h, show } from '../dom.js';
import { actionControl } from '../chat/cards.js';
import { t } from '../i18n.js';

/** Show the quick replies of `message`, if it has any. `act(action)` performs a tapped one. */
export function drawQuickReplies(bar, message, act) {
  const items = message && !message.own && !message.unsent ? (message.quickReply?.items ?? []) : [];
  const shape = JSON.stringify([message?.id, items]);
  if (bar.shape === shape) return;
  bar.shape = shape;
  bar.hidden = !items.length;
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', t('Quick replies'));
  const tapped = (action) => {
    bar.hidden = true;
    act(action);
  };
  show(
    bar,
    items.map((item) => chip(item, tapped)),
  );
}

function chip({ action, imageUrl }, act) {
  const picture = imageUrl && h('img', { src: imageUrl, alt: '', referrerpolicy: 'no-referrer' });
  return actionControl(action, act, 'button button--small quick__chip', [picture, action.label]);
}
