// What a tap on a button in a message does: LINE's actions, performed by this phone.

import { h } from '../dom.js';
import { field, formDialog, report, toast } from '../dialog.js';
import { t } from '../i18n.js';
import { copy } from '../parts.js';
import { choosePhotos, chooseLocation } from './attach.js';
import * as calls from './calls.js';

const PERFORM = {
  message: ({ text }, chat) => chat.send({ type: 'text', text }),
  postback,
  datetimepicker: pickDate,
  uri: ({ uri }) => toast(t('This link opens an app that is not on this phone: {uri}', { uri })),
  clipboard: ({ clipboardText }) => copy(clipboardText),
  camera: (_action, chat) => choosePhotos(chat, { camera: true }),
  cameraRoll: (_action, chat) => choosePhotos(chat),
  location: (_action, chat) => chooseLocation(chat),
  richmenuswitch: () => toast(t('There is no rich menu on this phone.')),
};

/**
 * Perform an action of a message. Links to the web are links and never come here. Resolves to false where it failed, and
 * for what asks for data first to whether that was sent.
 */
export function perform(action, chat, message) {
  const act = PERFORM[action.type];
  if (act) return act(action, chat, message);
  return toast(t('This phone cannot do “{action}”.', { action: action.type }));
}

async function postback({ data, displayText, text, inputOption, fillInText }, chat, message) {
  const sent = await sendPostback(chat, message, { data, displayText, text }).then(() => true, report);
  if (inputOption === 'openKeyboard' && fillInText) chat.composer.fill(fillInText);
  else if (inputOption === 'openKeyboard') chat.composer.focus();
  if (inputOption === 'openVoice') chat.composer.attach();
  return sent === true;
}

function sendPostback(chat, message, body) {
  return calls.postback(chat.me.userId, chat.conversation.peerId, { ...body, messageId: message.id });
}

const INPUT = { date: 'date', time: 'time', datetime: 'datetime-local' };

function pickDate({ label, data, mode, initial, min, max }, chat, message) {
  // LINE also takes a small t between date and time; browsers do not.
  const [first, last, value] = [min, max, initial].map((moment) => moment?.replace('t', 'T'));
  const input = h('input.input', {
    type: INPUT[mode],
    name: 'picked',
    required: true,
    min: first,
    max: last,
    value: value ?? '',
  });
  return formDialog(label || t('Choose a date'), [field(label || t('Date'), input)], {
    act: t('Choose'),
    // Browsers leave out seconds of zero, as LINE always does.
    save: (form) => sendPostback(chat, message, { data, params: { [mode]: form.get('picked').slice(0, 16) } }),
  });
}
