// What the Manager says of a refusal that it meets from the account's side, in other words than a phone.

import { explain } from '../api.js';
import { t } from '../i18n.js';
import '../problems.js';

explain({
  blocked: () => [t('This user has blocked the account: answers do not arrive.'), ''],
});
