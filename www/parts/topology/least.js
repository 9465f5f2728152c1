// How large a picture from top to bottom is about at the least, which is known without drawing it: in a chain of ways each
// card stands below the one before. Pure.

import { SPACES } from "./drawing.js";
import { insideOf, roomFor } from "./sizes.js";

/** @typedef {import("./graph.js").Way} Way */

/** Only cards that are made slim, to save room, can make it smaller. @param {import("./graph.js").Graph} graph @returns {import("./fit.js").Size} */
export function leastSize({ cards, ways }) {
  const { ranksep, margin } = SPACES.wide;
  const room = roomFor(cards);
  const sizes = new Map(cards.map((card) => [card.id, insideOf(card, room)]));
  const below = waysDown(ways);
  /** From the upper edge of a card to the end of its longest chain. @type {Map<string, number>} */
  const heights = new Map();
  const height = (/** @type {string} */ id) => {
    const known = heights.get(id);
    if (known !== undefined) return known;
    const rest = Math.max(0, ...(below.get(id) ?? []).map((next) => ranksep + height(next)));
    const whole = (sizes.get(id)?.height ?? 0) + rest;
    heights.set(id, whole);
    return whole;
  };
  return {
    width: 2 * margin + Math.max(0, ...[...sizes.values()].map(({ width }) => width)),
    height: 2 * margin + Math.max(0, ...cards.map(({ id }) => height(id))),
  };
}

/** Where ways lead that run down for sure: of those that lead round in a circle, one must run up. @param {Way[]} ways */
function waysDown(ways) {
  const all = ends(ways);
  const reached = new Map([...all.keys()].map((id) => [id, reachedFrom(id, all)]));
  return ends(ways.filter(({ from, to }) => !reached.get(to)?.has(from)));
}

/** @param {Way[]} ways @returns {Map<string, string[]>} where they lead from each card */
function ends(ways) {
  /** @type {Map<string, string[]>} */
  const ends = new Map();
  for (const { from, to } of ways) ends.set(from, [...(ends.get(from) ?? []), to]);
  return ends;
}

/** @param {string} id @param {Map<string, string[]>} ends */
function reachedFrom(id, ends) {
  /** @type {Set<string>} */
  const reached = new Set();
  const waiting = [id];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const fresh = (ends.get(at) ?? []).filter((next) => !reached.has(next));
    for (const next of fresh) reached.add(next);
    waiting.push(...fresh);
  }
  return reached;
}
