// Where the cards stand and how the ways run between them. Pure.
//
// Dagre draws in ranks, one beside the other. That reads well until a rank or their number grows long: so cards that are
// alike share a block, which has one way to all of them (twins.js, block.js), a long chain of ranks is folded (fold.js),
// what no way leads to stands where there is room (loose.js), and on a phone ranks stand in storeys (storeys.js). Which
// shape a block has, and whether all cards must be slim, is found by trying: the picture that fits best.

import { blockOf } from "./block.js";
import { courseOf } from "./curve.js";
import { planOf } from "./drawing.js";
import { endsOf } from "./ends.js";
import { fit } from "./fit.js";
import { folded } from "./fold.js";
import { placesBeside } from "./loose.js";
import { insideOf, roomFor } from "./sizes.js";
import { storeysOf } from "./storeys.js";
import { twinsOf } from "./twins.js";

/** @typedef {import("./graph.js").Card} Card */
/** @typedef {import("./graph.js").Way} Way */
/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./sizes.js").Inside} Inside */
/** @typedef {import("./sizes.js").Box} Box */
/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./block.js").Block} Block */

/** @typedef {{ card: Card, inside: Inside, x: number, y: number }} PlacedCard the upper left corner */
/** A line for one way, or for those to all cards of a block. @typedef {{ ways: Way[], points: Point[], course: import("./curve.js").Course }} PlacedWay */
/**
 * The frame of a block. `aisles` lead from its edge to its cards.
 * @typedef {Box & { kind: import("./graph.js").CardKind, count: number, aisles: Map<string, Point[]> }} Frame
 */
/** @typedef {{ cards: PlacedCard[], ways: PlacedWay[], frames: Frame[], width: number, height: number, across: boolean }} Layout */
/** @typedef {import("./drawing.js").Link & { ways: Way[] }} Trunk */
/** The window that a picture is to fit. @typedef {{ width: number, height: number }} Room */

/** Of the page on a desk. */
const DESK = { width: 1200, height: 800 };
/** If the picture must be made smaller than this, cards are slim. */
const LEGIBLE = 0.7;
/** A room that is so many times as high as broad is scrolled. */
const LONG = 4;
/** Shapes of blocks that are tried: how many times as broad as high. */
const ASPECTS = [0.12, 0.25, 0.4, 0.6, 0.85, 1.2, 1.7, 2.4, 3.4];

/**
 * @param {Graph} graph
 * @param {boolean} across from left to right, rather than from top to bottom
 * @param {Room} [room]
 * @returns {Layout}
 */
export function layoutOf(graph, across, room = DESK) {
  const twins = twinsOf(graph);
  const shapes = twins.length > 0 ? ASPECTS : [1];
  const blocks = shapes.map((aspect) => twins.map((one) => blockOf(one, across, aspect)));
  const size = roomFor(graph.cards);
  const first = best(blocks.map((some) => arranged(graph, some, size, across, room)), room);
  if (size === "usual" || fit(first, room) >= LEGIBLE) return first;
  const slim = (/** @type {"broad" | "wide"} */ spacing) => blocks.map((some) => arranged(graph, some, "slim", across, room, spacing));
  // Of equals the first one: ways get as much room as there is. A page has no end of it.
  return best([...(isPage(room) ? [] : slim("broad")), ...slim("wide"), first], room);
}

/** @param {Layout[]} layouts @param {Room} room */
function best(layouts, room) {
  return layouts.reduce((before, one) => (fit(one, room) > fit(before, room) ? one : before));
}

/**
 * @param {Graph} graph
 * @param {Block[]} blocks
 * @param {import("./sizes.js").Room} size
 * @param {boolean} across
 * @param {Room} room
 * @param {"broad" | "wide"} [spacing]
 * @returns {Layout}
 */
