// Ways back in time, beside the time line: an event, a second, the last failover; the present; and what if.

import { h } from "../dom.js";
import { icon } from "../icon.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {import("../../run/engine.js").Simulation} Simulation */

/**
 * @typedef {object} Actions
 * @property {() => void} stepBack
 * @property {(seconds: number) => void} back
 * @property {(time: number) => void} goTo
 * @property {() => void} present
 * @property {() => void} fork
 */

export class TravelBar {
  #present;
  #failover;
  #buttons;
  /** When the last failover before what is seen was. @type {number | undefined} */
  #last;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    const button = (/** @type {import("../icon.js").IconName} */ name, /** @type {Key} */ key, /** @type {() => void} */ act) => {
      const one = h("button", { type: "button", class: "square", onclick: guarded(act) }, icon(name));
      texts.attribute(one, "title", key);
      return texts.attribute(one, "aria-label", key);
    };
    const event = button("step_back", "travel.event", actions.stepBack);
    const second = h("button", { type: "button", class: "square", onclick: guarded(() => actions.back(1)) }, texts.label(h("span"), "travel.second"));
    for (const name of ["title", "aria-label"]) texts.attribute(second, name, "travel.second.label");
    this.#failover = button("back_failover", "travel.failover", () => this.#last !== undefined && actions.goTo(this.#last));
    this.#present = texts.label(h("button", { type: "button", class: "small", onclick: guarded(actions.present) }), "travel.present");
    const fork = h("button", { type: "button", class: "small", onclick: guarded(actions.fork) }, icon("fork"), texts.label(h("span"), "travel.fork"));
    texts.attribute(fork, "title", "travel.fork.label");
    this.#buttons = [event, second, fork];
    this.before = h("div", { class: "travel", role: "group" }, event, second, this.#failover);
    this.after = h("div", { class: "travel", role: "group" }, this.#present, fork);
    texts.attribute(this.before, "aria-label", "travel.before");
    texts.attribute(this.after, "aria-label", "travel.after");
  }

  /** @param {Simulation} seen @param {boolean} isPast */
  update(seen, isPast) {
    const { now } = seen;
    this.#last = seen.marks().findLast(({ class: look, time }) => look === "failover" && time < now)?.time;
    for (const button of this.#buttons) disable(button, now === 0);
    disable(this.#failover, this.#last === undefined);
    disable(this.#present, !isPast);
  }
}

/** What cannot be done now keeps its place, and the focus of whoever has just done it. @param {HTMLElement} button @param {boolean} isDisabled */
function disable(button, isDisabled) {
  button.setAttribute("aria-disabled", String(isDisabled));
}

/** @param {() => unknown} act @returns {(event: Event) => void} */
function guarded(act) {
  return ({ currentTarget }) => {
    if (/** @type {HTMLElement} */ (currentTarget).getAttribute("aria-disabled") !== "true") act();
  };
}
