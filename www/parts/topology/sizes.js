// How large a card is, and where its cells stand in it. Pure. Lengths are those of the picture, before it is scaled.

/** @typedef {import("./graph.js").Card} Card */
/** @typedef {import("./graph.js").Cell} Cell */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/**
 * A card's inside, measured from its upper left corner.
 * @typedef {object} Inside
 * @property {number} width
 * @property {number} height
 * @property {boolean} compact whether its cells have room for a sign only, not for words
 * @property {boolean} arcs whether there is room for replication arrows beside the cells
 * @property {Map<string, Box>} cells by name of the component
 * @property {Map<string, Box>} queues by name of the queue
 */

export const HEAD = 34;
const PAD = 10;
const GAP = 6;
const CELL = { width: 150, height: 32 };
const SMALL = { width: 66, height: 32 };
const TINY = { width: 34, height: 26 };
/** Room for replication arrows and what is written at them. */
const ARCS = 74;
/** Room that a letter of a card's name takes, about, and the card's sign and number. */
const LETTER = 8;
const BESIDE_NAME = 74;
const NAME_MAX = 20;
/** Instances that still get a row each. */
const ROWS_MAX = 6;
const DENSE_ROWS_MAX = 3;
/** Nodes of one cluster that still get a row each. */
const NODES_MAX = 5;
const COLUMNS = 4;
const ENTRY = { least: 112, most: 200, height: 66 };
/** The balancer has a name in each language; this is about the longest. */
const BALANCER = "Балансировщик";
const FOOT = 20;

/** @param {Card} card @param {boolean} [dense] whether there are many components, which must save room @returns {Inside} */
export function insideOf(card, dense = false) {
  if (card.kind === "users" || card.kind === "balancer") {
    const letters = (card.kind === "balancer" ? BALANCER : card.name).length;
    const width = Math.min(ENTRY.most, Math.max(ENTRY.least, Math.round(54 + letters * LETTER)));
    return { width, height: ENTRY.height, compact: false, arcs: false, cells: new Map(), queues: new Map() };
  }
  if (card.kind === "cluster") return clusterInside(card, dense);
  const compact = card.cells.length > (dense ? DENSE_ROWS_MAX : ROWS_MAX);
  const placed = compact ? grid(card.cells, SMALL, COLUMNS) : grid(card.cells, cellOf(card), 1);
  const inside = finish(card, placed, compact, false);
  if (card.kind === "broker") addQueues(card, inside);
  return inside;
}

/** One cluster has a row for each node; copies of a cluster have a row each. @param {Card} card @param {boolean} dense */
function clusterInside(card, dense) {
  const copies = Math.max(0, ...card.cells.map((cell) => cell.copy)) + 1;
  const nodes = Math.max(0, ...card.cells.map((cell) => cell.index)) + 1;
  if (copies === 1) {
    const arcs = nodes > 1 && nodes <= NODES_MAX;
    const compact = nodes > NODES_MAX;
    return finish(card, compact ? grid(card.cells, SMALL, COLUMNS) : grid(card.cells, cellOf(card, arcs ? ARCS : 0), 1), compact, arcs);
  }
  if (nodes === 1 && copies <= (dense ? DENSE_ROWS_MAX : ROWS_MAX)) return finish(card, grid(card.cells, cellOf(card), 1), false, false);
  // Copies with one or two nodes each stand two in a row where there are many of them.
  const size = nodes > 4 ? TINY : SMALL;
  const abreast = copies > ROWS_MAX && nodes <= 2 ? 2 : 1;
  const step = (size.width + GAP) * nodes + GAP * (abreast - 1);
  /** @type {Map<string, Box>} */
  const placed = new Map();
  for (const { name, copy, index } of card.cells) {
    const row = Math.floor(copy / abreast);
    placed.set(name, {
      x: PAD + (copy % abreast) * step + index * (size.width + GAP),
      y: HEAD + row * (size.height + GAP),
      ...size,
    });
  }
  return finish(card, placed, true, false);
}

/** A cell that is a row of its card, so broad that the card has room for its name. @param {Card} card @param {number} [beside] room beside the cells */
function cellOf({ name }, beside = 0) {
  const wanted = BESIDE_NAME + Math.min(NAME_MAX, name.length) * LETTER - 2 * PAD - beside;
  return { width: Math.max(CELL.width, Math.round(wanted)), height: CELL.height };
}

/** @param {Cell[]} cells @param {{ width: number, height: number }} size @param {number} columns */
function grid(cells, size, columns) {
  /** @type {Map<string, Box>} */
  const placed = new Map();
  cells.forEach(({ name }, index) => {
    placed.set(name, {
      x: PAD + (index % columns) * (size.width + GAP),
      y: HEAD + Math.floor(index / columns) * (size.height + GAP),
      ...size,
    });
  });
  return placed;
}

/** @param {Card} card @param {Map<string, Box>} cells @param {boolean} compact @param {boolean} arcs @returns {Inside} */
function finish(card, cells, compact, arcs) {
  const boxes = [...cells.values()];
  const right = Math.max(PAD + CELL.width, ...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(HEAD, ...boxes.map((box) => box.y + box.height));
  const foot = card.hidden > 0 ? FOOT : 0;
  return { width: right + PAD + (arcs ? ARCS : 0), height: bottom + PAD + foot, compact, arcs, cells, queues: new Map() };
}

/** @param {Card} card @param {Inside} inside */
function addQueues(card, inside) {
  for (const { name } of card.queues) {
    inside.queues.set(name, { x: PAD, y: inside.height - PAD + GAP, width: inside.width - 2 * PAD, height: CELL.height });
    inside.height += CELL.height + GAP;
  }
}
