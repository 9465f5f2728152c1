// A part of the laboratory that is made when somebody opens it: what is not seen at first, nobody has to wait for. What few
// look at is fetched then, too.

import { h } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {{ element: HTMLElement, relabel: () => void }} Part */

/**
 * @template {Part} P
 * @template {keyof P} K
 * @typedef {P[K] extends (...values: infer V) => unknown ? V : never} Values
 */

/** @template {Part} P */
export class LazyPart {
  /** Where it will stand; once it is there, its own. @type {HTMLElement} */
  element = h("div", { class: "lazy-part" });
  /** Called when it is there. @type {() => void} */
  onMade = () => {};
  #texts;
  #make;
  /** @type {P | undefined} */
  #part;
  #fetching = false;
  /** What it will be told once it is there: of each kind the latest. @type {Map<keyof P, unknown[]>} */
  #told = new Map();

  /** @param {Texts} texts @param {() => P | Promise<P>} make promises it where it has to be fetched */
  constructor(texts, make) {
    this.#texts = texts;
    this.#make = make;
  }

  /** The part, as far as it is there. */
  get part() {
    return this.#part;
  }

  /** The part, which somebody needs at once; undefined while it is being fetched. */
  get opened() {
    this.open();
    return this.#part;
  }

  /**
   * Calls a method of the part, now or as soon as it is there.
   * @template {keyof P} K
   * @param {K} method
   * @param {Values<P, K>} values
   */
  tell(method, ...values) {
    if (this.#part) return void /** @type {any} */ (this.#part)[method](...values);
    // The latest of a kind comes last, so that the order stays what it was.
    this.#told.delete(method);
    this.#told.set(method, values);
  }

  /** Somebody wants to see it. */
  open() {
    if (this.#part || this.#fetching) return;
    const made = this.#make();
    if (made instanceof Promise) void this.#await(made);
    else this.#place(made);
  }

  relabel() {
    this.#part?.relabel();
  }

  /** @param {Promise<P>} promised */
  async #await(promised) {
    const place = this.element;
    this.#fetching = true;
    place.replaceChildren();
    place.ariaBusy = "true";
    try {
      this.#place(await promised);
    } catch (problem) {
      this.#fail(problem);
    } finally {
      this.#fetching = false;
      place.ariaBusy = null;
    }
  }

  /** @param {P} part */
  #place(part) {
    this.#part = part;
    for (const [method, values] of this.#told) /** @type {any} */ (part)[method](...values);
    this.#told.clear();
    this.element.replaceWith(part.element);
    this.element = part.element;
    this.onMade();
  }

  /** @param {unknown} problem */
  #fail(problem) {
    const said = this.#texts.label(h("p"), "error.part");
    const detail = h("p", { class: "note", lang: "en" }, problem instanceof Error ? problem.message : String(problem));
    const retry = this.#texts.label(h("button", { type: "button", onclick: () => this.open() }), "error.retry");
    this.element.replaceChildren(h("div", { class: "card bad", role: "alert" }, said, detail, retry));
  }
}
