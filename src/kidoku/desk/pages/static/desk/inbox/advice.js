// What a person can do about a mark that LINE refused, in words. The codes are core.mark_attempt's.

import { t } from '../../i18n.js';

const ADVICE = {
  'chat-off': () =>
    t(
      'Turn on Chat in LINE Official Account Manager (Settings, Response settings), then try again: with Chat off, LINE takes no read marks.',
    ),
  'wrong-channel': () =>
    t(
      'LINE does not know this read token. The channel’s access token belongs to another bot than the one that got the message: check both in the settings.',
    ),
  'access-token': () =>
    t(
      'LINE refuses the channel’s access token. Issue a new one in the LINE Developers Console and enter it in the settings: then this is tried again by itself.',
    ),
  'not-entitled': () =>
    t(
      'This account may not mark by user: that needs LINE’s corporate option. Let the channel mark by token in the settings.',
    ),
  'wrong-base-url': () => t('There is no LINE API at the channel’s address. Check the API address in the settings.'),
  'newer-message': () =>
    t(
      'A newer message came meanwhile, and trying again would mark that one too. Mark it as read by hand if that is right.',
    ),
  'gave-up': () => t('LINE could not be reached for more than a day. Try again when it can be.'),
  refused: () => t('LINE refused it and says why below. Mend that, then try again.'),
};

/** An advice code in words. */
export function adviceOf(code) {
  return (ADVICE[code] ?? ADVICE.refused)();
}
