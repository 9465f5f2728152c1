// The list of the parts of a configuration, by kind.

import { isObject, same } from "../../run/json.js";
import { h, write } from "../dom.js";
import { icon } from "../icon.js";
import { secondsOf, writeSpan } from "./duration.js";
import { MAPS } from "./layout.js";
import { newName } from "./names.js";
import { valueAt, writePath } from "./path.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./finding-list.js").Counts} Counts */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {{ path: Path, text: string, quiet?: boolean }} Item */

/** @type {Counts} */
const NOTHING = { mistakes: 0, warnings: 0 };

export class Navigator {
  element = h("nav", { class: "form-parts" });
  #context;
  #actions;
  /** @type {unknown} */
  #shown;
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();

  /** @param {Context} context @param {{ choose: (path: Path) => void, added: (path: Path) => void }} actions */
  constructor(context, actions) {
    this.#context = context;
    this.#actions = actions;
    this.element.setAttribute("aria-label", context.texts.text("editor.sections"));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {unknown} config
   * @param {Path} chosen
   * @param {Map<string, Counts>} counts of what is said of each part, by its path
   */
  update(config, chosen, counts) {
    const groups = this.#groups(config);
    if (!same(groups, this.#shown)) this.#build(groups);
    for (const [path, button] of this.#buttons) {
      const isChosen = path === writePath(chosen);
      if (isChosen) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      // With sixty components, Tab has one stop for them all; the arrow keys go from one to the next.
      button.tabIndex = isChosen ? 0 : -1;
      this.#mark(button, counts.get(path) ?? NOTHING);
    }
  }

  /** Puts the focus on a part. @param {Path} path */
  focus(path) {
    this.#buttons.get(writePath(path))?.focus();
  }

  /** Up, down, to the first and to the last. @param {KeyboardEvent} event */
  #key(event) {
    const buttons = [...this.#buttons.values()];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const last = buttons.length - 1;
    /** @type {{ [key: string]: number }} */
    const steps = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last };
    if (at < 0 || !Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    buttons[steps[event.key]].focus();
  }

  /** @param {HTMLButtonElement} button @param {Counts} counts */
  #mark(button, { mistakes, warnings }) {
    const shown = `${mistakes} ${warnings}`;
    if ((button.dataset.findings ?? "0 0") === shown) return;
    button.dataset.findings = shown;
    for (const former of button.querySelectorAll(".nav-errors, .nav-warnings")) former.remove();
    const { texts } = this.#context;
    if (mistakes > 0) button.append(sign("mistake", "nav-errors", texts.text("editor.errors.here", { count: mistakes })));
    if (warnings > 0) button.append(sign("alert", "nav-warnings", texts.text("editor.warnings.here", { count: warnings })));
  }

  /** @param {unknown} config @returns {{ kind: string, items: Item[] }[]} */
  #groups(config) {
    const { texts, words } = this.#context;
    const auth = valueAt(config, ["auth"]);
    const isUsed = auth !== undefined && auth !== null;
    const whole = [
      { path: [], text: texts.text("editor.general") },
      { path: ["network"], text: words.field("network") },
      { path: ["auth"], text: words.field("auth"), quiet: !isUsed },
    ];
    const faults = valueAt(config, ["faults"]);
    const listed = Array.isArray(faults) ? faults.map((fault, index) => ({ path: ["faults", index], text: this.#fault(fault) })) : [];
    return [
      { kind: "", items: whole },
      ...MAPS.map((map) => {
        const value = valueAt(config, [map]);
        const names = isObject(value) ? Object.keys(value) : [];
        return { kind: map, items: names.map((name) => ({ path: [map, name], text: name })) };
      }),
      { kind: "faults", items: listed },
    ];
  }

  /** @param {unknown} fault */
  #fault(fault) {
    const [kind, value] = isObject(fault) ? (Object.entries(fault)[0] ?? ["", {}]) : ["", {}];
    const who = valueAt(value, ["component"]) ?? valueAt(value, ["between"]) ?? "";
    const when = secondsOf(valueAt(value, ["at"]) ?? valueAt(value, ["from"]));
    const words = [this.#context.words.option("FaultConfig", kind), Array.isArray(who) ? who.join(" – ") : String(who)];
    return [...words, when === undefined ? "" : writeSpan(when)].filter((word) => word !== "").join(" · ");
  }

  /** @param {{ kind: string, items: Item[] }[]} groups */
  #build(groups) {
    this.#shown = groups;
    this.#buttons.clear();
    this.element.replaceChildren(...groups.map(({ kind, items }) => {
      const list = h("ul", {}, ...items.map((item) => h("li", {}, this.#button(item))));
      return h("div", { class: "nav-group" }, ...(kind === "" ? [] : [this.#head(kind)]), list);
    }));
  }

  /** @param {Item} item */
  #button({ path, text, quiet = false }) {
    const label = h("span", { class: "nav-text" }, text);
    const button = h("button", { type: "button", class: `nav-item${quiet ? " nav-quiet" : ""}`, onclick: () => this.#actions.choose(path) }, label);
    if (quiet) button.append(h("span", { class: "nav-note" }, this.#context.texts.text("editor.absent")));
    this.#buttons.set(writePath(path), button);
    return button;
  }

  /** @param {string} kind */
  #head(kind) {
    const { texts, words } = this.#context;
    const what = texts.named("editor.one", kind);
    const add = h("button", { type: "button", class: "small nav-add", "aria-label": texts.text("editor.add.what", { what }), onclick: () => this.#add(kind) }, icon("add"));
    const title = h("h3");
    write(title, words.field(kind));
    return h("div", { class: "nav-head" }, title, add);
  }

  /** @param {string} kind */
  #add(kind) {
    const { schema, config, texts, add } = this.#context;
    const shape = schema.inner(schema.field(schema.root, kind));
    const value = valueAt(config(), [kind]);
    const path = kind === "faults"
      ? [kind, Array.isArray(value) ? value.length : 0]
      : [kind, newName(config(), kind, texts.named("editor.new", kind))];
    add(path, shape);
    this.#actions.added(path);
  }
}

/** A sign for a part of which something is to be said. @param {"mistake" | "alert"} name @param {string} look @param {string} label */
function sign(name, look, label) {
  return h("span", { class: look, title: label }, icon(name), h("span", { class: "visually-hidden" }, ` ${label}`));
}
