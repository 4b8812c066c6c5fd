// The box for a webhook URL, wherever one is asked for.

import { h } from './dom.js';
import { limited } from './long_text.js';

/** LINE takes 500 characters. */
const LONGEST = 500;

export function webhookInput(attributes) {
  const given = { placeholder: 'http://127.0.0.1:3000/webhook', autocomplete: 'off', spellcheck: 'false' };
  return limited(LONGEST, h('input.input', { type: 'url', ...given, ...attributes }));
}
