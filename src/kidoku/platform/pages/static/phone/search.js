// Searching by name in the lists of the first screen.

import { h, show } from '../dom.js';
import { t } from '../i18n.js';

/** Whether a name contains what was searched for. */
export function matches(name, query) {
  return !query || name.toLocaleLowerCase().includes(query);
}

/** Say that a search found nothing. */
export function nothingFound(body) {
  show(body, h('p.empty', {}, t('Nothing found.')));
}
