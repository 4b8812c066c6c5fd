// Canned answers: what the team writes often, put in by a slash.

import { h, icon, iconButton, show } from '../../dom.js';
import { confirm, field, formDialog, report, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import { LongText, limited } from '../../long_text.js';
import { empty } from '../../parts.js';
import { card } from '../../ui.js';
import * as calls from '../calls.js';

const LONGEST = 5_000;

export class CannedPart {
  constructor(desk) {
    this.desk = desk;
    this.element = h('div.stack');
    this.known();
  }

  known() {
    const { canned } = this.desk;
    const add = h(
      'button.button.button--primary',
      { type: 'button', onclick: () => this.edit(null) },
      icon('plus'),
      t('Add a canned answer'),
    );
    if (!canned.length)
      return show(
        this.element,
        empty({
          art: icon('note'),
          title: t('No canned answers yet'),
          text: t('Write down what you answer often. In a chat, / and a few letters put it into the box.'),
          action: add,
        }),
      );
    return show(
      this.element,
      card(
        '',
        h(
          'ul.canned-list',
          {},
          canned.map((one) => this.row(one)),
        ),
      ),
      h('div', {}, add),
    );
  }

  row(one) {
    const channel = one.channelKey && this.desk.channel(one.channelKey);
    return h(
      'li',
      {},
      h(
        'div.grow',
        {},
        h('p.row-name', { dir: 'auto' }, one.title),
        h('p.muted.canned-list__text', { dir: 'auto' }, one.text),
        channel && h('span.badge.badge--info', {}, channel.name),
      ),
      iconButton('edit', t('Change “{title}”', { title: one.title }), () => this.edit(one)),
      iconButton('trash', t('Throw “{title}” away', { title: one.title }), () => this.remove(one)),
    );
  }

  edit(one) {
    const title = limited(
      100,
      h('input.input', {
        name: 'title',
        required: true,
        dir: 'auto',
        value: one?.title ?? '',
      }),
    );
    const text = new LongText(LONGEST, { name: 'text', required: true, rows: 5, value: one?.text ?? '' });
    const channel = h('select.select', { name: 'channelKey' }, [
      h('option', { value: '' }, t('All channels')),
      ...this.desk.channels.map(({ channelKey, name }) => h('option', { value: channelKey }, name)),
    ]);
    channel.value = one?.channelKey ?? '';
    const hint = t('{placeholder} becomes the user’s name.', { placeholder: '{name}' });
    const fields = [
      field(t('Title'), title),
      field(t('Text'), text.input, hint),
      text.counter,
      field(t('For'), channel),
    ];
    return formDialog(one ? t('Change the canned answer') : t('Add a canned answer'), fields, {
      act: t('Save'),
      save: async (form) => {
        const key = form.get('channelKey');
        const body = { title: form.get('title'), text: form.get('text'), channelKey: key || null };
        await (one ? calls.changeCanned(one.cannedId, body) : calls.addCanned(body));
        await this.desk.reload();
      },
    });
  }

  async remove({ cannedId, title, text }) {
    const sure = await confirm(t('Throw “{title}” away?', { title }), text, { act: t('Throw away'), danger: true });
    if (!sure) return;
    try {
      await calls.removeCanned(cannedId);
      await this.desk.reload();
      toast(t('Thrown away.'));
    } catch (problem) {
      report(problem);
    }
  }
}
