// A part of the laboratory that is fetched when somebody opens it: what few look at, nobody has to wait for.

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
  /** Where it will stand. */
  element = h("div", { class: "lazy-part" });
  #texts;
  #fetch;
  /** @type {P | undefined} */
  #part;
  #fetching = false;
  /** What it will be told once it is there: of each kind the latest. @type {Map<keyof P, unknown[]>} */
  #told = new Map();

  /** @param {Texts} texts @param {() => Promise<P>} fetch */
  constructor(texts, fetch) {
    this.#texts = texts;
    this.#fetch = fetch;
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
  async open() {
    if (this.#part || this.#fetching) return;
    this.#fetching = true;
    this.element.replaceChildren();
    this.element.ariaBusy = "true";
    try {
      const part = (this.#part = await this.#fetch());
      for (const [method, values] of this.#told) /** @type {any} */ (part)[method](...values);
      this.element.append(part.element);
    } catch (problem) {
      this.#fail(problem);
    } finally {
      this.#fetching = false;
      this.element.ariaBusy = null;
    }
  }

  relabel() {
    this.#part?.relabel();
  }

  /** @param {unknown} problem */
  #fail(problem) {
    const said = this.#texts.label(h("p"), "error.part");
    const detail = h("p", { class: "note", lang: "en" }, problem instanceof Error ? problem.message : String(problem));
    const retry = this.#texts.label(h("button", { type: "button", onclick: () => void this.open() }), "error.retry");
    this.element.replaceChildren(h("div", { class: "card bad", role: "alert" }, said, detail, retry));
  }
}
