// The page around the laboratory: its language, its theme, and what its address asks for.

import "./elements/web-service-model.js";
import { languageOf, Texts } from "./i18n/texts.js";
import { loadEngine } from "./run/engine.js";
import { obeyParent } from "./run/frame-messages.js";

/** @typedef {import("./i18n/texts.js").Key} Key */

const texts = new Texts();
const query = new URLSearchParams(location.search);
const model = /** @type {import("./elements/web-service-model.js").WebServiceModel} */ (document.querySelector("web-service-model"));
const language = /** @type {HTMLSelectElement} */ (document.getElementById("language"));
const theme = /** @type {HTMLSelectElement} */ (document.getElementById("theme"));

/** A choice of an earlier visit. @param {string} name */
function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    // The browser keeps nothing for this site; then nothing is remembered.
    return null;
  }
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // As above: the choice lasts as long as the page.
  }
}

/** @param {string} id @param {Key} key */
function label(id, key) {
  texts.label(/** @type {HTMLElement} */ (document.getElementById(id)), key);
}

function chooseLanguage() {
  texts.language = languageOf(language.value);
  document.documentElement.lang = texts.language;
  model.setAttribute("lang", texts.language);
}

function chooseTheme() {
  // The same attribute for the page and for the element; "auto" is none.
  for (const element of [document.documentElement, model]) {
    if (theme.value === "auto") element.removeAttribute("theme");
    else element.setAttribute("theme", theme.value);
  }
}

function labelPage() {
  label("tagline", "page.tagline");
  label("language-label", "page.language");
  label("theme-label", "page.theme");
  label("about", "page.footer");
  label("embed", "page.embed");
  for (const [value, name] of [["en", "English"], ["ru", "Русский"]]) {
    language.append(new Option(name, value));
  }
  for (const value of /** @type {const} */ (["auto", "light", "dark"])) {
    theme.append(texts.label(new Option("", value), `page.theme.${value}`));
  }
}

labelPage();
language.value = languageOf(query.get("lang") ?? remembered("lang") ?? navigator.language);
theme.value = query.get("theme") ?? remembered("theme") ?? "auto";
if (!theme.value) theme.value = "auto";
language.addEventListener("change", () => {
  chooseLanguage();
  remember("lang", language.value);
});
theme.addEventListener("change", () => {
  chooseTheme();
  remember("theme", theme.value);
});
for (const name of ["scenario", "src", "seed", "speed", "view", "controls"]) {
  const value = query.get(name);
  if (value !== null) model.setAttribute(name, value);
}
if (query.get("autoplay") === "0") model.removeAttribute("autoplay");
// Who asks for a view, the whole one included, has a page of their own around it.
document.documentElement.toggleAttribute("bare", query.has("view"));
// A frame belongs to the page around it: what the reader has kept here is none of its business.
if (parent !== window) model.removeAttribute("drafts");
chooseLanguage();
chooseTheme();
obeyParent(model);

loadEngine().then(
  (engine) => labelVersion(engine.version()),
  () => {}, // The element says what is wrong.
);

/** @param {string} version */
function labelVersion(version) {
  texts.label(/** @type {HTMLElement} */ (document.getElementById("version")), "page.version", { version });
}
