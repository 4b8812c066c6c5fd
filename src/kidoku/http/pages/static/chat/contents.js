// One message's content, by its type. Pages put it into a row with what they know beside it.

import { h, icon } from '../dom.js';
import { t } from '../i18n.js';
import { altText, template } from './cards.js';
import { audio, file, picture, place, video } from './media.js';
import { stickerPicture } from './stickers.js';
import { richText } from './text.js';

const DRAWN = {
  text: bubble,
  sticker,
  image: picture,
  video,
  audio,
  file,
  location: place,
  template: (message, { act }) => template(message, act),
};

/**
 * The element for a message. `options`: `act(action)` for tapped template actions, `me` (a user ID) to mark one's own
 * mentions, `jump(id)` to show a quoted message.
 */
export function content(message, options = {}) {
  return (DRAWN[message.type] ?? altText)(message, options);
}

function bubble(message, { me, jump }) {
  const quoted = message.quoted && quote(message.quoted, jump);
  return h('div.bubble', { dir: 'auto' }, quoted, richText(message.text ?? '', message, me));
}

function sticker(message, { jump }) {
  const ids = message.sticker ?? message;
  if (!message.quoted) return stickerPicture(ids);
  return h('div', {}, h('div.bubble', {}, quote(message.quoted, jump)), stickerPicture(ids));
}

/** The quoted message at the head of an answer. */
export function quote(quoted, jump) {
  const onclick = () => jump?.(quoted.id);
  const author = quoted.author?.displayName;
  return h(
    'button.quote',
    { type: 'button', onclick },
    author && h('b', { dir: 'auto' }, author),
    h('span', { dir: 'auto' }, summary(quoted)),
  );
}

const KINDS = {
  sticker: () => t('Sticker'),
  image: () => t('Photo'),
  video: () => t('Video'),
  audio: () => t('Voice message'),
  file: () => t('File'),
  location: () => t('Location'),
  template: () => t('Message with buttons'),
  flex: () => t('Flex Message'),
  imagemap: () => t('Imagemap'),
};

/** A message in one line, for lists and quotes. */
export function summary(message) {
  if (message.unsent) return t('This message was unsent.');
  const words = message.text || message.altText || message.fileName || message.title;
  return words || (KINDS[message.type]?.() ?? message.type ?? '');
}

/** The line that stands where an unsent message was. */
export function unsentNotice(message) {
  const text = message.own
    ? t('You unsent a message.')
    : t('{name} unsent a message.', { name: message.author?.displayName ?? '' });
  return h('p.notice', {}, icon('undo', 'icon--small'), text);
}
