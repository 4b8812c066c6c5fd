// Template messages, and the plain form in which Flex and imagemap messages are shown.

import { h, icon, isSafeUrl } from '../dom.js';
import { dialog } from '../dialog.js';
import { copy } from '../parts.js';
import { t, tn } from '../i18n.js';

const LINK_SCHEME = /^(https?|tel|mailto):/i;

/** A template message. `act(action)` is called for a tapped action; without it the actions are only shown. */
export function template(message, act) {
  const body = message.template ?? {};
  const draw = { buttons, confirm, carousel, image_carousel: imageCarousel }[body.type];
  return draw ? draw(body, act) : altText(message);
}

function buttons(body, act) {
  return h(
    'div.template',
    {},
    hero(body, body, act),
    words(body.title, body.text),
    h(
      'div.template__actions',
      {},
      (body.actions ?? []).map((one) => actionControl(one, act)),
    ),
  );
}

function confirm(body, act) {
  const actions = (body.actions ?? []).map((one) => actionControl(one, act));
  return h('div.template', {}, words('', body.text), h('div.template__actions.template__actions--two', {}, actions));
}

function carousel(body, act) {
  const column = (one) => buttons({ ...body, ...one }, act);
  return strip(body.columns ?? [], column);
}

function imageCarousel(body, act) {
  return strip(body.columns ?? [], ({ imageUrl, action }) => imageColumn(imageUrl, action ?? {}, act));
}

function imageColumn(imageUrl, action, act) {
  const label = action.label && h('span', {}, action.label);
  const alt = action.label ? '' : t('Photo');
  const image = picture('img', { src: imageUrl, alt });
  return actionControl(action, act, 'image-column', [image, label]);
}

function strip(columns, draw) {
  const label = tn('{n} card', '{n} cards', columns.length);
  return h('div.cards', { role: 'group', 'aria-label': label, tabindex: '0' }, columns.map(draw));
}

function hero({ thumbnailImageUrl, defaultAction, imageBackgroundColor }, { imageAspectRatio, imageSize }, act) {
  if (!thumbnailImageUrl) return null;
  const image = picture('img.template__image', { src: thumbnailImageUrl, alt: '' });
  image.classList.toggle('template__image--square', imageAspectRatio === 'square');
  image.classList.toggle('template__image--contain', imageSize === 'contain');
  if (imageBackgroundColor) image.style.backgroundColor = imageBackgroundColor;
  return defaultAction ? actionControl(defaultAction, act, 'template__hero', [image]) : image;
}

/** A card's picture. One that can't be loaded leaves its place empty, where browsers would draw their own sign. */
function picture(element, properties) {
  const image = h(element, { ...properties, loading: 'lazy', referrerpolicy: 'no-referrer' });
  image.addEventListener('error', () => image.replaceWith(gap(image)));
  return image;
}

function gap({ alt, className }) {
  const spoken = alt ? { role: 'img', 'aria-label': alt } : { 'aria-hidden': 'true' };
  return h('span.template__gap', { class: className, ...spoken }, icon('image'));
}

function words(title, text) {
  return h('p.template__text', { dir: 'auto' }, title && h('b', {}, title), text);
}

/** The control for one action: a link for web addresses, else a button. */
export function actionControl(action, act, className = 'template__action', content = [action.label]) {
  const props = { class: className, 'aria-label': content.includes(action.label) ? null : action.label };
  if (action.type === 'uri' && LINK_SCHEME.test(action.uri ?? '') && isSafeUrl(action.uri))
    return h('a', { ...props, href: action.uri, target: '_blank', rel: 'noopener nofollow noreferrer' }, content);
  return h('button', { ...props, type: 'button', disabled: !act, onclick: () => act(action) }, content);
}

/** The alternative text, and the message's JSON one tap away. */
export function altText(message) {
  const kind = { flex: t('Flex Message'), imagemap: t('Imagemap'), coupon: t('Coupon') }[message.type] ?? message.type;
  const open = () => showJson(kind, message);
  return h(
    'div.alt-card',
    {},
    h('span.badge', {}, kind),
    h('p', { dir: 'auto' }, message.altText ?? ''),
    h(
      'button.button.button--small',
      { type: 'button', onclick: open },
      icon('code', 'icon--small'),
      t('Show the JSON'),
    ),
  );
}

function showJson(kind, message) {
  const text = JSON.stringify(asSent(message), null, 2);
  return dialog(kind, (close) => [
    h('pre', { tabindex: '0' }, text),
    h(
      'div.dialog__actions',
      {},
      h('button.button', { type: 'button', onclick: () => copy(text) }, icon('copy'), t('Copy')),
      h('button.button.button--primary', { type: 'button', onclick: () => close() }, t('Close')),
    ),
  ]);
}

const SENT = [
  'type',
  'altText',
  'contents',
  'template',
  'baseUrl',
  'baseSize',
  'video',
  'actions',
  'couponId',
  'quickReply',
  'sender',
];

/** Only what the bot sent, without what the server and this page added. */
function asSent(message) {
  return Object.fromEntries(SENT.filter((name) => message[name] !== undefined).map((name) => [name, message[name]]));
}
