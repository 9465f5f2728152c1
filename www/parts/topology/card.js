// A card of the picture: what it is, its components, the queues of a broker.

import { write } from "../dom.js";
import { icon } from "../icon.js";
import { CellView } from "./cell.js";
import { poolsOf, starvedOf } from "../edge-figures.js";
import { isLong, queueFill } from "./looks.js";
import { Replication } from "./replication.js";
import { ReplicationHeads } from "./replication-heads.js";
import { fitted, s, set, widthOf } from "./svg.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../run/engine.js").Report} Report */
/** @typedef {import("./rates.js").Rates} Rates */

/** @typedef {{ name: string, limit: number | null, fill: SVGRectElement, value: SVGTextElement, gauge: SVGGElement, room: number }} Gauge */

const NAME = 13;
/** Room for a rate beside the name. */
const RATE = 44;

export class CardView {
  #texts;
  #placed;
  /** @type {CellView[]} */
  cells = [];
  /** @type {Replication | undefined} */
  #replication;
  /** @type {ReplicationHeads | undefined} */
  #heads;
  /** @type {Gauge[]} */
  #queues = [];
  #note = s("text", { class: "card-note", "font-size": 12 });
  #count = s("text", { class: "card-count", "font-size": 12, "text-anchor": "end" });
  #arriving;

  /**
   * @param {Texts} texts
   * @param {import("./layout.js").PlacedCard} placed
   * @param {string[]} [arriving] ways to this card that have no line of their own
   */
  constructor(texts, placed, arriving = []) {
    this.#texts = texts;
    this.#placed = placed;
    this.#arriving = arriving;
    const { card, inside, x, y } = placed;
    const { width, height } = inside;
    const name = card.kind === "balancer" ? texts.text("topology.balancer") : card.name;
    const kind = texts.text(`topology.kind.${card.kind}`);
    this.element = s("g", { class: "topology-card", transform: `translate(${x} ${y})` },
      s("rect", { class: "card-box", width, height, rx: 12 }),
      s("g", { class: "card-sign" }, s("title", {}, kind), icon(card.kind, { class: "sign", x: 10, y: inside.head / 2 - 9, width: 18, height: 18 })),
      this.#head(name, kind),
    );
    this.element.dataset.kind = card.kind;
    if (card.cells.length > 0) this.#addCells();
    else this.#addNote(11, 44);
    for (const queue of card.queues) this.#addQueue(queue);
  }

