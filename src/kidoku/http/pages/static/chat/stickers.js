// Our own stickers and emoji. Stickers of other packages (those a bot may send by LINE's list) get a stand-in.

import { h, show } from '../dom.js';
import { t } from '../i18n.js';

const FOLDER = new URL('../stickers/', import.meta.url).pathname;

/** The packages to choose from, with the words that a screen reader and a webhook's `keywords` use. */
export const PACKAGES = [
  {
    packageId: '8401',
    name: () => t('Kidoku-kun'),
    stickers: [
      ['840101', () => t('Hello')],
      ['840102', () => t('I have read it')],
      ['840103', () => t('OK')],
      ['840104', () => t('Thank you')],
      ['840105', () => t('Laughing')],
      ['840106', () => t('Crying')],
      ['840107', () => t('Angry')],
      ['840108', () => t('Love it')],
      ['840109', () => t('What?')],
      ['840110', () => t('Sleepy')],
    ],
  },
  {
    packageId: '8402',
    name: () => t('Goma the seal pup'),
    stickers: [
      ['840201', () => t('Hi there')],
      ['840202', () => t('Go for it')],
      ['840203', () => t('Surprised')],
      ['840204', () => t('Tea break')],
      ['840205', () => t('Rainy day')],
      ['840206', () => t('At work')],
      ['840207', () => t('Congratulations')],
      ['840208', () => t('Good night')],
      ['840209', () => t('On my way')],
      ['840210', () => t('Well done')],
    ],
  },
];

const EMOJI_PRODUCT = '8409';

/** Our emoji; in a text each stands as its placeholder, `(smile)`. */
export const EMOJI = [
  ['001', 'smile'],
  ['002', 'laugh'],
  ['003', 'wink'],
  ['004', 'love'],
  ['005', 'cry'],
  ['006', 'angry'],
  ['007', 'surprise'],
  ['008', 'sleep'],
  ['009', 'heart'],
  ['010', 'star'],
  ['011', 'check'],
  ['012', 'kidoku'],
].map(([emojiId, name]) => ({ productId: EMOJI_PRODUCT, emojiId, placeholder: `(${name})` }));

const ALL = PACKAGES.flatMap(({ packageId, stickers }) =>
  stickers.map(([stickerId, label]) => ({ packageId, stickerId, label })),
);

/** A sticker's picture. One that is not ours is drawn as one of ours, always the same for the same ID. */
export function stickerPicture({ packageId, stickerId }) {
  const own = ALL.find((sticker) => sticker.stickerId === stickerId && sticker.packageId === packageId);
  const drawn = own ?? ALL[number(stickerId) % ALL.length];
  const ids = { package: packageId, sticker: stickerId };
  const alt = own
    ? t('Sticker: {label}', { label: own.label() })
    : t('Sticker {sticker} of package {package}, shown by a stand-in', ids);
  return h('img.sticker', { src: stickerUrl(drawn), alt, title: alt, width: 132, height: 132, draggable: 'false' });
}

function stickerUrl({ packageId, stickerId }) {
  return `${FOLDER}${packageId}/${stickerId}.svg`;
}

/** An emoji inside a text, with its placeholder as its words. */
export function emojiPicture(productId, emojiId, text) {
  const own = EMOJI.find((emoji) => emoji.emojiId === emojiId && emoji.productId === productId);
  const drawn = own ?? EMOJI[number(emojiId) % EMOJI.length];
  const src = `${FOLDER}${EMOJI_PRODUCT}/${drawn.emojiId}.svg`;
  return h('img.emoji', { src, alt: text, title: text, draggable: 'false' });
}

function number(id) {
  return [...String(id)].reduce((sum, char) => (sum * 10 + char.charCodeAt(0)) % 65_521, 0);
}

/** The emoji placeholders in a text, as a message's `emojis`. */
export function findEmojis(text) {
  const found = EMOJI.flatMap(({ productId, emojiId, placeholder }) =>
    [...occurrences(text, placeholder)].map((index) => ({ index, length: placeholder.length, productId, emojiId })),
  );
  return found.sort((a, b) => a.index - b.index);
}

function* occurrences(text, part) {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) yield at;
}

/** A panel to choose from: `sticker(choice)` sends one, `emoji(choice)` puts one into the text. */
export function stickerPicker({ sticker, emoji }) {
  const grid = h('div.sticker-picker__grid.scroll', { role: 'tabpanel', tabindex: '0' });
  const tabs = [...PACKAGES.map((pack) => packageTab(pack, sticker)), emojiTab(emoji)];
  const choose = (chosen) => {
    for (const { tab } of tabs) tab.setAttribute('aria-selected', String(tab === chosen.tab));
    grid.classList.toggle('sticker-picker__grid--emoji', Boolean(chosen.dense));
    grid.setAttribute('aria-label', chosen.tab.textContent);
    show(grid, chosen.buttons());
  };
  for (const one of tabs) one.tab.addEventListener('click', () => choose(one));
  choose(tabs[0]);
  const bar = h('div.sticker-picker__tabs.scroll', { role: 'tablist', 'aria-label': t('Stickers') });
  bar.append(...tabs.map(({ tab }) => tab));
  return h('div.sticker-picker', {}, bar, grid);
}

function packageTab({ packageId, name, stickers }, act) {
  const src = stickerUrl({ packageId, stickerId: stickers[0][0] });
  const buttons = () =>
    stickers.map(([stickerId, label]) => {
      const choice = { packageId, stickerId, keywords: [label()] };
      return pickButton(stickerUrl(choice), label(), () => act(choice));
    });
  return { tab: tabButton(src, name()), buttons };
}

function emojiTab(act) {
  const src = ({ emojiId }) => `${FOLDER}${EMOJI_PRODUCT}/${emojiId}.svg`;
  const buttons = () => EMOJI.map((emoji) => pickButton(src(emoji), emoji.placeholder, () => act(emoji)));
  return { tab: tabButton(src(EMOJI[0]), t('Emoji')), buttons, dense: true };
}

function tabButton(src, label) {
  return h('button', { type: 'button', role: 'tab' }, h('img', { src, alt: '' }), label);
}

function pickButton(src, label, onclick) {
  return h('button', { type: 'button', 'aria-label': label, title: label, onclick }, h('img', { src, alt: '' }));
}
