// Tells that the baseline of a link is being run once more, how far it has come, and lets the reader do without it.

import { h, write } from "./dom.js";
import { FocusReturn } from "./focus-return.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */

export class RerunNotice {
  #texts;
  #bar = h("progress", { max: 1 });
  #share = h("span", { class: "rerun-share" });
  #said = h("p", { class: "visually-hidden", role: "status" });
  #box;
  #focus;
  #running = false;

  /** @param {Texts} texts @param {() => void} stop @param {() => void} goOn puts the focus where one goes on */
  constructor(texts, stop, goOn) {
    this.#texts = texts;
    const button = h("button", { type: "button", class: "small", onclick: stop });
    this.#box = h("section", { class: "rerun card", hidden: true },
      texts.label(h("p"), "rerun.words"), this.#bar, this.#share, texts.label(button, "rerun.stop"));
    // The progress is seen; who listens hears of the beginning and the end only.
    this.element = h("div", { class: "rerun-place" }, this.#box, this.#said);
    texts.attribute(this.#box, "aria-label", "rerun.title");
    texts.attribute(this.#bar, "aria-label", "rerun.title");
    this.#focus = new FocusReturn(this.#box, goOn);
  }

  /** @param {number | undefined} share of the run that is done; undefined when nothing is being run */
  show(share) {
    const { within } = this.#focus;
    this.#running = share !== undefined;
    this.#box.hidden = !this.#running;
    if (share !== undefined) {
      this.#bar.value = share;
      write(this.#share, this.#texts.percent(share));
    }
    this.relabel();
    if (within && !this.#running) this.#focus.give();
  }

  relabel() {
    write(this.#said, this.#running ? this.#texts.text("rerun.words") : "");
  }
}
