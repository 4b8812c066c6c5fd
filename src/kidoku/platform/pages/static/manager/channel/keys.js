// Assertion signing keys: public keys with which a bot's own JWTs are checked, for v2.1 and stateless tokens.

import { h, icon, iconButton, show } from '../../dom.js';
import { confirm, dialog, field, formDialog, report } from '../../dialog.js';
import { full } from '../../format.js';
import { t } from '../../i18n.js';
import { copyable } from '../../parts.js';
import * as calls from '../calls.js';
import { card, fill, json, notice } from '../../ui.js';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};

export class KeysCard {
  constructor(screen) {
    this.screen = screen;
    this.list = h('div');
    const lead = t(
      'Bots that issue v2.1 or stateless tokens sign with a private key of their own. Register its public half here.',
    );
    const buttons = h(
      'div.row',
      {},
      h(
        'button.button',
        { type: 'button', onclick: () => this.generate() },
        icon('key', 'icon--small'),
        t('Make a key pair'),
      ),
      h(
        'button.button',
        { type: 'button', onclick: () => this.register() },
        icon('plus', 'icon--small'),
        t('Register a public key'),
      ),
    );
    this.element = card(t('Assertion signing keys'), h('p.muted', {}, lead), this.list, buttons);
    this.refresh();
  }

  get accountId() {
    return this.screen.account.accountId;
  }

  refresh() {
    return fill(
      this.list,
      () => calls.keys(this.accountId),
      (keys) => this.draw(keys),
    );
  }

  draw(keys) {
    show(
      this.list,
      keys.length
        ? h(
            'ul.key-list',
            {},
            keys.map((key) => this.row(key)),
          )
        : h('p.muted', {}, t('No key is registered.')),
    );
  }

  row({ kid, createdAt }) {
    const created = createdAt ? h('span.muted.small', {}, full(createdAt)) : null;
    return h(
      'li',
      {},
      h('div.grow', {}, copyable(kid, t('Copy the key ID')), created),
      iconButton('trash', t('Delete this key'), () => this.remove(kid)),
    );
  }

  async register() {
    const jwk = h('textarea.textarea.mono', {
      name: 'jwk',
      rows: 8,
      required: true,
      spellcheck: 'false',
      autofocus: true,
      placeholder: '{"kty":"RSA","alg":"RS256","use":"sig","e":"AQAB","n":"…"}',
    });
    const made = await formDialog(
      t('Register a public key'),
      [field(t('Public key as JWK'), jwk, t('An RSA key of 2048 bits.'))],
      {
        act: t('Register'),
        save: (form) => calls.addKey(this.accountId, parsed(form.get('jwk'))),
      },
    );
    if (made) this.refresh();
  }

  // The private half is made in this browser and shown once: the server never sees it.
  async generate() {
    if (!crypto.subtle) return report(new Error(t('This browser makes keys only on localhost or over https.')));
    try {
      const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const { kty, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
      const { kid } = await calls.addKey(this.accountId, { kty, alg: 'RS256', use: 'sig', n, e });
      const secret = { ...(await crypto.subtle.exportKey('jwk', pair.privateKey)), kid };
      for (const name of ['ext', 'key_ops']) delete secret[name];
      this.refresh();
      return showPrivate(kid, secret);
    } catch (problem) {
      return report(problem);
    }
  }

  async remove(kid) {
    const text = t('Tokens that were issued with it go on working; new ones cannot be issued.');
    if (!(await confirm(t('Delete this key?'), text, { act: t('Delete'), danger: true }))) return;
    await calls.removeKey(this.accountId, kid).catch(report);
    this.refresh();
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t('That is not JSON.'));
  }
}

function showPrivate(kid, secret) {
  return dialog(t('Your private key'), (close) => [
    notice('warning', t('It is shown only now, and kept nowhere. Copy it into your bot.')),
    copyable(kid, t('Copy the key ID')),
    json(secret, t('Private key')),
    h(
      'div.dialog__actions',
      {},
      h(
        'a.button.button--primary',
        { href: fileOf(secret), download: `kidoku-${kid}.json` },
        icon('download'),
        t('Download'),
      ),
      h('button.button', { type: 'button', onclick: () => close() }, t('Close')),
    ),
  ]);
}

function fileOf(secret) {
  return URL.createObjectURL(new Blob([JSON.stringify(secret, null, 2)], { type: 'application/json' }));
}
