// A word to who is here for the first time: what this is, and what one can do with it. It goes for good when it is
// closed, and is no part of the laboratory in other pages.

import { remember, remembered, texts } from "./choices.js";

const KEY = "welcomed";

/** @template {HTMLElement} T @param {string} id @returns {T} */
function found(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/** @param {HTMLElement} goOn where the keyboard goes on when it is closed */
export function offerWelcome(goOn) {
  const notice = found("welcome");
  texts.attribute(notice, "aria-label", "welcome.title");
  texts.label(found("welcome-text"), "welcome.text");
  texts.label(found("welcome-lesson"), "welcome.lesson");
  texts.label(found("welcome-close"), "welcome.close");
  notice.hidden = remembered(KEY) !== null;
  found("welcome-close").addEventListener("click", () => {
    remember(KEY, "yes");
    notice.hidden = true;
    goOn.focus({ preventScroll: true });
  });
}
