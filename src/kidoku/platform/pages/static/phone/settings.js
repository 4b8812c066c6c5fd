// The phone's settings: who this is, and how the page looks.

import { languageOptions, wirePreferences } from '../chrome.js';
import { h, icon, show } from '../dom.js';
import { language, t } from '../i18n.js';
import { avatar, copyable } from '../parts.js';

/** Draw the settings into `body`. */
export function drawSettings(phone, body) {
  const { me } = phone;
  show(
    body,
    h(
      'div.self',
      {},
      avatar({ ...me, id: me.userId }, 'large'),
      h('p.self__name.grow', { dir: 'auto' }, me.displayName),
    ),
    h(
      'div.settings',
      {},
      h('div.field', {}, h('span.field__label', {}, t('User ID')), copyable(me.userId, t('Copy the user ID')), hint()),
      h('div.setting', {}, h('label', { for: 'language' }, t('Language')), languageChoice()),
      h('div.setting', {}, h('span', {}, t('Theme')), themeSwitch()),
      h(
        'button.button.button--wide',
        { type: 'button', onclick: () => phone.go({ user: null }) },
        icon('signout'),
        t('Use another user’s phone'),
      ),
    ),
  );
  wirePreferences(body);
}

function hint() {
  return h('p.field__hint', {}, t('Bots know this user by it.'));
}

function languageChoice() {
  const select = h('select.select', { id: 'language', data: { language: '' } }, languageOptions());
  select.value = language;
  return select;
}

function themeSwitch() {
  const choice = (value, label, name) =>
    h('button', { type: 'button', value, 'aria-label': label, title: label }, icon(name, 'icon--small'));
  return h(
    'div.segmented',
    { role: 'group', 'aria-label': t('Theme'), data: { themeSwitch: '' } },
    choice('light', t('Light'), 'sun'),
    choice('dark', t('Dark'), 'moon'),
    choice('system', t('As the system'), 'screen'),
  );
}
