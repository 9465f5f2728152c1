// A drawing by dagre, a library for layered drawings: cards, and the ways between them. Pure.

import { Graph as Drawing, layout } from "../../vendor/dagre.js";
import { courseOf } from "./curve.js";
import { endsOf, innerPoints } from "./ends.js";

/** @typedef {import("./graph.js").Card} Card */
/** @typedef {import("./graph.js").Way} Way */
/** @typedef {import("./sizes.js").Inside} Inside */
/** @typedef {import("./sizes.js").Box} Box */
/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./layout.js").PlacedCard} PlacedCard */
/** @typedef {import("./layout.js").PlacedWay} PlacedWay */

/** What dagre places: a card or a block. @typedef {{ id: string, width: number, height: number }} Item */
/** @typedef {{ id: string, from: string, to: string }} Link */
/** A box in its rank, which reaches `beyond` it: the broadest of a rank says how broad it is. @typedef {Box & { rank: number, beyond: number }} Place */
/** @typedef {{ places: Map<string, Place>, lines: Map<string, Point[]>, width: number, height: number }} Plan */

// Between one rank and the next there must be room for a number at the way, and more where many ways cross.
export const SPACES = {
  broad: { ranksep: 130, nodesep: 16, edgesep: 12, margin: 14 },
  wide: { ranksep: 56, nodesep: 20, edgesep: 12, margin: 14 },
  narrow: { ranksep: 46, nodesep: 16, edgesep: 12, margin: 6 },
  tight: { ranksep: 46, nodesep: 10, edgesep: 8, margin: 0 },
};

/**
 * Where things stand, in ranks, and the points that keep the ways clear of them; ways have no ends yet.
 * @param {Item[]} items
 * @param {Link[]} links
 * @param {boolean} across from left to right, rather than from top to bottom
 * @param {keyof typeof SPACES} spacing
 * @returns {Plan}
 */
export function planOf(items, links, across, spacing) {
  // Dagre finds no size for nothing.
  if (items.length === 0) return { places: new Map(), lines: new Map(), width: 0, height: 0 };
  const { margin, ...spaces } = SPACES[spacing];
  const drawing = new Drawing({ multigraph: true });
  // Cards of a rank begin at one line: if they were centred, numbers at the ways would lie over the broader ones.
  drawing.setGraph({ rankdir: across ? "LR" : "TB", rankalign: "top", marginx: margin, marginy: margin, ...spaces });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of items) drawing.setNode(id, { width, height });
  for (const { id, from, to } of links) drawing.setEdge(from, to, { weight: 1 }, id);
  layout(drawing);
  const { width = 0, height = 0 } = drawing.graph();
  /** @type {Plan} */
  const plan = { places: new Map(), lines: new Map(), width, height };
  for (const { id, width, height } of items) {
    const { x = 0, y = 0, rank = 0 } = /** @type {{ x?: number, y?: number, rank?: number }} */ (drawing.node(id));
    plan.places.set(id, { x: x - width / 2, y: y - height / 2, width, height, rank, beyond: 0 });
  }
  const ranks = ranksOf(plan, across);
  for (const place of plan.places.values()) {
    const end = across ? place.x + place.width : place.y + place.height;
    place.beyond = /** @type {{ end: number }} */ (ranks.get(place.rank)).end - end;
  }
  for (const { id, from, to } of links) {
    const falls = /** @type {Place} */ (plan.places.get(from)).rank < /** @type {Place} */ (plan.places.get(to)).rank;
    plan.lines.set(id, levelled(innerPoints(drawing.edge(from, to, id).points ?? []), [...ranks.values()], across, falls));
  }
  return inOrder(items, grown(plan, across, margin), across);
}

