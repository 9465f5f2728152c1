// The scenarios of the site with what to look for in each, in a dialog.

import { breathe } from "../run/breathe.js";
import { h } from "./dom.js";
import { thumbnail } from "./thumbnail.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/scenarios.js").Entry} Entry */
/**
 * @typedef {object} Actions
 * @property {(id: string) => void} choose
 * @property {(id: string) => Promise<Config>} describe
 * @property {(config: Config) => import("../run/engine.js").ComponentState[]} components of a system that has not begun
 */

const LEVELS = 3;

export class Gallery {
  #texts;
  #actions;
  #list = h("ul", { class: "gallery-list" });
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Map<string, Config>} */
  #configs = new Map();
  /** Pictures of their systems. @type {Map<string, SVGElement>} */
  #pictures = new Map();
  #chosen = "";

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    const title = texts.label(h("h2", { id: "gallery-title" }), "gallery.title");
    const close = texts.label(h("button", { type: "button", class: "small", onclick: () => this.element.close() }), "error.close");
    this.element = h(
      "dialog",
      { class: "gallery", "aria-labelledby": "gallery-title" },
      h("div", { class: "section-head" }, title, close),
      this.#list,
    );
    // A click on what lies around a dialog closes it.
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  /** @param {Entry[]} entries */
  offer(entries) {
    this.#entries = entries;
    this.relabel();
  }

  /** @param {string | undefined} chosen the scenario that runs */
  open(chosen) {
    this.#chosen = chosen ?? "";
    this.relabel();
    this.element.showModal();
    void this.#describeAll();
  }

  relabel() {
    const { language } = this.#texts;
    const cards = this.#entries.map(({ id, level = 1, title }) => {
      const button = h("button", { type: "button", onclick: () => this.#choose(id) }, title[language] || title.en || id);
      if (id === this.#chosen) button.setAttribute("aria-current", "true");
      const { description, duration } = this.#configs.get(id) ?? {};
      const picture = h("div", { class: "gallery-picture" }, ...[this.#pictures.get(id) ?? []].flat());
      const words = [this.#texts.named("gallery.level", String(level)), duration === undefined ? "" : this.#texts.moment(Number(duration), 0)];
      const note = h("p", { class: "gallery-note" }, "●".repeat(level) + "○".repeat(LEVELS - level), " ", words.filter(Boolean).join(" · "));
      return h("li", { class: "card" }, picture, button, note, h("p", {}, description?.[language] || description?.en || "…"));
    });
    this.#list.replaceChildren(...cards);
  }

  async #describeAll() {
    const entries = this.#entries.filter(({ id }) => !this.#pictures.has(id));
    await Promise.all(entries.map(({ id }) => this.#describe(id)));
    // Laying them out takes time: one after another, so that the page stays awake, and not once nobody looks any more.
    for (const { id } of entries) {
      if (!this.element.open) return;
      const config = this.#configs.get(id);
      if (config) this.#draw(id, config);
      await breathe();
    }
  }

  /** @param {string} id @param {Config} config */
  #draw(id, config) {
    const picture = thumbnail(config, this.#actions.components(config));
    this.#pictures.set(id, picture);
    const at = this.#entries.findIndex((entry) => entry.id === id);
    this.#list.children[at]?.querySelector(".gallery-picture")?.replaceChildren(picture);
  }

  /** @param {string} id */
  async #describe(id) {
    if (this.#configs.has(id)) return;
    try {
      this.#configs.set(id, await this.#actions.describe(id));
    } catch {
      // Choosing it says what is wrong.
      return;
    }
    const focused = /** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement;
    const at = [...this.#list.querySelectorAll("button")].findIndex((button) => button === focused);
    this.relabel();
    if (at >= 0) this.#list.querySelectorAll("button")[at]?.focus();
  }

  /** @param {string} id */
  #choose(id) {
    this.element.close();
    this.#actions.choose(id);
  }
}
