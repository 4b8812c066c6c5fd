// What an agent has chosen for this browser.

const KEYS = {
  enterSends: 'kidoku-desk-enter-sends',
  notify: 'kidoku-desk-notify',
  stickers: 'kidoku-desk-stickers',
};

function stored(key, fallback) {
  try {
    return localStorage.getItem(key) ?? fallback;
  } catch {
    return fallback;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Whether Enter sends; else Ctrl+Enter does. */
export const enterSends = () => stored(KEYS.enterSends, 'yes') === 'yes';
export const setEnterSends = (wanted) => store(KEYS.enterSends, wanted ? 'yes' : 'no');

/** The package of stickers that was looked at last. */
export const stickerPackage = () => stored(KEYS.stickers, '11537');
export const setStickerPackage = (packageId) => store(KEYS.stickers, packageId);

/** Whether desktop notifications are wanted and allowed. */
export const notifies = () =>
  stored(KEYS.notify, 'no') === 'yes' && 'Notification' in globalThis && Notification.permission === 'granted';

/** Turn notifications on or off; asks the browser when needed. Resolves to whether they are on now. */
export async function setNotifies(wanted) {
  const allowed = wanted && 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted';
  store(KEYS.notify, allowed ? 'yes' : 'no');
  return allowed;
}
