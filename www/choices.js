// Language and theme of a page of this site: chosen in its head, remembered for the next visit, followed by every
// laboratory on the page.

import { languageOf, loadLanguage, Texts } from "./i18n/texts.js";

/** Texts of the page, in the language that is chosen. */
export const texts = new Texts();

const query = new URLSearchParams(location.search);
const language = /** @type {HTMLSelectElement} */ (document.getElementById("language"));
const theme = /** @type {HTMLSelectElement} */ (document.getElementById("theme"));

/** A choice of an earlier visit. @param {string} name */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    // The browser keeps nothing for this site; then nothing is remembered.
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // As above: the choice lasts as long as the page.
  }
}

/** @param {Iterable<HTMLElement>} models @param {() => void} onLanguage */
async function applyLanguage(models, onLanguage) {
  const wanted = languageOf(language.value);
  for (const element of [document.documentElement, ...models]) element.setAttribute("lang", wanted);
  // English is what is left where its words cannot be had.
  await loadLanguage(wanted).catch(() => {});
  // Meanwhile another one may have been chosen.
  if (wanted !== languageOf(language.value)) return;
  texts.language = wanted;
  onLanguage();
}

/** @param {Iterable<HTMLElement>} models */
function applyTheme(models) {
  // The same attribute for the page and for the element; "auto" is none.
  for (const element of [document.documentElement, ...models]) {
    if (theme.value === "auto") element.removeAttribute("theme");
    else element.setAttribute("theme", theme.value);
  }
}

/**
 * Offers the choices and applies them: what the address asks for, what was chosen before, what the browser prefers.
 * @param {Iterable<HTMLElement>} models
 * @param {() => void} [onLanguage]
 */
export function offerChoices(models, onLanguage = () => {}) {
  for (const [value, name] of [["en", "English"], ["ru", "Русский"]]) {
    language.append(new Option(name, value));
  }
  for (const value of /** @type {const} */ (["auto", "light", "dark"])) {
    theme.append(texts.label(new Option("", value), `page.theme.${value}`));
  }
  language.value = languageOf(query.get("lang") ?? remembered("lang") ?? navigator.language);
  theme.value = query.get("theme") ?? remembered("theme") ?? "auto";
  if (!theme.value) theme.value = "auto";
  language.addEventListener("change", () => {
    void applyLanguage(models, onLanguage);
    remember("lang", language.value);
  });
  theme.addEventListener("change", () => {
    applyTheme(models);
    remember("theme", theme.value);
  });
  void applyLanguage(models, onLanguage);
  applyTheme(models);
}
