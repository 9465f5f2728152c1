// What the simulator says of mistakes, in other languages than its own English. Languages are the page's matter, and not
// the simulator's: here its sentences are recognised and said anew.

/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {{ text: string, lang?: "en" }} Told in the language of the page, unless `lang` says otherwise */

/** Places whose content is a sentence of its own. */
const SENTENCES = new Set(["hint", "bounds", "reason"]);

/** Sentences as patterns, made once of each list. @type {WeakMap<object, [RegExp, string][]>} */
const patterns = new WeakMap();

/**
 * A sentence of the simulator's in the language of the moment; as it is, with its language, if it cannot be told in it.
 * @param {string} english
 * @param {Texts} texts
 * @param {import("./texts.js").Rules} [rules] another list than that of mistakes
 * @returns {Told}
 */
export function told(english, texts, rules = texts.rules) {
  if (texts.language === "en") return { text: english };
  const text = translated(english, rules);
  return text === undefined ? { text: english, lang: "en" } : { text };
}

/** @param {string} english @param {import("./texts.js").Rules} rules @returns {string | undefined} */
function translated(english, rules) {
  for (const [pattern, translation] of patternsOf(rules)) {
    const match = pattern.exec(english);
    if (match) return filled(translation, match.groups ?? {}, rules);
  }
  return undefined;
}

/** @param {import("./texts.js").Rules} rules */
function patternsOf(rules) {
  const known = patterns.get(rules) ?? rules.map(([sentence, translation]) => /** @type {[RegExp, string]} */ ([patternOf(sentence), translation]));
  patterns.set(rules, known);
  return known;
}

/** What a sentence looks like, whatever stands in its places. @param {string} sentence */
function patternOf(sentence) {
  const parts = sentence.split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    // A hint begins with a space and fills the rest, so that a name before it is not taken for a part of it.
    if (part === "hint") return "(?<hint> \\((?:did you mean|known:|there are none).*)";
    // The number of a status says it all; what servers write behind it is English.
    if (part === "status") return "(?<status>\\d{3})(?: .*)?";
    return `(?<${part}>.+?)`;
  });
  return new RegExp(`^${parts.join("")}$`, "s");
}

/** @param {string} translation @param {{ [place: string]: string }} groups @param {import("./texts.js").Rules} rules */
function filled(translation, groups, rules) {
  return translation.replace(/\{(\w+)\}/g, (whole, place) => {
    const value = groups[place] ?? whole;
    return SENTENCES.has(place) ? (translated(value, rules) ?? value) : value;
  });
}
