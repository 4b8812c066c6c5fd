// The words for what the desk's API refuses. Its own messages are English and speak to programs; here agents read them.

import { t } from '../i18n.js';

const WORDS = {
  invalid_body: () => t('Something entered here does not fit. Look at the fields again.'),
  invalid_query: () => t('This cannot be looked for. Shorten it.'),
  wrong_password: () => t('The password until now is not right.'),
  login_taken: () => t('Somebody has this login already. Choose another.'),
  last_admin: () => t('The desk needs an admin. Make somebody else an admin first.'),
  admins_only: () => t('Only an admin may do this.'),
  too_many_tries: () => t('There were too many wrong passwords. Wait a while, then try again.'),
  channel_known: () => t('The desk serves this channel already. Change that one.'),
  no_public_url: () => t('The desk does not know its public address. Whoever runs it sets it as public_url.'),
  nothing_to_undo: () => t('It is too late to undo this, or there is nothing to undo.'),
};

/** Throw the problem again, in the words of this page where it has some. */
export function retold(problem) {
  const words = WORDS[problem.code]?.();
  if (words) {
    problem.message = words;
    problem.hint = '';
  }
  throw problem;
}
