// The simulator's own script, as the compiler made it. (In the npm package it is inside the element: npm/element/.)

import { siteAddress } from "./site.js";

/**
 * A copy of the simulator, still without its code.
 * @param {number} [copy] each number gives another one
 * @returns {Promise<import("./engine.js").Engine>}
 */
export function importEngine(copy = 0) {
  const address = siteAddress("web-service-model.js");
  // Another address is another module to the browser, with a memory of its own.
  if (copy > 0) address.searchParams.set("copy", String(copy));
  return import(address.href);
}