/** From where to where each rank reaches. @param {Plan} plan @param {boolean} across */
function ranksOf({ places }, across) {
  /** @type {Map<number, { begin: number, end: number }>} */
  const ranks = new Map();
  for (const { rank, x, y, width, height } of places.values()) {
    const [begin, end] = across ? [x, x + width] : [y, y + height];
    const before = ranks.get(rank) ?? { begin, end };
    ranks.set(rank, { begin: Math.min(before.begin, begin), end: Math.max(before.end, end) });
  }
  return ranks;
}

/**
 * A line that passes the cards of a rank stays level from its begin to its end: dagre has one point for both.
 * @param {Point[]} points
 * @param {{ begin: number, end: number }[]} ranks
 * @param {boolean} across
 * @param {boolean} falls whether it runs the way the ranks do
 * @returns {Point[]}
 */
function levelled(points, ranks, across, falls) {
  return points.flatMap((point) => {
    const along = across ? point.x : point.y;
    const rank = ranks.find(({ begin, end }) => along >= begin - 1 && along <= end + 1);
    if (!rank) return [point];
    const both = [rank.begin, rank.end].map((place) => (across ? { x: place, y: point.y } : { x: point.x, y: place }));
    return falls ? both : both.reverse();
  });
}

/** So large that lines outside of the cards are within it, too. @param {Plan} plan @param {boolean} across @param {number} margin @returns {Plan} */
function grown(plan, across, margin) {
  const side = across ? "y" : "x";
  const points = [...plan.lines.values()].flat();
  const least = Math.min(margin, ...points.map((point) => point[side]));
  const size = across ? "height" : "width";
  const most = Math.max(plan[size] - margin, ...points.map((point) => point[side]));
  for (const one of [...plan.places.values(), ...points]) one[side] += margin - least;
  plan[size] = most - least + 2 * margin;
  return plan;
}

/**
 * The plan or its mirror image, whichever has the things of a rank more nearly in the order in which the configuration
 * has them.
 * @param {Item[]} items
 * @param {Plan} plan
 * @param {boolean} across
 * @returns {Plan}
 */
function inOrder(items, plan, across) {
  const side = across ? "y" : "x";
  let falls = 0;
  items.forEach(({ id }, index) => {
    const place = /** @type {Place} */ (plan.places.get(id));
    for (const other of items.slice(index + 1)) {
      const next = /** @type {Place} */ (plan.places.get(other.id));
      if (next.rank === place.rank) falls += Math.sign(place[side] - next[side]);
    }
  });
  if (falls <= 0) return plan;
  for (const place of plan.places.values()) {
    if (across) place.y = plan.height - place.y - place.height;
    else place.x = plan.width - place.x - place.width;
  }
  for (const points of plan.lines.values()) for (const point of points) point[side] = (across ? plan.height : plan.width) - point[side];
  return plan;
}

/**
 * Cards and the ways between them, each way with a line of its own.
 * @param {{ cards: Card[], ways: Way[] }} graph
 * @param {Map<string, Inside>} insides
 * @param {boolean} across
 * @param {keyof typeof SPACES} spacing
 */
export function drawn({ cards, ways }, insides, across, spacing) {
  const inside = (/** @type {Card} */ card) => /** @type {Inside} */ (insides.get(card.id));
  const plan = planOf(cards.map((card) => ({ id: card.id, width: inside(card).width, height: inside(card).height })), ways, across, spacing);
  const place = (/** @type {string} */ id) => /** @type {Place} */ (plan.places.get(id));
  /** @type {PlacedCard[]} */
  const placed = cards.map((card) => ({ card, inside: inside(card), x: place(card.id).x, y: place(card.id).y }));
  const lines = endsOf(ways.map(({ id, from, to }) => ({ from: place(from), to: place(to), inner: plan.lines.get(id) ?? [] })), across);
  /** @type {PlacedWay[]} */
  const placedWays = ways.map((way, index) => ({ ways: [way], points: lines[index], course: courseOf(across) }));
  return { cards: placed, ways: placedWays, width: plan.width, height: plan.height };
}
