// Nothing here yet: the steps to the first message, each with its button or command.

import { path, post } from '../api.js';
import { h, icon } from '../dom.js';
import { t } from '../i18n.js';
import { copyButton } from '../parts.js';
import { createAccountDialog } from '../manager/accounts.js';

/** `done()` is called once there is an account. */
export function firstSteps(done) {
  const create = async () => {
    const made = await createAccountDialog();
    if (!made) return;
    const { userId } = await post('/users', { displayName: t('Alice'), providerId: made.providerId });
    await post(path('users', userId, 'friends'), { accountId: made.accountId });
    done();
  };
  const button = h(
    'button.button.button--primary',
    { type: 'button', onclick: create },
    icon('plus'),
    t('Create an account'),
  );
  return h(
    'section.first-steps.card',
    {},
    h('h2', {}, t('Three steps to the first message')),
    h(
      'ol.first-steps__list',
      {},
      h(
        'li',
        {},
        h('b', {}, t('Create an Official Account')),
        h('p.muted', {}, t('It gets a channel with a secret and an access token, and a user to write with.')),
        h('div.row', {}, button, h('span.muted', {}, t('or')), command('kidoku account add "My shop"')),
      ),
      h(
        'li',
        {},
        h('b', {}, t('Connect your bot')),
        h('p.muted', {}, t('Paste the address, the secret and the token into it, and say where it listens.')),
      ),
      h(
        'li',
        {},
        h('b', {}, t('Write on the phone')),
        h('p.muted', {}, t('Your bot gets the webhook, marks the message as read, and the phone shows Read.')),
      ),
    ),
  );
}

function command(text) {
  return h(
    'span.copyable',
    {},
    h('code', {}, text),
    copyButton(() => text, t('Copy this command')),
  );
}
