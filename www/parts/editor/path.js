// Places in a configuration: lists of keys and indices, and their text as the simulator writes it in its errors.

import { isObject, listIn } from "../../run/json.js";

/** @typedef {(string | number)[]} Path */

/** Keys that need no quotes. */
const PLAIN = /^[A-Za-z0-9_$\u{80}-\u{10ffff}-]+$/u;

/** `services.Shop.calls[0]`; a key with other characters stands in quotes: `services["a b"]`. @param {Path} path */
export function writePath(path) {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!PLAIN.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** What `writePath` wrote; what cannot be read on ends the path there. @param {string} text @returns {Path} */
export function readPath(text) {
  /** @type {Path} */
  const path = [];
  const step = /\.?([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  for (let match = step.exec(text); match; match = step.exec(text)) {
    const [, key, index, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else if (quoted === undefined) path.push(key);
    else path.push(unquote(quoted));
  }
  return path;
}

/** The simulator quotes as JSON does; a draft's field may be called anything. @param {string} quoted */
function unquote(quoted) {
  try {
    return /** @type {string} */ (JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

/** What stands at a place; undefined if nothing does. @param {unknown} value @param {Path} path @returns {unknown} */
export function valueAt(value, path) {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = /** @type {any} */ (found)[step];
  }
  return found;
}

/**
 * The same with another value at a place; undefined takes away what stands there. Nothing is changed in place. What is in
 * the way and can have no such place gives way.
 * @param {unknown} value @param {Path} path @param {unknown} inner @returns {any}
 */
export function withValueAt(value, path, inner) {
  if (path.length === 0) return inner;
  const [step, ...rest] = path;
  if (typeof step === "number") {
    const list = listIn(value);
    if (rest.length === 0 && inner === undefined) return list.filter((_, index) => index !== step);
    const changed = [...list];
    changed[step] = withValueAt(list[step], rest, inner);
    return changed;
  }
  const object = isObject(value) ? value : {};
  const changed = withValueAt(Object.hasOwn(object, step) ? object[step] : undefined, rest, inner);
  if (changed !== undefined) return { ...object, [step]: changed };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== step));
}

/** An object with a key called otherwise, in the same order. @param {{ [key: string]: unknown }} object @param {string} from @param {string} to */
export function withKeyRenamed(object, from, to) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}
