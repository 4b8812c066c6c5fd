// An answer that did not arrive, or perhaps did not: what happened, what to do about it, and a way to send it again.

import { h, icon } from '../../dom.js';
import { confirm, report, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';

const ADVICE = {
  quota: () =>
    t(
      'The account’s messages of this month are used up. Answer when the user writes again: for a minute that is free. Or raise the plan in LINE Official Account Manager, then send it again.',
    ),
  unreachable: () =>
    t(
      'LINE cannot reach this user: they have left or deleted their account. Sending again helps only if they come back.',
    ),
  'access-token': () =>
    t(
      'LINE refuses the channel’s access token. Issue a new one in the LINE Developers Console, enter it in the settings, then send this again.',
    ),
  'not-entitled': () =>
    t('LINE does not let this channel send that. Look at its plan and rights in the LINE Developers Console.'),
  'wrong-base-url': () =>
    t('There is no LINE API at the channel’s address. Check the API address in the settings, then send this again.'),
  'maybe-sent': () =>
    t(
      'LINE gave no answer: perhaps the user has it. Ask, or look at their next message, before you send it again: they may see it twice.',
    ),
  'gave-up': () =>
    t('LINE could not be reached for almost a day. The user has not got it. Send it again when LINE answers.'),
  refused: () => t('LINE refused it and says why below. Write it anew without that, or mend it and send this again.'),
};

const UNSURE = () => t('LINE did not confirm it, but has very likely sent it.');

/** What became of an answer, in words. */
export function deliveryWords({ state, advice }) {
  return state === 'failed' ? (ADVICE[advice] ?? ADVICE.refused)() : UNSURE();
}

/** Whether there is something to say: it failed, or nobody knows. */
export function isTrouble(delivery) {
  return delivery?.state === 'failed' || (delivery?.state === 'sent' && !delivery.certain);
}

/** The notice below an answer's last bubble. */
export function deliveryNotice(message, pane) {
  const { delivery } = message;
  const failed = delivery.state === 'failed';
  const again = h(
    'button.button.button--small',
    { type: 'button', disabled: Boolean(pane.cannotSend), onclick: () => sendAgain(delivery, pane, again) },
    icon('refresh', 'icon--small'),
    t('Send again'),
  );
  return h(
    'div.delivery',
    { class: failed ? 'delivery--failed' : '', role: 'note' },
    h('p', {}, icon(failed ? 'warning' : 'info', 'icon--small'), h('span', {}, deliveryWords(delivery))),
    delivery.problem && h('code.delivery__problem', { dir: 'ltr' }, delivery.problem),
    h('div.delivery__acts', {}, again, h('span', {}, pane.cannotSend || costs(pane))),
  );
}

function costs(pane) {
  return pane.isFree ? '' : t('A push: it counts towards the monthly messages.');
}

// LINE knows a push by its retry key for a day; of a reply that perhaps arrived nothing tells.
function warning({ way }) {
  if (way === 'push')
    return t('For a day LINE knows this push again and sends it only once. After that, the user may see it twice.');
  return t('If LINE has sent it already, the user sees it twice.');
}

async function sendAgain(delivery, pane, button) {
  if (!delivery.certain) {
    const sure = await confirm(t('Send it again?'), warning(delivery), { act: t('Send again') });
    if (!sure) return;
  }
  button.disabled = true;
  try {
    await calls.retryReply(pane.chatId, delivery.replyId);
    toast(t('Sending it again.'));
  } catch (problem) {
    report(problem);
    button.disabled = false;
  }
  pane.soon();
}
