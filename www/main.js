// The page around the laboratory: what its address asks for, and who drives it from outside. README.md beside the
// element lists the parameters.

import "./elements/web-service-model.js";
import { offerChoices, texts } from "./choices.js";
import { loadEngine } from "./run/engine.js";
import { offerWelcome } from "./welcome.js";
import { obeyParent } from "./run/frame-messages.js";

/** @typedef {import("./i18n/texts.js").Key} Key */
/** @typedef {import("./elements/web-service-model.js").WebServiceModel} WebServiceModel */

const query = new URLSearchParams(location.search);
const model = /** @type {WebServiceModel} */ (document.querySelector("web-service-model"));

/** @param {string} id @param {Key} key */
function label(id, key) {
  texts.label(/** @type {HTMLElement} */ (document.getElementById(id)), key);
}

function obeyAddress() {
  for (const name of ["scenario", "src", "seed", "speed", "view", "controls"]) {
    const value = query.get(name);
    if (value !== null) model.setAttribute(name, value);
  }
  if (query.get("autoplay") === "0") model.removeAttribute("autoplay");
  // Who asks for a view, the whole one included, has a page of their own around it.
  document.documentElement.toggleAttribute("bare", query.has("view"));
  // A frame belongs to the page around it: what the reader has kept here is none of its business.
  if (parent !== window) model.removeAttribute("drafts");
}

label("tagline", "page.tagline");
label("language-label", "page.language");
label("theme-label", "page.theme");
label("about", "page.footer");
label("embed", "page.embed");
obeyAddress();
offerChoices([model]);
obeyParent(model);
// In a frame, and on a page of its own, the laboratory needs no introduction of ours.
if (parent === window && !query.has("view")) offerWelcome(/** @type {HTMLElement} */ (document.querySelector("main")));

loadEngine().then(
  (engine) => labelVersion(engine.version()),
  () => {}, // The element says what is wrong.
);

/** @param {string} version */
function labelVersion(version) {
  texts.label(/** @type {HTMLElement} */ (document.getElementById("version")), "page.version", { version });
}
