// Where the parts of the laboratory stand when all of it is seen: a tool bar, the picture with figures and charts beside
// it, the time line, and a drawer with the views. It fills its window; sizes are dragged and kept.

import { h } from "../dom.js";
import { icon } from "../icon.js";
import { Drawer } from "./drawer.js";
import { Pages } from "./pages.js";
import { keepSizes, keptSizes } from "./sizes.js";
import { Splitter } from "./splitter.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/**
 * @typedef {object} Contents
 * @property {HTMLElement} scenario
 * @property {HTMLElement} controls
 * @property {HTMLElement} share
 * @property {HTMLElement} about
 * @property {HTMLElement} topology
 * @property {HTMLElement[]} side
 * @property {HTMLElement[]} line
 * @property {import("../tabs.js").Tabs} tabs
 */

/** What a part has at least, in CSS pixels, and what is left for the picture. */
const LEAST = { side: 300, drawer: 120 };
const LEFT = { side: 480, drawer: 160 };

export class Workspace {
  #drawer;
  #pages;
  #side;
  #splitters;
  /** @type {import("./sizes.js").Sizes} */
  #sizes = {};
  #isKept = false;

  /** @param {Texts} texts @param {Contents} contents @param {() => void} onSeen something else may be seen now */
  constructor(texts, contents, onSeen) {
    this.#drawer = new Drawer(texts, contents.tabs, onSeen);
    this.#pages = new Pages(texts, (page) => {
      this.element.dataset.page = page;
      onSeen();
    });
    this.#side = h("div", { class: "side", id: "side" }, ...contents.side);
    const element = (/** @type {"side" | "drawer"} */ name) => (name === "side" ? this.#side : this.#drawer.element);
    const measured = (/** @type {"side" | "drawer"} */ name, /** @type {"width" | "height"} */ along) => ({
      along,
      size: () => element(name).getBoundingClientRect()[along],
      range: () => this.#range(name, along),
      resize: (/** @type {number} */ size) => this.#resize({ [name]: size }),
      reset: () => this.#resize({ [name]: undefined }),
    });
    this.#splitters = {
      side: new Splitter(texts, "splitter.side", "side", measured("side", "width")),
      drawer: new Splitter(texts, "splitter.drawer", "drawer", measured("drawer", "height")),
    };
    this.bar = h("header", { class: "tool-bar" },
      h("slot", { name: "brand" }), contents.scenario, this.#makeMore(texts), contents.controls, contents.share, h("slot", { name: "choices" }));
    this.system = h("div", { class: "system" }, contents.topology, this.#splitters.side.element, this.#side, contents.about);
    this.line = h("div", { class: "line-row" }, ...contents.line);
    this.tabs = this.#drawer.element;
    this.element = h("div", { class: "view" }, this.bar, this.system, this.line, this.#splitters.drawer.element, this.tabs, this.#pages.element);
    this.element.dataset.page = this.#pages.chosen;
    for (const name of /** @type {const} */ (["side", "drawer"])) {
      new ResizeObserver(() => this.#splitters[name].resized()).observe(element(name));
    }
  }

  /** A phone's tool bar has room for half of what is in it. @param {Texts} texts */
  #makeMore(texts) {
    const more = h("button", { type: "button", class: "square tool-more", "aria-expanded": "false" }, icon("more"));
    for (const name of ["aria-label", "title"]) texts.attribute(more, name, "bar.more");
    more.addEventListener("click", () => {
      const isOpen = this.bar.classList.toggle("more");
      more.setAttribute("aria-expanded", String(isOpen));
    });
    return more;
  }

  /** Whether sizes are kept over a reload, and those that were. @param {boolean} isKept */
  set keeps(isKept) {
    if (isKept === this.#isKept) return;
    this.#isKept = isKept;
    if (isKept) this.#resize(keptSizes());
  }

  /** Shows the views, at any width. */
  openViews() {
    this.#drawer.isOpen = true;
    this.#pages.choose("views");
  }

  /** Whether the view that is chosen is on show. */
  get showsViews() {
    return this.#drawer.isOpen || this.#pages.chosen === "views";
  }

  /** On paper there is no drawer. @param {boolean} prints */
  set prints(prints) {
    this.element.classList.toggle("prints", prints);
  }

  /** Puts the keyboard at the list of views. */
  focusViews() {
    this.#pages.choose("views");
    this.#drawer.focus();
  }

  relabel() {
    this.#drawer.relabel();
  }

  /** @param {"side" | "drawer"} name @param {"width" | "height"} along @returns {[number, number]} */
  #range(name, along) {
    const room = this.element.getBoundingClientRect()[along];
    return [LEAST[name], Math.max(LEAST[name], room - LEFT[name])];
  }

  /** @param {import("./sizes.js").Sizes} sizes */
  #resize(sizes) {
    this.#sizes = { ...this.#sizes, ...sizes };
    for (const name of /** @type {const} */ (["side", "drawer"])) {
      const size = this.#sizes[name];
      if (size === undefined) this.element.style.removeProperty(`--${name}`);
      else this.element.style.setProperty(`--${name}`, `${Math.round(size)}px`);
    }
    if (this.#isKept) keepSizes(this.#sizes);
  }
}
