// The desk's addresses: / and /chats/{chatId} (with peek=1 without opening it), /reports, /settings/{section}.

const SETTINGS = 'channels';

/** What an address shows. */
export function placeOf(url) {
  const [, first = '', second = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (first === 'settings') return { section: 'settings', item: second || SETTINGS, peek: false };
  if (first === 'reports') return { section: 'reports', item: '', peek: false };
  return { section: 'inbox', item: first === 'chats' ? second : '', peek: url.searchParams.get('peek') === '1' };
}

/** The address of a place. */
export function hrefOf({ section = 'inbox', item = '', peek = false }) {
  if (section === 'settings') return item && item !== SETTINGS ? `/settings/${item}` : '/settings';
  if (section === 'reports') return '/reports';
  return item ? `/chats/${encodeURIComponent(item)}${peek ? '?peek=1' : ''}` : '/';
}
