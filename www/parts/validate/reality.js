// The check of the simulator against what real products did, in the reader's own browser.

import { h } from "../dom.js";
import { Reality } from "../../run/reality.js";
import { CheckPanel } from "./check-panel.js";
import { RealityTable } from "./reality-table.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/** @param {Texts} texts */
export function makeReality(texts) {
  const table = new RealityTable(texts, (id) => panel.check([id], false));
  /** @type {CheckPanel<Reality>} */
  const panel = new CheckPanel(texts, {
    id: "reality",
    run: "reality.run",
    make: (engine) => new Reality(engine),
    table,
    about: [texts.label(h("p", { class: "note" }), "reality.about")],
    end: [texts.label(h("p", { class: "note" }), "reality.chance")],
    conclude: (checks) => conclusion(texts, checks),
  });
  return panel;
}

/** @param {Texts} texts @param {Reality} reality @returns {import("./check-panel.js").Conclusion} */
function conclusion(texts, reality) {
  const { done, figures, failed, known } = reality.tally;
  if (done === 0) return { words: [texts.text("validate.none")], good: false, bad: false };
  const words = [texts.text("reality.holds", { count: figures - failed - known, figures })];
  if (known > 0) words.push(texts.text("reality.known", { count: known }));
  if (failed > 0) words.push(texts.text("reality.failed", { count: failed }));
  return { words, good: failed === 0, bad: failed > 0 };
}
