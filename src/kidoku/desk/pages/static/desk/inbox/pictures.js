// Sending a picture: chosen, dropped or pasted and kept by the desk for LINE to load, or one that is on the web already.

import { h, icon, show } from '../../dom.js';
import { field, formDialog } from '../../dialog.js';
import { size } from '../../format.js';
import { t } from '../../i18n.js';
import { limited } from '../../long_text.js';
import { notice } from '../../ui.js';
import * as calls from '../calls.js';

const TYPES = ['image/jpeg', 'image/png'];
const LIMIT = 10_000_000;

/** The first picture among what was dropped or pasted, or undefined. */
export function pictureIn(transfer) {
  return [...(transfer?.files ?? [])].find(({ type }) => type.startsWith('image/'));
}

/** Ask for a picture, perhaps beginning with one; `send(message)` sends it as an image message. */
export function pictureDialog(desk, send, begin = null) {
  const able = Boolean(desk.start.picturesAt);
  const address = field(
    t('Or the address of a picture'),
    limited(2000, h('input.input', { name: 'url', type: 'url', pattern: 'https://.*' })),
    t('It begins with https:// and ends in a JPEG or PNG that everybody can load.'),
  );
  const chooser = new Chooser(able, (file) => (address.hidden = Boolean(file)));
  if (begin && able) chooser.take(begin);
  return formDialog(
    t('Send a picture'),
    [able ? null : notice('warning', reason()), chooser.element, address].filter(Boolean),
    {
      act: t('Send'),
      save: async (form) => {
        const message = chooser.file ? await upload(chooser.file) : onTheWeb(form.get('url').trim());
        // Not awaited: the dialog closes, and the conversation tells how sending goes.
        send({ type: 'image', ...message });
      },
    },
  ).finally(() => chooser.leave());
}

function reason() {
  return t(
    'Pictures of your own cannot be sent yet: LINE loads them from the desk, which has no public address that begins with https://. An admin sets it as public_url.',
  );
}

function onTheWeb(url) {
  if (!url) throw new Error(t('Choose a picture, or enter its address.'));
  return { originalContentUrl: url, previewImageUrl: url };
}

async function upload(file) {
  const { originalContentUrl, previewImageUrl } = await calls.uploadPicture(file);
  return { originalContentUrl, previewImageUrl };
}

// The place where a picture is chosen, dropped or pasted, and then seen.
class Chooser {
  constructor(able, taken) {
    this.file = null;
    this.taken = taken;
    this.input = h('input.visually-hidden', {
      type: 'file',
      accept: TYPES.join(','),
      disabled: !able,
      onchange: () => this.input.files[0] && this.take(this.input.files[0]),
    });
    this.told = h('span.chooser__words');
    this.problem = h('p.field__error', { role: 'alert', hidden: true });
    this.drop = h('label.chooser', { class: able ? '' : 'chooser--off' }, this.input, this.told);
    this.element = h('div.stack.stack--tight', {}, this.drop, this.problem);
    this.draw();
    if (able) receiveFiles(this.drop, (file) => this.take(file));
  }

  take(file) {
    const wrong = problemOf(file);
    this.problem.textContent = wrong;
    this.problem.hidden = !wrong;
    this.leave();
    this.file = wrong ? null : file;
    this.taken(this.file);
    this.draw();
  }

  draw() {
    if (!this.file) {
      show(this.told, icon('image'), h('span', {}, t('Choose a picture, or drop or paste it here')));
      return;
    }
    this.url = URL.createObjectURL(this.file);
    const name = this.file.name || t('Picture');
    show(
      this.told,
      h('img.chooser__preview', { src: this.url, alt: t('Preview of {name}', { name }) }),
      h('span.small', { dir: 'auto' }, `${name} · ${size(this.file.size)}`),
    );
  }

  leave() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }
}

function problemOf({ type, size: bytes }) {
  if (!TYPES.includes(type)) return t('LINE takes only JPEG and PNG.');
  return bytes > LIMIT ? t('The picture has {size}; LINE takes 10 MB at most.', { size: size(bytes) }) : '';
}

/** Let files be dropped and pasted on `element`; `take(file)` gets a picture. */
export function receiveFiles(element, take) {
  const over = (wanted) => element.classList.toggle('receives', wanted);
  element.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    over(true);
  });
  element.addEventListener('dragleave', (event) => over(element.contains(event.relatedTarget)));
  const receive = (event, transfer) => {
    over(false);
    const file = pictureIn(transfer);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    take(file);
  };
  element.addEventListener('drop', (event) => receive(event, event.dataTransfer));
  element.addEventListener('paste', (event) => receive(event, event.clipboardData));
}
