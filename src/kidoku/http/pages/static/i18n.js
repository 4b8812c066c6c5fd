// The words of the page in the reader's language: a JSON block that the server wrote into the page.

const block = document.getElementById('strings');
const strings = block ? JSON.parse(block.textContent) : {};

/** The reader's language as a BCP 47 tag. */
export const language = document.documentElement.lang || 'en';
const rules = new Intl.PluralRules(language);

/** Translate; `{name}` in the text is replaced by `values.name`. */
export function t(message, values = {}) {
  return fill(strings[message] ?? message, values);
}

/** Translate with a number: `tn('{n} member', '{n} members', count)`. */
export function tn(one, other, n, values = {}) {
  const forms = strings[one];
  const text = Array.isArray(forms) ? forms[Math.min(form(n), forms.length - 1)] : form(n) ? other : one;
  return fill(text, { n: new Intl.NumberFormat(language).format(n), ...values });
}

function form(n) {
  return rules.select(n) === 'one' ? 0 : 1;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
