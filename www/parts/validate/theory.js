// The check of the simulator against theory, in the reader's own browser.

import { h, write } from "../dom.js";
import { Validation } from "../../run/validation.js";
import { CheckPanel } from "./check-panel.js";
import { RowTable } from "./row-table.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/** @param {Texts} texts */
export function makeTheory(texts) {
  /** @type {Validation | undefined} */
  let validation;
  const [about, chance] = [h("p", { class: "note" }), h("p", { class: "note" })];
  const broken = texts.label(h("button", { type: "button", onclick: () => panel.check(undefined, true) }), "validate.break");
  const table = new RowTable(texts, (id) => panel.check([id], validation?.state(id).broken ?? false));
  /** @type {CheckPanel<Validation>} */
  const panel = new CheckPanel(texts, {
    id: "validate",
    run: "validate.run",
    make: (engine) => (validation = new Validation(engine)),
    table,
    buttons: [broken],
    about: [about],
    notes: [texts.label(h("p", { class: "note" }), "validate.break.note")],
    end: [chance],
    conclude: (checks) => conclusion(texts, checks),
    onUpdate: (checks) => {
      broken.disabled = !checks || checks.isRunning;
      write(about, texts.text("validate.about", { count: checks?.list.replications ?? 20 }));
      write(chance, texts.text("validate.chance", { count: checks?.list.more ?? 40 }));
    },
  });
  return panel;
}

/** @param {Texts} texts @param {Validation} validation @returns {import("./check-panel.js").Conclusion} */
function conclusion(texts, validation) {
  const { done, failed, missed, rows } = validation.tally;
  const said = failed > 0 ? texts.text("validate.failed", { count: failed, rows: done })
    : done === 0 ? texts.text("validate.none")
    : done === rows ? texts.text("validate.all_pass", { rows }) : texts.text("validate.pass", { count: done });
  const broken = validation.list.rows.some(({ id }) => validation.state(id).broken);
  const again = missed > 0 ? [texts.text("validate.second", { count: missed })] : [];
  const words = [said, ...again, ...(broken ? [texts.text("validate.broken")] : [])];
  return { words, good: done > 0 && failed === 0, bad: failed > 0 };
}