  /** @param {string} name @param {string} kind */
  #head(name, kind) {
    const { inside } = this.#placed;
    const number = this.#beside(name);
    const beside = this.#arriving.length > 0 ? RATE : number ? widthOf(number, 12) + 6 : 0;
    const line = inside.head / 2 + 5;
    set(this.#count, "x", inside.width - 12);
    set(this.#count, "y", line);
    write(this.#count, number);
    return s("g", {},
      s("text", { class: "card-name", x: 34, y: line, "font-size": NAME }, s("title", {}, [`${kind}: ${name}`, ...this.#unused].join(", ")), fitted(name, inside.width - 42 - beside, NAME, 650)),
      this.#count,
    );
  }

  /** Whether nobody uses it, in words. */
  get #unused() {
    return this.#placed.card.unused ? [this.#texts.text("topology.unused")] : [];
  }

  /** What is said beside the name, which goes first: how many cells there are, and whether they are of use. @param {string} name */
  #beside(name) {
    const { card, inside } = this.#placed;
    const count = card.cells.length + card.hidden;
    const number = card.kind !== "broker" && count > 1 ? `×${this.#texts.integer(count)}` : "";
    const room = inside.width - 48 - widthOf(name, NAME, 650);
    const words = this.#unused.flatMap((unused) => [`${unused} ${number}`.trim(), unused]);
    return words.find((some) => widthOf(some, 12) <= room) ?? number;
  }

  /** What comes to it over a line that it shares, in the place of the number. @param {Rates} rates */
  #showArriving(rates) {
    const known = this.#arriving.flatMap((id) => rates.ways.get(id) ?? []);
    if (known.length === 0) return;
    const rate = known.reduce((sum, one) => sum + one, 0);
    write(this.#count, this.#texts.text("topology.rate", { rate: shortRate(this.#texts, rate) }));
  }

  #addCells() {
    const { card, inside } = this.#placed;
    for (const cell of card.cells) {
      const box = inside.cells.get(cell.name);
      if (!box) continue;
      const view = new CellView(this.#texts, cell, box, inside.compact);
      this.cells.push(view);
      this.element.append(view.element);
    }
    if (inside.arcs) {
      this.#replication = new Replication(this.#texts, inside);
      this.element.append(this.#replication.element);
    }
    if (card.kind === "cluster" && inside.compact) {
      this.#heads = new ReplicationHeads(card, inside);
      this.element.append(this.#heads.element);
    }
    if (card.hidden > 0) this.#addNote(12, inside.height - 12);
  }

  /** @param {number} x @param {number} y */
  #addNote(x, y) {
    set(this.#note, "x", x);
    set(this.#note, "y", y);
    this.element.append(this.#note);
  }

  /** @param {import("./graph.js").Queue} queue */
  #addQueue({ name, limit }) {
    const box = this.#placed.inside.queues.get(name);
    if (!box) return;
    const { x, y, width, height } = box;
    const fill = s("rect", { class: "gauge-fill", height: 7, y: height - 8, rx: 3 });
    const value = s("text", { class: "gauge-value", x: width, y: 15, "font-size": 12, "text-anchor": "end" });
    const label = s("text", { class: "gauge-label", y: 15, "font-size": 12 }, s("title", {}, name), fitted(name, width - 62, 12));
    const gauge = s("g", { class: "gauge", transform: `translate(${x} ${y})` },
      label, value, s("rect", { class: "gauge-box", width, height: 7, y: height - 8, rx: 3 }), fill);
    this.element.append(gauge);
    this.#queues.push({ name, limit, fill, value, gauge, room: width });
  }

  /** @param {Map<string, ComponentState>} components @param {Report} report @param {Rates} rates */
  update(components, report, rates) {
    const { card } = this.#placed;
    for (const cell of this.cells) {
      const component = components.get(cell.name);
      if (!component) continue;
      cell.show(component, {
        utilisation: rates.utilisations.get(cell.name),
        share: report.caches[cell.name]?.hit_ratio,
        starved: starvedOf(poolsOf(report, card.name, cell.name)),
        consuming: card.kind === "service" ? rates.consumers.get(card.name) : undefined,
      });
    }
    this.#heads?.show(components);
    if (this.#replication) {
      const nodes = card.cells.flatMap(({ name }) => components.get(name) ?? []);
      this.#replication.show(nodes, report.db_clusters[card.groups[0]]?.nodes);
    }
    for (const queue of this.#queues) this.#showQueue(queue, report.brokers[card.name]?.queues[queue.name]?.size.now ?? 0);
    this.#showNote(components, report, rates);
    this.#showArriving(rates);
  }

  /** @param {Gauge} queue @param {number} length */
  #showQueue({ limit, fill, value, gauge, room }, length) {
    const texts = this.#texts;
    fill.style.width = `${Math.round(queueFill(length, limit) * room)}px`;
    write(value, limit === null ? texts.integer(length) : `${texts.integer(length)} / ${texts.integer(limit)}`);
    set(gauge, "class", isLong(length, limit) ? "gauge long" : "gauge");
  }

  /** @param {Map<string, ComponentState>} components @param {Report} report @param {Rates} rates */
  #showNote(components, report, rates) {
    const { card } = this.#placed;
    const texts = this.#texts;
    if (card.kind === "balancer") write(this.#note, texts.text("topology.in_flight", { count: report.requests.in_flight }));
    if (card.kind === "users") {
      const rate = rates.known(card.id);
      write(this.#note, rate === undefined ? "" : texts.text("topology.rate", { rate: shortRate(texts, rate) }));
    }
    if (card.hidden > 0) {
      const shown = new Set(card.cells.map((cell) => cell.name));
      const down = [...components.values()].filter((one) => card.groups.includes(one.group) && !shown.has(one.name) && one.state === "down");
      write(this.#note, texts.text("topology.hidden", { count: card.hidden, down: down.length }));
    }
  }
}

/** A rate with as many digits as it takes. @param {Texts} texts @param {number} rate */
export function shortRate(texts, rate) {
  return texts.decimal(rate, rate >= 9.95 || rate < 0.05 ? 0 : 1);
}

