// What to paste into a bot's settings: addresses, secret and token, and the client of each official SDK.

import { h, iconButton, show } from '../dom.js';
import { t } from '../i18n.js';
import { copyButton, copyable } from '../parts.js';
import { SNIPPETS } from './snippets.js';

const KEPT_IN = 'kidoku-sdk';

/** What a bot needs of an account as the control API shows it. */
export function credentials({ apiBaseUrl, channelId, channelSecret, channelAccessToken }) {
  return {
    baseUrl: apiBaseUrl ?? location.origin,
    channelId: String(channelId),
    secret: channelSecret,
    token: channelAccessToken ?? '',
  };
}

/** The four values to paste, each with a button that copies it. */
export function credentialList(values) {
  return h(
    'dl.credentials',
    {},
    entry(t('API base URL'), copyable(values.baseUrl, t('Copy the base URL'))),
    entry(t('Channel ID'), copyable(values.channelId, t('Copy the channel ID'))),
    entry(t('Channel secret'), secret(values.secret, t('Copy the channel secret'))),
    entry(
      t('Channel access token'),
      values.token
        ? secret(values.token, t('Copy the access token'))
        : h('p.muted', {}, t('There is none. Issue one in the Manager.')),
    ),
  );
}

function entry(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

/** A value that stays covered until one asks for it; copying works without. */
export function secret(value, label) {
  const text = h('code', {}, masked(value));
  const toggle = iconButton('eye', t('Show'), () => {
    const covered = toggle.getAttribute('aria-pressed') !== 'true';
    text.textContent = covered ? value : masked(value);
    toggle.setAttribute('aria-pressed', String(covered));
  });
  toggle.setAttribute('aria-pressed', 'false');
  return h(
    'div.copyable',
    {},
    text,
    toggle,
    copyButton(() => value, label),
  );
}

function masked(value) {
  return '•'.repeat(Math.min(12, value.length - 4)) + value.slice(-4);
}

/** The client of each SDK, one tab each. The choice is remembered. */
export function snippetTabs(values) {
  const panel = h('div.snippet', { role: 'tabpanel', id: 'snippet-panel', tabindex: '0' });
  const tabs = SNIPPETS.map(({ id, name }) =>
    h('button', { type: 'button', role: 'tab', value: id, 'aria-controls': 'snippet-panel' }, name),
  );
  const choose = (id) => {
    const one = SNIPPETS.find((snippet) => snippet.id === id) ?? SNIPPETS[0];
    for (const tab of tabs) {
      const chosen = tab.value === one.id;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    panel.setAttribute('aria-label', one.name);
    const code = one.code(values);
    const cover = (text) =>
      [values.token, values.secret].filter(Boolean).reduce((shown, part) => shown.replaceAll(part, masked(part)), text);
    show(
      panel,
      h('pre.code.scroll', { tabindex: '0' }, cover(code)),
      copyButton(() => code, t('Copy this code')),
    );
    localStorage.setItem(KEPT_IN, one.id);
  };
  const bar = h('div.segmented.snippet-tabs', { role: 'tablist', 'aria-label': t('SDK') }, tabs);
  bar.addEventListener(
    'click',
    (event) => event.target.closest('button') && choose(event.target.closest('button').value),
  );
  bar.addEventListener('keydown', (event) => moveTab(event, tabs, choose));
  choose(localStorage.getItem(KEPT_IN));
  return h('div.stack.stack--tight', {}, bar, panel);
}

function moveTab(event, tabs, choose) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  choose(next.value);
  next.focus();
}
