// A chain of ranks that is far too long is folded: it runs to the right, turns, and runs back to the left below. Pure.

import { fit } from "./fit.js";

/** @typedef {import("./drawing.js").Plan} Plan */
/** @typedef {import("./drawing.js").Link} Link */
/** @typedef {import("./drawing.js").Place} Place */
/** @typedef {import("./curve.js").Point} Point */

/** Which way the ranks run, and lines of links that turn to the next band, besides what a plan has. @typedef {Plan & { across: boolean, turns: Map<string, { points: Point[], course: import("./curve.js").Course }> }} Folded */
/** A part of the chain. @typedef {{ first: number, last: number }} Band */

/** Between two bands there must be room for a number at the way. */
const BETWEEN = 56;
const MARGIN = 14;
/** A fold must make the picture larger by so much: a straight line is easier to read. */
const GAIN = 1.25;
const BANDS_MAX = 8;

/**
 * @param {Plan} plan
 * @param {Link[]} links
 * @param {boolean} across pictures that run down may be long, as pages are
 * @param {import("./layout.js").Room} room
 * @returns {Folded}
 */
export function folded(plan, links, across, room) {
  /** @type {Folded} */
  let best = { ...plan, across, turns: new Map() };
  const joints = across ? jointsOf(plan, links) : [];
  let least = scale(best, room) * GAIN;
  for (let count = 2; count <= Math.min(BANDS_MAX, joints.length + 1); count += 1) {
    const one = foldedAt(plan, links, bandsOf(plan, joints, count));
    if (scale(one, room) <= least) continue;
    best = one;
    least = scale(one, room);
  }
  return best;
}

/** No picture is enlarged. @param {import("./fit.js").Size} size @param {import("./layout.js").Room} room */
function scale(size, room) {
  return Math.min(1, fit(size, room));
}

/** Where the chain hangs together by one link between two cards that are alone in their ranks. @param {Plan} plan @param {Link[]} links */
function jointsOf({ places }, links) {
  const sizes = new Map();
  for (const { rank } of places.values()) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  const ranks = [...sizes.keys()].sort((one, other) => one - other);
  const rank = (/** @type {string} */ id) => places.get(id)?.rank ?? 0;
  return ranks.slice(0, -1).flatMap((before, index) => {
    const after = ranks[index + 1];
    const over = links.filter(({ from, to }) => Math.min(rank(from), rank(to)) <= before && Math.max(rank(from), rank(to)) >= after);
    if (sizes.get(before) !== 1 || sizes.get(after) !== 1 || over.length !== 1) return [];
    return [{ before, after, link: over[0] }];
  });
}

/** About equally long parts. @param {Plan} plan @param {{ before: number, after: number }[]} joints @param {number} count @returns {Band[]} */
function bandsOf({ places, width }, joints, count) {
  const end = (/** @type {number} */ rank) => Math.max(...[...places.values()].filter((place) => place.rank === rank).map((place) => place.x + place.width));
  /** @type {Band[]} */
  const bands = [];
  let first = -Infinity;
  for (let part = 1; part < count; part += 1) {
    const wanted = (width * part) / count;
    const free = joints.filter(({ before }) => before > first);
    if (free.length === 0) break;
    const joint = free.reduce((best, one) => (Math.abs(end(one.before) - wanted) < Math.abs(end(best.before) - wanted) ? one : best));
    bands.push({ first, last: joint.before });
    first = joint.after;
  }
  return [...bands, { first, last: Infinity }];
}

/** @param {Plan} plan @param {Link[]} links @param {Band[]} bands @returns {Folded} */
function foldedAt(plan, links, bands) {
  /** @type {Folded} */
  const result = { places: new Map(), lines: new Map(), turns: new Map(), across: true, width: 0, height: 0 };
  let y = MARGIN;
  bands.forEach(({ first, last }, index) => {
    const members = [...plan.places].filter(([, { rank }]) => rank >= first && rank <= last);
    const back = index % 2 === 1;
    const top = Math.min(...members.map(([, place]) => place.y));
    const bottom = Math.max(...members.map(([, place]) => place.y + place.height));
    const joint = index > 0 ? jointBetween(plan, links, bands[index - 1].last, first) : undefined;
    // A band begins below the middle of where the last one ended.
    const anchor = joint ? centre(result.places.get(joint.before)) : MARGIN;
    const begin = joint ? centre(plan.places.get(joint.after)) : Math.min(...members.map(([, place]) => place.x));
    const turn = (/** @type {number} */ x) => anchor + (back ? begin - x : x - begin);
    const down = y - top;
    for (const [id, place] of members) {
      result.places.set(id, { ...place, x: back ? turn(place.x + place.width) : turn(place.x), y: place.y + down });
    }
    for (const { id, from, to } of links) {
      const within = [from, to].every((end) => members.some(([name]) => name === end));
      if (within) result.lines.set(id, (plan.lines.get(id) ?? []).map((point) => ({ x: turn(point.x), y: point.y + down })));
    }
    if (joint) result.turns.set(joint.id, { points: turnOf(result, joint.from, joint.to), course: "down" });
    y += bottom - top + BETWEEN;
  });
  return shifted(result);
}

/** @param {Plan} plan @param {Link[]} links @param {number} before @param {number} after */
function jointBetween({ places }, links, before, after) {
  const of = (/** @type {number} */ rank) => [...places].find(([, place]) => place.rank === rank)?.[0] ?? "";
  const ends = [of(before), of(after)];
  const link = links.find(({ from, to }) => ends.includes(from) && ends.includes(to));
  return link && { ...link, before: ends[0], after: ends[1] };
}

/** @param {Place | undefined} place */
function centre(place) {
  return place ? place.x + place.width / 2 : 0;
}

/** Straight down, or up, from one card to the other. @param {Plan} plan @param {string} from @param {string} to @returns {Point[]} */
function turnOf({ places }, from, to) {
  const [one, other] = [from, to].map((id) => /** @type {Place} */ (places.get(id)));
  const falls = one.y < other.y;
  return [
    { x: centre(one), y: falls ? one.y + one.height : one.y },
    { x: centre(other), y: falls ? other.y : other.y + other.height },
  ];
}

/** Moved to where the margins are right. @param {Folded} plan @returns {Folded} */
function shifted(plan) {
  const places = [...plan.places.values()];
  const by = MARGIN - Math.min(...places.map(({ x }) => x));
  for (const place of places) place.x += by;
  for (const points of [...plan.lines.values(), ...[...plan.turns.values()].map((turn) => turn.points)]) for (const point of points) point.x += by;
  plan.width = Math.max(...places.map(({ x, width }) => x + width)) + MARGIN;
  plan.height = Math.max(...places.map(({ y, height }) => y + height)) + MARGIN;
  return plan;
}
