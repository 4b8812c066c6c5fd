// Signing in without leaving the page: a wrong key is told beside the field.

import { post } from './api.js';
import { wirePreferences } from './chrome.js';

const form = document.getElementById('sign-in');
const error = document.getElementById('key-error');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  error.hidden = true;
  form.key.removeAttribute('aria-invalid');
  try {
    await post('/session', { key: form.key.value });
    location.reload();
  } catch (problem) {
    error.textContent = [problem.message, problem.hint].filter(Boolean).join(' ');
    error.hidden = false;
    form.key.setAttribute('aria-invalid', 'true');
    form.key.select();
  }
});

wirePreferences();
