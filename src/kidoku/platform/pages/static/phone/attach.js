// Sending what is not text: photos, film, sound, files and places.

import { h, icon } from '../dom.js';
import { field, formDialog } from '../dialog.js';
import { t } from '../i18n.js';
import { limited } from '../long_text.js';
import { recordVoice } from './recorder.js';
import { sendFile, sendFiles } from './upload.js';

/** The panel of things to send; `done()` closes it. */
export function attachPanel(chat, done) {
  const tile = (name, label, act) => {
    const onclick = () => {
      done();
      act();
    };
    return h('button.attach__tile', { type: 'button', onclick }, h('span.attach__icon', {}, icon(name)), label);
  };
  return h(
    'div.attach',
    { role: 'group', 'aria-label': t('Send something else') },
    tile('image', t('Photo or video'), () => choosePhotos(chat)),
    tile('camera', t('Camera'), () => choosePhotos(chat, { camera: true })),
    tile('mic', t('Voice message'), () => recordVoice((file, duration) => sendFile(chat, file, 'audio', { duration }))),
    tile('sound', t('Sound file'), () => chooseFiles('audio/*', (files) => sendFiles(chat, files, () => 'audio'))),
    tile('file', t('File'), () => chooseFiles('', (files) => sendFiles(chat, files, () => 'file'))),
    tile('place', t('Location'), () => chooseLocation(chat)),
  );
}

export function choosePhotos(chat, { camera = false } = {}) {
  chooseFiles(camera ? 'image/*' : 'image/*,video/*', (files) => sendFiles(chat, files), { camera });
}

function chooseFiles(accept, send, { camera = false } = {}) {
  const input = h('input.file-chooser', {
    type: 'file',
    accept,
    multiple: !camera,
    capture: camera ? 'environment' : null,
    tabindex: '-1',
    'aria-hidden': 'true',
  });
  input.addEventListener('change', () => {
    send([...input.files]);
    input.remove();
  });
  input.addEventListener('cancel', () => input.remove());
  document.body.append(input);
  input.click();
}

const PLACES = [
  {
    name: () => t('Tokyo Station'),
    address: () => t('1-chome Marunouchi, Chiyoda City, Tokyo'),
    latitude: 35.681236,
    longitude: 139.767125,
  },
  {
    name: () => t('Hua Lamphong, Bangkok'),
    address: () => t('Rong Mueang, Pathum Wan, Bangkok'),
    latitude: 13.739278,
    longitude: 100.516667,
  },
  {
    name: () => t('Taipei Main Station'),
    address: () => t('Zhongzheng District, Taipei City'),
    latitude: 25.047675,
    longitude: 121.517055,
  },
];

/** Ask for a place and send it. */
export function chooseLocation(chat) {
  const input = (name, value, props = {}) =>
    h('input.input', { name, value, required: true, autocomplete: 'off', ...props });
  const degrees = (name, value, most) =>
    input(name, value, { type: 'number', step: 'any', min: -most, max: most, inputmode: 'decimal' });
  const [first] = PLACES;
  const inputs = {
    title: limited(100, input('title', first.name())),
    address: limited(100, input('address', first.address())),
    latitude: degrees('latitude', first.latitude, 90),
    longitude: degrees('longitude', first.longitude, 180),
  };
  const choose = (place) => {
    inputs.title.value = place.name();
    inputs.address.value = place.address();
    inputs.latitude.value = place.latitude;
    inputs.longitude.value = place.longitude;
  };
  const chips = PLACES.map((place) =>
    h('button.button.button--small', { type: 'button', onclick: () => choose(place) }, place.name()),
  );
  return formDialog(
    t('Send a location'),
    [
      h('div.row', {}, chips),
      field(t('Name'), inputs.title),
      field(t('Address'), inputs.address),
      h('div.field-pair', {}, field(t('Latitude'), inputs.latitude), field(t('Longitude'), inputs.longitude)),
    ],
    { act: t('Send'), save: (form) => void chat.send(asLocation(form)) },
  );
}

function asLocation(form) {
  return {
    type: 'location',
    title: form.get('title'),
    address: form.get('address'),
    latitude: Number(form.get('latitude')),
    longitude: Number(form.get('longitude')),
  };
}
