// The way from one place of the picture to another, over the lines that are drawn there. Pure.

import { track } from "./curve.js";

/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./curve.js").Track} Track */
/** @typedef {import("./layout.js").Layout} Layout */

/**
 * A card, and the middle of the left side of the place in it; those who stand there stand so far below it, and those who
 * wait for it in a queue.
 * @typedef {{ card: string, point: Point, below: number, queue: Queue }} Place
 */
/** Where the first one waits; the others to the left of it, so many to a row. Of more than have room, all stand at the end. @typedef {{ first: Point, row: number, room: number }} Queue */

/** Dots stand along the lower edge: under the words, where there is room for that. */
const BELOW = 11;
const EDGE = 5;
/** From one of those who wait to the next. */
export const APART = 8.5;
/** A queue that leads up to its place over the free room before it has so many in a row. */
const QUEUE_ROW = 9;

export class Routes {
  /** Where each component stands. @type {Map<string, Place>} */
  #places = new Map();
  /** @type {Map<string, { to: string, points: Point[] }[]>} */
  #next = new Map();
  /** @type {Map<string, Point[] | undefined>} */
  #found = new Map();
  /** The card at which requests begin and end. */
  entry = "";
  /** The card over which they go. */
  balancer = "";

  /** @param {Layout} layout @param {{ ways: import("./graph.js").Way[], track: Track }[]} lines */
  constructor(layout, lines) {
    for (const { card, inside, x, y } of layout.cards) {
      if (card.kind === "users" && !this.entry) this.entry = card.id;
      if (card.kind === "balancer") this.balancer = card.id;
      this.#places.set(card.id, { card: card.id, point: { x, y: y + inside.height - 20 }, below: BELOW, queue: before({ x, y: y + inside.height - 20 }) });
      // A cluster without a node to ask is a place, too.
      const top = { card: card.id, point: { x, y: y + 22 }, below: BELOW, queue: before({ x, y: y + 22 }) };
      for (const group of card.groups) if (!this.#places.has(group)) this.#places.set(group, top);
      const left = Math.min(...[...inside.cells.values()].map((box) => box.x));
      for (const [name, box] of inside.cells) {
        const below = Math.min(BELOW, box.height / 2 - EDGE);
        const point = { x: x + box.x, y: y + box.y + box.height / 2 };
        this.#places.set(name, { card: card.id, point, below, queue: layout.across && box.x === left ? before(point) : within(point, box) });
      }
    }
    const aisles = new Map(layout.frames.flatMap((frame) => [...frame.aisles]));
    for (const { ways, track } of lines) {
      for (const { from, to } of ways) {
        const shared = ways.length > 1;
        // A line to a block ends at its edge: from there on requests go between the cards.
        const before = shared ? [...(aisles.get(from) ?? [])].reverse() : [];
        const points = [...before, ...track.points, ...((shared && aisles.get(to)) || [])];
        this.#link(from, to, points);
        this.#link(to, from, [...points].reverse());
      }
    }
  }

  /** The place of a component or a card; of one that is not drawn, undefined. @param {string} name */
  place(name) {
    return this.#places.get(name);
  }

  /**
   * The track from a point at one place to a point at another; straight where no lines lead there.
   * @param {Point} from @param {string} fromCard
   * @param {Point} to @param {string} toCard
   */
  track(from, fromCard, to, toCard) {
    return track([from, ...(this.#between(fromCard, toCard) ?? []), to]);
  }

  /** @param {string} from @param {string} to @param {Point[]} points */
  #link(from, to, points) {
    const next = this.#next.get(from) ?? [];
    next.push({ to, points });
    this.#next.set(from, next);
  }

  /** The lines of the shortest chain of ways. @param {string} from @param {string} to */
  #between(from, to) {
    const key = `${from}\n${to}`;
    if (!this.#found.has(key)) this.#found.set(key, this.#search(from, to));
    return this.#found.get(key);
  }

  /** Breadth first. @param {string} from @param {string} to @returns {Point[] | undefined} */
  #search(from, to) {
    /** @type {Map<string, { before: string, points: Point[] }>} */
    const reached = new Map([[from, { before: "", points: [] }]]);
    const waiting = [from];
    for (let card = waiting.shift(); card !== undefined && card !== to; card = waiting.shift()) {
      for (const { to: next, points } of this.#next.get(card) ?? []) {
        if (reached.has(next)) continue;
        reached.set(next, { before: card, points });
        waiting.push(next);
      }
    }
    if (!reached.has(to)) return undefined;
    /** @type {Point[]} */
    let points = [];
    for (let card = to; card !== from; card = reached.get(card)?.before ?? from) points = [...(reached.get(card)?.points ?? []), ...points];
    return points;
  }
}

/** A queue that leads up to a place from the left, where the ways come from. @param {Point} point @returns {Queue} */
function before({ x, y }) {
  return { first: { x: x - 8, y }, row: QUEUE_ROW, room: Infinity };
}

/** A queue along the upper edge of a place: where ways come from above, other cards stand to the left, and in a card with several columns other cells. @param {Point} point @param {import("./sizes.js").Box} box @returns {Queue} */
function within({ x, y }, { width, height }) {
  const row = Math.max(1, Math.floor((width - EDGE) / APART));
  return { first: { x: x + width - 7, y: y - height / 2 + EDGE }, row, room: row };
}
