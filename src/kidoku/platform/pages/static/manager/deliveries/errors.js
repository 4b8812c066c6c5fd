// Error statistics: failed webhooks per minute and reason, as a table and as a file.

import { h, icon, show } from '../../dom.js';
import { report } from '../../dialog.js';
import { number } from '../../format.js';
import { t } from '../../i18n.js';
import * as calls from '../calls.js';
import { fill, notice, soon } from '../../ui.js';

export class ErrorsPane {
  constructor(screen) {
    this.screen = screen;
    this.title = t('Error statistics');
    this.soon = soon(() => this.refresh(), 300);
    this.state = h('div');
    this.body = h('div');
    const { accountId } = screen.account;
    const file = h(
      'a.button',
      { href: calls.webhookErrorsFile(accountId), download: `webhook-errors-${accountId.slice(0, 9)}.tsv` },
      icon('download', 'icon--small'),
      t('Download as TSV'),
    );
    this.element = h(
      'div.stack',
      {},
      this.state,
      h(
        'div.row.row--spread',
        {},
        h(
          'p.muted.errors__note',
          {},
          t('Times are in UTC+9, as in LINE’s console. Requests that verify an endpoint are not counted.'),
        ),
        file,
      ),
      this.body,
    );
    this.accountChanged();
    this.refresh();
  }

  accountChanged() {
    const { settings, accountId } = this.screen.account;
    const turnOn = () =>
      calls.changeSettings(accountId, { errorStatistics: true }).then(() => this.screen.manager.reload(), report);
    const button = h('button.button.button--small', { type: 'button', onclick: turnOn }, t('Turn on'));
    show(
      this.state,
      settings.errorStatistics
        ? null
        : notice('info', t('Error statistics aggregation is off: failures are not counted.'), ' ', button),
    );
  }

  happened() {
    this.soon();
  }

  refresh() {
    return fill(
      this.body,
      () => calls.webhookErrors(this.screen.account.accountId),
      ({ errors }) => this.draw(errors),
    );
  }

  draw(errors) {
    if (!errors.length) return show(this.body, h('p.empty', {}, t('No error has been counted.')));
    const head = [t('Date'), t('Start'), t('End'), t('Reason'), t('Detail'), t('Count')].map((name) =>
      h('th', { scope: 'col' }, name),
    );
    const rows = errors.map(({ date, start, end, reason, detail, count }) =>
      h(
        'tr',
        {},
        h('td.numeric', {}, date),
        h('td.numeric', {}, start),
        h('td.numeric', {}, end),
        h('td', {}, h('code', {}, reason)),
        h('td.errors__detail', {}, detail),
        h('td.numeric', {}, number(count)),
      ),
    );
    const table = h('table.table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows));
    return show(this.body, h('div.table-box', { tabindex: '0', role: 'region', 'aria-label': this.title }, table));
  }
}
