// The configuration as JSON, beside the form. What it is written in (text.js) is loaded when it comes into view.

import { told } from "../../../i18n/rules.js";
import { parseJson } from "../../../run/json.js";
import { h, Visibility, write } from "../../dom.js";
import { findingSlot } from "../findings.js";
import { prose } from "../words.js";

/** @typedef {import("../../../vendor/codemirror.js").Text} Text */
/** @typedef {import("../context.js").Finding} Finding */
/** @typedef {import("../path.js").Path} Path */
/** @typedef {import("./meanings.js").Knowledge} Knowledge */
/** @typedef {import("./text.js").JsonText} JsonText */

/**
 * A configuration as it is being edited. One that was typed as JSON has its text; as long as that is no JSON, it says why,
 * and the configuration is the one before.
 * @typedef {{ config: unknown, text?: Text, problem?: string }} Draft
 */

/** @typedef {{ typed: (draft: Omit<Draft, "config"> & { config?: unknown }) => void, undo: () => void, redo: () => void }} SideActions */

export class JsonSide {
  #knowledge;
  #actions;
  #label = h("h3", { id: "config-label" });
  #place = h("div", { class: "json-text" });
  #problem = findingSlot("config-error");
  #keys = h("p", { class: "note", id: "config-keys" });
  /** @type {Draft} */
  #draft = { config: {} };
  /** @type {Finding[]} */
  #findings = [];
  /** @type {JsonText | undefined} */
  #text;
  #isLoading = false;

  /** @param {Knowledge} knowledge @param {SideActions} actions */
  constructor(knowledge, actions) {
    this.#knowledge = knowledge;
    this.#actions = actions;
    this.element = h("div", { class: "json-side" }, this.#label, this.#place, this.#problem, this.#keys);
    new Visibility(this.element, () => void this.#load());
  }

  /** @param {Draft} draft */
  update(draft) {
    if (draft === this.#draft) return;
    this.#draft = draft;
    this.#show();
  }

  /** Marks mistakes and warnings in the text. @param {Finding[]} findings */
  showFindings(findings) {
    this.#findings = findings;
    if (this.#draft.problem === undefined) this.#text?.showFindings(findings);
  }

  /** Brings what stands at a place into view. @param {Path} path */
  reveal(path) {
    this.#text?.reveal(path);
  }

  relabel() {
    const { texts } = this.#knowledge;
    write(this.#label, texts.text("editor.text"));
    this.#keys.replaceChildren(...prose(texts.text("editor.json.keys")));
    this.#text?.relabel();
    this.#explain();
    this.showFindings(this.#findings);
  }

  focus() {
    this.#text?.focus();
  }

  async #load() {
    if (this.#text || this.#isLoading) return;
    this.#isLoading = true;
    try {
      const { JsonText } = await import("./text.js");
      this.#text = new JsonText(this.#knowledge, { ...this.#actions, typed: (text) => this.#read(text) }, this.#place, {
        id: "config", tabindex: "0", "aria-labelledby": "config-label", "aria-describedby": "config-error config-keys",
      });
      this.#show();
      this.showFindings(this.#findings);
    } catch (problem) {
      // The next time it comes into view tries again.
      this.#say(this.#knowledge.texts.text("editor.json.not_loaded", { reason: told(/** @type {Error} */ (problem).message, this.#knowledge.texts).text }));
    } finally {
      this.#isLoading = false;
    }
  }

  /** What was typed. @param {Text} text */
  #read(text) {
    try {
      this.#actions.typed({ text, config: parseJson(text.toString()) });
    } catch (problem) {
      this.#actions.typed({ text, problem: /** @type {Error} */ (problem).message });
    }
  }

  #show() {
    const { config, text } = this.#draft;
    this.#text?.write(text ?? JSON.stringify(config, null, 2));
    this.#explain();
  }

  /** Says why the text is no JSON. */
  #explain() {
    const { problem } = this.#draft;
    const { texts } = this.#knowledge;
    if (problem === undefined) return this.#say("");
    const why = texts.text("editor.not_json", { reason: told(problem, texts).text });
    this.#say(why);
    this.#text?.showBreak(why);
  }

  /** @param {string} text */
  #say(text) {
    this.#problem.replaceChildren(...(text === "" ? [] : [h("p", { class: "field-error" }, text)]));
    this.#problem.hidden = text === "";
  }
}
