// Where the rates stand along their lines: in the middle, or as near to it as there is room beside the others. Pure.

import { at } from "./curve.js";

/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./curve.js").Track} Track */

/** Shares of the line's length, the best first. */
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
/** Room that a rate takes. */
const ROOM = { width: 44, height: 15 };

/** @param {Track[]} tracks @returns {Point[]} */
export function labelPlaces(tracks) {
  /** @type {Point[]} */
  const taken = [];
  return tracks.map((track) => {
    const places = SHARES.map((share) => at(track, share, { x: 0, y: 0 }));
    const free = places.find((place) => taken.every((other) => apart(place, other))) ?? places[0];
    taken.push(free);
    return free;
  });
}

/** @param {Point} one @param {Point} other */
function apart(one, other) {
  return Math.abs(one.x - other.x) >= ROOM.width || Math.abs(one.y - other.y) >= ROOM.height;
}
