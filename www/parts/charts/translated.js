// Names in legends are words of a language, and names of components. Who has hidden some means the same ones in another
// language, too. Pure.

/** @typedef {import("../../web-service-model.js").ChartTexts} ChartTexts */

const HOLE = "{n}";

/**
 * The name that an entry has in another language.
 * @param {string} name
 * @param {ChartTexts} from
 * @param {ChartTexts} to
 * @returns {string}
 */
export function translated(name, from, to) {
  for (const kind of /** @type {const} */ (["words", "causes", "phases"])) {
    for (const [key, text] of Object.entries(from[kind] ?? {})) {
      const other = to[kind]?.[key];
      if (other === undefined) continue;
      if (text === name) return other;
      const inner = filled(text, name);
      if (inner !== undefined) return other.replace(HOLE, () => translated(inner, from, to));
    }
  }
  return name;
}

/** What stands in the hole of a text, if the rest of it fits. @param {string} text @param {string} name */
function filled(text, name) {
  const [before, after] = text.split(HOLE);
  if (after === undefined || !name.startsWith(before) || !name.endsWith(after)) return undefined;
  const inner = name.slice(before.length, name.length - after.length);
  return inner && before.length + after.length < name.length ? inner : undefined;
}
