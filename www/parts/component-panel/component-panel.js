// What is known of one component: its state in words, its figures over time, its numbers to change, and how to break it.

import { canBePromoted } from "../../run/promotion.js";
import { h, write } from "../dom.js";
import { icon } from "../icon.js";
import { consumption } from "../consumption.js";
import { poolsOf, starvedOf } from "../edge-figures.js";
import { lookOf } from "../topology/looks.js";
import { EdgeList } from "./edge-list.js";
import { titleOf, written } from "./measures.js";
import { NumberField } from "./number-field.js";
import { settingsOf } from "./settings.js";
import { Sparkline } from "./sparkline.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../run/engine.js").Report} Report */
/** @typedef {import("./measures.js").Measure} Measure */

/**
 * @typedef {object} Actions
 * @property {(name: string) => void} crash
 * @property {(name: string) => void} recover
 * @property {(node: string) => void} promote
 * @property {(patch: import("../../web-service-model.js").Patch<import("../../run/engine.js").Config>) => void} patch throws what the simulator throws
 * @property {() => void} close
 */

export class ComponentPanel {
  #texts;
  #actions;
  #name = h("h3", { id: "panel-title", tabindex: -1 });
  #kind = h("p", { class: "note" });
  #mark = h("span", { class: "panel-mark" });
  #state = h("p", { class: "panel-state" });
  #consumers = h("p", { class: "note panel-consumers", hidden: true });
  #edges;
  #crash = h("button", { type: "button", class: "small" });
  #recover = h("button", { type: "button", class: "small" });
  #promote = h("button", { type: "button", class: "small" });
  #close = h("button", { type: "button", class: "small panel-close" }, icon("close"));
  #figures = h("ul", { class: "panel-figures" });
  #note = h("p", { class: "note" });
  #fields = h("div", { class: "panel-fields" });
  /** @type {{ series: string, sparkline: Sparkline }[]} */
  #sparklines = [];
  /** By path. @type {Map<string, NumberField>} */
  #inputs = new Map();
  /** @type {Simulation | undefined} */
  #simulation;
  /** @type {ComponentState | undefined} */
  #component;
  /** @type {Measure[]} */
  #measures = [];
  /** What it is built for. */
  #key = "";

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#edges = new EdgeList(texts);
    const name = () => this.#component?.name ?? "";
    this.#crash.addEventListener("click", () => actions.crash(name()));
    this.#recover.addEventListener("click", () => actions.recover(name()));
    this.#promote.addEventListener("click", () => actions.promote(name()));
    this.#close.addEventListener("click", () => actions.close());
    texts.attribute(this.#close, "aria-label", "panel.close");
    const buttons = h("div", { class: "panel-buttons" }, this.#crash, this.#recover, this.#promote);
    this.element = h("section", { class: "component-panel card", "aria-labelledby": "panel-title", hidden: true },
      h("div", { class: "panel-head" }, h("div", {}, this.#name, this.#kind), this.#close),
      h("div", { class: "panel-now" }, this.#mark, this.#state),
      this.#consumers,
      this.#edges.element,
      buttons,
      texts.label(h("h4", {}), "panel.figures"), this.#figures,
      texts.label(h("h4", {}), "panel.numbers"), this.#note, this.#fields);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") actions.close();
    });
  }

  /** The component that is shown. */
  get name() {
    return this.#component?.name;
  }

  get hasFocus() {
    return this.element.matches(":focus-within");
  }

  /**
   * Another component, another run, or a changed configuration; without a component the panel is hidden.
   * @param {Simulation | undefined} simulation
   * @param {ComponentState | undefined} component
   * @param {Measure[]} measures of the component
   */
  show(simulation, component, measures) {
    this.#simulation = simulation;
    this.#component = simulation && component;
    this.#measures = measures;
    this.element.hidden = !this.#component;
    if (!simulation || !component) return;
    const found = settingsOf(simulation.config(), component);
    // Another moment of the same run has the same numbers: who is at one of them stays there.
    const parts = [component.name, component.group, ...found.settings.map(({ path }) => path), "", ...measures.map(({ series }) => series)];
    const key = parts.join("\n");
    if (key !== this.#key) this.#build(component, found);
    this.#key = key;
    this.#showSettings(found.settings);
    this.update(component);
  }

  /** New figures, at most five times a second. @param {ComponentState} component @param {Report} [report] */
  update(component, report = this.#simulation?.report()) {
    const simulation = this.#simulation;
    if (!simulation || component.name !== this.#component?.name) return;
    this.#component = component;
    this.#showState(component, report);
    this.#showConsumers(component, report);
    this.#edges.show(component, report, simulation.config());
    // (Beside the charts of the workspace they are not seen.)
    if (!this.#figures.checkVisibility()) return;
    for (const { series, sparkline } of this.#sparklines) sparkline.show(simulation.series(series));
  }

  relabel() {
    const [simulation, component] = [this.#simulation, this.#component];
    if (!simulation || !component) return;
    this.#build(component, settingsOf(simulation.config(), component));
    this.update(component);
  }

  /** @param {ComponentState} component @param {ReturnType<typeof settingsOf>} found */
  #build(component, { owner, settings }) {
    const texts = this.#texts;
    const { name, group, kind } = component;
    write(this.#name, name);
    const kindName = texts.text(`topology.kind.${kind === "instance" ? "service" : kind === "node" ? "cluster" : kind}`);
    write(this.#kind, group === name ? kindName : `${kindName} ${group}`);
    this.#sparklines = this.#measures.map((measure) => ({
      series: measure.series,
      sparkline: new Sparkline(texts, titleOf(measure, texts), measure.colour, (value) => written(value, measure.unit, texts)),
    }));
    this.#figures.replaceChildren(...this.#sparklines.map(({ sparkline }) => sparkline.element));
    this.#inputs.clear();
    write(this.#note, texts.text("panel.numbers.note", { group: owner }));
    for (const setting of settings) {
      this.#inputs.set(setting.path, new NumberField(texts, setting, (patch) => {
        this.#actions.patch(patch);
        if (this.#simulation) this.#showSettings(settingsOf(this.#simulation.config(), component).settings);
      }));
    }
    this.#fields.replaceChildren(...[...this.#inputs.values()].map((field) => field.element));
  }

  /** What the consumers of its service do, if it has some. @param {ComponentState} component @param {Report} [report] */
  #showConsumers({ kind, group }, report) {
    const found = this.#simulation && report && kind === "instance" ? consumption(report, this.#simulation.config()).get(group) : undefined;
    this.#consumers.hidden = !found;
    if (!found || !report) return;
    const texts = this.#texts;
    const seconds = report.simulated_seconds - report.warm_up_seconds;
    const rate = texts.decimal(seconds > 0 ? found.consumed / seconds : 0, 1);
    write(this.#consumers, texts.text(found.shared ? "panel.consumers.shared" : "panel.consumers", { group, rate, share: texts.percent(found.utilisation) }));
  }

  /** What the configuration says now. @param {ReturnType<typeof settingsOf>["settings"]} settings */
  #showSettings(settings) {
    for (const setting of settings) this.#inputs.get(setting.path)?.show(setting);
  }

  /** @param {ComponentState} component @param {Report} [report] */
  #showState(component, report) {
    const texts = this.#texts;
    const { name, state } = component;
    const components = () => (component.role === "detached" ? this.#simulation?.components() ?? [] : []);
    const starved = this.#starved(component, report);
    const look = lookOf(component, null, starved);
    if (this.#mark.dataset.look !== look) {
      this.#mark.dataset.look = look;
      this.#mark.replaceChildren(icon(look === "overloaded" ? "alert" : look));
    }
    write(this.#state, this.#describe(component, starved));
    const down = state === "down";
    const focused = [this.#crash, this.#recover, this.#promote].some((button) => button.matches(":focus"));
    for (const [button, key, shown] of /** @type {const} */ ([
      [this.#crash, "action.crash", !down],
      [this.#recover, "action.recover", down],
      [this.#promote, "topology.promote", canBePromoted(component, components())],
    ])) {
      button.hidden = !shown;
      write(button, texts.text(key));
      const label = texts.text(`${key}.label`, { name });
      if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
    }
    // A button that goes hands the focus to the one that takes its place.
    if (focused) (down ? this.#recover : this.#promote.matches(":focus") ? this.#promote : this.#crash).focus();
  }

  /** How many operations of an instance wait for a connection of its pool. @param {ComponentState} component @param {Report} [report] */
  #starved({ kind, group, name }, report) {
    return kind === "instance" ? starvedOf(poolsOf(report, group, name)) : 0;
  }

  /** @param {ComponentState} component @param {number} starved */
  #describe(component, starved) {
    const texts = this.#texts;
    const { state, role, down_because: because, busy, capacity, queue, lag_writes: lag, slow_factor: slow, outages } = component;
    const parts = [lookOf(component, null, starved) === "overloaded" ? texts.text("topology.look.overloaded") : texts.named("state", state)];
    if (state === "down" && because) parts[0] += ` (${texts.named("because", because)})`;
    if (role) parts.push(texts.named("role", role));
    if (slow !== 1) parts.push(texts.text("state.slow", { count: slow, factor: texts.number(slow) }));
    if (component.error_prob) parts.push(texts.text("state.failing", { share: texts.percent(component.error_prob) }));
    parts.push(capacity === null ? texts.text("meta.busy", { count: busy }) : texts.text("meta.busy_of", { count: busy, capacity }));
    if (queue > 0) parts.push(texts.text("meta.queue", { count: queue }));
    if (starved > 0) parts.push(texts.text("meta.pool", { count: starved }));
    if (lag > 0) parts.push(texts.text("meta.lag", { count: lag }));
    if (outages > 0) parts.push(texts.text("panel.outages", { count: outages }));
    return parts.join(" · ");
  }
}
