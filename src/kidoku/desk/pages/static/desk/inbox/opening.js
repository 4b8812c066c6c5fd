// What opening a chat does, by the channel's read policy: said before anybody opens one.

import { t, tn } from '../../i18n.js';
import { policyName } from '../settings/policies.js';

/** A sentence, and one more where messages that the bot took have a policy of their own. `channel` may be unknown. */
export function whatOpeningDoes(channel) {
  const { policy, botHandled } = channel?.readPolicy ?? {};
  const words = whatItDoes(channel?.readPolicy ?? {});
  if (!botHandled || botHandled === policy) return words;
  const own = t('What the bot has taken shows Read: {policy}.', { policy: policyName(botHandled) });
  return `${words} ${own}`;
}

function whatItDoes({ policy, afterS = 10, undoS = 3 }) {
  if (policy === 'on-open')
    return tn(
      'Opening shows Read on the user’s phone after {n} second. Peek tells the user nothing.',
      'Opening shows Read on the user’s phone after {n} seconds. Peek tells the user nothing.',
      undoS,
    );
  if (policy === 'on-open-after')
    return tn(
      'A chat kept open for {n} second shows Read on the user’s phone. Peek tells the user nothing.',
      'A chat kept open for {n} seconds shows Read on the user’s phone. Peek tells the user nothing.',
      Math.max(afterS, undoS),
    );
  if (policy === 'on-receive') return t('Every message shows Read on the user’s phone as it arrives.');
  if (policy === 'on-assign') return t('Opening tells the user nothing. Assigning or answering shows Read.');
  if (policy === 'manual') return t('Opening tells the user nothing. Only “Mark as read” shows Read.');
  return t('Opening tells the user nothing. Answering shows Read.');
}

/** Whether opening is something that the user will see. */
export function openingShows(channel) {
  const { policy, botHandled } = channel?.readPolicy ?? {};
  return [policy, botHandled].some((one) => ['on-open', 'on-open-after', 'on-receive'].includes(one));
}
