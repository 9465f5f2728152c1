// Requests in flight as dots that move from place to place: circles read, squares write. The dots are made once.

import { at } from "./curve.js";
import { APART } from "./routes.js";
import { s, set } from "./svg.js";

/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./curve.js").Track} Track */
/** @typedef {import("./routes.js").Routes} Routes */

/**
 * A visit as the simulator tells of it. It is at a place, or a message of it is on its way from there `to` another;
 * empty is with the user.
 * @typedef {{ id: number, request: number, service: string, place: string, to?: string, phase: string, is_read: boolean, since: number }} Visit
 */

/** More dots than this are a cloud, and cost too much. */
export const DOTS_MAX = 150;

/** How long a dot is on its way, in milliseconds: long enough to be followed when the simulation is slow. */
const JOURNEY = { quick: 140, slow: 520 };
/** An answer goes back, faintly, in this time. */
const RETURN_MS = 420;
/** Dots in a row of a cell. */
const IN_ROW = 14;
/** From one row to the next. */
const ROWS = 6;

/** @typedef {"free" | "moving" | "staying" | "leaving"} Mode */

class Dot {
  /** @type {Mode} */
  mode = "free";
  visit = -1;
  seen = 0;
  place = "";
  card = "";
  /** @type {Track | undefined} */
  track = undefined;
  started = 0;
  lasts = 0;
  at = { x: 0, y: 0 };
  target = { x: 0, y: 0 };
  isRead = true;
  drawn = "";

  constructor() {
    this.element = s("path", { class: "request", display: "none" });
  }
}

const CIRCLE = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0";
const SQUARE = "M-3.6 -3.6h7.2v7.2h-7.2z";

export class Dots {
  element = s("g", { class: "requests", "aria-hidden": "true" });
  /** @type {Dot[]} */
  #pool = [];
  /** @type {Map<number, Dot>} */
  #byVisit = new Map();
  /** How many stand at a place or wait before it, in this frame. @type {Map<string, number>} */
  #crowd = new Map();
  #frame = 0;
  #routes;

  /** @param {Routes} routes */
  constructor(routes) {
    this.#routes = routes;
  }

  /** Whether any dot is to be seen. */
  get busy() {
    return this.#pool.some((dot) => dot.mode !== "free");
  }

  /**
   * @param {Visit[]} visits
   * @param {number} time in milliseconds, of the wall
   * @param {number} speed simulated seconds per second
   */
  frame(visits, time, speed) {
    this.#frame += 1;
    this.#crowd.clear();
    const lasts = JOURNEY.quick + (JOURNEY.slow - JOURNEY.quick) * Math.max(0, 1 - Math.sqrt(speed));
    for (const visit of visits) this.#see(visit, time, lasts);
    for (const dot of this.#pool) {
      if (dot.mode === "free") continue;
      if (dot.seen !== this.#frame && dot.mode !== "leaving") this.#leave(dot, time);
      this.#move(dot, time);
    }
  }

  clear() {
    for (const dot of this.#pool) this.#free(dot);
  }

  /** @param {Visit} visit @param {number} time @param {number} lasts */
  #see(visit, time, lasts) {
    const name = (visit.to ?? visit.place) || this.#routes.entry;
    const place = this.#routes.place(name) ?? this.#routes.place(this.#routes.balancer);
    if (!place) return;
    const waits = visit.phase === "queueing";
    const key = waits ? `${name} queue` : name;
    const crowd = this.#crowd.get(key) ?? 0;
    this.#crowd.set(key, crowd + 1);
    const dot = this.#byVisit.get(visit.id) ?? this.#begin(visit);
    if (!dot) return;
    dot.seen = this.#frame;
    stand(dot.target, place, crowd, waits);
    if (dot.place === name) return;
    dot.track = this.#routes.track({ ...dot.at }, dot.card, { ...dot.target }, place.card);
    dot.place = name;
    dot.card = place.card;
    dot.mode = "moving";
    dot.started = time;
    dot.lasts = lasts;
  }

  /** A dot for a visit that is new. @param {Visit} visit */
  #begin(visit) {
    const dot = this.#take();
    if (!dot) return undefined;
    const { entry } = this.#routes;
    const start = this.#routes.place(entry)?.point ?? { x: 0, y: 0 };
    dot.visit = visit.id;
    dot.place = entry;
    dot.card = entry;
    dot.mode = "staying";
    dot.at.x = start.x;
    dot.at.y = start.y;
    dot.isRead = visit.is_read;
    this.#byVisit.set(visit.id, dot);
    set(dot.element, "d", visit.is_read ? CIRCLE : SQUARE);
    set(dot.element, "class", visit.is_read ? "request read" : "request write");
    set(dot.element, "display", "inline");
    return dot;
  }

  #take() {
    const free = this.#pool.find((dot) => dot.mode === "free");
    if (free || this.#pool.length >= DOTS_MAX) return free;
    const dot = new Dot();
    this.#pool.push(dot);
    this.element.append(dot.element);
    return dot;
  }

  /** The visit is over: its answer goes back to the users. @param {Dot} dot @param {number} time */
  #leave(dot, time) {
    this.#byVisit.delete(dot.visit);
    const { entry } = this.#routes;
    const end = this.#routes.place(entry);
    if (!end || dot.card === entry) {
      this.#free(dot);
      return;
    }
    dot.track = this.#routes.track({ ...dot.at }, dot.card, end.point, entry);
    dot.mode = "leaving";
    dot.started = time;
    dot.lasts = RETURN_MS;
    set(dot.element, "class", `${dot.isRead ? "request read" : "request write"} answer`);
  }

  /** @param {Dot} dot @param {number} time */
  #move(dot, time) {
    if (dot.track) {
      const share = Math.min(1, (time - dot.started) / dot.lasts);
      at(dot.track, ease(share), dot.at);
      if (share >= 1) {
        dot.track = undefined;
        if (dot.mode === "leaving") {
          this.#free(dot);
          return;
        }
        dot.mode = "staying";
      }
    } else {
      // Those before it have moved up.
      dot.at.x += (dot.target.x - dot.at.x) * 0.25;
      dot.at.y += (dot.target.y - dot.at.y) * 0.25;
    }
    const drawn = `translate(${dot.at.x.toFixed(1)} ${dot.at.y.toFixed(1)})`;
    if (drawn !== dot.drawn) dot.element.setAttribute("transform", drawn);
    dot.drawn = drawn;
  }

  /** @param {Dot} dot */
  #free(dot) {
    this.#byVisit.delete(dot.visit);
    dot.mode = "free";
    dot.visit = -1;
    dot.track = undefined;
    set(dot.element, "display", "none");
  }
}

/**
 * Where the next one stands: in the component along its lower edge, or in the queue for it.
 * @param {Point} into
 * @param {import("./routes.js").Place} place
 * @param {number} before how many stand there already
 * @param {boolean} waits
 */
export function stand(into, { point, below, queue }, before, waits) {
  const row = waits ? queue.row : IN_ROW;
  const at = waits ? Math.min(before, queue.room - 1) : before;
  const along = (at % row) * APART;
  const line = Math.floor(at / row) * ROWS;
  into.x = waits ? queue.first.x - along : point.x + 12 + along;
  into.y = waits ? queue.first.y + line : point.y + below - line;
}

/** Starts and ends gently. @param {number} share */
function ease(share) {
  return share * share * (3 - 2 * share);
}
