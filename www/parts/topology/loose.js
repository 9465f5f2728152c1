// Cards and blocks that no way leads to, such as a cluster that nobody uses: they stand where the drawing leaves room, so
// that it need not grow for them. Pure.

import { trackOf } from "./curve.js";
import { fit } from "./fit.js";

/** @typedef {import("./sizes.js").Box} Box */
/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./drawing.js").Item} Item */
/** @typedef {import("./layout.js").PlacedWay} PlacedWay */
/** @typedef {import("./fit.js").Size} Size */

/** The squares of which the room is made. */
const SQUARE = 20;
/** From the edge of the picture; squares that stand there are free. */
const MARGIN = 14;
/** From other cards. */
const GAP = 24;
/** From lines, which have numbers beside them. */
const CLEAR = 30;

/**
 * Where each stands, and the size of the whole, which grows where there was no room left.
 * @param {Item[]} loose
 * @param {Size} drawing
 * @param {Box[]} boxes what stands in it
 * @param {PlacedWay[]} lines
 * @param {Size} room the window that the whole is to fit
 * @returns {Size & { places: Map<string, Box> }}
 */
export function placesBeside(loose, { width, height }, boxes, lines, room) {
  if (loose.length === 0) return { width, height, places: new Map() };
  const taken = [...boxes.map((box) => around(box, GAP)), ...lines.flatMap(({ points, course }) => pieces(trackOf(points, course).points))];
  /** @type {Map<string, Box>} */
  const places = new Map();
  for (const { id, ...own } of loose) {
    let corner = freeCorner(own, { width, height }, taken);
    if (!corner) {
      const below = { width: Math.max(width, own.width + 2 * MARGIN), height: height + GAP + own.height };
      const beside = { width: width + GAP + own.width, height: Math.max(height, own.height + 2 * MARGIN) };
      const goesBelow = fit(below, room) >= fit(beside, room);
      ({ width, height } = goesBelow ? below : beside);
      corner = goesBelow ? { x: MARGIN, y: height - MARGIN - own.height } : { x: width - MARGIN - own.width, y: MARGIN };
    }
    const box = { ...corner, ...own };
    places.set(id, box);
    taken.push(around(box, GAP));
  }
  return { places, width, height };
}

/** The lowest free place, of those the leftmost. @param {Size} own @param {Size} whole @param {Box[]} taken @returns {Point | undefined} */
function freeCorner(own, whole, taken) {
  const columns = Math.floor((whole.width - 2 * MARGIN) / SQUARE);
  const rows = Math.floor((whole.height - 2 * MARGIN) / SQUARE);
  const [across, down] = [Math.ceil(own.width / SQUARE), Math.ceil(own.height / SQUARE)];
  const marked = marks(columns, rows, taken);
  for (let row = rows - down; row >= 0; row -= 1) {
    for (let column = 0; column <= columns - across; column += 1) {
      if (isFree(marked, columns, row, column, down, across)) return { x: MARGIN + column * SQUARE, y: MARGIN + row * SQUARE };
    }
  }
  return undefined;
}

/** Which squares are taken, row by row. @param {number} columns @param {number} rows @param {Box[]} taken */
function marks(columns, rows, taken) {
  const marked = new Uint8Array(Math.max(0, columns * rows));
  const from = (/** @type {number} */ length) => Math.max(0, Math.floor((length - MARGIN) / SQUARE));
  const to = (/** @type {number} */ length, /** @type {number} */ most) => Math.min(most, Math.ceil((length - MARGIN) / SQUARE));
  for (const { x, y, width, height } of taken) {
    const [first, last] = [from(x), to(x + width, columns)];
    if (first >= last) continue;
    for (let row = from(y); row < to(y + height, rows); row += 1) marked.fill(1, row * columns + first, row * columns + last);
  }
  return marked;
}

/** @param {Uint8Array} marked @param {number} columns @param {number} row @param {number} column @param {number} down @param {number} across */
function isFree(marked, columns, row, column, down, across) {
  for (let y = row; y < row + down; y += 1) {
    const first = y * columns + column;
    if (marked.subarray(first, first + across).includes(1)) return false;
  }
  return true;
}

/** Boxes that hold a line, a piece each. @param {Point[]} points @returns {Box[]} */
function pieces(points) {
  return points.slice(1).map((to, index) => {
    const from = points[index];
    const box = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
    return around(box, CLEAR);
  });
}

/** @param {Box} box @param {number} by @returns {Box} */
function around({ x, y, width, height }, by) {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
