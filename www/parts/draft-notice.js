// Offers what the reader was working on when the page was last left.

import { h, write } from "./dom.js";
import { FocusReturn } from "./focus-return.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/drafts.js").Draft} Draft */
/** @typedef {{ resume: (draft: Draft) => void, discard: (draft: Draft) => void }} Actions */

export class DraftNotice {
  #texts;
  #words = h("p");
  /** @type {Draft | undefined} */
  #draft;
  #focus;

  /** @param {Texts} texts @param {Actions} actions @param {() => void} goOn puts the focus where one goes on if it came from nowhere */
  constructor(texts, actions, goOn) {
    this.#texts = texts;
    /** @param {(draft: Draft) => void} action */
    const decide = (action) => () => {
      if (this.#draft) action(this.#draft);
    };
    const resume = h("button", { type: "button", class: "small primary", onclick: decide(actions.resume) });
    const discard = h("button", { type: "button", class: "small", onclick: decide(actions.discard) });
    this.element = h(
      "section",
      { class: "draft card", hidden: true },
      this.#words,
      h("div", { class: "buttons" }, texts.label(resume, "draft.continue"), texts.label(discard, "draft.discard")),
    );
    texts.attribute(this.element, "aria-label", "draft.title");
    this.#focus = new FocusReturn(this.element, goOn);
  }

  /** @param {Draft | undefined} draft nothing to offer any more without one */
  offer(draft) {
    const { within } = this.#focus;
    this.#draft = draft;
    this.element.hidden = !draft;
    if (within && !draft) this.#focus.give();
    this.relabel();
  }

  relabel() {
    if (!this.#draft) return;
    const { config, saved } = this.#draft;
    const { language } = this.#texts;
    const name = config.title?.[language] || config.title?.en || config.name || this.#texts.text("control.scenario.own");
    const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(saved);
    write(this.#words, this.#texts.text("draft.offer", { name: String(name), time }));
  }
}
