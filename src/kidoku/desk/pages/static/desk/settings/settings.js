// The settings: channels, agents, canned answers, and what is one's own.

import { h, show } from '../../dom.js';
import { t } from '../../i18n.js';
import { hrefOf } from '../place.js';
import { AgentsPart } from './agents.js';
import { CannedPart } from './canned.js';
import { ChannelsPart } from './channels.js';
import { MePart } from './me.js';

const PARTS = {
  channels: { words: () => t('Channels'), Part: ChannelsPart },
  agents: { words: () => t('Agents'), Part: AgentsPart },
  canned: { words: () => t('Canned answers'), Part: CannedPart },
  me: { words: () => t('Yourself'), Part: MePart },
};

export class SettingsScreen {
  constructor(desk, place) {
    this.desk = desk;
    this.tabs = h('nav.tabs-bar.settings__tabs', { 'aria-label': t('Settings') });
    this.body = h('div.settings__body');
    this.element = h('div.settings.scroll', {}, h('div.page', {}, h('h1', {}, t('Settings')), this.tabs, this.body));
    this.show(place);
  }

  get title() {
    return PARTS[this.item]?.words() ?? t('Settings');
  }

  show({ item }) {
    if (item === this.item) return;
    this.item = item;
    const { Part } = PARTS[item] ?? PARTS.channels;
    show(
      this.tabs,
      Object.entries(PARTS).map(([name, { words }]) =>
        h(
          'a',
          { href: hrefOf({ section: 'settings', item: name }), 'aria-current': name === item ? 'page' : null },
          words(),
        ),
      ),
    );
    this.part = new Part(this.desk);
    show(this.body, this.part.element);
  }

  known() {
    this.part.known?.();
  }

  happened(event) {
    this.part.happened?.(event);
  }

  refresh() {
    this.part.known?.();
  }
}
