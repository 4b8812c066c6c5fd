// One delivery: what was sent, each attempt with its answer, and sending it once more.

import { h, icon, show } from '../../dom.js';
import { confirm, report, toast } from '../../dialog.js';
import { number } from '../../format.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';
import { span } from '../../durations.js';
import { card, facts, fill, json, moment, soon } from '../../ui.js';
import { reasonText, stateBadge } from './states.js';

export class DeliveryPane {
  constructor(screen, id) {
    this.screen = screen;
    this.id = id;
    this.title = t('Delivery {id}', { id });
    this.soon = soon(() => this.refresh(), 60);
    this.body = h('div.stack');
    const back = h(
      'a.button.button--quiet.back-link',
      { href: screen.hrefOf('') },
      icon('back', 'icon--small'),
      t('All deliveries'),
    );
    this.element = h('div.stack', {}, h('div', {}, back), this.body);
    this.refresh();
  }

  happened(event) {
    if (event.deliveryId === this.id) this.soon();
  }

  refresh() {
    return fill(
      this.body,
      () => calls.delivery(this.id),
      (detail) => this.draw(detail),
    );
  }

  draw({ delivery, requestBody, attempts }) {
    const open = [...this.body.querySelectorAll('details[open]')].map((one) => one.dataset.key);
    const again = h(
      'button.button',
      { type: 'button', disabled: delivery.state === 'pending', onclick: () => this.again() },
      icon('refresh', 'icon--small'),
      t('Send again'),
    );
    show(
      this.body,
      card(
        null,
        h(
          'div.row.row--spread',
          {},
          h('h2', {}, delivery.eventTypes.join(', ') || t('(no event)')),
          h('div.row', {}, stateBadge(delivery.state), again),
        ),
        overview(delivery),
      ),
      card(
        t('Attempts'),
        attempts.length
          ? h(
              'ol.attempts',
              {},
              attempts.map((one) => attemptRow(one, attempts)),
            )
          : h('p.muted', {}, t('Nothing has been sent yet.')),
      ),
      card(t('Request body'), json(requestBody, t('Request body'))),
    );
    for (const key of open) this.body.querySelector(`details[data-key="${key}"]`)?.setAttribute('open', '');
  }

  async again() {
    const text = t(
      'Your bot gets the same event once more, with isRedelivery true. What it does then, it does again: users may see a second answer.',
    );
    if (!(await confirm(t('Send this webhook again?'), text, { act: t('Send again') }))) return;
    try {
      await calls.redeliver(this.id);
      toast(t('Sent again.'));
    } catch (problem) {
      report(problem);
    }
    this.refresh();
  }
}

function overview(delivery) {
  const { deliveryId, userId, groupId, createdAt, settledAt, dueAt, webhookEventIds } = delivery;
  return facts([
    [t('Created'), moment(createdAt)],
    [
      t('Settled'),
      settledAt && h('span', {}, moment(settledAt), ' ', t('(after {time})', { time: span(settledAt - createdAt) })),
    ],
    [t('Next attempt'), dueAt && moment(dueAt)],
    [t('Outcome'), reasonText(delivery)],
    [t('User'), userId && h('code', {}, userId)],
    [t('Group'), groupId && h('code', {}, groupId)],
    [t('Event ID'), webhookEventIds.length ? h('code', {}, webhookEventIds.join(' ')) : null],
    [t('Delivery ID'), h('code', {}, deliveryId)],
  ]);
}

function attemptRow(attempt, all) {
  const { attempt: n, url, redelivery, manual, startedAt, durationMs, status, reason } = attempt;
  const longest = Math.max(...all.map((one) => one.durationMs), 1);
  const outcome =
    status && status < 300
      ? h('span.badge.badge--good', {}, String(status))
      : h('span.badge.badge--danger', {}, status ? String(status) : reasonText({ reason }));
  const bar = h(
    'span.attempt__bar',
    {},
    h('span', { class: outcome.classList.contains('badge--good') ? '' : 'attempt__bar--bad' }),
  );
  bar.firstElementChild.style.width = `${Math.max(2, (durationMs / longest) * 100)}%`;
  const kind = manual ? t('sent again by hand') : redelivery ? t('redelivery') : t('first delivery');
  return h(
    'li.attempt',
    {},
    h(
      'div.attempt__head',
      {},
      h('b.numeric', {}, number(n)),
      moment(startedAt),
      h('span.muted', {}, kind),
      bar,
      h('span.numeric', {}, span(durationMs)),
      outcome,
    ),
    h('p.small.clip', {}, h('code', {}, url)),
    reason && h('p.small.attempt__why', {}, reasonText(attempt)),
    details(`${n}-request`, t('Request headers'), headers(Object.entries(attempt.requestHeaders))),
    status !== null &&
      details(
        `${n}-answer`,
        t('Answer'),
        h(
          'div.stack.stack--tight',
          {},
          headers(attempt.responseHeaders),
          attempt.responseBody
            ? json(attempt.responseBody, t('Answer'))
            : h('p.muted', {}, t('The answer has no body.')),
        ),
      ),
  );
}

function details(key, name, content) {
  return h('details', { data: { key } }, h('summary', {}, name), content);
}

function headers(pairs) {
  return h('pre.code.scroll', { tabindex: '0' }, pairs.map(([name, value]) => `${name}: ${value}`).join('\n'));
}
