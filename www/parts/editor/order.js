// The order of components: that in which the picture, the tables and the report have them. A merge patch knows none, so
// it is kept apart. Pure.

import { isObject } from "../../run/json.js";
import { COMPONENTS } from "./layout.js";
import { valueAt, withValueAt } from "./path.js";

/** @typedef {import("./path.js").Path} Path */

/**
 * The configuration with a component, or a fault, one place further up or down; the same if it is at the edge.
 * @param {unknown} config @param {Path} path of what is moved @param {-1 | 1} by
 * @returns {{ config: unknown, path: Path }} and where it is now
 */
export function moved(config, path, by) {
  const [map, which] = path;
  // The order of policies shows nowhere.
  if (map === "policies") return { config, path };
  const value = valueAt(config, [map]);
  if (Array.isArray(value)) {
    const list = swapped(value, Number(which), by);
    return list ? { config: withValueAt(config, [map], list), path: [map, Number(which) + by] } : { config, path };
  }
  const entries = isObject(value) ? Object.entries(value) : [];
  const list = swapped(entries, entries.findIndex(([name]) => name === which), by);
  return { config: list ? withValueAt(config, [map], Object.fromEntries(list)) : config, path };
}

/** Whether something can be moved so. @param {unknown} config @param {Path} path @param {-1 | 1} by */
export function canMove(config, path, by) {
  return moved(config, path, by).config !== config;
}

/** @template T @param {T[]} list @param {number} at @param {number} by @returns {T[] | undefined} */
function swapped(list, at, by) {
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return undefined;
  const changed = [...list];
  [changed[at], changed[to]] = [changed[to], changed[at]];
  return changed;
}

/** The first component of each kind that stands at another place than before; those that come or go aside. @param {unknown} base @param {unknown} draft @returns {Path[]} */
export function reordered(base, draft) {
  return COMPONENTS.flatMap((map) => {
    const [before, now] = [keys(base, map), keys(draft, map)];
    const stayed = before.filter((name) => now.includes(name));
    const found = now.filter((name) => before.includes(name)).find((name, index) => name !== stayed[index]);
    return found === undefined ? [] : [[map, found]];
  });
}

/** A configuration with its components in the order that another one has them; what that lacks comes last. @param {unknown} config @param {unknown} like @returns {any} */
export function inOrderOf(config, like) {
  return COMPONENTS.reduce((/** @type {unknown} */ result, map) => {
    const value = valueAt(config, [map]);
    if (!isObject(value)) return result;
    const order = keys(like, map);
    const names = [...order.filter((name) => Object.hasOwn(value, name)), ...Object.keys(value).filter((name) => !order.includes(name))];
    return withValueAt(result, [map], Object.fromEntries(names.map((name) => [name, value[name]])));
  }, config);
}

/** @param {unknown} config @param {string} map */
function keys(config, map) {
  const value = valueAt(config, [map]);
  return isObject(value) ? Object.keys(value) : [];
}
