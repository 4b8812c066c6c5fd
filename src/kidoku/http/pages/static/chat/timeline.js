// A conversation on the page: messages by day, kept in place when others come, go or change.

import { h, reconcile } from '../dom.js';
import { day, dayNumber } from '../format.js';

const JOIN_MS = 5 * 60_000;
const NEAR_PX = 90;

/**
 * Draw `messages` (oldest first) into `log`. `row` draws one: `row.create(message)` gives its element,
 * `row.update(element, message)` brings it up to date. Each message gets `joined`: whether it continues the one above.
 */
export function drawTimeline(log, messages, row) {
  reconcile(log, days(messages), {
    key: ({ number }) => number,
    create: (group) => update(section(group), group, row),
    update: (element, group) => update(element, group, row),
  });
}

function section({ at }) {
  return h('section.day', {}, h('h2.day__label', {}, day(at)), h('div.day__messages'));
}

function update(element, { messages, at }, row) {
  element.firstElementChild.textContent = day(at);
  reconcile(element.lastElementChild, messages, { key: ({ id }) => id, ...row });
  return element;
}

function days(messages) {
  const groups = [];
  let last = null;
  for (const message of messages) {
    // Days stand in order, even where a message that was not sent is older than what came after it.
    const number = Math.max(dayNumber(message.timestamp), groups.at(-1)?.number ?? 0);
    if (groups.at(-1)?.number !== number) groups.push({ number, at: message.timestamp, messages: [] });
    message.joined = continues(last, message, number);
    groups.at(-1).messages.push(message);
    last = message;
  }
  return groups;
}

function continues(last, message, number) {
  return (
    last !== null &&
    !last.unsent &&
    last.author?.id === message.author?.id &&
    last.sender?.name === message.sender?.name &&
    dayNumber(last.timestamp) === number &&
    message.timestamp - last.timestamp < JOIN_MS
  );
}

/** Whether the newest message is on screen, or nearly. */
function atEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
}

export function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}

const tops = new WeakMap();

/** Whether a reader who followed the end of `box` still does. Only going up ends that: what loads below moves the end
 * away and not the reader. Asked before every change in it, as the browser tells of scrolling with the next frame only. */
export function stillFollows(box, following) {
  return following && (atEnd(box) || box.scrollTop >= (tops.get(box) ?? 0));
}

/** The same once `box` has told that it has scrolled: who comes back to its end follows it again. */
export function staysAtEnd(box, following) {
  const stays = atEnd(box) || stillFollows(box, following);
  tops.set(box, box.scrollTop);
  return stays;
}

/** Change what `box` shows above the eye without moving what the eye looks at. */
export function keepingPlace(box, change) {
  const below = box.scrollHeight - box.scrollTop;
  change();
  box.scrollTop = box.scrollHeight - below;
}
