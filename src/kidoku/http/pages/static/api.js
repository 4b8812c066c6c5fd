// The API of the page's server: JSON in, JSON out, one kind of error.

import { t } from './i18n.js';

// The page says below which path its API is; else it is the control API.
const ROOT = document.querySelector('meta[name="kidoku-api"]')?.content ?? '/_kidoku/v1';

const words = {};

/**
 * Say what the page tells people for codes of the API, whose own words are English and name paths for programs:
 * `{code: () => [message, hint]}`.
 */
export function explain(problems) {
  Object.assign(words, problems);
}

/** What went wrong, in words a person can act on. `status` is 0 when the server was not reached. */
export class ApiError extends Error {
  constructor(status, { code = 'unknown', message, hint = '' }) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** Call the API. `body` may be a plain object (sent as JSON), FormData or a file. Throws ApiError. */
export async function call(method, path, body) {
  const answer = await reach(method, path, body);
  const data = await json(answer);
  if (!answer.ok) throw failure(answer.status, data);
  return data;
}

export const get = (path) => call('GET', path);
export const post = (path, body = {}) => call('POST', path, body);
export const patch = (path, body) => call('PATCH', path, body);
export const put = (path, body) => call('PUT', path, body);
export const remove = (path) => call('DELETE', path);

/** Join path parts, each escaped: `path('users', id, 'home')`. */
export function path(...parts) {
  return '/' + parts.map(encodeURIComponent).join('/');
}

/** The address of an API path, for streams and links. */
export function address(part) {
  return ROOT + part;
}

async function reach(method, part, body) {
  const init = { method, headers: { Accept: 'application/json' }, credentials: 'same-origin' };
  if (body instanceof FormData || body instanceof Blob) init.body = body;
  else if (body !== undefined) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(ROOT + part, init);
  } catch {
    throw new ApiError(0, {
      code: 'unreachable',
      message: t('The server cannot be reached.'),
      hint: t('Check that Kidoku is still running, then try again.'),
    });
  }
}

async function json(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

function failure(status, data) {
  const error = data.error ?? {};
  const [message, hint] = words[error.code]?.() ?? [error.message, error.hint];
  return new ApiError(status, {
    code: error.code,
    message: message ?? t('The server answered with status {status}.', { status }),
    hint,
  });
}
