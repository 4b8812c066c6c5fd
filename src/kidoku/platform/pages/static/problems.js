// What the Phone and the Manager say when the control API refuses something. Its own words are for programs.

import { explain } from './api.js';
import { t } from './i18n.js';

const PEOPLE = {
  user_not_found: () => [t('This user does not exist.'), t('Choose another one, or create one.')],
  account_not_found: () => [
    t('There is no such Official Account.'),
    t('It may have been removed, or the address is mistyped.'),
  ],
  group_not_found: () => [t('This group does not exist.'), t('Make another one under Friends.')],
  chat_not_found: () => [t('There is no such chat.'), t('A chat begins with its first message.')],
  not_a_member: () => [t('Not in this group any more.'), t('A member can invite them again.')],
  not_in_group: () => [t('The account is not in this group any more.'), t('A member can invite it again.')],
  group_has_account: () => [
    t('Another Official Account is in this group.'),
    t('LINE allows only one: remove that one first.'),
  ],
  groups_not_allowed: () => [
    t('This account does not join groups.'),
    t('Allow it in the Manager: Response settings, Groups.'),
  ],
};

const MESSAGES = {
  blocked: () => [t('You have blocked this account.'), t('Unblock it to write to it.')],
  already_unsent: () => [t('This message has been unsent.'), ''],
  message_not_found: () => [t('This message does not exist any more.'), ''],
  quoted_message_not_found: () => [t('The quoted message does not exist any more.'), t('Send it without the quote.')],
  too_late_to_unsend: () => [t('It is too late to unsend this message.'), ''],
  text_too_long: () => [t('The text is too long.'), t('Send it as several messages.')],
  too_large: () => [t('The file is too large.'), t('The limit is the setting max_media_bytes.')],
  not_an_image: () => [t('This is no picture that a chat can show.'), t('Send it as a file.')],
};

const ACCOUNT = {
  chat_screen_unavailable: () => [
    t('There is no chat screen while Chat is off.'),
    t('Turn Chat on in the Response settings.'),
  ],
  option_in_use: () => [t('Chat stays off while the option API is in use.'), t('Withdraw the option first.')],
  option_step_refused: () => [t('The option stands elsewhere by now.'), t('Load the page again.')],
  invalid_webhook_url: () => [
    t('That is no webhook URL.'),
    t('It takes http or https, a host, and 500 characters at most.'),
  ],
  no_endpoint: () => [t('The account has no webhook URL.'), t('Enter one under Messaging API.')],
  webhook_off: () => [t('The account does not use webhooks.'), t('Turn “Use webhook” on.')],
  delivery_not_found: () => [t('This delivery is not kept any more.'), t('Old deliveries are deleted.')],
  delivery_pending: () => [
    t('This delivery has not been sent for the first time yet.'),
    t('Wait for its first attempt.'),
  ],
  private_key: () => [t('That is a private key.'), t('Register the public key only, and keep this one.')],
};

explain({ ...PEOPLE, ...MESSAGES, ...ACCOUNT });
