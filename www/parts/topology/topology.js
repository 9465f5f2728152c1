// The live picture of the system: who stands where, how everybody is doing, and requests on their way.

import { h, write } from "../dom.js";
import { canBePromoted } from "../../run/promotion.js";
import { graphOf } from "./graph.js";
import { layoutOf } from "./layout.js";
import { leastSize } from "./least.js";
import { legend } from "./legend.js";
import { Picture } from "./picture.js";
import { Rates } from "./rates.js";
import { ViewPort } from "./view-port.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../run/engine.js").Report} Report */
/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./fit.js").Size} Size */

/**
 * @typedef {object} Actions
 * @property {(name: string) => void} select
 * @property {(name: string) => void} crash
 * @property {(name: string) => void} recover
 * @property {(node: string) => void} promote
 */

/** Ways to lay a system out: from left to right, from top to bottom, and for a phone, which scrolls down by itself. */
const SHAPES = {
  across: { across: true, room: { width: 1200, height: 800 } },
  down: { across: false, room: { width: 1200, height: 800 } },
  narrow: { across: false, room: { width: 575, height: 8000 } },
};
/** A layout stays while it fits so well, compared with the better one. */
const KEEP = 0.55;
/** From left to right a system is lower, and seen at a glance: so it may be smaller by so much. */
const ACROSS = 0.85;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export class Topology {
  #texts;
  #actions;
  #viewPort;
  #key;
  #empty = h("p", { class: "note topology-empty" });
  #chosen = h("div", { class: "topology-chosen", hidden: true });
  #chosenName = h("span", { class: "chosen-name" });
  #breakButton = h("button", { type: "button", class: "small" });
  #promoteButton = h("button", { type: "button", class: "small" });
  /** @type {Picture | undefined} */
  #picture;
  /** @type {Graph | undefined} */
  #graph;
  /** Ways to lay it out, as far as they were needed. @type {Partial<Record<keyof typeof SHAPES, import("./layout.js").Layout>>} */
  #layouts = {};
  /** @type {Rates | undefined} */
  #rates;
  /** @type {ComponentState[]} */
  #components = [];
  /** @type {Report | undefined} */
  #report;
  /** @type {string | undefined} */
  #selected;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#viewPort = new ViewPort(texts);
    this.#viewPort.onResize = () => this.#arrange();
    this.#breakButton.addEventListener("click", () => this.#breakOrMend());
    this.#promoteButton.addEventListener("click", () => this.#selected && actions.promote(this.#selected));
    this.#chosen.append(this.#chosenName, this.#breakButton, this.#promoteButton);
    this.#key = legend(texts);
    const title = texts.label(h("h2", { id: "topology-title" }), "topology.title");
    const note = texts.label(h("p", { class: "note" }), "topology.note");
    this.element = h("section", { class: "topology card", "aria-labelledby": "topology-title" },
      h("div", { class: "topology-head" }, title, note, this.#chosen, this.#viewPort.buttons),
      this.#viewPort.element, this.#empty, this.#key);
    this.#listen(this.#viewPort.element);
  }

  /** A run begins, or there is none any more. @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#components = simulation?.components() ?? [];
    this.#report = undefined;
    this.#graph = simulation ? graphOf(simulation.config(), this.#components) : undefined;
    this.#rates = this.#graph && new Rates(this.#graph);
    this.#layouts = {};
    if (!this.#components.some(({ name }) => name === this.#selected)) this.#selected = undefined;
    this.#build();
    if (simulation) this.update(this.#components, simulation.report());
  }

  /** Whether it has a place of its own height to fill. @param {boolean} fills */
  set fills(fills) {
    this.#viewPort.fills = fills;
    // It would lie over the picture there.
    this.#key.open = !fills;
  }

  /** New figures, at most five times a second. @param {ComponentState[]} components @param {Report} report */
  update(components, report) {
    if (!this.#rates) return;
    this.#components = components;
    this.#report = report;
    this.#rates.update(report);
    this.#picture?.update(components, report, this.#rates);
    this.#showChosen();
  }

  /** Another moment of the run is seen: rates are of the time since an earlier report. @param {Report | undefined} earlier */
  travel(earlier) {
    this.#rates = this.#graph && new Rates(this.#graph);
    if (earlier) this.#rates?.update(earlier);
  }

  /**
   * Called once in an animation frame, while the picture can be seen.
   * @param {Simulation} simulation
   * @param {number} _now simulated seconds
   * @param {number} speed simulated seconds per second
   * @param {boolean} running
   */
  frame(simulation, _now, speed, running) {
    this.#picture?.frame(simulation, speed, running);
  }

  /** Marks a component as chosen; none without a name. @param {string | undefined} name */
  select(name) {
    this.#selected = name;
    this.#picture?.select(name);
    this.#showChosen();
  }

  /** Puts the focus on a component, without moving the page. @param {string} name */
  focus(name) {
    this.#picture?.focus(name, { preventScroll: true });
  }

  /** The component that has the focus. */
  #focused() {
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.element.getRootNode());
    return this.#viewPort.element.contains(activeElement) ? nameAt(activeElement) : undefined;
  }

  relabel() {
    this.#build();
    if (this.#report) this.update(this.#components, this.#report);
  }

  /** Draws everything anew. */
  #build() {
    this.#picture = undefined;
    this.#arrange();
    this.#showChosen();
  }

  /** Lays the system out the way that fits best, unless it is laid out so already. */
  #arrange() {
    const some = Boolean(this.#graph?.cards.length);
    write(this.#empty, some ? "" : this.#texts.text("topology.empty"));
    this.#empty.hidden = some;
    if (!this.#graph || !some) {
      this.#viewPort.show(undefined);
      return;
    }
    const best = this.#best();
    if (!best || best === this.#picture?.layout) return;
    const focused = this.#focused();
    this.#picture = new Picture(this.#texts, best);
    this.#picture.element.setAttribute("aria-label", this.#texts.text("topology.label"));
    this.#picture.select(this.#selected);
    this.#viewPort.show(this.#picture);
    if (focused !== undefined) this.focus(focused);
    if (this.#report && this.#rates) this.#picture.update(this.#components, this.#report, this.#rates);
  }

  /** The layout to show: none where the present one is good enough. */
  #best() {
    if (this.#viewPort.narrow) return this.#layout("narrow");
    const across = this.#layout("across");
    // It takes time to draw one: that from top to bottom is drawn only if it may be the better one.
    const least = this.#layouts.down ?? leastSize(/** @type {Graph} */ (this.#graph));
    const better = this.#better(across, least);
    const shape = better === "down" ? this.#better(across, this.#layout("down")) : better;
    return shape && this.#layout(shape);
  }

  /** What fits better: neither where the picture that is there is good enough. @param {Size} across @param {Size} down */
  #better(across, down) {
    const [one, other] = [this.#viewPort.fit(across), this.#viewPort.fit(down)];
    // What stands where must not change for little: a panel that opens beside the picture makes it narrower.
    /** @type {Size | undefined} */
    const now = this.#picture?.layout;
    const present = now === across ? one : now === down ? other : 0;
    if (present > 0 && Math.max(one, other) * KEEP <= present) return undefined;
    return one >= ACROSS * other ? "across" : "down";
  }

  /** @param {keyof typeof SHAPES} shape */
  #layout(shape) {
    const { across, room } = SHAPES[shape];
    return (this.#layouts[shape] ??= layoutOf(/** @type {Graph} */ (this.#graph), across, room));
  }

  #showChosen() {
    const component = this.#components.find(({ name }) => name === this.#selected);
    this.#chosen.hidden = !component;
    if (!component) return;
    const { name, state } = component;
    const texts = this.#texts;
    const down = state === "down";
    write(this.#chosenName, name);
    write(this.#breakButton, texts.text(down ? "action.recover" : "action.crash"));
    this.#breakButton.setAttribute("aria-label", texts.text(down ? "action.recover.label" : "action.crash.label", { name }));
    this.#promoteButton.hidden = !canBePromoted(component, this.#components);
    write(this.#promoteButton, texts.text("topology.promote"));
    this.#promoteButton.setAttribute("aria-label", texts.text("topology.promote.label", { name }));
  }

  #breakOrMend() {
    const component = this.#components.find(({ name }) => name === this.#selected);
    if (!component) return;
    if (component.state === "down") this.#actions.recover(component.name);
    else this.#actions.crash(component.name);
  }

  /** One listener for all components. @param {HTMLElement} place */
  #listen(place) {
    place.addEventListener("click", (event) => {
      const name = nameAt(event.target);
      if (name) this.#actions.select(name);
    });
    place.addEventListener("focusin", (event) => {
      const name = nameAt(event.target);
      if (name) this.#picture?.reach(name);
    });
    place.addEventListener("keydown", (event) => {
      const name = nameAt(event.target);
      if (!name) return;
      if (event.key === "Enter" || event.key === " ") this.#actions.select(name);
      else if (event.key in ARROWS) this.#step(name, ARROWS[event.key]);
      else return;
      event.preventDefault();
    });
  }

  /** @param {string} from @param {[number, number]} direction */
  #step(from, [right, down]) {
    const next = this.#picture?.neighbour(from, right, down);
    if (next === undefined) return;
    this.#picture?.focus(next);
    this.#actions.select(next);
  }
}

/** The component at which something happened. @param {EventTarget | null} target */
function nameAt(target) {
  const cell = target instanceof Element ? target.closest(".cell") : null;
  return cell instanceof SVGElement ? cell.dataset.component : undefined;
}
