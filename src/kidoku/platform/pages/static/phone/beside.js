// More phones beside this one, each in a frame of its own: to play several people at once.

import { h, iconButton } from '../dom.js';
import { t } from '../i18n.js';

// Each phone holds one connection for its stream; browsers allow six per server.
const MOST = 3;

/** Bring the "Another phone" button of the page's bar to life. */
export function wireBeside() {
  const button = document.querySelector('[data-another-phone]');
  const stage = document.querySelector('.stage');
  if (!button || !stage) return;
  const count = () => stage.querySelectorAll('.device--frame').length;
  const changed = () => (button.disabled = count() >= MOST);
  button.addEventListener('click', () => {
    stage.append(frame(changed));
    changed();
    stage.lastElementChild.scrollIntoView({ inline: 'end', block: 'nearest' });
  });
}

function frame(changed) {
  const page = h('iframe.device__frame', { src: '/phone?embed=1', title: t('Another phone') });
  const device = h('div.device.device--frame', {}, page);
  const close = iconButton('close', t('Put this phone away'), () => {
    device.remove();
    changed();
  });
  close.classList.add('device__close');
  device.append(close);
  return device;
}
