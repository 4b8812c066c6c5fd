// A card whose fields are saved together. Until then a change elsewhere does not overwrite what was typed.

import { h, show } from '../../dom.js';
import { field, toast } from '../../dialog.js';
import { t } from '../../i18n.js';
import { LongText } from '../../long_text.js';

export class FormCard {
  /**
   * Subclasses give `title`, `lead`, `name` (of the setting they edit), `draw(value)` (its fields), and `collect()` (the
   * value in the fields, or a string that says what is wrong).
   */
  constructor(screen, { title, lead, name }) {
    this.screen = screen;
    this.name = name;
    this.saving = false;
    this.touches = 0;
    this.fields = h('div.stack');
    this.error = h('p.field__error', { role: 'alert', hidden: true });
    this.stale = h(
      'p.muted.small',
      { hidden: true },
      t('Somebody changed these settings meanwhile. Saving replaces them.'),
    );
    this.saveButton = h('button.button.button--primary', { type: 'submit', disabled: true }, t('Save'));
    this.undoButton = h(
      'button.button',
      { type: 'button', disabled: true, onclick: () => this.undo() },
      t('Undo changes'),
    );
    this.note = h('p.muted.small', { hidden: true }, t('Not saved yet.'));
    const actions = h('div.row.form-actions', {}, this.saveButton, this.undoButton, this.note, this.stale);
    this.element = h(
      'form.card.stack',
      { onsubmit: (event) => this.submit(event) },
      h('h2', {}, title),
      lead && h('p.muted', {}, lead),
      this.fields,
      this.error,
      actions,
    );
    this.element.addEventListener('input', () => this.touched());
    this.element.addEventListener('change', () => this.touched());
  }

  get dirty() {
    return !this.saveButton.disabled;
  }

  /** Whether there is something in the fields that is not kept elsewhere, be it that it is just being saved. */
  get unsaved() {
    return !this.note.hidden;
  }

  touched() {
    this.touches += 1;
    this.error.hidden = true;
    this.note.hidden = false;
    this.saveButton.disabled = this.undoButton.disabled = this.saving;
  }

  settingsChanged() {
    const value = this.screen.settings[this.name];
    const seen = JSON.stringify(value);
    if (seen === this.seen) return;
    this.seen = seen;
    // The answer to what is being saved decides then.
    if (this.saving) return;
    if (this.dirty) this.stale.hidden = false;
    else this.reset(value);
  }

  undo() {
    this.reset(this.screen.settings[this.name]);
    this.element.querySelector('h2').scrollIntoView({ block: 'nearest' });
  }

  reset(value) {
    show(this.fields, this.draw(value));
    this.error.hidden = this.stale.hidden = this.note.hidden = true;
    this.saveButton.disabled = this.undoButton.disabled = true;
  }

  async submit(event) {
    event.preventDefault();
    const value = this.collect();
    if (typeof value === 'string') return this.refuse(value);
    const { touches } = this;
    this.saving = this.saveButton.disabled = this.undoButton.disabled = true;
    try {
      await this.screen.save({ [this.name]: value });
    } catch (problem) {
      return this.refuse(problem.message);
    } finally {
      this.saving = this.saveButton.disabled = this.undoButton.disabled = false;
    }
    // What was typed meanwhile is not saved yet, and stays.
    this.stale.hidden = true;
    if (touches === this.touches) this.reset(this.screen.settings[this.name]);
    return toast(t('Saved'));
  }

  refuse(text) {
    this.error.textContent = text;
    this.error.hidden = false;
  }
}

const LIMIT = 500;

/** A text of one bubble with its length; `insert` are placeholders that a button puts in. */
export function bubbleField(label, value, { insert = [], hint = '', required = false } = {}) {
  const text = new LongText(LIMIT, { rows: 3, required, value: value ?? '' }, { always: true });
  const put = (placeholder) => {
    text.insert(placeholder);
    text.input.focus();
  };
  const buttons = insert.map(({ text: placeholder, words }) =>
    h('button.button.button--small', { type: 'button', onclick: () => put(placeholder) }, words),
  );
  const element = h(
    'div.stack.stack--tight',
    {},
    field(label, text.input, hint),
    h('div.row.row--spread', {}, h('div.row', {}, buttons), text.counter),
  );
  return { element, input: text.input };
}
