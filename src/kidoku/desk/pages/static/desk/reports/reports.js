// The reports: how long users wait to be read and answered, what is unread, and what becomes of marks.

import { address } from '../../api.js';
import { h, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { card, fill, page, segmented, soon } from '../../ui.js';
import * as calls from '../calls.js';
import { backlogCard, timesCard } from './charts.js';
import { heatMapCard } from './heat_map.js';
import { spreadCard } from './spread.js';
import { agentsTable, channelsTable, marksCard, targetsCard } from './tables.js';

const DAY = 86_400_000;
const PERIODS = {
  1: () => t('24 hours'),
  7: () => t('7 days'),
  30: () => t('30 days'),
  90: () => t('90 days'),
};
const USUAL = '7';
const MOVES = new Set(['mark', 'message', 'reply', 'target']);

export class ReportsScreen {
  constructor(desk) {
    this.desk = desk;
    this.body = h('div.stack');
    this.tools = h('div.reports__tools');
    const lead = t('Times run from the message to the moment in which LINE confirmed Read, or took the answer.');
    this.element = h('div.reports.scroll', {}, page(t('Reports'), { lead, tools: this.tools }, this.body));
    this.loadSoon = soon(() => this.load(), 3_000);
    this.show();
  }

  get title() {
    return t('Reports');
  }

  show() {
    const given = new URL(location.href).searchParams;
    this.days = given.get('period') in PERIODS ? given.get('period') : USUAL;
    this.channel = given.get('channel') ?? '';
    this.known();
    this.load();
  }

  known() {
    const options = Object.entries(PERIODS).map(([value, words]) => ({ value, text: words() }));
    const select = h(
      'select.select',
      { 'aria-label': t('Channel'), onchange: () => this.choose({ channel: select.value }) },
      h('option', { value: '' }, t('All channels')),
      this.desk.channels.map(({ channelKey, name }) => h('option', { value: channelKey }, name)),
    );
    select.value = this.channel;
    show(
      this.tools,
      segmented(t('Period'), options, this.days, (days) => this.choose({ days })),
      select,
    );
  }

  choose({ days = this.days, channel = this.channel }) {
    const given = new URLSearchParams({ period: days, ...(channel && { channel }) });
    history.replaceState(null, '', `/reports?${given}`);
    Object.assign(this, { days, channel });
    this.load();
  }

  get hasSeveral() {
    return !this.channel && this.desk.channels.length > 1;
  }

  get period() {
    const to = Date.now();
    const first = new Date(to - (Number(this.days) - 1) * DAY).setHours(0, 0, 0, 0);
    const from = this.days === '1' ? to - DAY : first;
    const by = this.days === '1' ? 'hour' : 'day';
    return { from, to, by, tz: Intl.DateTimeFormat().resolvedOptions().timeZone, channel: this.channel };
  }

  load() {
    const { by, ...period } = this.period;
    const asked = [
      calls.report('times', { ...period, by }),
      calls.report('times', { ...period, by: 'agent' }),
      this.hasSeveral && calls.report('times', { ...period, by: 'channel' }),
      calls.report('histogram', period),
      calls.report('times', { ...period, by: 'week-hour' }),
      calls.report('backlog', { ...period, by }),
      calls.report('marks', period),
      calls.report('targets', { channel: this.channel }),
    ];
    const turn = (this.turn = Symbol('the newest answer counts'));
    return fill(
      this.body,
      () => Promise.all(asked),
      (answers) => turn === this.turn && this.draw(answers, { ...period, by }),
    );
  }

  draw([times, agents, channels, histogram, week, backlog, marks, targets], { by, ...period }) {
    const links = (report, values) => this.downloads(report, values);
    const open = [...this.body.querySelectorAll('details[open]')].map(({ id }) => id);
    show(
      this.body,
      targetsCard(targets.messages, this.desk),
      timesCard('read', times, by, links('times', { ...period, by })),
      spreadCard(histogram, links('histogram', period)),
      heatMapCard(week, links('times', { ...period, by: 'week-hour' })),
      timesCard('answered', times, by, links('times', { ...period, by })),
      backlogCard(backlog, by, links('backlog', { ...period, by })),
      card(t('By agent'), agentsTable(agents.lines, this.desk), links('times', { ...period, by: 'agent' })),
      channels && card(t('By channel'), channelsTable(channels.lines), links('times', { ...period, by: 'channel' })),
      marksCard(marks, links('marks', period)),
    );
    for (const id of open) this.body.querySelector(`#${CSS.escape(id)}`)?.setAttribute('open', '');
  }

  downloads(report, values) {
    const given = calls.query(values);
    const link = (ending, words) =>
      h(
        'a',
        { href: address(`/reports/${report}${ending}${given}`), download: `${report}${ending || '.json'}` },
        words,
      );
    return h('p.row.small', {}, link('.csv', t('Download as CSV')), link('', t('Download as JSON')));
  }

  happened(event) {
    if (MOVES.has(event.type)) this.loadSoon();
  }

  refresh() {
    this.load();
  }
}
