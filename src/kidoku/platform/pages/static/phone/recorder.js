// Recording a voice message with the device's microphone.

import { h, icon } from '../dom.js';
import { dialog, report } from '../dialog.js';
import { duration } from '../format.js';
import { t } from '../i18n.js';

// LINE's clients send m4a; browsers that cannot record it record what they can.
const FORMATS = [
  ['audio/mp4', 'm4a'],
  ['audio/webm', 'webm'],
  ['audio/ogg', 'ogg'],
];

/** Record until the person says Send. `send(file, milliseconds)` gets the recording; nothing on cancel. */
export async function recordVoice(send) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    report(new Error(t('The microphone cannot be used here. Allow it in the browser, or send a sound file.')));
    return;
  }
  const [type, ending] = FORMATS.find(([format]) => MediaRecorder.isTypeSupported(format)) ?? ['', 'bin'];
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const chunks = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  recorder.start();
  const startedAt = Date.now();
  const wanted = await ask(startedAt);
  const length_ms = Date.now() - startedAt;
  await stopped(recorder);
  for (const track of stream.getTracks()) track.stop();
  if (wanted) send(new File(chunks, `voice.${ending}`, { type: type.split(';')[0] }), length_ms);
}

async function ask(startedAt) {
  const clock = h('p.recorder__clock.numeric', { 'aria-hidden': 'true' }, duration(0));
  const timer = setInterval(() => (clock.textContent = duration(Date.now() - startedAt)), 200);
  const answer = await dialog(t('Recording…'), (close) => [
    clock,
    h(
      'div.dialog__actions',
      {},
      h('button.button', { type: 'button', onclick: () => close(false) }, t('Cancel')),
      h(
        'button.button.button--primary',
        { type: 'button', onclick: () => close(true), autofocus: true },
        icon('send'),
        t('Send'),
      ),
    ),
  ]);
  clearInterval(timer);
  return answer;
}

function stopped(recorder) {
  return new Promise((resolve) => {
    recorder.addEventListener('stop', resolve, { once: true });
    recorder.stop();
  });
}
