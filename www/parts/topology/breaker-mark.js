// A circuit breaker that is not closed, on the way that it guards: a contact that is open, or nearly closed, and a word.

import { write } from "../dom.js";
import { s, set, widthOf } from "./svg.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

const TEXT = 12;
const SIGN = { width: 27, height: 18 };
/** A line for the word, under the sign. */
const LINE = 13;
/** At both sides of the word. */
const EDGE = 4;
/** Its lower edge lies so far above the middle of the way, where the rate stands. */
const ABOVE = 6;

/** The lever of the contact, by phase: it is to be told apart without colours and without reading. */
const LEVERS = { open: "M9 9L17 2", half_open: "M9 9L18 6" };

/** The parts of a contact that do not move. */
function contacts() {
  return [
    s("path", { class: "breaker-contact", d: "M4 9h5M18 9h5" }),
    s("g", { class: "breaker-joint" }, s("circle", { cx: 9, cy: 9, r: 1.6 }), s("circle", { cx: 18, cy: 9, r: 1.6 })),
  ];
}

/** A contact that is open, for the legend. */
export function openContact() {
  return [...contacts(), s("path", { class: "breaker-lever", d: LEVERS.open })];
}

export class BreakerMark {
  #texts;
  #stacked;
  #box = s("rect", { class: "breaker-box", rx: 7 });
  #lever = s("path", { class: "breaker-lever" });
  #sign = s("g", {}, ...contacts(), this.#lever);
  #word = s("text", { class: "breaker-word", "font-size": TEXT });
  #title = s("title");
  #x = 0;
  #y = 0;

  /** @param {Texts} texts @param {boolean} stacked whether the word stands under the sign: where ways run across there is little room */
  constructor(texts, stacked) {
    this.#texts = texts;
    this.#stacked = stacked;
    this.element = s("g", { class: "breaker", role: "img", visibility: "hidden" }, this.#title, this.#box, this.#sign, this.#word);
  }

  /** The middle of the way. @param {import("./curve.js").Point} place */
  set place({ x, y }) {
    [this.#x, this.#y] = [x, y];
  }

  /** @param {ReturnType<typeof import("./breakers.js").breakersOn>} found */
  show(found) {
    set(this.element, "visibility", found ? "visible" : "hidden");
    if (!found) return;
    const texts = this.#texts;
    const { phase, edges } = found;
    const word = texts.text(`breaker.${phase}`);
    write(this.#word, word);
    set(this.#lever, "d", LEVERS[phase]);
    set(this.element, "data-phase", phase);
    this.#arrange(Math.ceil(widthOf(word, TEXT, 600)));
    const told = texts.text("topology.breaker", { edges: edges.join(", "), state: word });
    write(this.#title, told);
    set(this.element, "aria-label", told);
  }

  /** @param {number} word how wide it is */
  #arrange(word) {
    const stacked = this.#stacked;
    const width = stacked ? Math.max(SIGN.width, word + 2 * EDGE) : SIGN.width + word + EDGE;
    const height = SIGN.height + (stacked ? LINE - 4 : 0);
    set(this.#box, "width", width);
    set(this.#box, "height", height);
    set(this.#sign, "transform", `translate(${stacked ? (width - SIGN.width) / 2 : 0} ${stacked ? -1 : 0})`);
    set(this.#word, "x", stacked ? EDGE : SIGN.width);
    set(this.#word, "y", height - 5);
    set(this.element, "transform", `translate(${Math.round(this.#x - width / 2)} ${Math.round(this.#y - ABOVE - height)})`);
  }
}
