// Reads the live events of all pages of this browser over one connection. Each page has a stream of its own in it, which
// goes on where the page was.

import { readEvents } from './stream.js';

// Pages that open, or come back after a loss, do so together.
const GATHER_MS = 20;
const ALIVE_MS = 5_000;

/** The streams below one address. A new one, or one less, is a new request: the others go on from their cursors. */
class Streams {
  constructor(address) {
    this.address = address;
    this.members = new Map();
  }

  join(port, query, resume) {
    this.members.set(port, { port, query, cursor: resume, open: false });
    this.changed();
  }

  leave(port) {
    if (this.members.delete(port)) this.changed();
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read(), GATHER_MS);
  }

  async read() {
    this.abort?.abort();
    const members = [...this.members.values()];
    if (!members.length) return;
    const abort = (this.abort = new AbortController());
    let current;
    try {
      await readEvents(`${this.address}/joined?of=${encodeURIComponent(members.map(queryOf).join(','))}`, {
        signal: abort.signal,
        open: () => {},
        event: (event) => {
          if (event.type === 'stream') current = members[Number(event.data)];
          else if (this.members.get(current.port) === current) this.tell(current, event);
        },
        alive: () => this.alive(members),
      });
    } catch {
      // As an end: every page tries again by itself.
    }
    if (!abort.signal.aborted) for (const member of members) this.end(member);
  }

  tell(member, event) {
    if (event.type === 'end') return this.end(member);
    if (event.id) member.cursor = event.id;
    if (!member.open) {
      member.open = true;
      member.port.postMessage(['open']);
    }
    return member.port.postMessage(['event', event]);
  }

  // The answer goes on without this one.
  end({ port }) {
    if (this.members.delete(port)) port.postMessage(['end']);
  }

  alive(members) {
    if (Date.now() - (this.toldAlive ?? 0) < ALIVE_MS) return;
    this.toldAlive = Date.now();
    for (const { port } of members) port.postMessage(['alive']);
  }
}

// Commas stand between queries.
function queryOf({ query, cursor }) {
  const parts = [query.replaceAll(',', '%2C'), cursor && `since=${encodeURIComponent(cursor)}`];
  return parts.filter(Boolean).join('&');
}

const streams = new Map();

function streamsBelow(address) {
  if (!streams.has(address)) streams.set(address, new Streams(address));
  return streams.get(address);
}

addEventListener('connect', ({ ports: [port] }) => {
  let joined = null;
  port.addEventListener('message', ({ data: { leave, url, resume } }) => {
    if (leave) return joined?.leave(port);
    const [address, query = ''] = url.split('?');
    joined = streamsBelow(address);
    return joined.join(port, query, resume);
  });
  port.start();
});
