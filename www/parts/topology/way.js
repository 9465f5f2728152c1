// A line between two cards, or to all cards of a block: its dashes flow as fast and as broad as much passes, and the
// rate is written at it.

import { write } from "../dom.js";
import { BreakerMark } from "./breaker-mark.js";
import { breakersOn } from "./breakers.js";
import { shortRate } from "./card.js";
import { pathOf, trackOf } from "./curve.js";
import { s, set } from "./svg.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/** Pixels per second of the slowest and of the fastest flow: one can still follow the latter with the eyes. */
const PACE = { least: 14, most: 130 };
/** The length of a dash and its gap. */
const PERIOD = 16;
const WIDTH = { least: 1.6, most: 5 };
/** A rate from here on looks the same. */
const FULL_RATE = 1000;

export class WayView {
  #texts;
  #flow;
  #rate = s("text", { class: "way-rate", "font-size": 12, "text-anchor": "middle" });
  #breaker;
  #pace = 0;
  #offset = 0;

  /** @param {Texts} texts @param {import("./layout.js").PlacedWay} placed */
  constructor(texts, { ways, points, course }) {
    this.#texts = texts;
    this.ways = ways;
    this.track = trackOf(points, course);
    const d = pathOf(points, course);
    this.#flow = s("path", { class: "way-flow", d });
    const end = points[points.length - 1];
    const before = points[points.length - 2];
    const level = course === "across" || (course === "square" && end.y === before.y);
    const back = level ? end.x < before.x : end.y < before.y;
    const turn = (level ? 0 : 90) + (back ? 180 : 0);
    const head = s("path", { class: "way-head", d: "M0 0l-8 -4.5v9z", transform: `translate(${end.x} ${end.y}) rotate(${turn})` });
    this.element = s("g", { class: "way", "data-kind": ways[0].kind }, s("path", { class: "way-line", d }), this.#flow, head);
    this.#breaker = new BreakerMark(texts, course === "across");
    this.label = s("g", {}, this.#rate, this.#breaker.element);
  }

  /** Where the rate is written. @param {import("./curve.js").Point} place */
  set labelled({ x, y }) {
    set(this.#rate, "x", x);
    set(this.#rate, "y", y + 4);
    this.#breaker.place = { x, y };
  }

  /** Whether it gives way to others, which are looked at. @param {boolean} faint */
  set faint(faint) {
    for (const part of [this.element, this.label]) set(part, "data-faint", String(faint));
  }

  /** @param {Map<string, number>} rates per simulated second, by way @param {import("../../run/engine.js").Report} report */
  show(rates, report) {
    const breaker = breakersOn(this.ways, report);
    this.#breaker.show(breaker);
    set(this.element, "data-breaker", breaker?.phase ?? "");
    const known = this.ways.flatMap(({ id }) => rates.get(id) ?? []);
    const rate = known.length > 0 ? known.reduce((sum, one) => sum + one, 0) : undefined;
    const idle = rate === undefined || rate < 1e-6;
    const strength = idle ? 0 : Math.min(1, Math.log1p(rate) / Math.log1p(FULL_RATE));
    this.#pace = idle ? 0 : PACE.least + (PACE.most - PACE.least) * strength;
    set(this.element, "class", idle ? "way idle" : "way");
    this.#flow.style.strokeWidth = `${(WIDTH.least + (WIDTH.most - WIDTH.least) * strength).toFixed(1)}px`;
    write(this.#rate, rate === undefined || this.ways.some((way) => way.estimated) ? "" : this.#texts.text("topology.rate", { rate: shortRate(this.#texts, rate) }));
  }

  /** Moves the dashes on. @param {number} seconds of wall time */
  flow(seconds) {
    if (this.#pace === 0) return;
    this.#offset = (this.#offset + this.#pace * seconds) % PERIOD;
    this.#flow.style.strokeDashoffset = `${-this.#offset.toFixed(1)}px`;
  }
}
