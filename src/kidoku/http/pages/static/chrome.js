// Brings the language and theme controls of parts.html to life.

import { setLanguage, setTheme, theme } from './theme.js';

/** Wire every language choice and theme switch inside `root`. */
export function wirePreferences(root = document) {
  for (const select of root.querySelectorAll('[data-language]'))
    select.addEventListener('change', () => setLanguage(select.value));
  for (const group of root.querySelectorAll('[data-theme-switch]')) wireTheme(group);
}

function wireTheme(group) {
  const buttons = [...group.querySelectorAll('button')];
  const mark = () => buttons.forEach((button) => button.setAttribute('aria-pressed', String(button.value === theme())));
  group.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    setTheme(button.value);
    mark();
  });
  mark();
}

/** The languages to choose from, as options: those of the page's `<template id="languages">`. */
export function languageOptions() {
  return [...document.getElementById('languages').content.cloneNode(true).children];
}
