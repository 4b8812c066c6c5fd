// A text that is longer than LINE lets one message be, as several.

/** What one message holds; LINE counts as JavaScript does, in UTF-16 code units. */
export const LIMIT = 5_000;
/** How many messages one answer holds. */
export const MOST = 5;

const ENDS = ['\n\n', '\n', '。', ' '];

/** The messages that `text` makes, none for an empty one. More than MOST: it is too long for an answer. */
export function split(text) {
  const found = [];
  let rest = text.trim();
  while (rest.length > LIMIT && found.length < MOST) {
    const at = breakOf(rest);
    found.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest ? [...found, rest] : found;
}

// Where something ends, unless that leaves a message half empty; never within a character.
function breakOf(text) {
  const head = text.slice(0, LIMIT);
  for (const end of ENDS) {
    const at = head.lastIndexOf(end) + end.length;
    if (at > LIMIT / 2) return at;
  }
  const pair = /[\uD800-\uDBFF]$/.test(head);
  return pair ? LIMIT - 1 : LIMIT;
}
