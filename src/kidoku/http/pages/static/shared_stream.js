// Streams of live events, shared by all pages of this browser: it has six connections to a server, and with one stream per
// page a few frames and windows leave none for anything else.

import { readEvents } from './stream.js';

const WORKER = new URL('live_worker.js', import.meta.url);

/** As `readEvents`, through the worker that reads for all pages; alone where there is none. */
export async function readShared(url, options) {
  if ('SharedWorker' in globalThis && (await readThroughWorker(url, options))) return;
  await readEvents(url, options);
}

// Resolves at the end of the stream: to false when the worker cannot be had.
function readThroughWorker(url, { resume, signal, open, event, alive }) {
  const worker = new SharedWorker(WORKER, { type: 'module', name: 'kidoku-live' });
  const { port } = worker;
  return new Promise((resolve) => {
    const leave = (found = true) => {
      port.postMessage({ leave: true });
      port.close();
      resolve(found);
    };
    const hear = { open, event, alive, end: () => leave() };
    worker.addEventListener('error', () => leave(false));
    signal.addEventListener('abort', () => leave());
    port.addEventListener('message', ({ data: [what, value] }) => signal.aborted || hear[what](value));
    port.start();
    port.postMessage({ url, resume });
  });
}
