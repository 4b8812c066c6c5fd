// Signing in: login and password for a session; what is wrong is told beside the fields.

import { ApiError, post } from '../api.js';
import { wirePreferences } from '../chrome.js';
import { t } from '../i18n.js';
import { copyButton } from '../parts.js';
import { retold } from './refusals.js';

const form = document.getElementById('sign-in');
const error = document.getElementById('sign-in-error');

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('[type="submit"]');
  error.hidden = true;
  form.password.removeAttribute('aria-invalid');
  button.disabled = true;
  try {
    await post('/session', { login: form.login.value, password: form.password.value }).catch(retold);
    location.assign(form.dataset.next);
  } catch (problem) {
    error.textContent = words(problem);
    error.hidden = false;
    form.password.setAttribute('aria-invalid', 'true');
    form.password.select();
  } finally {
    button.disabled = false;
  }
});

function words(problem) {
  if (problem instanceof ApiError && problem.status === 401)
    return t('Login and password do not belong together. Try again, or ask an admin for a new password.');
  return [problem.message, problem.hint].filter(Boolean).join(' ');
}

for (const box of document.querySelectorAll('[data-copy]'))
  box.append(copyButton(() => box.querySelector('code').textContent, t('Copy the command')));

wirePreferences();
