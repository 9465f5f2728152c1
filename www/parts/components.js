// The state of every component, with buttons that break and mend it.

import { h, write } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").ComponentState} ComponentState */
/** @typedef {{ crash: (name: string) => void, recover: (name: string) => void }} Actions */

export class Components {
  #texts;
  #actions;
  #groups = h("div", { class: "groups" });
  #count = h("span", { class: "note" });
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {ComponentState[]} */
  #states = [];

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    const title = texts.label(h("h2", { id: "components-title", class: "visually-hidden" }), "components.title");
    const note = texts.label(h("p", { class: "note" }), "components.note");
    this.element = h(
      "section",
      { class: "components", "aria-labelledby": "components-title" },
      h("div", { class: "section-head" }, title, this.#count, note),
      this.#groups,
    );
  }

  /** @param {ComponentState[]} states */
  update(states) {
    const same = states.length === this.#rows.size && states.every((state) => this.#rows.has(state.name));
    this.#states = states;
    if (!same) this.#build();
    for (const state of states) this.#rows.get(state.name)?.show(state);
    const down = states.filter((state) => state.state === "down").length;
    write(this.#count, this.#summary(states.length, down));
  }

  relabel() {
    this.#build();
    this.update(this.#states);
  }

  /** @param {number} count @param {number} down */
  #summary(count, down) {
    if (count === 0) return this.#texts.text("components.empty");
    if (down === 0) return this.#texts.text("components.all_up", { count });
    return this.#texts.text("components.some_down", { count, down });
  }

  #build() {
    const focused = [...this.#rows.values()].find((row) => row.focused)?.name;
    this.#rows.clear();
    /** @type {Map<string, ComponentState[]>} */
    const groups = new Map();
    for (const state of this.#states) {
      const key = `${state.kind}\n${state.group}`;
      groups.set(key, [...(groups.get(key) ?? []), state]);
    }
    this.#groups.replaceChildren(...[...groups.values()].map((members) => this.#group(members)));
    // Who has just gone hands the focus to the first.
    if (focused !== undefined) (this.#rows.get(focused) ?? this.#rows.values().next().value)?.focus();
  }

  /** @param {ComponentState[]} members */
  #group(members) {
    const { group, kind } = members[0];
    const list = h("ul", {});
    for (const { name } of members) {
      const row = new Row(this.#texts, name, this.#actions);
      this.#rows.set(name, row);
      list.append(row.element);
    }
    const head = h(
      "div",
      { class: "group-head" },
      h("h3", {}, group),
      h("span", { class: "kind" }, this.#texts.named("kind", kind)),
    );
    return h("div", { class: "group card", "data-kind": kind }, head, list);
  }
}

class Row {
  #texts;
  #name;
  #actions;
  #icon = h("span", { class: "slot" });
  #text = h("span", { class: "row-state" });
  #button = h("button", { type: "button", class: "small" });
  #down = false;

  /** @param {Texts} texts @param {string} name @param {Actions} actions */
  constructor(texts, name, actions) {
    this.#texts = texts;
    this.#name = name;
    this.#actions = actions;
    this.#button.addEventListener("click", () => this.#act());
    this.element = h(
      "li",
      { class: "row", "data-component": name },
      this.#icon,
      h("span", { class: "row-text" }, h("span", { class: "row-name" }, name), this.#text),
      this.#button,
    );
  }

  get name() {
    return this.#name;
  }

  get focused() {
    return this.#button.matches(":focus");
  }

  focus() {
    this.#button.focus({ preventScroll: true });
  }

  /** @param {ComponentState} component */
  show(component) {
    const look = lookOf(component);
    if (this.element.dataset.look !== look) {
      this.element.dataset.look = look;
      this.#icon.replaceChildren(icon(look));
    }
    this.#down = component.state === "down";
    write(this.#text, this.#describe(component));
    const name = this.#name;
    const [text, label] = this.#down
      ? [this.#texts.text("action.recover"), this.#texts.text("action.recover.label", { name })]
      : [this.#texts.text("action.crash"), this.#texts.text("action.crash.label", { name })];
    if (this.#button.textContent === text) return;
    this.#button.textContent = text;
    this.#button.setAttribute("aria-label", label);
  }

  #act() {
    if (this.#down) this.#actions.recover(this.#name);
    else this.#actions.crash(this.#name);
  }

  /** @param {ComponentState} component */
  #describe(component) {
    const texts = this.#texts;
    const { state, role, down_because: because, busy, capacity, queue } = component;
    const parts = [texts.named("state", state)];
    if (state === "down" && because) parts[0] += ` (${texts.named("because", because)})`;
    if (role) parts.push(texts.named("role", role));
    const { slow_factor: slow } = component;
    if (slow !== 1) parts.push(texts.text("state.slow", { count: slow, factor: texts.number(slow) }));
    if (component.error_prob) parts.push(texts.text("state.failing", { share: texts.percent(component.error_prob) }));
    if (capacity !== null) parts.push(texts.text("meta.busy_of", { count: busy, capacity }));
    else if (busy > 0) parts.push(texts.text("meta.busy", { count: busy }));
    if (queue > 0) parts.push(texts.text("meta.queue", { count: queue }));
    if (component.lag_writes > 0) parts.push(texts.text("meta.lag", { count: component.lag_writes }));
    return parts.join(" · ");
  }
}

/** The icon of a state. @param {ComponentState} component */
function lookOf(component) {
  if (component.state !== "up") return component.state;
  if (component.role === "promoting") return "promoting";
  if (component.error_prob) return "failing";
  return component.slow_factor !== 1 ? "slow" : "up";
}
