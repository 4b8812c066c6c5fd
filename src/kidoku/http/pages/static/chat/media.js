// Pictures, film, sound, files and places inside a conversation.

import { h, icon, iconButton, show, svg } from '../dom.js';
import { dialog } from '../dialog.js';
import { duration, number, size } from '../format.js';
import { t } from '../i18n.js';

export function picture({ contentUrl, previewUrl }) {
  const image = h('img', {
    src: previewUrl ?? contentUrl,
    alt: t('Photo'),
    loading: 'lazy',
    referrerpolicy: 'no-referrer',
  });
  const button = h(
    'button.picture',
    { type: 'button', 'aria-label': t('Open the photo'), onclick: () => enlarge(contentUrl) },
    image,
  );
  image.addEventListener('error', () => button.replaceWith(lost(t('This photo cannot be shown.'))));
  return button;
}

function enlarge(url) {
  const full = h('img.viewer__image', { src: url, alt: t('Photo'), referrerpolicy: 'no-referrer' });
  return dialog(t('Photo'), (close) => [
    full,
    h('div.dialog__actions', {}, save(url), h('button.button', { type: 'button', onclick: () => close() }, t('Close'))),
  ]);
}

function save(url) {
  return h('a.button', { href: url, download: '', target: '_blank', rel: 'noopener' }, icon('download'), t('Save'));
}

export function video({ contentUrl, previewUrl }) {
  const element = h('video.clip-video', {
    src: contentUrl,
    poster: previewUrl,
    controls: true,
    preload: 'metadata',
    playsinline: true,
  });
  element.setAttribute('aria-label', t('Video'));
  element.addEventListener('error', () => element.replaceWith(lost(t('This video cannot be shown.'))));
  return element;
}

/** A player of our own: browsers' ones are far wider than a bubble. */
export function audio({ contentUrl, duration: length }) {
  const sound = new Audio();
  sound.preload = 'none';
  sound.src = contentUrl;
  const button = iconButton('play', t('Play'), () => (sound.paused ? sound.play().catch(() => {}) : sound.pause()), {
    class: 'player__button',
  });
  const track = h('input.player__track', {
    type: 'range',
    min: 0,
    max: 1,
    step: 0.001,
    value: 0,
    'aria-label': t('Position'),
  });
  const clock = h('span.player__time', {}, length ? duration(length) : '–:––');
  const total = () => (Number.isFinite(sound.duration) ? sound.duration : (length ?? 0) / 1000);
  const state = () => {
    const label = sound.paused ? t('Play') : t('Pause');
    show(button, icon(sound.paused ? 'play' : 'pause')).setAttribute('aria-label', label);
    button.title = label;
  };
  sound.addEventListener('play', state);
  sound.addEventListener('pause', state);
  sound.addEventListener('timeupdate', () => {
    track.value = total() ? sound.currentTime / total() : 0;
    clock.textContent = duration((sound.ended ? total() : sound.currentTime) * 1000);
  });
  track.addEventListener('input', () => total() && (sound.currentTime = track.value * total()));
  const tile = h('div.tile', { role: 'group', 'aria-label': t('Voice message') }, button, track, clock);
  sound.addEventListener('error', () => show(tile, icon('sound'), t('This sound cannot be played.')));
  return tile;
}

export function file({ contentUrl, fileName = '', fileSize = null }) {
  const body = h(
    'span.tile__body',
    {},
    h('span.tile__name', { dir: 'auto' }, fileName || t('File')),
    fileSize !== null && h('span.tile__note', {}, size(fileSize)),
  );
  return h(
    'a.tile',
    { href: contentUrl, download: fileName },
    icon('file'),
    body,
    h('span.visually-hidden', {}, t('Save')),
  );
}

export function place({ title, address, latitude, longitude }) {
  const where = `${latitude},${longitude}`;
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  const body = h(
    'span.tile__body',
    {},
    h('span.tile__name', { dir: 'auto' }, title || t('Location')),
    address && h('span.tile__note', { dir: 'auto' }, address),
    h('span.tile__note.numeric', {}, `${number(latitude)}, ${number(longitude)}`),
  );
  return h('a.tile.tile--place', { href, target: '_blank', rel: 'noopener noreferrer' }, map(where), body);
}

// Not a map of the place, only a drawing that is always the same for the same place: no tiles are fetched.
function map(where) {
  const random = numbers(where);
  const road = (width, colour) => {
    const flip = random() > 0.5;
    const [a, b, bend] = [random(), random(), random()].map((share) => share * (flip ? 250 : 104));
    const d = flip ? `M${a} 0Q${bend} 52 ${b} 104` : `M0 ${a}Q125 ${bend} 250 ${b}`;
    return svg('path', { d, fill: 'none', stroke: colour, 'stroke-width': width });
  };
  const park = svg('ellipse', {
    cx: random() * 250,
    cy: random() * 104,
    rx: 34 + random() * 30,
    ry: 20 + random() * 14,
    fill: '#b9dcb4',
  });
  const pin = svg('path', {
    d: 'M125 66c10-11 15-19 15-26a15 15 0 1 0-30 0c0 7 5 15 15 26zm0-21a5 5 0 1 1 .1 0z',
    fill: '#d8452f',
    'fill-rule': 'evenodd',
  });
  const roads = [
    road(9, '#a9cfe6'),
    road(6, '#fff'),
    road(6, '#fff'),
    road(4, '#f7e3b0'),
    road(3, '#fff'),
    road(3, '#fff'),
  ];
  return svg(
    'svg',
    { class: 'map', viewBox: '0 0 250 104', preserveAspectRatio: 'xMidYMid slice', 'aria-hidden': 'true' },
    park,
    roads,
    pin,
  );
}

function numbers(seed) {
  let state = [...seed].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 17);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function lost(text) {
  return h('div.tile', {}, icon('warning'), h('span.tile__note', {}, text));
}
