// A drawing for a narrow page: as many ranks as there is room for stand side by side in a storey, and the storeys one
// below the other. Ways from storey to storey run square, in the alleys between them and in gutters at their sides. Pure.

import { planOf, SPACES } from "./drawing.js";

/** @typedef {import("./sizes.js").Box} Box */
/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./drawing.js").Item} Item */
/** @typedef {import("./drawing.js").Link} Link */
/** @typedef {import("./drawing.js").Plan} Plan */
/** @typedef {import("./fold.js").Folded} Folded */

/** Where a way leaves or reaches a card: by the alley above or below its storey, or by a gutter. @typedef {"alley" | "left" | "right"} Side */
/** A way to another storey: the numbers of both, the alleys that are next to them, and the gutter from one alley to the other if these are not the same. @typedef {{ id: string, from: string, to: string, storeys: [number, number], alleys: [number, number], sides: [Side, Side], gutter: "left" | "right" | undefined }} Crossing */

const MARGIN = SPACES.narrow.margin;
/** Beside a street there is room for a rate. */
const STREET = 26;
/** From one way in a street to the next, if they are few. */
const LANE = 7;
const LANES = 42;
/** Between two cards that stand in columns. */
const GAP = 20;
/** From one end of a way to the next, at one side of a card. */
const ENDS = 12;
/** What is nearer to the line of a card is in its way. */
const CLEAR = 6;

/**
/** What a storey may take of the width; gutters take the rest. */
const SHARES = [1, 0.9, 0.8, 0.65];

/**
 * The drawing with the fewest storeys that is no broader than the page, or else the narrowest.
 * @param {Item[]} items
 * @param {Link[]} links
 * @param {number} width of the page
 * @returns {Folded}
 */
export function storeysOf(items, links, width) {
  const whole = planOf(items, links, true, "narrow");
  const all = SHARES.map((share) => storeys(items, links, packed(whole, share * width), share * width));
  return all.find((one) => one.width <= width) ?? all.reduce((best, one) => (one.width < best.width ? one : best));
}

/**
 * @param {Item[]} items
 * @param {Link[]} links
 * @param {Set<string>[]} groups what stands in each storey
 * @param {number} width of a storey
 * @returns {Folded}
 */
function storeys(items, links, groups, width) {
  const storey = (/** @type {string} */ id) => groups.findIndex((group) => group.has(id));
  const within = (/** @type {Set<string>} */ group) => links.filter(({ from, to }) => group.has(from) && group.has(to));
  const plans = groups.map((group) => storeyOf(items.filter(({ id }) => group.has(id)), within(group), width));
  const crossings = links.filter(({ from, to }) => storey(from) !== storey(to)).map((link) => crossingOf(link, plans, storey(link.from), storey(link.to)));
  // Those that turn off first keep to the inside: so the others do not cross them.
  const height = (/** @type {Crossing} */ { to, storeys }) => plans[storeys[1]].places.get(to)?.y ?? 0;
  crossings.sort((one, other) => one.storeys[1] - other.storeys[1] || height(one) - height(other));
  return new Storeys(plans, crossings).folded();
}

/** Ranks, as many to a storey as there is room for. @param {Plan} plan @param {number} width @returns {Set<string>[]} */
function packed({ places }, width) {
  const all = [...places].map(([id, place]) => ({ id, ...place }));
  const ranks = [...new Set(all.map(({ rank }) => rank))].sort((one, other) => one - other);
  /** @type {Set<string>[]} */
  const groups = [];
  let begin = -Infinity;
  for (const rank of ranks) {
    const members = all.filter((place) => place.rank === rank);
    const end = Math.max(...members.map((place) => place.x + place.width));
    if (groups.length === 0 || end - begin > width) {
      groups.push(new Set());
      begin = Math.min(...members.map(({ x }) => x));
    }
    for (const { id } of members) groups[groups.length - 1].add(id);
  }
  return groups;
}

