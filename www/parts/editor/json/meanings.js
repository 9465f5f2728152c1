// What stands at a place of the JSON, in the words of the form: what it is called, what it means, what it is by default.

import { h } from "../../dom.js";
import { valueAt } from "../path.js";
import { prose } from "../words.js";

/** @typedef {import("../path.js").Path} Path */
/** @typedef {import("../schema.js").Shape} Shape */

/**
 * What the JSON side knows of the configuration.
 * @typedef {object} Knowledge
 * @property {() => import("../schema.js").Schema | undefined} schema once it is there
 * @property {() => unknown} config as it is being edited
 * @property {import("../words.js").Words} words
 * @property {import("../../../i18n/texts.js").Texts} texts
 *
 * @typedef {{ title: string, doc: string, notes: string[] }} Meaning
 */

/** Of a field, a component, an option. @param {Knowledge} knowledge @param {Path} path @returns {Meaning | undefined} */
export function meaningOf(knowledge, path) {
  const { words } = knowledge;
  const schema = knowledge.schema();
  const shape = schema?.at(path);
  const around = schema?.at(path.slice(0, -1));
  if (!schema || !shape || !around) return undefined;
  const choices = schema.choices(around);
  const key = String(path[path.length - 1]);
  if (choices) return optionMeaning(knowledge, choices, key);
  if (around.kind === "map" || around.kind === "list") return { title: key, doc: words.doc(shape.type, shape.node.description ?? ""), notes: [] };
  return { title: words.label(shape), doc: words.meaning(shape), notes: [...chosen(knowledge, shape, path), ...fallback(knowledge, shape)] };
}

/** @param {Knowledge} knowledge @param {Shape} shape with options @param {string} key @returns {Meaning | undefined} */
export function optionMeaning({ words }, shape, key) {
  const option = shape.options.find((one) => one.key === key);
  return option && { title: words.option(shape.type, key), doc: words.doc(`${shape.type}.${key}`, option.doc), notes: [] };
}

/** What the chosen one of several means. @param {Knowledge} knowledge @param {Shape} shape @param {Path} path */
function chosen(knowledge, shape, path) {
  if (shape.kind !== "choice") return [];
  const meaning = optionMeaning(knowledge, shape, String(valueAt(knowledge.config(), path) ?? shape.fallback));
  return meaning ? [`${meaning.title}: ${meaning.doc}`] : [];
}

/** @param {Knowledge} knowledge @param {Shape} shape */
function fallback({ texts }, { fallback, optional }) {
  if (fallback !== undefined && fallback !== "") return [texts.text("editor.default", { value: JSON.stringify(fallback) })];
  return optional ? [texts.text("editor.json.optional")] : [];
}

/** @param {Meaning} meaning */
export function meaningBox({ title, doc, notes }) {
  return h("div", { class: "json-meaning" }, h("strong", {}, title), ...[doc, ...notes].filter(Boolean).map((text) => h("p", {}, ...prose(text))));
}
