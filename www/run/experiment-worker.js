// A Web Worker with a simulator of its own. The page (worker-pool.js) sends the compiled module first, then tasks, one
// at a time.

import { importEngine } from "./engine-script.js";
import { Tasks } from "./tasks.js";

/** @typedef {import("./tasks.js").Task} Task */
/** @typedef {import("./tasks.js").Result} Result */
/** @typedef {import("./tasks.js").CheckProgress} CheckProgress */
/** @typedef {{ message: string, code?: string, errors?: { path: string, found: string | null, rule: string }[] }} Problem */
/** @typedef {{ start: WebAssembly.Module } | { task: Task }} Order what the page says */
/** @typedef {{ ready: true } | { progress: CheckProgress } | { result: Result } | { problem: Problem }} Answer */

/** Milliseconds of work between two looks at the clock: nobody else waits here. */
const SLICE_MS = 100;

/** @type {Tasks | undefined} */
let tasks;

addEventListener("message", async (/** @type {MessageEvent<Order>} */ { data }) => {
  try {
    if ("start" in data) {
      await start(data.start);
      say({ ready: true });
    } else if (tasks) {
      const result = await tasks.perform(data.task, (progress) => say({ progress }));
      say({ result }, Array.isArray(result) ? result.map((figures) => figures.buffer) : []);
    }
  } catch (problem) {
    const { message = String(problem), code, errors } = /** @type {Problem} */ (problem);
    say({ problem: { message, code, errors } });
  }
});

/** @param {WebAssembly.Module} module */
async function start(module) {
  const engine = await importEngine();
  await engine.default({ module_or_path: module });
  tasks = new Tasks(engine, SLICE_MS, () => undefined);
}

/** @param {Answer} answer @param {Transferable[]} [handed] */
function say(answer, handed = []) {
  // The types are those of a page, whose own postMessage takes an origin.
  /** @type {Worker} */ (/** @type {unknown} */ (globalThis)).postMessage(answer, handed);
}
