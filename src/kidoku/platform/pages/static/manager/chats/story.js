// A chat's story in numbers: where each message and each advance of the watermark lies in the drawing.

export const LEFT = 30;
export const TOP = 14;
export const HEIGHT = 190;
export const LANE = 26;
const MOST = 240;
const NARROWEST = 22;
const WIDEST = 44;

/**
 * Lay out messages and steps in the order in which they happened. Columns are moments, not minutes: a night without
 * messages takes no room; they share `room` px, and take more where that is too little. Returns what to draw:
 *
 * - `dots`: user messages {x, y, seq, id, at, text, read};
 * - `sent`: what the account sent {x, id, at, text};
 * - `risers`: advances {x, from, to, fromSeq, toSeq, at, cause, lag}; `lag` is the ms since the newest message it read;
 * - `line`: the watermark as a path; `width`; `ticks`: the scale at the left; `days`: where a day begins.
 */
export function lay({ messages, steps, readSeq }, room) {
  const moments = [
    ...messages.map((message) => ({ at: message.timestamp, order: 0, message })),
    ...steps.map((step) => ({ at: step.at, order: 1, step })),
  ]
    .sort((a, b) => a.at - b.at || a.order - b.order)
    .slice(-MOST);
  const seqs = moments.map(({ message, step }) => message?.seq ?? step?.toSeq).filter(Boolean);
  const low = Math.max(0, Math.min(...seqs, readSeq + 1) - 1);
  const high = Math.max(...seqs, low + 1, readSeq);
  const y = (seq) => TOP + HEIGHT - ((Math.max(seq, low) - low) / (high - low)) * HEIGHT;
  const arrived = new Map(messages.filter(({ seq }) => seq).map(({ seq, timestamp }) => [seq, timestamp]));
  const column = Math.min(WIDEST, Math.max(NARROWEST, (room - LEFT) / (moments.length + 1)));
  const width = Math.max(room, LEFT + (moments.length + 1) * column);
  const story = { dots: [], sent: [], risers: [], days: [], width };
  moments.forEach(({ at, message, step }, index) => {
    const x = LEFT + (index + 0.5) * column;
    if (isNewDay(moments[index - 1]?.at, at)) story.days.push({ x: x - column / 2, at });
    if (step) story.risers.push({ ...step, x, from: y(step.fromSeq), to: y(step.toSeq), lag: lagOf(step, arrived) });
    else if (message.seq) story.dots.push({ ...message, at, x, y: y(message.seq), read: message.seq <= readSeq });
    else story.sent.push({ ...message, at, x });
  });
  return {
    ...story,
    line: path(story, y(readSeq), y(story.risers[0]?.fromSeq ?? readSeq)),
    ticks: ticks(low, high, y),
  };
}

function lagOf({ toSeq, at }, arrived) {
  return arrived.has(toSeq) ? at - arrived.get(toSeq) : null;
}

function path({ risers, width }, now, first) {
  const steps = risers.map(({ x, to }) => `H${x}V${to}`).join('');
  return `M${LEFT} ${first}${steps}V${now}H${width}`;
}

function ticks(low, high, y) {
  const step = Math.max(1, Math.ceil((high - low) / 4));
  const seqs = [];
  for (let seq = low; seq <= high; seq += step) seqs.push(seq);
  return seqs.map((seq) => ({ seq, y: y(seq) }));
}

function isNewDay(before, at) {
  return before !== undefined && new Date(before).toDateString() !== new Date(at).toDateString();
}
