// How large a card is, and where its cells stand in it. Pure. Lengths are those of the picture, before it is scaled.

/** @typedef {import("./graph.js").Card} Card */
/** @typedef {import("./graph.js").Cell} Cell */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/**
 * A card's inside, measured from its upper left corner.
 * @typedef {object} Inside
 * @property {number} width
 * @property {number} height
 * @property {number} head height of the line with its name
 * @property {boolean} compact whether its cells have room for a sign only, not for words
 * @property {boolean} arcs whether there is room for replication arrows beside the cells
 * @property {Map<string, Box>} cells by name of the component
 * @property {Map<string, Box>} queues by name of the queue
 */

/** How much room there is: "slim" is for cards in a block of many. @typedef {"usual" | "dense" | "slim"} Room */

const HEAD = 34;
const PAD = 10;
const GAP = 6;
const CELL = { width: 150, height: 32 };
/** A node has its role in words, and beside it how it is doing. */
const NODE_WIDTH = { usual: 172, dense: 160 };
const SMALL = { width: 66, height: 32 };
const TINY = { width: 34, height: 26 };
/** In a block of many. */
const SLIM = { head: 28, pad: 8, height: 24, width: 156, columns: 4, row: 2, beside: 62 };
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
/** The balancer has a name in each language; the longest has thirteen broad letters. */
const BALANCER_WIDTH = 184;
const FOOT = 20;
/** More components than this must save room. */
const DENSE = 24;

/** How much room cards have to begin with. @param {Card[]} cards all of a system @returns {"usual" | "dense"} */
export function roomFor(cards) {
  return cards.reduce((sum, card) => sum + card.cells.length, 0) > DENSE ? "dense" : "usual";
}

/** @param {Card} card @param {Room} [room] @returns {Inside} */
export function insideOf(card, room = "usual") {
  const dense = room !== "usual";
  if (card.kind === "users" || card.kind === "balancer") {
    const wanted = card.kind === "balancer" ? BALANCER_WIDTH : Math.round(54 + card.name.length * LETTER);
    const width = Math.min(ENTRY.most, Math.max(ENTRY.least, wanted));
    return { width, height: ENTRY.height, head: HEAD, compact: false, arcs: false, cells: new Map(), queues: new Map() };
  }
  if (room === "slim" && isSlim(card)) return slimInside(card);
  if (card.kind === "cluster") return clusterInside(card, dense);
  const compact = card.cells.length > (dense ? DENSE_ROWS_MAX : ROWS_MAX);
  const placed = compact ? grid(card.cells, SMALL, COLUMNS) : grid(card.cells, cellOf(card), 1);
  const inside = finish(card, placed, compact, false);
  if (card.kind === "broker") addQueues(card, inside);
  return inside;
}

/** Whether its cells are few or of one sort, so that they can stand side by side. @param {Card} card */
function isSlim(card) {
  const copies = Math.max(0, ...card.cells.map((cell) => cell.copy)) + 1;
  return card.kind !== "broker" && (card.kind !== "cluster" || copies === 1);
}

/** Two cells, or one of the same length, to a row; four where there are many. @param {Card} card @returns {Inside} */
function slimInside(card) {
  const { pad, height } = SLIM;
  const width = Math.max(SLIM.width, Math.round(SLIM.beside + Math.min(NAME_MAX, card.name.length) * LETTER));
  const columns = card.cells.length > 2 * SLIM.row ? SLIM.columns : SLIM.row;
  const compact = card.cells.length > 1;
  const size = { width: compact ? (width - GAP) / 2 : width, height };
  const placed = grid(card.cells, size, columns, { x: pad, y: SLIM.head });
  const boxes = [...placed.values()];
  const right = Math.max(pad + width, ...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(SLIM.head, ...boxes.map((box) => box.y + box.height));
  const foot = card.hidden > 0 ? FOOT : 0;
  return { width: right + pad, height: bottom + pad + foot, head: SLIM.head, compact, arcs: false, cells: placed, queues: new Map() };
}

/** One cluster has a row for each node; copies of a cluster have a row each. @param {Card} card @param {boolean} dense */
function clusterInside(card, dense) {
  const copies = Math.max(0, ...card.cells.map((cell) => cell.copy)) + 1;
  const nodes = Math.max(0, ...card.cells.map((cell) => cell.index)) + 1;
  if (copies === 1) {
    const arcs = nodes > 1 && nodes <= NODES_MAX;
    const compact = nodes > NODES_MAX;
    const row = cellOf(card, arcs ? ARCS : 0, dense ? NODE_WIDTH.dense : NODE_WIDTH.usual);
    return finish(card, compact ? grid(card.cells, SMALL, COLUMNS) : grid(card.cells, row, 1), compact, arcs);
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

/** A cell that is a row of its card, so broad that the card has room for its name. @param {Card} card @param {number} [beside] room beside the cells @param {number} [least] width */
function cellOf({ name }, beside = 0, least = CELL.width) {
  const wanted = BESIDE_NAME + Math.min(NAME_MAX, name.length) * LETTER - 2 * PAD - beside;
  return { width: Math.max(least, Math.round(wanted)), height: CELL.height };
}

/** @param {Cell[]} cells @param {{ width: number, height: number }} size @param {number} columns @param {{ x: number, y: number }} [corner] */
function grid(cells, size, columns, corner = { x: PAD, y: HEAD }) {
  /** @type {Map<string, Box>} */
  const placed = new Map();
  cells.forEach(({ name }, index) => {
    placed.set(name, {
      x: corner.x + (index % columns) * (size.width + GAP),
      y: corner.y + Math.floor(index / columns) * (size.height + GAP),
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
  return { width: right + PAD + (arcs ? ARCS : 0), height: bottom + PAD + foot, head: HEAD, compact, arcs, cells, queues: new Map() };
}

/** @param {Card} card @param {Inside} inside */
function addQueues(card, inside) {
  for (const { name } of card.queues) {
    inside.queues.set(name, { x: PAD, y: inside.height - PAD + GAP, width: inside.width - 2 * PAD, height: CELL.height });
    inside.height += CELL.height + GAP;
  }
}