/** Where no ways are, there are two columns at most: each has a gutter of its own. @param {Item[]} items @param {Link[]} links @param {number} width @returns {Plan} */
function storeyOf(items, links, width) {
  const broadest = Math.max(...items.map((item) => item.width));
  const isBroad = 2 * (broadest + MARGIN) + GAP > width;
  if (links.length > 0 || items.length < 2 || isBroad) return planOf(items, links, true, "narrow");
  /** @type {Plan} */
  const plan = { places: new Map(), lines: new Map(), width: 2 * (broadest + MARGIN) + GAP, height: 0 };
  const ends = [MARGIN, MARGIN];
  for (const item of items) {
    const column = ends[0] <= ends[1] ? 0 : 1;
    plan.places.set(item.id, { x: MARGIN + column * (broadest + GAP), y: ends[column], width: item.width, height: item.height, rank: 0, beyond: 0 });
    ends[column] += item.height + GAP;
  }
  plan.height = Math.max(...ends) - GAP + MARGIN;
  return plan;
}

/** @param {Link} link @param {Plan[]} plans @param {number} one its storey @param {number} other @returns {Crossing} */
function crossingOf({ id, from, to }, plans, one, other) {
  const falls = one < other;
  const sides = /** @type {[Side, Side]} */ ([sideOf(from, plans[one], falls), sideOf(to, plans[other], !falls)]);
  const alleys = /** @type {[number, number]} */ (falls ? [one, other - 1] : [one - 1, other]);
  const apart = sides[0] === "alley" && sides[1] === "alley" && alleys[0] !== alleys[1];
  return { id, from, to, storeys: [one, other], alleys, sides, gutter: apart ? nearer(from, plans[one]) : undefined };
}

/** The side of the drawing to which a card is nearer. @param {string} id @param {Plan} plan */
function nearer(id, { places, width: whole }) {
  const { x, width } = /** @type {Box} */ (places.get(id));
  return x + width / 2 <= whole / 2 ? "left" : "right";
}

/** The side of a card that is free. @param {string} id @param {Plan} plan @param {boolean} below whether the alley is below @returns {Side} */
function sideOf(id, plan, below) {
  const { places } = plan;
  const { x, y, width, height } = /** @type {Box} */ (places.get(id));
  const others = [...places].flatMap(([name, box]) => (name === id ? [] : [box]));
  const column = others.filter((box) => box.x < x + width + CLEAR && x < box.x + box.width + CLEAR);
  const row = others.filter((box) => box.y < y + height + CLEAR && y < box.y + box.height + CLEAR);
  if (column.every((box) => box.y < y === below)) return "alley";
  const free = { left: row.every((box) => box.x > x), right: row.every((box) => box.x < x) };
  const near = nearer(id, plan);
  return /** @type {const} */ ([near, "left", "right"]).find((side) => free[side]) ?? "alley";
}

/** The storeys, and the streets between and beside them. */
class Storeys {
  #plans;
  #crossings;
  /** Those in each alley, the one next to its lower edge first. @type {Crossing[][]} */
  #alleys;
  /** Those in each gutter, the innermost first. @type {Record<"left" | "right", Crossing[]>} */
  #gutters;
  /** Upper edges. @type {number[]} */
  #tops = [];
  #width;
  #height = 0;

