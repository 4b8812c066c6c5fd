// What bots called, newest first, and of each refusal the reason.

import { h, icon, reconcile, show } from '../dom.js';
import { t } from '../i18n.js';
import { empty } from '../parts.js';
import * as calls from './calls.js';
import { explained } from './refusals.js';
import { span } from '../durations.js';
import { facts, fill, json, moment, page, segmented, soon } from '../ui.js';

const PAGE = 50;
const MOST = 200;
// Answers that were no refusal make no live event: a bot may call thousands of times a second.
const LOOK_MS = 2_000;

const FILTERS = {
  all: { words: () => t('All'), query: (accountId) => ({ accountId }) },
  refused: { words: () => t('Refused'), query: (accountId) => ({ accountId, refused: true }) },
  // A call with a wrong token belongs to nobody: nobody can say whose bot made it.
  nobody: { words: () => t('Without a valid token'), query: () => ({}) },
};

export class ApiCallsScreen {
  constructor(manager) {
    this.manager = manager;
    this.title = t('API calls');
    this.which = 'all';
    this.limit = PAGE;
    this.soon = soon(() => this.refresh());
    this.box = h('div');
    this.list = h('ul.records');
    this.more = h(
      'button.button.button--wide',
      { type: 'button', hidden: true, onclick: () => this.showMore() },
      t('Earlier calls'),
    );
    const options = Object.entries(FILTERS).map(([value, { words }]) => ({ value, text: words() }));
    const filters = segmented(t('Which calls'), options, this.which, (which) => this.choose(which));
    this.element = page(
      this.title,
      { lead: t('What your bot called, and of each refusal the reason.'), tools: [filters] },
      this.box,
      this.more,
    );
    this.timer = setInterval(() => document.hidden || this.refresh(), LOOK_MS);
    this.refresh();
  }

  leave() {
    clearInterval(this.timer);
  }

  choose(which) {
    this.which = which;
    this.limit = PAGE;
    this.refresh();
  }

  showMore() {
    this.limit += PAGE;
    this.refresh();
  }

  happened(event) {
    if (event.type === 'call') this.soon();
  }

  refresh() {
    const asked = (this.asked = {
      ...FILTERS[this.which].query(this.manager.accountId),
      limit: Math.min(this.limit, MOST),
    });
    return fill(
      this.box,
      () => calls.apiCalls(asked),
      (answer) => asked === this.asked && this.draw(answer),
    );
  }

  draw({ calls: list, next }) {
    this.more.hidden = !next || this.limit >= MOST;
    if (!list.length) return show(this.box, this.nothing());
    if (!this.list.isConnected) show(this.box, this.list);
    const create = (call) => h('li', {}, row(call));
    reconcile(this.list, list, { key: ({ callId }) => callId, create, update: () => {} });
    return undefined;
  }

  nothing() {
    if (this.which !== 'all')
      return empty({
        art: icon('check'),
        title: t('No call was refused'),
        text: t('Refused calls appear here with the reason.'),
      });
    return empty({
      art: icon('pulse'),
      title: t('No calls yet'),
      text: t('Point your bot here, and every call it makes appears.'),
    });
  }
}

function row(call) {
  const { timestamp, method, path, operation, status, reason, durationMs } = call;
  const refused = status >= 400;
  return h(
    'details.call',
    {},
    h(
      'summary.record',
      {},
      moment(timestamp),
      h(
        'span.record__what',
        {},
        h('b.clip', {}, operation ?? t('Unknown operation')),
        h('code.clip', {}, `${method} ${path}`),
      ),
      h('span.record__why', {}, words(call)),
      h('span.record__count.muted.numeric', {}, span(durationMs)),
      h('span.badge', { class: refused ? 'badge--danger' : 'badge--good' }, String(status)),
    ),
    detail(call),
  );
}

// What the reader's language says in general, with the details as far as they fit; in English the details say it all.
function words({ cause, reason }) {
  const explanation = explained(cause);
  return explanation ? [explanation, h('span.record__told.clip', { lang: 'en' }, reason)] : (reason ?? '');
}

function detail({ requestId, userAgent, requestBody, reason }) {
  return h(
    'div.call__detail.stack.stack--tight',
    {},
    facts([
      [t('Answer and reason'), reason && h('span', { lang: 'en' }, reason)],
      [t('Request ID'), h('code', {}, requestId)],
      [t('User agent'), userAgent && h('code', {}, userAgent)],
    ]),
    requestBody ? json(pretty(requestBody), t('Request body')) : h('p.muted.small', {}, t('The request had no body.')),
  );
}

function pretty(body) {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
