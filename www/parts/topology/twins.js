// Who is alike: cards that stand between the same others can be drawn as one block, with one way to all of them. Pure.

/** @typedef {import("./graph.js").Card} Card */
/** @typedef {import("./graph.js").Way} Way */
/** @typedef {import("./graph.js").Graph} Graph */

/** A card with what it alone uses: a service with its own database and cache, say. @typedef {{ cards: Card[], ways: Way[] }} Unit */
/** @typedef {{ id: string, kind: import("./graph.js").CardKind, units: Unit[] }} Twins */

/** Fewer than so many are easier to follow each with a way of its own. */
const TWINS_MIN = 6;

/**
 * Groups of cards of one kind with ways of the same kinds from and to the same cards, alone or with what only they use.
 * @param {Graph} graph
 * @returns {Twins[]}
 */
export function twinsOf(graph) {
  const alone = grouped(graph.cards.map((card) => ({ cards: [card], ways: [] })), graph);
  const taken = new Set(alone.flatMap(({ units }) => units.flatMap(({ cards }) => cards)));
  const rest = graph.cards.filter((card) => !taken.has(card));
  return [...alone, ...grouped(rest.flatMap((card) => unitOf(card, rest, graph) ?? []), graph)];
}

/** @param {Unit[]} units @param {Graph} graph @returns {Twins[]} */
function grouped(units, graph) {
  /** @type {Map<string, Unit[]>} */
  const byKey = new Map();
  for (const unit of units) {
    const key = keyOf(unit, graph);
    byKey.set(key, [...(byKey.get(key) ?? []), unit]);
  }
  return [...byKey.values()].filter((alike) => alike.length >= TWINS_MIN)
    .map((alike) => ({ id: `twins ${alike[0].cards[0].id}`, kind: alike[0].cards[0].kind, units: alike }));
}

/** What twins have in common: their kind and their ways from and to others. @param {Unit} unit @param {Graph} graph */
function keyOf({ cards, ways }, { ways: all }) {
  const [{ id, kind }] = cards;
  const outer = all.filter((way) => !ways.includes(way) && way.from !== way.to && (way.from === id || way.to === id));
  return [kind, ...outer.map((way) => (way.from === id ? `${way.kind} to ${way.to}` : `${way.kind} from ${way.from}`)).sort()].join("\n");
}

/** A card with those that have ways to or from it alone, if there are such. @param {Card} card @param {Card[]} rest @param {Graph} graph @returns {Unit | undefined} */
function unitOf(card, rest, { ways }) {
  const of = (/** @type {Card} */ { id }) => ways.filter((way) => way.from !== way.to && (way.from === id || way.to === id));
  // Only stores: a service that somebody calls, or users, have a place of their own in the picture.
  const own = rest.filter((other) => other !== card && (other.kind === "cluster" || other.kind === "cache")
    && of(other).length > 0 && of(other).every((way) => way.from === card.id));
  if (own.length === 0) return undefined;
  const ids = new Set(own.map(({ id }) => id));
  return { cards: [card, ...own], ways: ways.filter((way) => way.from === card.id && ids.has(way.to)) };
}
