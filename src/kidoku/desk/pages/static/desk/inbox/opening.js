// What opening a chat does, by the channel's read policies: said before anybody opens one.

import { t, tn } from '../../i18n.js';
import { isUnread } from './messages.js';

/** What it does; of messages that the bot took by themselves, if they have a policy of their own. */
export function whatOpeningDoes(channel) {
  const policies = channel?.readPolicy ?? {};
  const { policy, botHandled } = policies;
  const words = whatItDoes(policies);
  if (!botHandled || botHandled === policy) return words;
  const own = whatItDoes({ ...policies, policy: botHandled });
  return t('What is left to people: {people} What the bot has taken: {bot}', { people: words, bot: own });
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

/** Whether opening is something that the user will see, by the policies of what is not Read yet. */
export function openingShows(channel, messages) {
  const { policy, botHandled } = channel?.readPolicy ?? {};
  const shows = (one) => ['on-open', 'on-open-after', 'on-receive'].includes(one);
  const [byPeople, byBot] = [shows(policy), shows(botHandled ?? policy)];
  // Of a message that the bot has not answered yet it is not known: then either may be.
  const may = ({ botHandled: taken }) => (taken !== true && byPeople) || (taken !== false && byBot);
  return messages.some((message) => isUnread(message) && may(message));
}