function arranged(graph, blocks, size, across, room, spacing = "wide") {
  const blockOfCard = new Map(blocks.flatMap((block) => block.cards.map(({ card }) => [card.id, block])));
  const lone = graph.cards.filter((card) => !blockOfCard.has(card.id));
  const insides = new Map(lone.map((card) => [card.id, insideOf(card, size)]));
  const inside = (/** @type {Card} */ card) => /** @type {Inside} */ (insides.get(card.id));
  const items = graph.cards.flatMap((card) => {
    const block = blockOfCard.get(card.id);
    if (!block) return [{ id: card.id, width: inside(card).width, height: inside(card).height }];
    // A block stands in the order where its first card does.
    return block.cards[0].card === card ? [{ id: block.twins.id, width: block.width, height: block.height }] : [];
  });
  const trunks = trunksOf(graph, blockOfCard);
  const ends = new Set(trunks.flatMap(({ from, to }) => [from, to]));
  const joined = items.filter(({ id }) => ends.has(id));
  const plan = rankedOf(joined, trunks, across, spacing, room);
  const lines = linesOf(plan, trunks);
  const beside = placesBeside(items.filter(({ id }) => !ends.has(id)), plan, [...plan.places.values()], lines, room);
  const place = (/** @type {string} */ id) => /** @type {Box} */ (plan.places.get(id) ?? beside.places.get(id));
  return {
    cards: [
      ...lone.map((card) => ({ card, inside: inside(card), x: place(card.id).x, y: place(card.id).y })),
      ...blocks.flatMap((block) => block.cards.map((card) => moved(card, place(block.twins.id)))),
    ],
    ways: [
      ...lines,
      ...blocks.flatMap((block) => block.ways.map((way) => ({ ...way, points: way.points.map((point) => moved(point, place(block.twins.id))) }))),
    ],
    frames: blocks.map((block) => frameOf(block, place(block.twins.id))),
    width: beside.width,
    height: beside.height,
    across,
  };
}

/**
 * @param {import("./drawing.js").Item[]} items
 * @param {Trunk[]} trunks
 * @param {boolean} across
 * @param {"broad" | "wide"} spacing
 * @param {Room} room
 */
function rankedOf(items, trunks, across, spacing, room) {
  const plan = planOf(items, trunks, across, spacing);
  if (!isPage(room)) return folded(plan, trunks, across, room);
  const straight = { ...plan, turns: new Map(), across };
  if (plan.width <= room.width) return straight;
  const storeys = storeysOf(items, trunks, room.width);
  return storeys.width < plan.width ? storeys : straight;
}

/** Whether it is scrolled down, and has no end. @param {Room} room */
function isPage({ width, height }) {
  return height > LONG * width;
}

/** @param {import("./fold.js").Folded} plan @param {Trunk[]} trunks @returns {PlacedWay[]} */
function linesOf({ places, lines, turns, across }, trunks) {
  const place = (/** @type {string} */ id) => /** @type {import("./drawing.js").Place} */ (places.get(id));
  const straight = trunks.filter(({ id }) => !turns.has(id));
  const whole = endsOf(straight.map(({ id, from, to }) => ({ from: place(from), to: place(to), inner: lines.get(id) ?? [] })), across);
  return [
    ...straight.map(({ ways }, index) => ({ ways, points: whole[index], course: courseOf(across) })),
    ...trunks.flatMap(({ id, ways }) => {
      const turn = turns.get(id);
      return turn ? [{ ways, ...turn }] : [];
    }),
  ];
}

/** Ways between cards and blocks; those of one kind between the same two are one. @param {Graph} graph @param {Map<string, Block>} blockOfCard @returns {Trunk[]} */
function trunksOf(graph, blockOfCard) {
  const end = (/** @type {string} */ id) => blockOfCard.get(id)?.twins.id ?? id;
  /** @type {Map<string, Trunk>} */
  const trunks = new Map();
  for (const way of graph.ways) {
    const [from, to] = [end(way.from), end(way.to)];
    // A service that calls itself has a way without length; ways within a block are drawn there.
    if (from === to) continue;
    const id = `${way.kind} ${from} ${to}`;
    const same = trunks.get(id);
    if (same) same.ways.push(way);
    else trunks.set(id, { id, from, to, ways: [way] });
  }
  return [...trunks.values()];
}

/** @param {Block} block @param {Box} place @returns {Frame} */
function frameOf({ twins, aisles }, { x, y, width, height }) {
  const moves = [...aisles].map(([id, points]) => /** @type {const} */ ([id, points.map((point) => moved(point, { x, y }))]));
  return { kind: twins.kind, count: twins.units.length, x, y, width, height, aisles: new Map(moves) };
}

/** @template {Point} T @param {T} one @param {Point} by @returns {T} */
function moved(one, { x, y }) {
  return { ...one, x: one.x + x, y: one.y + y };
}
