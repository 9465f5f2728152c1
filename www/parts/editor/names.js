// Names for something new.

import { isObject } from "../../run/json.js";
import { COMPONENTS } from "./layout.js";
import { valueAt } from "./path.js";

/** A name that nobody has. @param {string} base @param {object} others */
export function freeName(base, others) {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!Object.hasOwn(others, name)) return name;
  }
}

/** A name for something new; components do not share names. @param {unknown} config @param {string} kind @param {string} base */
export function newName(config, kind, base) {
  const kinds = /** @type {readonly string[]} */ (COMPONENTS);
  const others = (kinds.includes(kind) ? kinds : [kind]).map((one) => mapAt(config, one));
  return freeName(base, Object.assign({}, ...others));
}

/** The things of a kind, by name. @param {unknown} config @param {string} kind */
export function mapAt(config, kind) {
  const value = valueAt(config, [kind]);
  return isObject(value) ? value : {};
}
