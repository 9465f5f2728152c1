// www/run/engine-script.js for the npm package: the simulator's script is inside the element, as a function that makes a copy.

import { makeEngine } from "./engine.js";

/** A copy of the simulator, still without its code. */
export async function importEngine() {
  return makeEngine();
}
