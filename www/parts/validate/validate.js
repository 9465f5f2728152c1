// The simulator against theory, against what real products did, and the present run against what is always true.

import { h } from "../dom.js";
import { Tabs } from "../tabs.js";
import { InvariantList } from "./invariant-list.js";
import { makeReality } from "./reality.js";
import { makeTheory } from "./theory.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/**
 * @typedef {object} Actions
 * @property {() => import("../../run/engine.js").Simulation | undefined} simulation the present run
 */

export class Validate {
  #theory;
  #reality;
  #invariants;
  #tabs;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#theory = makeTheory(texts);
    this.#reality = makeReality(texts);
    this.#invariants = new InvariantList(texts, actions);
    this.#tabs = new Tabs(texts, [
      { id: "theory", title: "validate.tab.theory", content: this.#theory.element },
      { id: "reality", title: "validate.tab.reality", content: this.#reality.element },
    ], () => void this.open(), "validate.tabs");
    const title = texts.label(h("h2", { id: "validate-title" }), "validate.title");
    this.element = h("section", { class: "validate", "aria-labelledby": "validate-title" },
      h("div", { class: "section-head" }, title),
      this.#tabs.element,
      this.#invariants.element);
  }

  /** The view is open: the rows of what is seen of it are asked for. */
  open() {
    return this.#tabs.chosen === "reality" ? this.#reality.open() : this.#theory.open();
  }

  /** Nobody waits for results any more: what is finished stays. */
  stop() {
    this.#theory.stop();
    this.#reality.stop();
  }

  relabel() {
    this.#theory.relabel();
    this.#reality.relabel();
    this.#invariants.relabel();
  }
}
