/** Made by tools/npm.mjs of the simulator's own script; each call makes a copy with a memory of its own. */
export function makeEngine(): import("../../www/run/engine.js").Engine;
