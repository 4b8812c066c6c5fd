// Why a bot's call was refused, in the reader's language. What the bot was told stays as it was: in LINE's English.

import { language, t } from '../i18n.js';

const CALLER = {
  no_access_token: () => t('The request has no “Authorization: Bearer …” header.'),
  malformed_access_token: () => t('What stands after “Bearer” is no channel access token.'),
  unknown_access_token: () =>
    t('No channel of this platform has this access token: it was made up, revoked, or is one of LINE’s.'),
  expired_access_token: () => t('The channel access token has expired.'),
  rate_limit: () => t('The channel calls this more often than the rate limit allows.'),
  not_premium: () => t('Only verified and premium accounts may list people.'),
  unknown_channel: () => t('There is no channel with this ID.'),
  wrong_secret: () => t('This is not the channel’s secret.'),
  too_many_tokens: () => t('The channel has as many valid tokens as it may have. Revoke one first.'),
  other_kind_of_token: () => t('A token of this kind is revoked at {path}.', { path: '/v2/oauth/revoke' }),
  invalid_assertion: () =>
    t('The JWT is not valid: its signature, channel, audience or times are not as they have to be.'),
  invalid_token_exp: () => t('“token_exp” of the JWT must be a number of seconds, up to 30 days.'),
  unknown_key: () => t('The channel has registered no key with this ID.'),
};

const REQUEST = {
  no_such_path: () => t('The Messaging API has no such path.'),
  wrong_method: () => t('This path takes another method.'),
  not_emulated: () => t('LINE has this operation; Kidoku does not emulate it yet.'),
  content_type: () => t('The body is of another content type than this call takes.'),
  not_json: () => t('The body is no JSON object.'),
  body_too_large: () => t('The body is larger than LINE allows.'),
  invalid_body: () => t('The body breaks LINE’s rules; the answer to the bot names every place.'),
  invalid_property: () => t('A property of the body has a value that it can’t have.'),
  invalid_parameter: () => t('A parameter of the path or the query has a value that it can’t have.'),
  invalid_form: () => t('The fields of the form or the query are not as this call takes them.'),
  invalid_start: () => t('The token of “start” is not one of this list and account, or is older than 24 hours.'),
  invalid_retry_key: () => t('X-Line-Retry-Key must be a UUID.'),
  retry_key_not_taken: () => t('Only push, multicast, narrowcast and broadcast take X-Line-Retry-Key.'),
  retry_key_accepted: () => t('A request with this retry key was accepted before. Nothing was sent again.'),
  server_fault: () => t('A fault of the platform’s own. Its log says more.'),
};

const READING = {
  invalid_token: () => t('No such read token of this channel: it was made up, cut off, or issued to another bot.'),
  option_in_use: () => t('The account uses the option API, which marks by user: no read token is taken meanwhile.'),
  chat_off: () => t('Chat is off, so messages are read without the bot. Turn Chat on in the Response settings.'),
  not_entitled: () => t('The account does not use the option API. Apply for it, approve it and take it into use.'),
  unknown_user: () => t('No user with this ID ever wrote to this account.'),
};

const PEOPLE = {
  profile_not_visible: () => t('The user is unknown, blocks the account, or is no friend and never wrote to it.'),
  user_not_found: () => t('This user does not exist.'),
  account_not_found: () => t('There is no such Official Account.'),
  not_in_group: () => t('The account is in no such group or room.'),
  not_a_member: () => t('Not in this group or room.'),
  unknown_recipient: () => t('The account reaches no user, group or room with this ID.'),
};

const MESSAGES = {
  invalid_reply_token: () => t('The reply token is unknown, used, or too old: it works once, and for a short time.'),
  monthly_limit: () => t('That is more than the messages left for this month.'),
  no_content: () => t('No message to this account with this ID has a content.'),
  no_preview: () => t('Only images and videos have a preview.'),
  no_video_preview: () => t('The video was sent without a preview image.'),
  no_transcoding: () => t('Only videos and audio are prepared.'),
  already_unsent: () => t('This message has been unsent.'),
  file_missing: () => t('The file of this message is missing in the data folder.'),
};

const WEBHOOK = {
  no_endpoint: () => t('The account has no webhook URL.'),
  invalid_webhook_url: () => t('That is no webhook URL.'),
  https_only: () => t('This platform sends webhooks over https only.'),
  unknown_host: () => t('The host of the webhook URL is not known.'),
};

const CAUSES = { ...CALLER, ...REQUEST, ...READING, ...PEOPLE, ...MESSAGES, ...WEBHOOK };

/** What a cause means in the reader's language; '' in English, in which the call's `reason` says it with its details. */
export function explained(cause) {
  return language === 'en' ? '' : (CAUSES[cause]?.() ?? '');
}
