// Quick replies: buttons under the next answer that the user can press instead of typing.

import { h } from '../../dom.js';
import { field, formDialog } from '../../dialog.js';
import { t } from '../../i18n.js';

const MOST = 13;
const LONGEST = 20;

/** Ask for the labels, one a line. Resolves to them, or undefined. */
export function quickReplyDialog(labels) {
  const input = h('textarea.textarea', { name: 'labels', rows: 4, dir: 'auto', value: labels.join('\n') });
  const hint = t('One a line, {most} at most, each up to {longest} characters. They stand under your next answer.', {
    most: MOST,
    longest: LONGEST,
  });
  return formDialog(t('Quick replies'), [field(t('Buttons'), input, hint)], {
    act: t('Use'),
    save: (form) => {
      const lines = form
        .get('labels')
        .split('\n')
        .map((line) => line.trim());
      return lines
        .filter(Boolean)
        .slice(0, MOST)
        .map((line) => line.slice(0, LONGEST));
    },
  });
}
