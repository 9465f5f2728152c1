// The picture of one system: built once for a layout, then only what changed is written.

import { icon } from "../icon.js";
import { CardView } from "./card.js";
import { Dots } from "./dots.js";
import { Flow } from "./flow.js";
import { labelPlaces } from "./labels.js";
import { Routes } from "./routes.js";
import { s, set } from "./svg.js";
import { WayView } from "./way.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("./cell.js").CellView} CellView */
/** @typedef {import("./layout.js").Layout} Layout */

/** So many ways cannot be followed all at once. */
const CROWD = 14;

export class Picture {
  #layout;
  #cards;
  #ways;
  #flow;
  #single = false;
  /** @type {Map<string, CellView>} */
  #cells = new Map();
  /** Where each cell stands, for the arrow keys. @type {{ name: string, x: number, y: number }[]} */
  #centres = [];

  /** @param {Texts} texts @param {Layout} layout */
  constructor(texts, layout) {
    this.#layout = layout;
    this.#ways = layout.ways.map((way) => new WayView(texts, way));
    const places = labelPlaces(this.#ways.map((way) => way.track));
    this.#ways.forEach((way, index) => (way.labelled = places[index]));
    const arriving = arrivals(layout);
    this.#cards = layout.cards.map((card) => new CardView(texts, card, arriving.get(card.card.id)));
    const routes = new Routes(layout, this.#ways);
    const dots = new Dots(routes);
    this.#flow = new Flow(dots, this.#ways);
    for (const cell of this.#cards.flatMap((card) => card.cells)) this.#cells.set(cell.name, cell);
    for (const { inside, x, y } of layout.cards) {
      for (const [name, box] of inside.cells) {
        this.#centres.push({ name, x: x + box.x + box.width / 2, y: y + box.y + box.height / 2 });
      }
    }
    this.element = s("svg",
      { class: "picture", role: "group", viewBox: `0 0 ${layout.width} ${layout.height}` },
      hatch(),
      ...layout.frames.map((frame) => frameOf(texts, frame)),
      ...this.#ways.map((way) => way.element),
      ...this.#cards.map((card) => card.element),
      ...this.#ways.map((way) => way.label),
      dots.element,
    );
    const first = this.#centres[0];
    if (first) this.reach(first.name);
  }

  get width() {
    return this.#layout.width;
  }

  get height() {
    return this.#layout.height;
  }

  get layout() {
    return this.#layout;
  }

  /** The middle of where requests come in. */
  get entry() {
    const entries = this.#layout.cards.filter(({ card }) => card.kind === "users");
    const { card, inside, x, y } = entries[entries.length >> 1] ?? this.#layout.cards[0];
    return { card, x: x + inside.width / 2, y: y + inside.height / 2 };
  }

  /** @param {number} scale */
  set scale(scale) {
    set(this.element, "width", Math.round(this.width * scale));
    set(this.element, "height", Math.round(this.height * scale));
  }

  /** @param {ComponentState[]} states @param {import("../../run/engine.js").Report} report @param {import("./rates.js").Rates} rates */
  update(states, report, rates) {
    const byName = new Map(states.map((state) => [state.name, state]));
    this.#flow.latency = report.requests.latency.mean;
    for (const card of this.#cards) card.update(byName, report, rates);
    for (const way of this.#ways) way.show(rates.ways, report);
  }

  /** @param {import("../../run/engine.js").Simulation} simulation @param {number} speed @param {boolean} running */
  frame(simulation, speed, running) {
    const single = this.#flow.frame(simulation, speed, running);
    if (single === this.#single) return;
    this.#single = single;
    set(this.element, "class", single ? "picture single" : "picture");
  }

  /** @param {string | undefined} name */
  select(name) {
    for (const cell of this.#cells.values()) cell.selected = cell.name === name;
    this.#stress(this.#layout.cards.find(({ inside }) => name !== undefined && inside.cells.has(name))?.card.id);
    if (name !== undefined && this.#cells.has(name)) this.reach(name);
  }

  /** Among many ways, those from and to a card stand out. @param {string | undefined} card */
  #stress(card) {
    const crowd = card !== undefined && this.#ways.length > CROWD;
    for (const way of this.#ways) way.faint = crowd && !way.ways.some(({ from, to }) => from === card || to === card);
  }

  /** Makes this cell the one that Tab reaches; the arrow keys lead to the others. @param {string} name */
  reach(name) {
    for (const cell of this.#cells.values()) cell.reachable = cell.name === name;
  }

  /** The first one has the focus if there is none of this name any more. @param {string} name @param {FocusOptions} [options] */
  focus(name, options) {
    const cell = this.#cells.get(name) ?? this.#cells.get(this.#centres[0]?.name);
    if (!cell) return;
    this.reach(cell.name);
    cell.focus(options);
  }

  /**
   * The nearest component in a direction, or undefined at the edge.
   * @param {string} from
   * @param {number} right 1, 0 or -1
   * @param {number} down 1, 0 or -1
   */
  neighbour(from, right, down) {
    const here = this.#centres.find((centre) => centre.name === from);
    if (!here) return undefined;
    let best;
    let least = Infinity;
    for (const { name, x, y } of this.#centres) {
      const along = (x - here.x) * right + (y - here.y) * down;
      const aside = Math.abs((x - here.x) * down) + Math.abs((y - here.y) * right);
      if (along < 4) continue;
      const distance = along + 2.5 * aside;
      if (distance < least) [best, least] = [name, distance];
    }
    return best;
  }
}

/** Ways to the cards of blocks, which share a line: so each card says what comes to it. @param {Layout} layout */
function arrivals({ ways, frames }) {
  const members = new Set(frames.flatMap(({ aisles }) => [...aisles.keys()]));
  /** @type {Map<string, string[]>} */
  const arriving = new Map();
  for (const { ways: shared } of ways) {
    if (shared.length < 2) continue;
    for (const { id, to } of shared) if (members.has(to)) arriving.set(to, [...(arriving.get(to) ?? []), id]);
  }
  return arriving;
}

/** The frame of a block: what stands in it, and how many. @param {Texts} texts @param {import("./layout.js").Frame} frame */
function frameOf(texts, { kind, count, x, y, width, height }) {
  // There is one balancer and one authorisation service at most.
  const key = /** @type {"topology.block.service"} */ (`topology.block.${kind}`);
  const frame = s("g", { class: "topology-frame", transform: `translate(${x} ${y})` },
    s("rect", { class: "frame-box", width, height, rx: 16 }),
    s("g", { class: "frame-sign" }, icon(kind, { class: "sign", x: 14, y: 8, width: 15, height: 15 })),
    s("text", { class: "frame-count", x: 34, y: 20, "font-size": 12 }, texts.text(key, { count })),
  );
  frame.dataset.kind = kind;
  return frame;
}

/** The pattern of what is down: to be seen without colours. */
function hatch() {
  const lines = s("path", { class: "hatch-line", d: "M-2 2l4 -4M0 8l8 -8M6 10l4 -4" });
  return s("defs", {}, s("pattern", { id: "topology-hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse" }, lines));
}
