// What the simulator says of a file of another program that it has read, in the language of the moment.

import { told } from "./rules.js";

/** @typedef {import("./texts.js").Texts} Texts */

/** Where a word stands: `listen (lines 17, 23, and 2 more)`. */
const WHERE = /\((line|lines) ([\d, ]*\d)(?:, and (\d+) more)?\)/g;

/** @param {string} english @param {Texts} texts @returns {import("./rules.js").Told} */
export function noteTold(english, texts) {
  const said = told(english, texts, texts.notes);
  if (texts.language === "en" || said.lang) return said;
  const text = said.text.replace(WHERE, (_, word, lines, more) => {
    const places = more ? texts.text("import.lines_more", { lines, more }) : lines;
    return `(${texts.text(word === "line" ? "import.at_line" : "import.at_lines", { lines: places })})`;
  });
  return { text };
}
