// The bar that runs a simulation: run and pause, steps, reset, speed, seed, duration, and how far it has come.

import { h, write } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/laboratory.js").State} State */

/** Stops of the speed slider: simulated seconds per second. */
export const SPEEDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, Infinity];

const MAX_SEED = Number.MAX_SAFE_INTEGER;

/**
 * @typedef {object} Actions
 * @property {() => void} toggle
 * @property {() => void} stepEvent
 * @property {() => void} stepSecond
 * @property {() => void} reset
 * @property {(speed: number) => void} speed
 * @property {(seed: number) => void} seed
 * @property {() => void} newSeed
 * @property {(seconds: number) => void} duration
 */

export class Controls {
  #texts;
  #runLabel = h("span");
  #runIcon = h("span", { class: "slot" });
  #run;
  #speed = h("input", { type: "range", id: "speed", min: 0, max: SPEEDS.length - 1, step: 1 });
  #speedText = h("output", { class: "speed-text", for: "speed" });
  #seed = h("input", { type: "number", id: "seed", min: 0, max: MAX_SEED, step: 1, inputmode: "numeric" });
  #end = h("input", { type: "number", id: "duration", min: 0, step: "any", inputmode: "decimal" });
  #time = h("span", { class: "time" });
  #status = h("span", { class: "status" });
  #statusText = h("span");
  #buttons;
  /** @type {State | "loading" | "crashed" | "error"} */
  #state = "loading";
  /** The speed of the run, which may lie between two stops of the slider. */
  #shownSpeed = 1;
  /** @type {number | undefined} */
  #shownSeed;
  #now = 0;
  #duration = 0;
  /** The duration that stands in its box, unless the reader is typing there. */
  #shownDuration = 0;
  #eventCount = 0;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#run = h("button", { type: "button", class: "primary run", onclick: actions.toggle }, this.#runIcon, this.#runLabel);
    const stepEvent = this.#button("step", "control.step_event", actions.stepEvent, "control.step_event.label");
    const stepSecond = this.#button(undefined, "control.step_second", actions.stepSecond, "control.step_second.label");
    const reset = this.#button("reset", "control.reset", actions.reset);
    const newSeed = h("button", { type: "button", class: "square", onclick: actions.newSeed }, icon("dice"));
    texts.attribute(texts.attribute(newSeed, "aria-label", "control.new_seed"), "title", "control.new_seed");
    this.#buttons = [this.#run, stepEvent, stepSecond, reset, newSeed];
    this.#speed.addEventListener("input", () => this.#chooseSpeed(actions));
    this.#seed.addEventListener("change", () => this.#chooseSeed(actions));
    this.#end.addEventListener("change", () => this.#chooseDuration(actions));
    this.element = h(
      "section",
      { class: "controls" },
      h("div", { class: "buttons" }, this.#run, stepEvent, stepSecond, reset),
      h("div", { class: "field speed" }, this.#label("speed", "control.speed"), this.#speed, this.#speedText),
      h("div", { class: "field seed" }, this.#label("seed", "control.seed"), this.#seed, newSeed),
      h("div", { class: "field duration" }, this.#label("duration", "control.duration"), this.#end),
      h("div", { class: "progress-text" }, this.#status, this.#time),
    );
    this.#status.append(h("span", { class: "dot", "aria-hidden": "true" }), this.#statusText);
    texts.attribute(this.element, "aria-label", "control.group");
    this.showSpeed(1);
    this.relabel();
  }

  /** Puts the focus at the button that runs; says whether it can have it. */
  focus() {
    this.#run.focus({ preventScroll: true });
    return this.#run.matches(":focus");
  }

  /** @param {State | "loading" | "crashed" | "error"} state */
  showState(state) {
    this.#state = state;
    this.element.dataset.state = state;
    const idle = state === "loading" || state === "crashed" || state === "error";
    for (const button of this.#buttons) button.disabled = idle;
    // Disabled for good it would lose the focus of whoever has just pressed it.
    this.#run.setAttribute("aria-disabled", String(idle));
    this.relabel();
  }

  /** @param {number} now @param {number} duration @param {number} events */
  showProgress(now, duration, events) {
    [this.#now, this.#duration, this.#eventCount] = [now, duration, events];
    this.#writeProgress();
  }

  /** @param {number} seed */
  showSeed(seed) {
    this.#shownSeed = seed;
    this.#seed.value = String(seed);
  }

  /** @param {number} duration */
  showDuration(duration) {
    if (duration === this.#shownDuration) return;
    this.#shownDuration = duration;
    this.#end.value = String(duration);
  }

  /** @param {number} speed */
  showSpeed(speed) {
    const index = SPEEDS.findIndex((stop) => stop >= speed);
    this.#speed.value = String(index < 0 ? SPEEDS.length - 1 : index);
    this.#shownSpeed = speed;
    this.#writeSpeed();
  }

  relabel() {
    const running = this.#state === "running" || this.#state === "hidden";
    write(this.#runLabel, this.#texts.text(running ? "control.pause" : this.#state === "finished" ? "control.again" : "control.run"));
    const wanted = running ? "pause" : "play";
    if (this.#runIcon.dataset.icon !== wanted) {
      this.#runIcon.dataset.icon = wanted;
      this.#runIcon.replaceChildren(icon(wanted));
    }
    write(this.#statusText, this.#texts.text(`status.${this.#state}`));
    this.#writeSpeed();
    this.#writeProgress();
  }

  #writeProgress() {
    const [now, duration] = [this.#texts.moment(this.#now), this.#texts.moment(this.#duration)];
    const text = this.#texts.text("progress.text", { now, duration });
    write(this.#time, text);
    this.#time.title = this.#texts.text("progress.events", { count: this.#eventCount });
  }

  #writeSpeed() {
    const speed = this.#shownSpeed;
    const max = speed === Infinity;
    const text = max ? this.#texts.text("control.speed.max") : `${this.#texts.number(speed)}×`;
    write(this.#speedText, text);
    this.#speed.setAttribute("aria-valuetext", max ? this.#texts.text("control.speed.max.label") : text);
  }

  /** @param {Actions} actions */
  #chooseSpeed(actions) {
    this.#shownSpeed = SPEEDS[Number(this.#speed.value)] ?? 1;
    this.#writeSpeed();
    actions.speed(this.#shownSpeed);
  }

  /** @param {Actions} actions */
  #chooseSeed(actions) {
    const seed = Math.round(Math.min(Math.max(this.#seed.valueAsNumber, 0), MAX_SEED));
    if (Number.isFinite(seed)) actions.seed(seed);
    // The seed in force, whatever was typed.
    this.#seed.value = String(this.#shownSeed ?? "");
  }

  /** @param {Actions} actions */
  #chooseDuration(actions) {
    const seconds = this.#end.valueAsNumber;
    if (seconds > 0) actions.duration(seconds);
    // The duration in force, whatever was typed.
    this.#end.value = String(this.#shownDuration);
  }

  /**
   * @param {import("./icon.js").IconName | undefined} name
   * @param {import("../i18n/texts.js").Key} text
   * @param {() => void} action
   * @param {import("../i18n/texts.js").Key} [label] what a screen reader says, and the tooltip
   */
  #button(name, text, action, label) {
    const words = this.#texts.label(h("span"), text);
    const button = h("button", { type: "button", onclick: action }, ...(name ? [icon(name)] : [h("span", { class: "plus", "aria-hidden": "true" }, "+")]), words);
    if (!label) return button;
    this.#texts.attribute(button, "title", label);
    return this.#texts.attribute(button, "aria-label", label);
  }

  /** @param {string} id @param {import("../i18n/texts.js").Key} text */
  #label(id, text) {
    return this.#texts.label(h("label", { for: id }), text);
  }
}
