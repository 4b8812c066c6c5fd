// Searching by name in lists.

import { h, icon, show } from '../dom.js';
import { t } from '../i18n.js';

/** A field to search in; `search(query)` is called whenever that changes. */
export function searchField(search, style = '') {
  const input = h('input.input', {
    type: 'search',
    placeholder: t('Search'),
    'aria-label': t('Search by name'),
    oninput: () => search(input.value.trim()),
  });
  return h('div.search', { class: style }, icon('search', 'icon--small'), input);
}

/** Whether a name contains what was searched for. */
export function matches(name, query) {
  return !query || name.toLocaleLowerCase().includes(query);
}

/** Say that a search found nothing. */
export function nothingFound(body) {
  show(body, h('p.empty', {}, t('Nothing found.')));
}

/** Say that a list goes on, and how to find the rest of it. */
export function notAll() {
  return h('p.muted.small', {}, t('Not all are shown. Search by name for others.'));
}
