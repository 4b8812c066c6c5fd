// Response hours: when the account answers by which method. They matter only while Chat is on.

import { h, icon, iconButton, show, svg } from '../../dom.js';
import { field } from '../../dialog.js';
import { t } from '../../i18n.js';
import { notice } from '../../ui.js';
import { FormCard } from './form_card.js';
import { clockIn, dayName, inHours, spans } from './week.js';

const METHODS = {
  chat: () => t('Operators only'),
  auto: () => t('Auto-response only'),
  chat_and_auto: () => t('Operators and auto-response'),
};

export class HoursCard extends FormCard {
  constructor(screen) {
    super(screen, {
      name: 'responseHours',
      title: t('Response hours'),
      lead: t(
        'Inside and outside of them the account may answer by different methods. The webhook is sent at any time.',
      ),
    });
    this.element.addEventListener('change', () => this.drawNow());
  }

  // What the fields say depends on Chat too.
  settingsChanged() {
    const { chat } = this.screen.settings;
    if (chat !== this.chat) this.seen = null;
    this.chat = chat;
    super.settingsChanged();
  }

  draw({ enabled, timeZone, windows, inHours: within, outOfHours }) {
    this.enabled = h('input', { type: 'checkbox', checked: enabled });
    this.zone = zoneChoice(timeZone);
    this.within = methods(['chat', 'chat_and_auto'], within);
    this.outside = methods(['chat', 'auto', 'chat_and_auto'], outOfHours);
    this.days = Array.from(
      { length: 7 },
      (_, day) =>
        new Day(
          day,
          windows.filter((one) => one.day === day),
          () => this.changed(),
        ),
    );
    this.now = h('p.hours-now', { role: 'status' });
    this.drawNow();
    const off =
      !this.screen.settings.chat &&
      notice('info', t('Chat is off, so response hours have no effect now: only auto-responses answer.'));
    return [
      off || null,
      h('label.check', {}, this.enabled, t('Use response hours')),
      h(
        'div.form-grid',
        {},
        field(t('Time zone'), this.zone),
        field(t('In response hours'), this.within),
        field(t('Outside of them'), this.outside),
      ),
      h(
        'div.week',
        { role: 'group', 'aria-label': t('Hours of each day') },
        this.days.map(({ element }) => element),
      ),
      this.now,
    ];
  }

  changed() {
    this.touched();
    this.drawNow();
  }

  // The week as one saves it: also a new field's half-typed time is in it, so only whole windows are looked at.
  get value() {
    return {
      enabled: this.enabled.checked,
      timeZone: this.zone.value,
      windows: this.days.flatMap((day) => day.windows),
      inHours: this.within.value,
      outOfHours: this.outside.value,
    };
  }

  drawNow() {
    const { enabled, timeZone, windows, inHours: within, outOfHours } = this.value;
    const { day, time } = clockIn(timeZone);
    const inside = inHours(windows, timeZone);
    const method = METHODS[inside ? within : outOfHours]();
    const words = { day: dayName(day), time, method };
    this.now.hidden = !enabled;
    show(
      this.now,
      icon('clock', 'icon--small'),
      inside
        ? t('It is {day}, {time} there: inside response hours. {method}.', words)
        : t('It is {day}, {time} there: outside response hours. {method}.', words),
    );
  }

  collect() {
    const value = this.value;
    if (value.windows.some(({ start, end }) => !start || !end)) return t('Give every opening a start and an end.');
    if (value.enabled && !value.windows.length) return t('Add the hours of one day at least.');
    return value;
  }
}

class Day {
  constructor(day, windows, changed) {
    this.day = day;
    this.changed = changed;
    this.list = h(
      'div.day-hours__windows',
      {},
      windows.map((one) => this.row(one)),
    );
    this.closed = h('span.muted.small', {}, t('Closed'));
    this.strip = svg('svg', {
      class: 'day-hours__strip',
      viewBox: '0 0 96 6',
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    });
    const add = iconButton('plus', t('Add hours on {day}', { day: dayName(day) }), () => this.add());
    this.element = h(
      'div.day-hours',
      { role: 'group', 'aria-label': dayName(day) },
      h('span.day-hours__name', {}, dayName(day)),
      h('div.grow', {}, this.strip, this.list, this.closed),
      add,
    );
    this.element.addEventListener('change', () => this.draw());
    this.draw();
  }

  get windows() {
    return [...this.list.children].map((row) => {
      const [start, end] = row.querySelectorAll('input');
      return { day: this.day, start: start.value, end: end.value };
    });
  }

  row({ start, end }) {
    const time = (label, value) => h('input.input.time', { type: 'time', value, required: true, 'aria-label': label });
    const drop = () => {
      row.remove();
      this.draw();
      this.changed();
    };
    const row = h(
      'span.window',
      {},
      time(t('From'), start),
      '–',
      time(t('To'), end),
      iconButton('close', t('Remove these hours'), drop),
    );
    return row;
  }

  add() {
    const row = this.row({ start: '09:00', end: '18:00' });
    this.list.append(row);
    row.querySelector('input').focus();
    this.draw();
    this.changed();
  }

  draw() {
    const { windows } = this;
    this.closed.hidden = windows.length > 0;
    const bars = windows
      .flatMap((one) => spans(one))
      .map(([from, to]) => svg('rect', { x: from / 15, y: 0, width: (to - from) / 15, height: 6 }));
    show(this.strip, svg('rect', { class: 'day-hours__ground', x: 0, y: 0, width: 96, height: 6 }), bars);
  }
}

function methods(values, chosen) {
  const select = h('select.select');
  for (const value of values) select.append(h('option', { value, selected: value === chosen }, METHODS[value]()));
  return select;
}

function zoneChoice(chosen) {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen]);
  const select = h('select.select');
  for (const zone of [...zones].sort())
    select.append(h('option', { value: zone, selected: zone === chosen }, zone.replaceAll('_', ' ')));
  return select;
}
