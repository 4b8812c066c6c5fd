// Rows to choose from in a form: accounts, and people, who may be many.

import { h, show } from '../dom.js';
import { report } from '../dialog.js';
import { t } from '../i18n.js';
import { avatar } from '../parts.js';
import { notAll, searchField } from './search.js';

export function choices(label, ...parts) {
  return h('fieldset.field', {}, h('legend.field__label', {}, label), parts);
}

export function choiceRows(rows) {
  return h('div.choices.scroll', {}, rows);
}

export function choice(type, name, value, someone) {
  return h(
    'label.check',
    {},
    h('input', { type, name, value }),
    avatar({ ...someone, id: value }, 'small'),
    h('span.clip', { dir: 'auto' }, someone.displayName),
  );
}

/**
 * The people of this phone's world but those in `without`, each a `person` of the form; `none` says that there is nobody.
 * Where not all are shown one searches by name; who was chosen before stays.
 */
export async function peopleChoice(phone, label, { none, without = new Set() }) {
  const rows = choiceRows([]);
  const more = h('div');
  const draw = ({ users, next }, query = '') => {
    const kept = [...rows.querySelectorAll('.check:has(:checked)')];
    const ids = new Set([...without, ...kept.map((row) => row.control.value)]);
    const found = users.filter(({ userId }) => !ids.has(userId));
    show(
      rows,
      kept,
      found.map((user) => choice('checkbox', 'person', user.userId, user)),
    );
    show(more, next && notAll(), query && !found.length && h('p.field__hint', {}, t('Nothing found.')));
  };
  let asked;
  const search = searchField((query) => {
    const mine = (asked = phone.others(query));
    mine.then((found) => mine === asked && draw(found, query)).catch(report);
  });
  // Enter would send the form.
  search.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  const first = await phone.others();
  draw(first);
  search.hidden = !first.next;
  const somebody = rows.childElementCount || first.next;
  return somebody ? choices(label, search, rows, more) : choices(label, h('p.field__hint', {}, none));
}
