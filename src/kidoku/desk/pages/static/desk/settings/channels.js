// The channels: their webhook's address, when users see Read, and whether LINE's side is set up for it.

import { h, icon, show } from '../../dom.js';
import { confirm, field, formDialog, report, toast } from '../../dialog.js';
import { span } from '../../durations.js';
import { t } from '../../i18n.js';
import { limited } from '../../long_text.js';
import { avatar, copyable, empty } from '../../parts.js';
import { card, facts, notice } from '../../ui.js';
import * as calls from '../calls.js';
import { doctorResults } from './doctor.js';
import { policyFields, policyLine } from './policies.js';
import { targetField } from './read_target.js';
import { RelayLine } from './relay.js';

export class ChannelsPart {
  constructor(desk) {
    this.desk = desk;
    this.results = new Map();
    this.relays = new Map();
    this.element = h('div.stack');
    this.known();
  }

  known() {
    const { channels, isAdmin } = this.desk;
    const add = h(
      'button.button.button--primary',
      { type: 'button', onclick: () => this.add(), disabled: !isAdmin },
      icon('plus'),
      t('Add a channel'),
    );
    if (!channels.length)
      return show(
        this.element,
        empty({
          art: icon('webhook'),
          title: t('Connect your first channel'),
          text: t('You need its channel secret and an access token, both from the LINE Developers Console.'),
          action: add,
        }),
      );
    return show(
      this.element,
      !isAdmin && notice('info', t('Only admins change channels.')),
      channels.map((channel) => this.card(channel)),
      h('div', {}, add),
    );
  }

  happened({ type, channelKey }) {
    if (type === 'relay') this.relays.get(channelKey)?.soon();
  }

  card(channel) {
    const { channelKey, name, webhookPath, readPolicy, markBy, readTargetS } = channel;
    const url = new URL(channel.webhookUrl ?? webhookPath ?? `/webhook/${channelKey}`, location.href).href;
    const admin = this.desk.isAdmin;
    const box = h('div');
    this.fillResults(box, channelKey);
    const relay = new RelayLine(channel);
    this.relays.set(channelKey, relay);
    const button = (symbol, words, act, more = {}) =>
      h(
        'button.button',
        { type: 'button', onclick: act, disabled: !admin, ...more },
        icon(symbol, 'icon--small'),
        words,
      );
    const examine = button('pulse', t('Examine'), () => this.examine(channel, box, examine), { disabled: false });
    const head = h(
      'div.row.channel__head',
      {},
      avatar({ id: channelKey, displayName: name, pictureUrl: channel.pictureUrl, kind: 'account' }),
      h('div.grow', {}, h('h2', { dir: 'auto' }, name), channel.basicId && h('p.muted.small', {}, channel.basicId)),
    );
    const made = card(
      '',
      head,
      facts([
        [t('Webhook URL'), copyable(url, t('Copy the webhook URL'))],
        [t('Users see Read'), policyLine(readPolicy ?? {})],
        [
          t('What the bot takes'),
          readPolicy?.botHandled && policyLine({ ...readPolicy, policy: readPolicy.botHandled }),
        ],
        [t('To be read within'), readTargetS && span(readTargetS * 1_000)],
        [t('Marks by'), markBy === 'user' ? t('User (corporate option)') : t('Read token')],
        [t('Relay'), channel.relayUrl],
        [t('API address'), channel.apiBaseUrl === 'https://api.line.me' ? null : channel.apiBaseUrl],
      ]),
      relay.element,
      box,
      h(
        'div.row',
        {},
        examine,
        channel.webhookUrl && button('webhook', t('Set at LINE'), () => this.setWebhook(channel)),
        button('eye', t('Read policy'), () => this.policy(channel)),
        button('edit', t('Change'), () => this.change(channel)),
        button('trash', t('Remove the channel'), () => this.remove(channel), { class: 'button--danger' }),
      ),
    );
    made.classList.add('channel');
    return made;
  }

  fillResults(box, channelKey) {
    const found = this.results.get(channelKey);
    show(box, found && doctorResults(found));
  }

  async examine({ channelKey }, box, button) {
    button.disabled = true;
    show(box, h('p.muted.row', { role: 'status' }, h('span.spinner'), t('Asking LINE…')));
    try {
      this.results.set(channelKey, await calls.examine(channelKey));
    } catch (problem) {
      report(problem);
    } finally {
      button.disabled = false;
      this.fillResults(box, channelKey);
    }
  }

