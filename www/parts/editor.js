// The configuration as JSON, to change and to run.

import { h, write } from "./dom.js";
import { errorList } from "./alert.js";
import { mergePatch } from "../run/merge-patch.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../web-service-model.js").ConfigError} ConfigError */

/**
 * `patch` returns what it changed, in words; both throw a `WebServiceModelError` and then change nothing.
 * @typedef {{ patch: (patch: object) => string[], restart: (config: Config) => void }} Actions
 */

export class Editor {
  #texts;
  #actions;
  #area = h("textarea", { id: "config", rows: 22, spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
  #result = h("div", { class: "editor-result", role: "status" });
  /** The configuration of the run; what is in the text area may differ. @type {Config} */
  #config = {};
  #original = "";

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    const schema = texts.label(h("a", { href: new URL("../schema.json", import.meta.url).href }), "editor.schema");
    this.element = h(
      "details",
      { class: "editor card" },
      h("summary", {}, texts.label(h("h2"), "editor.title")),
      texts.label(h("p", { class: "note" }), "editor.note"),
      texts.label(h("label", { for: "config", class: "visually-hidden" }), "editor.text"),
      this.#area,
      h(
        "div",
        { class: "buttons" },
        this.#button("editor.apply", "primary", () => this.#apply()),
        this.#button("editor.restart", "", () => this.#restart()),
        this.#button("editor.revert", "", () => this.revert()),
        schema,
      ),
      this.#result,
    );
  }

  /** Shows the configuration of a run, unless somebody is in the middle of changing the text. @param {Config} config */
  show(config) {
    const untouched = this.#area.value === this.#original;
    this.#config = config;
    this.#original = JSON.stringify(config, null, 2);
    if (untouched) this.#area.value = this.#original;
  }

  relabel() {
    // What was said about the last attempt is in the former language.
    this.#result.replaceChildren();
  }

  #apply() {
    this.#attempt((config) => {
      const patch = mergePatch(this.#config, config);
      if (patch === undefined) return this.#texts.text("editor.unchanged");
      const changes = this.#actions.patch(/** @type {object} */ (patch));
      return this.#texts.text("editor.applied", { count: changes.length, changes: changes.join("; ") });
    });
  }

  #restart() {
    this.#attempt((config) => {
      this.#actions.restart(config);
      return this.#texts.text("editor.restarted");
    });
  }

  /** Shows the configuration of the run, whatever is in the text area. */
  revert() {
    this.#area.value = this.#original;
    this.#result.replaceChildren();
  }

  /** @param {(config: Config) => string} work returns what to say when it went well */
  #attempt(work) {
    /** @type {Config} */
    let config;
    try {
      config = JSON.parse(this.#area.value);
    } catch (problem) {
      this.#say(this.#texts.text("editor.not_json", { reason: /** @type {Error} */ (problem).message }), false);
      return;
    }
    try {
      const text = work(config);
      // Nothing is being edited any more: the text may follow the run again.
      this.#area.value = this.#original;
      this.#say(text, true);
    } catch (problem) {
      this.#explain(/** @type {import("../web-service-model.js").WebServiceModelError} */ (problem));
    }
  }

  /** @param {import("../web-service-model.js").WebServiceModelError} problem */
  #explain(problem) {
    const { code, message, errors = [] } = problem;
    if (code === "needs_restart") this.#say(this.#texts.text("error.needs_restart"), false);
    else if (errors.length > 0) this.#say(this.#texts.text("editor.errors", { count: errors.length }), false);
    else this.#say(message, false);
    if (errors.length > 0) this.#result.append(errorList(errors, this.#texts));
  }

  /** @param {string} text @param {boolean} good */
  #say(text, good) {
    const line = h("p", { class: good ? "good" : "bad" });
    write(line, text);
    this.#result.replaceChildren(line);
  }

  /** @param {Key} text @param {string} look @param {() => void} action */
  #button(text, look, action) {
    return this.#texts.label(h("button", { type: "button", class: look, onclick: action }), text);
  }
}
