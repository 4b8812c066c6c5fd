// Files on their way to a chat: what each is, how long it lasts, and which photos were sent together.

import { randomId } from '../random_id.js';

// What a phone sends as a photo; any other picture goes as a file.
const PHOTO = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Send files, one after the other so that they arrive in order. Several photos at once are an image set. */
export async function sendFiles(chat, files, kindOf = kindByType) {
  const kinds = files.map(kindOf);
  const total = kinds.filter((kind) => kind === 'image').length;
  const set = total > 1 ? { id: randomId(), index: 0, total } : null;
  for (const [n, file] of files.entries()) {
    if (set && kinds[n] === 'image') set.index += 1;
    await sendFile(chat, file, kinds[n], { set: kinds[n] === 'image' ? set : null });
  }
}

/** What a file is by its type: 'image', 'video', 'audio' or 'file'. */
export function kindByType({ type }) {
  if (PHOTO.has(type)) return 'image';
  return ['video', 'audio'].find((name) => type.startsWith(`${name}/`)) ?? 'file';
}

/** Send one file. `duration` in milliseconds, where it is known already. */
export async function sendFile(chat, file, type, { duration = null, set = null } = {}) {
  const contentUrl = URL.createObjectURL(file);
  const lasting = type === 'video' || type === 'audio';
  const length_ms = duration ?? (lasting ? await lengthOf(contentUrl, type) : null);
  const form = new FormData();
  form.append('type', type);
  if (length_ms) form.append('duration', String(length_ms));
  if (set) {
    form.append('imageSetId', set.id);
    form.append('imageSetIndex', String(set.index));
    form.append('imageSetTotal', String(set.total));
  }
  form.append('file', file, file.name);
  return chat.send(form, { type, contentUrl, fileName: file.name, fileSize: file.size, duration: length_ms });
}

// Milliseconds, or null where the browser cannot tell.
function lengthOf(url, type) {
  return new Promise((resolve) => {
    const element = document.createElement(type);
    element.preload = 'metadata';
    element.onloadedmetadata = () =>
      resolve(Number.isFinite(element.duration) ? Math.round(element.duration * 1000) : null);
    element.onerror = () => resolve(null);
    element.src = url;
  });
}
