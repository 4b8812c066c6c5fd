// What users sent and is not here: on its way, gone, or not fetched, with another try where that may help.

import { h, icon } from '../../dom.js';
import { report, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';

const WORDS = {
  waiting: () => t('Being fetched from LINE…'),
  fetching: () => t('Being fetched from LINE…'),
  gone: () => t('LINE has this no more.'),
  expired: () => t('This was deleted: the desk keeps files for some days only.'),
  'too-large': () => t('This is larger than what the desk fetches.'),
  failed: () => t('This could not be fetched from LINE.'),
};
const AGAIN = new Set(['too-large', 'failed']);

/** The tile that stands for a file that is not here; null where it is. */
export function absentFile({ id, file }, pane) {
  const words = WORDS[file?.state]?.();
  if (!words) return null;
  const again = h(
    'button.button.button--small',
    { type: 'button', onclick: () => fetchAgain(id, pane, again) },
    icon('refresh', 'icon--small'),
    t('Fetch again'),
  );
  return h(
    'div.tile.tile--absent',
    { title: file.problem ?? '' },
    icon(file.state === 'waiting' || file.state === 'fetching' ? 'clock' : 'file'),
    h('span.tile__body', {}, h('span.tile__note', {}, words), AGAIN.has(file.state) && again),
  );
}

async function fetchAgain(messageId, pane, button) {
  button.disabled = true;
  try {
    await calls.refetch(pane.chatId, messageId);
    toast(t('Fetching it again.'));
  } catch (problem) {
    report(problem);
    button.disabled = false;
  }
}
