// A panel to choose a sticker or an emoji from.

import { EMOJI, emojiPicture } from '../../chat/stickers.js';
import { h, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { stickerPackage, setStickerPackage } from '../choices.js';
import { PACKAGES, sticker, stickersOf } from './line_stickers.js';

const EMOJI_CHOICE = 'emoji';

/** `sticker(choice)` sends one, `emoji(choice)` puts one into the text. */
export function stickerPanel(channel, act) {
  const grid = h('div.sticker-picker__grid.scroll', { role: 'group', tabindex: '0' });
  const packages = h(
    'select.select',
    { 'aria-label': t('Stickers and emoji'), onchange: () => choose(packages.value) },
    h('option', { value: EMOJI_CHOICE }, t('Emoji')),
    PACKAGES.map(([packageId, , , title]) => h('option', { value: packageId }, `${packageId} · ${title}`)),
  );
  const choose = (value) => {
    const found = PACKAGES.find(([packageId]) => packageId === value);
    packages.value = found ? value : EMOJI_CHOICE;
    setStickerPackage(packages.value);
    grid.classList.toggle('sticker-picker__grid--emoji', !found);
    grid.setAttribute('aria-label', packages.selectedOptions[0].textContent);
    show(grid, found ? stickersOf(found).map(stickerButton) : EMOJI.map(emojiButton));
  };
  const stickerButton = (ids) =>
    h(
      'button.sticker-tile',
      { type: 'button', onclick: () => act.sticker(ids) },
      sticker(channel, ids),
      h('span.numeric', {}, ids.stickerId),
    );
  const emojiButton = (emoji) => {
    const { productId, emojiId, placeholder } = emoji;
    return h(
      'button',
      { type: 'button', title: placeholder, onclick: () => act.emoji(emoji) },
      emojiPicture(productId, emojiId, placeholder),
    );
  };
  choose(stickerPackage());
  const note = h(
    'p.muted.small',
    {},
    t('Bots may send only these packages of LINE’s. The number is the sticker’s ID.'),
  );
  return h('div.sticker-picker', {}, h('div.sticker-picker__head', {}, packages, note), grid);
}
