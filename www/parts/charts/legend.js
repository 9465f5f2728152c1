// What the colours of a chart mean. An entry is a button: it hides its line, and shows it again.

import { h, write } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../web-service-model.js").LegendEntry} LegendEntry */

export class Legend {
  #texts;
  #toggle;
  #shown = "";

  /** @param {Texts} texts @param {((name: string) => void) | undefined} toggle none where the entries explain a scale, of which nothing can be hidden */
  constructor(texts, toggle) {
    this.#texts = texts;
    this.#toggle = toggle;
    this.element = h("ul", { class: "legend" });
  }

  /** @param {LegendEntry[]} entries @param {string[]} colours */
  show(entries, colours) {
    const shown = JSON.stringify([entries, colours, this.#texts.language]);
    if (shown === this.#shown) return;
    const buttons = [...this.element.querySelectorAll("button")];
    const focused = buttons.findIndex((button) => button.matches(":focus"));
    this.#shown = shown;
    this.element.replaceChildren(...entries.map((entry) => this.#item(entry, colours)));
    if (focused >= 0) this.element.querySelectorAll("button")[focused]?.focus();
  }

  /** @param {LegendEntry} entry @param {string[]} colours */
  #item({ name, figure, kind, hidden, colour_index: colour }, colours) {
    const text = h("span");
    write(text, figure === null ? name : `${name} ${figure}`);
    if (kind === "remark") return h("li", {}, text);
    const swatch = h("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
    if (colour !== null) swatch.style.color = colours[colour % colours.length];
    const toggle = this.#toggle;
    // A mark belongs to what it marks: it cannot be hidden by itself.
    if (kind === "mark" || !toggle) return h("li", {}, swatch, text);
    const pressed = !hidden;
    const title = this.#texts.text(pressed ? "charts.legend.hide" : "charts.legend.show");
    const button = h("button", { type: "button", "aria-pressed": String(pressed), title, onclick: () => toggle(name) });
    button.append(swatch, text);
    return h("li", {}, button);
  }
}
