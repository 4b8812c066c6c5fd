// The stickers that LINE lets bots send: the packages of its sticker list, and nothing else that one may own.
// https://developers.line.biz/en/docs/messaging-api/sticker-list

import { stickerPicture } from '../../chat/stickers.js';
import { t } from '../../i18n.js';

/** Package, first sticker, how many; their IDs are consecutive. The titles are LINE's. */
export const PACKAGES = [
  ['446', 1988, 40, 'Moon: Special Edition'],
  ['789', 10855, 40, 'Sally: Special Edition'],
  ['1070', 17839, 40, 'Moon: Special Edition'],
  ['6136', 10551376, 24, 'LINE Characters: Making Amends'],
  ['6325', 10979904, 24, 'Brown and Cony Fun Size Pack'],
  ['6359', 11069848, 24, 'Brown and Cony Fun Size Pack'],
  ['6362', 11087920, 24, 'Brown and Cony Fun Size Pack'],
  ['6370', 11088016, 24, 'Brown and Cony Fun Size Pack'],
  ['6632', 11825374, 24, 'LINE Characters: Making Amends'],
  ['8515', 16581242, 24, 'LINE Characters: Pretty Phrases'],
  ['8522', 16581266, 24, 'LINE Characters: Pretty Phrases'],
  ['8525', 16581290, 24, 'LINE Characters: Pretty Phrases'],
  ['11537', 52002734, 40, 'Brown & Cony & Sally: Animated Special'],
  ['11538', 51626494, 40, 'CHOCO & Friends: Animated Special'],
  ['11539', 52114110, 40, 'UNIVERSTAR BT21: Animated Special'],
];

const LINE_API = 'https://api.line.me';
const PICTURES = 'https://stickershop.line-scdn.net/stickershop/v1/sticker';

/** The stickers of a package. */
export function stickersOf([packageId, first, number]) {
  return Array.from({ length: number }, (_, at) => ({ packageId, stickerId: String(first + at) }));
}

/**
 * A sticker's picture. Of a channel at LINE it is LINE's own, loaded from LINE; a platform of one's own draws stand-ins
 * for them, so they are shown here too, and nothing is fetched from elsewhere.
 */
export function sticker(channel, ids) {
  return asLineShows(channel, ids, stickerPicture(ids));
}

/** Let a stand-in show what LINE shows, where that can be loaded. */
export function asLineShows(channel, { packageId, stickerId }, picture) {
  if (channel?.apiBaseUrl !== LINE_API || !/^[0-9]+$/.test(stickerId)) return picture;
  const { src, alt } = picture;
  const standIn = () => Object.assign(picture, { src, alt, title: alt });
  picture.addEventListener('error', standIn, { once: true });
  picture.loading = 'lazy';
  picture.referrerPolicy = 'no-referrer';
  picture.alt = picture.title = t('Sticker {sticker} of package {package}', { sticker: stickerId, package: packageId });
  picture.src = `${PICTURES}/${stickerId}/android/sticker.png`;
  return picture;
}