  /** @param {Plan[]} plans @param {Crossing[]} crossings */
  constructor(plans, crossings) {
    this.#plans = plans;
    this.#crossings = crossings;
    this.#alleys = plans.map((_, index) => crossings.filter((crossing) => alleysOf(crossing).includes(index)));
    const through = (/** @type {"left" | "right"} */ side) => crossings.filter(({ sides, gutter }) => sides.includes(side) || gutter === side);
    this.#gutters = { left: through("left"), right: through("right") };
    this.#width = breadth(this.#gutters.left) + Math.max(...plans.map(({ width }) => width)) + breadth(this.#gutters.right);
    plans.forEach((plan, index) => {
      this.#tops.push(this.#height);
      const alley = index + 1 < plans.length ? STREET + Math.max(STREET, breadth(this.#alleys[index])) - 2 * MARGIN : 0;
      this.#height += plan.height + alley;
    });
  }

  /** @returns {Folded} */
  folded() {
    /** @type {Folded} */
    const result = { places: new Map(), lines: new Map(), turns: new Map(), across: true, width: this.#width, height: this.#height };
    this.#plans.forEach(({ places, lines }, index) => {
      const by = { x: breadth(this.#gutters.left), y: this.#tops[index] };
      const moved = (/** @type {Point} */ point) => ({ x: point.x + by.x, y: point.y + by.y });
      for (const [id, place] of places) result.places.set(id, { ...place, ...moved(place) });
      for (const [id, points] of lines) result.lines.set(id, points.map(moved));
    });
    for (const crossing of this.#crossings) result.turns.set(crossing.id, { points: this.#route(crossing, result), course: "square" });
    return result;
  }

  /** @param {Crossing} crossing @param {Plan} plan @returns {Point[]} */
  #route(crossing, plan) {
    const { sides, alleys } = crossing;
    const [start, end] = [this.#end(crossing, 0, plan), this.#end(crossing, 1, plan)];
    const [first, last] = alleys.map((alley) => this.#alley(alley, crossing));
    const [from, to] = sides.map((side) => (side === "alley" ? undefined : this.#gutter(side, crossing)));
    const out = from === undefined ? { x: start.x, y: first } : { x: from, y: start.y };
    const into = to === undefined ? { x: end.x, y: last } : { x: to, y: end.y };
    return [start, out, ...this.#corners(crossing, out, into, last), into, end];
  }

  /** From street to street. @param {Crossing} crossing @param {Point} out @param {Point} into @param {number} last the alley next to the end @returns {Point[]} */
  #corners(crossing, out, into, last) {
    const { sides: [leaves, arrives], gutter } = crossing;
    if (gutter) return [out, into].map(({ y }) => ({ x: this.#gutter(gutter, crossing), y }));
    if (leaves === "alley") return arrives === "alley" ? [] : [{ x: into.x, y: out.y }];
    if (arrives === "alley") return [{ x: out.x, y: into.y }];
    return leaves === arrives ? [] : [out, into].map(({ x }) => ({ x, y: last }));
  }

  /** Where a way leaves or reaches its card. @param {Crossing} crossing @param {0 | 1} which @param {Plan} plan @returns {Point} */
  #end(crossing, which, { places }) {
    const [id, side] = [which === 0 ? crossing.from : crossing.to, crossing.sides[which]];
    const { x, y, width, height } = /** @type {Box} */ (places.get(id));
    const same = byDirection(this.#crossings.filter(({ from, to, sides }) => (from === id && sides[0] === side) || (to === id && sides[1] === side)), id);
    const aside = (same.indexOf(crossing) - (same.length - 1) / 2) * Math.min(ENDS, (side === "alley" ? width : height) / (same.length + 1));
    if (side !== "alley") return { x: side === "left" ? x : x + width, y: y + height / 2 + aside };
    const below = crossing.alleys[which] === crossing.storeys[which];
    return { x: x + width / 2 + aside, y: below ? y + height : y };
  }

  /** @param {number} index @param {Crossing} crossing */
  #alley(index, crossing) {
    return this.#tops[index + 1] + MARGIN - STREET - lane(this.#alleys[index], crossing);
  }

  /** @param {"left" | "right"} side @param {Crossing} crossing */
  #gutter(side, crossing) {
    const aside = lane(this.#gutters[side], crossing);
    return side === "left" ? breadth(this.#gutters.left) - aside : this.#width - breadth(this.#gutters.right) + aside;
  }
}

/** From left to right: those to the left, the outermost first, and those to the right, the outermost last. @param {Crossing[]} crossings @param {string} id of the card where they end */
function byDirection(crossings, id) {
  const towards = (/** @type {Side} */ side) => crossings.filter(({ from, sides }) => sides[from === id ? 1 : 0] === side);
  return [...towards("left").reverse(), ...towards("alley"), ...towards("right")];
}

/** The alleys that it runs along. @param {Crossing} crossing */
function alleysOf({ sides, alleys, gutter }) {
  if (gutter) return alleys;
  if (sides[0] === "alley") return [alleys[0]];
  return sides[0] === sides[1] ? [] : [alleys[1]];
}

/** How broad a street of so many must be. @param {Crossing[]} street */
function breadth(street) {
  return street.length > 0 ? STREET + (street.length - 1) * pitch(street) : 0;
}

/** @param {Crossing[]} street @param {Crossing} crossing */
function lane(street, crossing) {
  return Math.max(0, street.indexOf(crossing)) * pitch(street);
}

/** @param {Crossing[]} street */
function pitch(street) {
  return Math.min(LANE, LANES / Math.max(1, street.length - 1));
}
