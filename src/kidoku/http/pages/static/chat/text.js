// What people and bots write: links, mentions and emoji inside plain text. Indexes count UTF-16 units, as LINE's do.

import { h } from '../dom.js';
import { emojiPicture } from './stickers.js';

const LINK = /https?:\/\/[^\s<>"'「」『』（）()\u3000]+/giu;
const TRAILING = /[.,:;!?。、，！？…]+$/u;

/** The nodes of a text. `emojis` and `mention` are those of the message; `me` marks mentions of oneself. */
export function richText(text, { emojis = [], mention = null } = {}, me = '') {
  const marks = [
    ...(emojis ?? []).map((emoji) => ({ ...emoji, length: emoji.length ?? 1, draw: drawEmoji })),
    ...(mention?.mentionees ?? []).map((mentionee) => ({ ...mentionee, draw: drawMention })),
  ].sort((a, b) => a.index - b.index);
  const nodes = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.index < at || mark.index + mark.length > text.length) continue;
    nodes.push(...links(text.slice(at, mark.index)));
    at = mark.index + mark.length;
    nodes.push(mark.draw(mark, text.slice(mark.index, at), me));
  }
  return [...nodes, ...links(text.slice(at))];
}

function drawEmoji({ productId, emojiId }, text) {
  return emojiPicture(productId, emojiId, text);
}

function drawMention({ userId, type }, text, me) {
  const own = type === 'all' || (me && userId === me);
  return h(own ? 'strong.mention' : 'span.mention', {}, text);
}

/** Text with its web addresses as links. */
export function links(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(TRAILING, '');
    nodes.push(text.slice(at, found.index), link(address));
    at = found.index + address.length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== '');
}

function link(address) {
  return h('a', { href: address, target: '_blank', rel: 'noopener nofollow noreferrer' }, address);
}
