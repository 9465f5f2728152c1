// What the checks against theory and against reality have in common: what it is about, buttons, a seed, how far it has come,
// what came of it, and the table of the rows.

import { h, write } from "../dom.js";
import { loadEngine } from "../../run/engine.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {{ words: string[], good: boolean, bad: boolean }} Conclusion */

/**
 * @template {import("../../run/checks.js").Checks<any, any>} C
 * @typedef {object} Content
 * @property {string} id what its controls are called
 * @property {Key} run the words on the button that checks all rows
 * @property {(engine: import("../../run/engine.js").Engine) => C} make
 * @property {{ element: HTMLElement, show: (checks: C) => void, update: (id: string | undefined) => void, relabel: () => void }} table
 * @property {HTMLElement[]} [buttons] further ones
 * @property {HTMLElement[]} about above the buttons
 * @property {HTMLElement[]} [notes] below them
 * @property {HTMLElement[]} [end] below what came of it
 * @property {(checks: C) => Conclusion} conclude
 * @property {(checks: C | undefined) => void} [onUpdate]
 */

/** @template {import("../../run/checks.js").Checks<any, any>} C */
export class CheckPanel {
  #texts;
  #content;
  /** @type {C | undefined} */
  #checks;
  #seed;
  #run;
  #cancel;
  #bar = h("progress", { max: 1, value: 0 });
  /** What a screen reader hears: the end, and not every step towards it. */
  #summary = h("p", { class: "validate-summary", role: "status" });
  #state = h("p", { class: "note" });
  /** @type {unknown} */
  #problem;

  /** @param {Texts} texts @param {Content<C>} content */
  constructor(texts, content) {
    const { id, run, table, buttons = [], about, notes = [], end = [] } = content;
    this.#texts = texts;
    this.#content = content;
    this.#seed = h("input", { type: "number", id: `${id}-seed`, min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, inputmode: "numeric" });
    this.#run = texts.label(h("button", { type: "button", class: "primary", onclick: () => this.check(undefined, false) }), run);
    this.#cancel = texts.label(h("button", { type: "button", onclick: () => this.stop() }), "validate.cancel");
    texts.attribute(this.#bar, "aria-label", run);
    const seed = h("div", { class: "field" }, texts.label(h("label", { for: `${id}-seed` }), "validate.seed"), this.#seed);
    this.element = h("div", { class: "check-panel" },
      h("div", { class: "card validate-head" },
        ...about,
        h("div", { class: "validate-buttons" }, this.#run, this.#cancel, seed, ...buttons),
        ...notes,
        h("div", { class: "validate-progress" }, this.#bar, this.#state),
        this.#summary,
        ...end),
      h("div", { class: "card" }, table.element));
    this.#update();
  }

  /** Somebody wants to see it: the rows are asked for. */
  async open() {
    if (this.#checks) return;
    try {
      const engine = await loadEngine();
      if (!this.#checks) this.#list(this.#content.make(engine));
    } catch (problem) {
      this.#problem = problem;
      this.#update();
    }
  }

  /** @param {C} checks */
  #list(checks) {
    this.#checks = checks;
    this.#problem = undefined;
    this.#seed.value = String(checks.list.seed);
    this.#content.table.show(checks);
    checks.on("change", (id) => {
      this.#content.table.update(id);
      this.#update();
    });
    checks.on("end", (problem) => {
      this.#problem = problem;
      this.#update();
    });
    this.#update();
  }

  /** Nobody waits for results any more: what is finished stays. */
  stop() {
    this.#checks?.cancel();
  }

  relabel() {
    this.#content.table.relabel();
    this.#update();
  }

  /** @param {string[] | undefined} ids all without them @param {boolean} broken */
  check(ids, broken) {
    const checks = this.#checks;
    if (!checks || !this.#seed.reportValidity()) return;
    this.#problem = undefined;
    const seed = this.#seed.value === "" ? checks.list.seed : Number(this.#seed.value);
    void checks.check(ids ?? checks.list.rows.map((/** @type {{ id: string }} */ { id }) => id), { seed, broken });
  }

  #update() {
    const checks = this.#checks;
    const running = checks?.isRunning ?? false;
    this.#run.disabled = running || !checks;
    this.#cancel.disabled = !running;
    this.#bar.hidden = !running;
    this.#bar.value = checks?.progress ?? 0;
    this.#content.onUpdate?.(checks);
    write(this.#state, running ? this.#working() : "");
    if (running) write(this.#summary, "");
    else this.#conclude();
  }

  /** How far the check has come, and who works. */
  #working() {
    const checks = /** @type {C} */ (this.#checks);
    const words = [this.#texts.text("validate.progress", { done: checks.finished.length, rows: checks.list.rows.length })];
    const { crew } = checks;
    if (crew) words.push(crew.workers > 0 ? this.#texts.text("validate.workers", { count: crew.workers }) : this.#texts.text("validate.own"));
    return words.join(" · ");
  }

  #conclude() {
    const texts = this.#texts;
    const none = { words: [texts.text("validate.none")], good: false, bad: false };
    const { words, good, bad } = this.#checks ? this.#content.conclude(this.#checks) : none;
    const said = [...words];
    if (this.#problem) said.push(texts.text("validate.problem", { problem: String(/** @type {Error} */ (this.#problem).message ?? this.#problem) }));
    write(this.#summary, said.join(" "));
    this.#summary.classList.toggle("good", good);
    this.#summary.classList.toggle("bad", bad);
  }
}
