// The check of the simulator against theory, in the reader's own browser.

import { h, write } from "../dom.js";
import { loadEngine } from "../../run/engine.js";
import { Validation } from "../../run/validation.js";
import { InvariantList } from "./invariant-list.js";
import { RowTable } from "./row-table.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/**
 * @typedef {object} Actions
 * @property {() => import("../../run/engine.js").Simulation | undefined} simulation the present run
 */

export class Validate {
  #texts;
  /** @type {Validation | undefined} */
  #validation;
  #seed = h("input", { type: "number", id: "validate-seed", min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, inputmode: "numeric" });
  #run;
  #break;
  #cancel;
  #bar = h("progress", { max: 1, value: 0 });
  /** What a screen reader hears: the end, and not every step towards it. */
  #summary = h("p", { class: "validate-summary", role: "status" });
  #state = h("p", { class: "note" });
  #about = h("p", { class: "note" });
  #chance = h("p", { class: "note" });
  #table;
  #invariants;
  /** @type {unknown} */
  #problem;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#run = this.#button("validate.run", "primary", () => this.#check(undefined, false));
    this.#break = this.#button("validate.break", "", () => this.#check(undefined, true));
    this.#cancel = this.#button("validate.cancel", "", () => this.#validation?.cancel());
    this.#table = new RowTable(texts, (id) => this.#check([id], this.#validation?.state(id).broken ?? false));
    this.#invariants = new InvariantList(texts, actions);
    texts.attribute(this.#bar, "aria-label", "validate.title");
    const title = texts.label(h("h2", { id: "validate-title" }), "validate.title");
    const seed = h("div", { class: "field" }, texts.label(h("label", { for: "validate-seed" }), "validate.seed"), this.#seed);
    this.element = h("section", { class: "validate", "aria-labelledby": "validate-title" },
      h("div", { class: "section-head" }, title),
      h("div", { class: "card validate-head" },
        this.#about,
        h("div", { class: "validate-buttons" }, this.#run, this.#cancel, seed, this.#break),
        texts.label(h("p", { class: "note" }), "validate.break.note"),
        h("div", { class: "validate-progress" }, this.#bar, this.#state),
        this.#summary,
        this.#chance),
      h("div", { class: "card" }, this.#table.element),
      this.#invariants.element);
    this.#update();
  }

  /** The tab is open: the rows are asked for. */
  async open() {
    if (this.#validation) return;
    try {
      const engine = await loadEngine();
      if (!this.#validation) this.#list(new Validation(engine));
    } catch (problem) {
      this.#problem = problem;
      this.#update();
    }
  }

  /** @param {Validation} validation */
  #list(validation) {
    this.#validation = validation;
    this.#problem = undefined;
    this.#seed.value = String(validation.list.seed);
    this.#table.show(validation);
    validation.on("change", (id) => {
      this.#table.update(id);
      this.#update();
    });
    validation.on("end", (problem) => {
      this.#problem = problem;
      this.#update();
    });
    this.#update();
  }

  /** Nobody waits for results any more: what is finished stays. */
  stop() {
    this.#validation?.cancel();
  }

  relabel() {
    this.#table.relabel();
    this.#invariants.relabel();
    this.#update();
  }

  /** @param {import("../../i18n/texts.js").Key} key @param {string} kind @param {() => void} act */
  #button(key, kind, act) {
    return this.#texts.label(h("button", { type: "button", class: kind || undefined, onclick: act }), key);
  }

  /** @param {string[] | undefined} ids all without them @param {boolean} broken */
  #check(ids, broken) {
    const validation = this.#validation;
    if (!validation || !this.#seed.reportValidity()) return;
    this.#problem = undefined;
    const seed = this.#seed.value === "" ? validation.list.seed : Number(this.#seed.value);
    void validation.check(ids ?? validation.list.rows.map(({ id }) => id), { seed, broken });
  }

  #update() {
    const validation = this.#validation;
    const texts = this.#texts;
    const running = validation?.isRunning ?? false;
    for (const button of [this.#run, this.#break]) button.disabled = running || !validation;
    this.#cancel.disabled = !running;
    this.#bar.hidden = !running;
    this.#bar.value = validation?.progress ?? 0;
    write(this.#about, texts.text("validate.about", { count: validation?.list.replications ?? 20 }));
    write(this.#chance, texts.text("validate.chance", { count: validation?.list.more ?? 40 }));
    write(this.#state, running ? this.#working() : "");
    if (running) write(this.#summary, "");
    else this.#conclude();
  }

  /** How far the check has come, and who works. */
  #working() {
    const validation = /** @type {Validation} */ (this.#validation);
    const { done, rows } = validation.tally;
    const words = [this.#texts.text("validate.progress", { done, rows })];
    const { crew } = validation;
    if (crew) words.push(crew.workers > 0 ? this.#texts.text("validate.workers", { count: crew.workers }) : this.#texts.text("validate.own"));
    return words.join(" · ");
  }

  #conclude() {
    const texts = this.#texts;
    const { done, failed, missed, rows } = this.#validation?.tally ?? { done: 0, failed: 0, missed: 0, rows: 0 };
    const said = failed > 0 ? texts.text("validate.failed", { count: failed, rows: done })
      : done === 0 ? texts.text("validate.none")
      : done === rows ? texts.text("validate.all_pass", { rows }) : texts.text("validate.pass", { count: done });
    const broken = this.#validation?.list.rows.some(({ id }) => this.#validation?.state(id).broken);
    const again = missed > 0 ? [texts.text("validate.second", { count: missed })] : [];
    const words = [said, ...again, ...(broken ? [texts.text("validate.broken")] : [])];
    if (this.#problem) words.push(texts.text("validate.problem", { problem: String(/** @type {Error} */ (this.#problem).message ?? this.#problem) }));
    write(this.#summary, words.join(" "));
    this.#summary.classList.toggle("good", done > 0 && failed === 0);
    this.#summary.classList.toggle("bad", failed > 0);
  }
}
