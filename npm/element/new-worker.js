// www/run/new-worker.js for the npm package: the very words by which bundlers know a Worker.

/** Throws where no Worker can be made, from another origin for one. */
export function newWorker() {
  return new Worker(new URL("./experiment-worker.js", import.meta.url), { type: "module" });
}
