// Builds elements. Text always becomes text nodes, so nothing a person or a bot wrote can become markup.

const SVG = 'http://www.w3.org/2000/svg';
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'selected', 'multiple', 'indeterminate']);

/**
 * `h('button.button', {type: 'button', onclick: save, 'aria-label': t('Save')}, icon('check'), t('Save'))`.
 * Children may be elements, strings, numbers, lists, or null/false to leave one out.
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) setProp(element, key, value);
  element.append(...flat(children));
  return element;
}

/** The children `h` would append: nested lists flattened, null, false and '' left out. */
export function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

function setProp(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else if (key === 'class') element.classList.add(...value.split(' ').filter(Boolean));
  else if (key === 'data') Object.assign(element.dataset, value);
  else if (key === 'href' || key === 'src') element.setAttribute(key, safeUrl(value));
  else if (PROPERTIES.has(key)) element[key] = value;
  else element.setAttribute(key, value === true ? '' : value);
}

const SAFE = new Set(['http:', 'https:', 'blob:', 'tel:', 'mailto:']);

/** The URL if its scheme can do no harm, else 'about:blank' (javascript:, data: and the like). */
export function safeUrl(value) {
  try {
    return SAFE.has(new URL(value, location.href).protocol) ? String(value) : 'about:blank';
  } catch {
    return 'about:blank';
  }
}

/** Whether a link to this address may be followed at all. */
export function isSafeUrl(value) {
  return safeUrl(value) !== 'about:blank';
}

/** An icon of those that the page holds; decorative, the words stand beside it or in aria-label. */
export function icon(name, modifier = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `icon ${modifier}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** An SVG element with attributes, for small drawings made of numbers. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...flat(children));
  return element;
}

/** A round button that only shows an icon; its label is read aloud and shown on hover. */
export function iconButton(name, label, onclick, props = {}) {
  return h('button.icon-button', { type: 'button', 'aria-label': label, title: label, onclick, ...props }, icon(name));
}

/**
 * Make `parent` show `items` in order, touching only what differs. Each item has a `key`; `create(item)` makes its
 * element and `update(element, item)` brings a kept one up to date. Elements keep focus, playback and scroll.
 */
export function reconcile(parent, items, { key, create, update }) {
  const wanted = new Set(items.map((item) => String(key(item))));
  const kept = new Map();
  for (const element of [...parent.children]) {
    if (wanted.has(element.dataset.key)) kept.set(element.dataset.key, element);
    else element.remove();
  }
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const element = kept.get(String(key(item))) ?? fresh(create(item), key(item));
    if (kept.has(element.dataset.key)) update(element, item);
    if (element === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(element, cursor);
  }
}

function fresh(element, key) {
  element.dataset.key = key;
  return element;
}

/** Replace everything inside `parent`. */
export function show(parent, ...children) {
  parent.replaceChildren(...flat(children));
  return parent;
}

const drawnFor = new WeakMap();

/**
 * Show what `draw()` gives, but only when `key`, all that it depends on, is another one than last time: a button that is
 * replaced while it is pressed never hears of its click.
 */
export function showFor(parent, key, draw) {
  const text = JSON.stringify(key);
  if (drawnFor.get(parent) === text) return;
  drawnFor.set(parent, text);
  show(parent, draw());
}
