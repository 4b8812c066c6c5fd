// The account's name, picture and status message, as users see them.

import { h } from '../dom.js';
import { field, formDialog } from '../dialog.js';
import { t } from '../i18n.js';
import { limited } from '../long_text.js';
import * as calls from './calls.js';

/** Ask for the profile and save it. */
export async function editProfile(manager) {
  const { accountId, displayName, pictureUrl, statusMessage } = manager.account;
  const input = (name, value, props) => h('input.input', { name, value: value ?? '', autocomplete: 'off', ...props });
  const fields = [
    field(t('Name'), limited(100, input('displayName', displayName, { required: true, dir: 'auto', autofocus: true }))),
    field(
      t('Picture'),
      limited(2000, input('pictureUrl', pictureUrl, { type: 'url', placeholder: 'https://' })),
      t('The address of a picture. Without one, the first letter is shown.'),
    ),
    field(t('Status message'), limited(200, input('statusMessage', statusMessage, { dir: 'auto' }))),
  ];
  const save = (form) => calls.changeAccount(accountId, profileOf(form));
  if (await formDialog(t('Name and picture'), fields, { act: t('Save'), save })) await manager.reload();
}

function profileOf(form) {
  const given = (name) => form.get(name).trim() || null;
  return { displayName: given('displayName'), pictureUrl: given('pictureUrl'), statusMessage: given('statusMessage') };
}
