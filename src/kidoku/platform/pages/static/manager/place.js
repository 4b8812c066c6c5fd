// The Manager's addresses: /manager/{accountId}/{section}/{item}.

const DEFAULT = 'home';

/** What an address shows. */
export function placeOf(url) {
  const [, , accountId = '', section = DEFAULT, item = ''] = url.pathname.split('/').map(decodeURIComponent);
  return { accountId, section: section || DEFAULT, item, peek: url.searchParams.get('peek') === '1' };
}

/** The address of a place. Without an account it is the list of accounts. */
export function hrefOf({ accountId = '', section = DEFAULT, item = '', peek = false }) {
  const parts = [accountId, section === DEFAULT && !item ? '' : section, item].filter(Boolean).map(encodeURIComponent);
  const marks = [embedded() && 'embed=1', peek && 'peek=1'].filter(Boolean).join('&');
  return ['/manager', ...parts].join('/') + (marks && `?${marks}`);
}

/** Whether the Manager stands inside another page. */
export function embedded() {
  return document.body.classList.contains('embed');
}
