// Light, dark, or as the system says. Kept in a cookie, so that the server's first byte already has it.

const YEAR_S = 365 * 24 * 3600;

/** 'light', 'dark' or 'system'. */
export function theme() {
  return document.documentElement.dataset.theme || 'system';
}

export function setTheme(choice) {
  apply(choice);
  document.cookie = cookie('kidoku_theme', choice === 'system' ? '' : choice);
  channel?.postMessage(choice);
}

/** Show the page in another language: a reload, since the server writes the words. */
export function setLanguage(language) {
  const url = new URL(location.href);
  url.searchParams.set('lang', language);
  location.assign(url);
}

function apply(choice) {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

function cookie(name, value) {
  return `${name}=${value}; path=/; max-age=${value ? YEAR_S : 0}; samesite=lax`;
}

// Frames and other tabs follow at once.
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('kidoku-theme') : null;
channel?.addEventListener('message', ({ data }) => apply(data));
