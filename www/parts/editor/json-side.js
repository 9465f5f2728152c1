// The configuration as JSON, beside the form.

import { told } from "../../i18n/rules.js";
import { h, write } from "../dom.js";
import { errorSlot } from "./errors.js";
import { same } from "./path.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./path.js").Path} Path */

export class JsonSide {
  #texts;
  #area = h("textarea", { id: "config", rows: 22, spellcheck: "false", autocomplete: "off", autocapitalize: "off", wrap: "off", "aria-describedby": "config-error" });
  #problem = errorSlot("config-error");
  #label = h("label", { for: "config" });
  /** @type {unknown} */
  #value;
  #isJson = true;

  /** @param {Texts} texts @param {(config: unknown) => void} change with what was typed, once it is JSON; with nothing when it is none */
  constructor(texts, change) {
    this.#texts = texts;
    this.#area.addEventListener("input", () => {
      this.#read();
      change(this.#isJson ? this.#value : undefined);
    });
    this.element = h("div", { class: "json-side" }, this.#label, this.#area, this.#problem);
  }

  /** Whether what stands there can be read. */
  get isJson() {
    return this.#isJson;
  }

  /** Shows a configuration, unless the text says the same already or somebody is in the middle of writing. @param {unknown} config */
  update(config) {
    if (!this.#isJson || same(config, this.#value)) return;
    const { scrollTop } = this.#area;
    this.#area.value = JSON.stringify(config, null, 2);
    this.#area.scrollTop = scrollTop;
    this.#read();
  }

  /** Brings what stands at a place into view. @param {Path} path */
  reveal(path) {
    const line = lineOf(this.#area.value, this.#value, path);
    if (line === undefined || !this.#isJson) return;
    const { lineHeight, paddingTop } = getComputedStyle(this.#area);
    this.#area.scrollTop = Math.max(0, line * Number.parseFloat(lineHeight) + Number.parseFloat(paddingTop) - 40);
  }

  /** Forgets what is typed and no JSON yet. */
  reset() {
    if (this.#isJson) return;
    this.#isJson = true;
    this.#value = undefined;
  }

  relabel() {
    write(this.#label, this.#texts.text("editor.text"));
    if (!this.#isJson) this.#read();
  }

  focus() {
    this.#area.focus();
  }

  #read() {
    try {
      this.#value = JSON.parse(this.#area.value);
      this.#isJson = true;
      this.#problem.replaceChildren();
    } catch (problem) {
      this.#isJson = false;
      const reason = /** @type {Error} */ (problem).message;
      this.#problem.replaceChildren(h("p", {}, this.#texts.text("editor.not_json", { reason: told(reason, this.#texts).text })));
    }
    this.#problem.hidden = this.#isJson;
    this.#area.toggleAttribute("aria-invalid", false);
    if (!this.#isJson) this.#area.setAttribute("aria-invalid", "true");
  }
}

/**
 * The line on which a place stands, counted from 0; only in a text that is laid out as `JSON.stringify` does.
 * @param {string} text @param {unknown} value @param {Path} path
 */
export function lineOf(text, value, path) {
  if (text !== JSON.stringify(value, null, 2)) return undefined;
  let line = 0;
  let inner = /** @type {any} */ (value);
  for (const step of path) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, step)) return path.length > 0 && line > 0 ? line : undefined;
    line += 1;
    for (const key of Object.keys(inner)) {
      if (key === String(step)) break;
      line += JSON.stringify(inner[key], null, 2).split("\n").length;
    }
    inner = inner[step];
  }
  return line;
}