  add() {
    const reading = readingFields({});
    return this.form(t('Add a channel'), {}, reading, async (body) => {
      const made = await calls.addChannel(body);
      await this.desk.reload();
      toast(t('Added. Now give LINE its webhook URL, then examine it.'));
      return made;
    });
  }

  change(channel) {
    return this.form(t('Change the channel'), channel, null, async (body) => {
      // An empty address takes the relay away; other empty fields stay what they are.
      const relay = channel.relayUrl && !body.relayUrl ? { relayUrl: null } : {};
      await calls.changeChannel(channel.channelKey, { ...body, ...relay });
      await this.desk.reload();
      toast(t('Saved'));
    });
  }

  form(title, { name = '', apiBaseUrl = '', dataApiBaseUrl = '', markBy = 'token', relayUrl }, reading, save) {
    const fresh = reading !== null;
    const secret = (named, label, hint) =>
      field(
        label,
        h('input.input', { name: named, required: fresh, autocomplete: 'off', spellcheck: 'false', type: 'password' }),
        fresh ? hint : t('Leave it empty to keep what it is.'),
      );
    const where = (named, label, value, placeholder) =>
      field(label, h('input.input', { name: named, type: 'url', value, placeholder }));
    const by = h('select.select', { name: 'markBy' }, [
      h('option', { value: 'token' }, t('Read token')),
      h('option', { value: 'user' }, t('User (corporate option)')),
    ]);
    by.value = markBy;
    const fields = [
      field(t('Name'), limited(100, h('input.input', { name: 'name', value: name, required: true, dir: 'auto' }))),
      secret('channelSecret', t('Channel secret'), t('In the LINE Developers Console, tab Basic settings.')),
      secret('channelAccessToken', t('Channel access token'), t('In the LINE Developers Console, tab Messaging API.')),
      reading?.elements,
      h(
        'details.more',
        {},
        h('summary', {}, t('Addresses, relay and the corporate option')),
        h(
          'div.stack',
          {},
          where('apiBaseUrl', t('API address'), apiBaseUrl, 'https://api.line.me'),
          where('dataApiBaseUrl', t('Address for media'), dataApiBaseUrl, 'https://api-data.line.me'),
          field(t('Marks by'), by),
          where(
            'relayUrl',
            t('Relay: the bot that gets every webhook too'),
            relayUrl ?? '',
            'https://bot.example.com/webhook',
          ),
        ),
      ),
    ];
    const body = (form) => {
      const given = Object.fromEntries(
        ['name', 'channelSecret', 'channelAccessToken', 'apiBaseUrl', 'dataApiBaseUrl', 'markBy', 'relayUrl']
          .map((one) => [one, form.get(one).trim()])
          .filter(([, value]) => value !== ''),
      );
      return reading ? { ...given, ...reading.value() } : given;
    };
    return formDialog(title, fields.flat().filter(Boolean), {
      act: fresh ? t('Add') : t('Save'),
      save: (form) => save(body(form)),
    });
  }

  async setWebhook({ channelKey, webhookUrl }) {
    const text = t('LINE then sends this channel’s webhooks to {url}, and no more to where they go now.', {
      url: webhookUrl,
    });
    if (!(await confirm(t('Set the webhook URL at LINE?'), text, { act: t('Set at LINE') }))) return;
    try {
      await calls.setWebhook(channelKey, undefined);
      toast(t('Saved'));
    } catch (problem) {
      report(problem);
    }
  }

  policy(channel) {
    const reading = readingFields(channel);
    return formDialog(t('Read policy of {name}', { name: channel.name }), reading.elements, {
      act: t('Save'),
      save: async () => {
        await calls.changeChannel(channel.channelKey, reading.value());
        await this.desk.reload();
        toast(t('Saved'));
      },
    });
  }

  async remove({ channelKey, name }) {
    const text = t('The desk takes no more messages of this channel and marks none. What was received stays.');
    const sure = await confirm(t('Remove the channel {name}?', { name }), text, {
      act: t('Remove the channel'),
      danger: true,
    });
    if (!sure) return;
    try {
      await calls.removeChannel(channelKey);
      await this.desk.reload();
    } catch (problem) {
      report(problem);
    }
  }
}

// When users see Read, and within what time they should.
function readingFields({ readPolicy, readTargetS, relayUrl }) {
  const policy = policyFields(readPolicy, { hasBot: Boolean(relayUrl) });
  const target = targetField(readTargetS);
  return {
    elements: [policy.element, target.element],
    value: () => ({ readPolicy: policy.value(), readTargetS: target.value() }),
  };
}
