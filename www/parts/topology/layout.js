// Where the cards stand and how the ways run between them: computed by dagre, a library for layered drawings.

import { Graph as Drawing, layout } from "../../vendor/dagre.esm.js";
import { insideOf } from "./sizes.js";

/** @typedef {import("./graph.js").Card} Card */
/** @typedef {import("./graph.js").Way} Way */
/** @typedef {import("./sizes.js").Inside} Inside */
/** @typedef {import("./curve.js").Point} Point */

/** @typedef {{ card: Card, inside: Inside, x: number, y: number }} PlacedCard the upper left corner */
/** @typedef {{ way: Way, points: Point[] }} PlacedWay */
/** @typedef {{ cards: PlacedCard[], ways: PlacedWay[], width: number, height: number, across: boolean }} Layout */

const MARGIN = 14;
/** Between one rank and the next there must be room for a number at the way. */
const RANKS = 56;
const CARDS = 20;
/** More components than this must save room. */
const DENSE = 24;
/** Ends of ways at one side of a card keep this distance, if the card is long enough. */
const ENDS = 16;

/**
 * @param {import("./graph.js").Graph} graph
 * @param {boolean} across from left to right, rather than from top to bottom
 * @returns {Layout}
 */
export function layoutOf(graph, across) {
  const drawing = new Drawing({ multigraph: true });
  // Cards of a rank begin at one line: if they were centred, numbers at the ways would lie over the broader ones.
  drawing.setGraph({ rankdir: across ? "LR" : "TB", rankalign: "top", ranksep: RANKS, nodesep: CARDS, edgesep: 12, marginx: MARGIN, marginy: MARGIN });
  drawing.setDefaultEdgeLabel(() => ({}));
  const dense = graph.cards.reduce((sum, card) => sum + card.cells.length, 0) > DENSE;
  const insides = new Map(graph.cards.map((card) => [card.id, insideOf(card, dense)]));
  for (const [id, { width, height }] of insides) drawing.setNode(id, { width, height });
  for (const { id, from, to } of graph.ways) {
    // A service that calls itself has a way without length.
    if (from !== to) drawing.setEdge(from, to, { weight: 1 }, id);
  }
  layout(drawing);
  const cards = graph.cards.map((card) => {
    const inside = /** @type {Inside} */ (insides.get(card.id));
    const { x = 0, y = 0 } = drawing.node(card.id);
    return { card, inside, x: x - inside.width / 2, y: y - inside.height / 2 };
  });
  const { width = 0, height = 0 } = drawing.graph();
  return { cards, ways: waysOf(graph, drawing, cards, across), width, height, across };
}

/** @param {import("./graph.js").Graph} graph @param {Drawing} drawing @param {PlacedCard[]} cards @param {boolean} across */
function waysOf(graph, drawing, cards, across) {
  const byId = new Map(cards.map((card) => [card.card.id, card]));
  const ways = graph.ways.filter((way) => way.from !== way.to).map((way) => {
    const points = drawing.edge(way.from, way.to, way.id).points ?? [];
    const [from, to] = [way.from, way.to].map((id) => /** @type {PlacedCard} */ (byId.get(id)));
    return { way, from, to, inner: innerPoints(points) };
  });
  const starts = spread(ways.map(({ from, to, inner }) => ({ card: from, next: inner[0] ?? middle(to) })), across);
  const ends = spread(ways.map(({ from, to, inner }) => ({ card: to, next: inner.at(-1) ?? middle(from) })), across);
  return ways.map(({ way, inner }, index) => ({ way, points: [starts[index], ...inner, ends[index]] }));
}

/**
 * The points that keep a way clear of the cards between its ends. Dagre gives the ends, a point before each and one
 * for each rank on the way; a way to the next rank needs none.
 * @param {Point[]} points
 */
function innerPoints(points) {
  if (points.length <= 3) return [];
  return points.slice(2, -2).filter((_, index, all) => all.length < 4 || index % 2 === 0).map(({ x, y }) => ({ x, y }));
}

/**
 * Places at the sides of cards, in the order of where the ways come from, so that they do not cross there.
 * @param {{ card: PlacedCard, next: Point }[]} ends
 * @param {boolean} across
 */
function spread(ends, across) {
  /** @type {Point[]} */
  const places = [];
  /** @type {Map<string, { index: number, next: Point, card: PlacedCard }[]>} */
  const sides = new Map();
  ends.forEach(({ card, next }, index) => {
    const centre = middle(card);
    const after = across ? next.x > centre.x : next.y > centre.y;
    const key = `${card.card.id} ${after}`;
    sides.set(key, [...(sides.get(key) ?? []), { index, next, card }]);
  });
  for (const [key, side] of sides) {
    side.sort((one, other) => (across ? one.next.y - other.next.y : one.next.x - other.next.x));
    side.forEach(({ index, card }, position) => {
      places[index] = sidePoint(card, across, key.endsWith("true"), position - (side.length - 1) / 2, side.length);
    });
  }
  return places;
}

/** @param {PlacedCard} card @param {boolean} across @param {boolean} after @param {number} position @param {number} count */
function sidePoint(card, across, after, position, count) {
  const { x, y, inside } = card;
  const room = (across ? inside.height : inside.width) - 24;
  const offset = position * Math.min(ENDS, room / Math.max(1, count));
  const centre = middle(card);
  return across
    ? { x: after ? x + inside.width : x, y: centre.y + offset }
    : { x: centre.x + offset, y: after ? y + inside.height : y };
}

/** @param {PlacedCard} card @returns {Point} */
function middle({ x, y, inside }) {
  return { x: x + inside.width / 2, y: y + inside.height / 2 };
}
