// A block: cards that are alike, in rows and columns within one frame. Pure.

import { drawn } from "./drawing.js";
import { insideOf } from "./sizes.js";

/** @typedef {import("./twins.js").Twins} Twins */
/** @typedef {import("./sizes.js").Box} Box */
/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./layout.js").PlacedCard} PlacedCard */
/** @typedef {import("./layout.js").PlacedWay} PlacedWay */

/**
 * A block, measured from its upper left corner.
 * @typedef {object} Block
 * @property {Twins} twins
 * @property {number} width
 * @property {number} height
 * @property {PlacedCard[]} cards
 * @property {PlacedWay[]} ways those within its units
 * @property {Map<string, Point[]>} aisles from the block's edge to each card that has a way from or to outside
 */

const PAD = 14;
const HEAD = 30;
const GAP = 12;
/** Between units, which have gaps of their own. */
const UNIT_GAP = 22;

/** @typedef {{ width: number, height: number, cards: PlacedCard[], ways: PlacedWay[] }} Part */

/**
 * @param {Twins} twins
 * @param {boolean} across
 * @param {number} aspect how many times as broad as high it should be
 * @returns {Block}
 */
export function blockOf(twins, across, aspect) {
  const parts = twins.units.map((unit) => partOf(unit, across));
  const gap = twins.units[0].cards.length > 1 ? UNIT_GAP : GAP;
  let best = gridOf(parts, 1, gap);
  for (let columns = 2; columns <= parts.length; columns += 1) {
    const grid = gridOf(parts, columns, gap);
    if (flaw(grid, aspect) < flaw(best, aspect)) best = grid;
  }
  const { xs, ys, width, height, columns } = best;
  /** @type {Block} */
  const block = { twins, width, height, cards: [], ways: [], aisles: new Map() };
  parts.forEach((part, index) => {
    const [x, y] = [xs[index % columns], ys[Math.floor(index / columns)]];
    block.cards.push(...part.cards.map((card) => ({ ...card, x: card.x + x, y: card.y + y })));
    block.ways.push(...part.ways.map((way) => ({ ...way, points: way.points.map((point) => ({ x: point.x + x, y: point.y + y })) })));
    block.aisles.set(part.cards[0].card.id, aisle({ x, y }, block.cards[block.cards.length - part.cards.length], gap, across));
  });
  return block;
}

/** How far the shape is from the wanted one, and how much of it is empty. @param {ReturnType<typeof gridOf>} grid @param {number} aspect */
function flaw({ width, height, empty }, aspect) {
  return Math.abs(Math.log(width / height / aspect)) + 2 * empty;
}

/** @param {import("./twins.js").Unit} unit @param {boolean} across @returns {Part} */
function partOf({ cards, ways }, across) {
  const insides = new Map(cards.map((card) => [card.id, insideOf(card, "slim")]));
  return drawn({ cards, ways }, insides, across, "tight");
}

/** @param {Part[]} parts @param {number} columns @param {number} gap */
function gridOf(parts, columns, gap) {
  const rows = Math.ceil(parts.length / columns);
  const broadest = (/** @type {number} */ column) => Math.max(...parts.filter((_, index) => index % columns === column).map((part) => part.width));
  const highest = (/** @type {number} */ row) => Math.max(...parts.slice(row * columns, (row + 1) * columns).map((part) => part.height));
  const xs = starts(columns, broadest, PAD, gap);
  const ys = starts(rows, highest, HEAD, gap);
  return { columns, empty: 1 - parts.length / (columns * rows), xs, ys, width: xs[columns] - gap + PAD, height: ys[rows] - gap + PAD };
}

/** Where each of a number of things begins, and where the next one would. @param {number} count @param {(index: number) => number} size @param {number} first @param {number} gap */
function starts(count, size, first, gap) {
  const places = [first];
  for (let index = 0; index < count; index += 1) places.push(places[index] + size(index) + gap);
  return places;
}

/** The way of a request between the rows and columns, from the edge to a card. @param {Point} corner of its unit @param {PlacedCard} card @param {number} gap @param {boolean} across @returns {Point[]} */
function aisle(corner, card, gap, across) {
  const [column, row] = [corner.x - gap / 2, corner.y - gap / 2];
  const middle = card.y + card.inside.height / 2;
  return across
    ? [{ x: PAD / 2, y: row }, { x: column, y: row }, { x: column, y: middle }]
    : [{ x: column, y: HEAD / 2 }, { x: column, y: middle }];
}
