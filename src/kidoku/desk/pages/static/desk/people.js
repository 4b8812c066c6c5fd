// Who did it: agents, programs, the bot behind the relay, or a policy, as marks and messages name them.

import { t } from '../i18n.js';

const OTHERS = {
  api: () => t('A program'),
  bot: () => t('The bot'),
  policy: () => t('The policy'),
};

/** A name for `agent:7`, `api`, `bot` or `policy`. */
export function nameOf(desk, by) {
  if (!by) return '';
  if (OTHERS[by]) return OTHERS[by]();
  const agent = desk.agent(by);
  if (!agent) return t('Somebody');
  return agent.agentId === desk.myId ? t('You') : agent.name;
}
