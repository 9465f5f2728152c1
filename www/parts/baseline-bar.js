// What the run is compared with, and the buttons that choose it.

import { h, write } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../run/laboratory.js").Baseline} Baseline */

export class BaselineBar {
  #texts;
  #status = h("p", { class: "note baseline-status" });
  #pin;
  #unpin;
  /** @type {Baseline | undefined} */
  #baseline;
  #pinned = false;
  /** Whether the run has come as far as the one that it is compared with. */
  sameLength = false;

  /** @param {Texts} texts @param {{ pin: () => void, unpin: () => void }} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#pin = texts.label(h("button", { type: "button", class: "small", onclick: actions.pin }), "compare.pin");
    this.#unpin = texts.label(h("button", { type: "button", class: "small", onclick: actions.unpin }), "compare.unpin");
    this.element = h("div", { class: "baseline", role: "group" }, this.#pin, this.#unpin, this.#status);
    texts.attribute(this.element, "aria-label", "compare.title");
    this.relabel();
  }

  /** @param {Baseline | undefined} baseline @param {boolean} pinned whether the present run will be the next one */
  show(baseline, pinned) {
    [this.#baseline, this.#pinned] = [baseline, pinned];
    this.relabel();
  }

  /** How far the run has come. @param {Report} report */
  compare({ simulated_seconds: time }) {
    this.sameLength = time === this.#baseline?.report.simulated_seconds;
    write(this.#status, this.#said());
  }

  relabel() {
    // A button that disappears takes the focus with it; this one stays and says that it is done.
    this.#pin.setAttribute("aria-disabled", String(this.#pinned));
    const useless = !this.#baseline && !this.#pinned;
    if (useless && this.#unpin.matches(":focus")) this.#pin.focus();
    this.#unpin.hidden = useless;
    write(this.#status, this.#said());
  }

  #said() {
    if (this.#pinned) return this.#texts.text("compare.pinned");
    if (!this.#baseline) return this.#texts.text("compare.none");
    const { scenario, seed, simulated_seconds } = this.#baseline.report;
    const time = this.#texts.moment(simulated_seconds);
    const said = this.#texts.text("compare.with", { scenario, seed: String(seed), time });
    return this.sameLength ? said : `${said} ${this.#texts.text("compare.unlike")}`;
  }
}
