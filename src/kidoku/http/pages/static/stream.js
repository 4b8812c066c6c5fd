// Server-sent events read with fetch, so that a stream can be resumed at a known event after any kind of loss
// (EventSource forgets where it was once a request has failed).

/**
 * Read one stream to its end. `resume` is the last event ID seen, or ''. Calls `open()` once the server has answered,
 * `event({id, type, data})` per event, and `alive()` for every chunk, comments included. Throws when it cannot be had.
 */
export async function readEvents(url, { resume, signal, open, event, alive }) {
  const headers = { Accept: 'text/event-stream' };
  if (resume) headers['Last-Event-ID'] = resume;
  const answer = await fetch(url, { headers, signal, cache: 'no-store', credentials: 'same-origin' });
  if (!answer.ok || !answer.body) throw new Error(`stream answered ${answer.status}`);
  open();
  const parse = parser(event);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    parse(value);
  }
}

/** A function that takes text as it arrives and calls `emit` for each whole event (HTML Standard, 9.2.6). */
export function parser(emit) {
  let rest = '';
  return (text) => {
    const blocks = (rest + text.replaceAll('\r\n', '\n')).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) emit(event);
    }
  };
}

function parseBlock(block) {
  const event = { id: '', type: 'message', data: '' };
  const data = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event.type = value;
    else if (field === 'id') event.id = value;
  }
  event.data = data.join('\n');
  return data.length || event.id ? event : null;
}
