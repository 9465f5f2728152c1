// A Web Worker for experiments. (The npm package has another address for it: npm/element/.)

import { siteAddress } from "./site.js";

/** Throws where no Worker can be made, from another origin for one. */
export function newWorker() {
  return new Worker(siteAddress("run/experiment-worker.js"), { type: "module" });
}
