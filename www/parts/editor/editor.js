// The editor of the whole configuration: a form built from the schema, and the JSON beside it. Both change one draft,
// with one history; the draft is then applied to the run in progress, or a new run starts with it.

import { told } from "../../i18n/rules.js";
import { isObject, same } from "../../run/json.js";
import { h, Visibility } from "../dom.js";
import { logDetail } from "../log-details.js";
import { applyMergePatch, countChanges, mergePatch } from "../../run/merge-patch.js";
import { siteAddress } from "../../run/site.js";
import { Bar } from "./bar.js";
import { canonical } from "./canonical.js";
import { firstChange } from "./changes.js";
import { FindingList } from "./finding-list.js";
import { FormSide } from "./form-side.js";
import { History } from "./history.js";
import { JsonSide } from "./json/side.js";
import { withValueAt, writePath } from "./path.js";
import { renamed } from "./references.js";
import { inOrderOf, moved, reordered } from "./order.js";
import { Schema } from "./schema.js";
import { Words } from "./words.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../web-service-model.js").ConfigError} ConfigError */
/** @typedef {import("../../web-service-model.js").WebServiceModelError} WebServiceModelError */
/** @typedef {import("./context.js").Finding} Finding */
/** @typedef {import("./json/side.js").Draft} Draft */
/** @typedef {import("./path.js").Path} Path */

/**
 * What the editor asks for. `patch` changes the run in progress and returns what it changed, in words; `restart` begins
 * a new run; both throw a `WebServiceModelError` and then change nothing. `check` finds the mistakes of a
 * configuration, `warnings` what runs, but cannot be what was meant. `preview` says which fields of a patch need a restart, without applying it; without it that is known
 * only once it is tried. `changed` hears of every change of the draft.
 * @typedef {object} Actions
 * @property {(patch: object) => string[]} patch
 * @property {(config: Config) => void} restart
 * @property {(config: Config | string) => ConfigError[]} check
 * @property {(config: Config | string) => ConfigError[]} [warnings]
 * @property {(patch: object) => ConfigError[]} [preview]
 * @property {(config: Config) => void} [changed]
 */

/** The draft is checked when nothing was typed for so long. */
const PAUSE_MS = 150;

const SCHEMA = siteAddress("schema.json").href;

export class Editor {
  #texts;
  #actions;
  #bar;
  #json;
  #findings;
  #formPlace = h("div", { class: "form-place" });
  /** @type {FormSide | undefined} */
  #form;
  /** @type {Schema | undefined} */
  #schema;
  /** Whether the schema was asked for. */
  #asked = false;
  /** The configuration of the run. @type {unknown} */
  #base = {};
  /** The draft and what it was before. @type {History<Draft>} */
  #history = new History(/** @type {Draft} */ ({ config: {} }));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  #restarting = false;
  /** What nobody sees is neither loaded nor kept up to date. @type {Visibility | undefined} */
  #seen;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#json = this.#jsonSide();
    this.#findings = new FindingList(texts, (path) => this.#go(path), () => this.#bar.focus());
    const body = h("div", { class: "editor-body" }, this.#formPlace, this.#json.element);
    this.#bar = new Bar(texts, this.#barActions(), (shown) => body.classList.toggle("no-json", !shown));
    const schema = texts.label(h("a", { href: SCHEMA }), "editor.schema");
    this.element = h(
      "details",
      { class: "editor card", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      h("summary", {}, texts.label(h("h2"), "editor.title")),
      texts.label(h("p", { class: "note" }), "editor.note"),
      this.#bar.element,
      this.#findings.element,
      body,
      h("p", { class: "editor-foot" }, schema),
    );
    this.#seen = new Visibility(this.element, () => this.#appeared());
    this.relabel();
  }

  /**
   * Shows the configuration of a run. What somebody has changed and not applied yet stays changed.
   * @param {Config} config
   */
  show(config) {
    const patch = this.#patch();
    const order = reordered(this.#base, this.#draft).length > 0 ? this.#draft : undefined;
    this.#base = config;
    const isWhole = patch === undefined || isObject(patch);
    const draft = patch === undefined ? config : isWhole ? applyMergePatch(config, patch) : this.#draft;
    this.#replace(order ? inOrderOf(draft, order) : draft);
    this.#refresh();
  }

  /** Shows the configuration of the run, whatever was changed. */
  revert() {
    if (this.#restarting) this.#replace(this.#base);
    else this.#history.clear({ config: this.#base });
    this.#bar.hush();
    this.#refresh();
  }

  relabel() {
    // What was said about the last attempt is in the former language.
    this.#bar.hush();
    this.#json.relabel();
    this.#buildForm();
    this.#refresh();
  }

  get #draft() {
    return this.#history.present.config;
  }

  /** Whether what stands in the JSON is JSON. */
  get #isJson() {
    return this.#history.present.problem === undefined;
  }

  /** Puts another configuration in the place of the draft; a text that says the same, or nothing yet, stays. @param {unknown} config */
  #replace(config) {
    const draft = this.#history.present;
    this.#history.replace(same(draft.config, config) || !this.#isJson ? { ...draft, config } : { config });
  }

  /** @returns {import("./bar.js").BarActions} */
  #barActions() {
    return {
      apply: () => this.#apply(),
      restart: () => this.#restart(),
      discard: () => this.#discard(),
      empty: () => this.#empty(),
      undo: () => this.#travel("undo"),
      redo: () => this.#travel("redo"),
      go: (path) => this.#go(path),
    };
  }

  #jsonSide() {
    const knowledge = { schema: () => this.#schema, config: () => this.#draft, words: new Words(this.#texts), texts: this.#texts };
    return new JsonSide(knowledge, { typed: (draft) => this.#typed(draft), undo: () => this.#travel("undo"), redo: () => this.#travel("redo") });
  }

  /** What differs from the run; undefined if nothing does. */
  #patch() {
    const schema = this.#schema;
    if (!schema) return mergePatch(this.#base, this.#draft);
    return mergePatch(canonical(schema, this.#base), canonical(schema, this.#draft));
  }

  #appeared() {
    this.#refresh();
    if (!this.#asked) void this.#load();
  }

  async #load() {
    this.#asked = true;
    this.#formPlace.replaceChildren(h("p", { class: "note" }, this.#texts.text("editor.loading")));
    try {
      const response = await fetch(SCHEMA);
      if (!response.ok) throw new Error(`schema.json: ${response.status} ${response.statusText}`.trim());
      this.#schema = new Schema(await response.json());
      this.#buildForm();
      this.#refresh();
    } catch (problem) {
      // The next time it comes into view tries again.
      this.#asked = false;
      const reason = /** @type {Error} */ (problem).message;
      const why = this.#texts.text("editor.no_schema", { reason: told(reason, this.#texts).text });
      this.#formPlace.replaceChildren(h("p", { class: "bad" }, why));
    }
  }

  #buildForm() {
    if (!this.#schema) return;
    const former = this.#form?.path;
    this.#form = new FormSide(this.#texts, this.#schema, {
      config: () => this.#draft,
      change: (path, value) => this.#change(withValueAt(this.#draft, path, value), writePath(path)),
      move: (path, by) => {
        const there = moved(this.#draft, path, by);
        // At the edge there is nothing to undo.
        if (there.config !== this.#draft) this.#change(there.config);
        return there.path;
      },
      rename: (path, to) => this.#change(renamed(this.#draft, path, to)),
      opened: (path) => this.#json.reveal(path),
    });
    if (former) this.#form.open(former);
    this.#formPlace.replaceChildren(this.#form.element);
  }

  /** A change in the form. @param {unknown} config @param {string} [about] */
  #change(config, about) {
    this.#takeOver();
    this.#history.push({ config }, about);
    this.#changed();
  }

  /** A change of the text. @param {Omit<Draft, "config"> & { config?: unknown }} draft without a configuration while it is no JSON */
  #typed(draft) {
    this.#history.push({ config: this.#draft, ...draft }, draft.problem === undefined ? "the JSON" : "the unfinished JSON");
    this.#changed();
  }

  #discard() {
    this.#takeOver();
    if (this.#patch() !== undefined || reordered(this.#base, this.#draft).length > 0) this.#history.push({ config: this.#base });
    this.#changed();
  }

  /** Whoever builds a system of his own begins with nothing. */
  #empty() {
    this.#form?.open([]);
    this.#change({});
  }

  /** The form goes on from the last text that was JSON; what was typed since then is no step of the history. */
  #takeOver() {
    if (this.#isJson) return;
    const config = this.#draft;
    this.#history.drop(({ problem }) => problem !== undefined);
    if (!this.#isJson || this.#draft !== config) this.#history.replace({ config });
  }

  /** @param {"undo" | "redo"} way */
  #travel(way) {
    const before = this.#draft;
    this.#history[way]();
    const place = firstChange(before, this.#draft);
    if (place) this.#form?.open(place);
    this.#changed();
  }

  #changed() {
    this.#bar.hush();
    this.#refresh();
    if (this.#isJson) this.#actions.changed?.(/** @type {Config} */ (this.#draft));
  }

  /** Shows the draft everywhere; its mistakes when there is time. */
  #refresh() {
    this.#json.update(this.#history.present);
    this.#bar.showHistory(this.#history);
    clearTimeout(this.#pause);
    if (!this.#seen?.visible) return;
    this.#form?.update(this.#draft);
    this.#pause = setTimeout(() => this.#look(), PAUSE_MS);
  }

  /** Looks for mistakes and warnings, and for what the changes would do. */
  #look() {
    const errors = this.#ask((draft) => this.#actions.check(draft));
    const warnings = errors.length === 0 ? this.#ask((draft) => this.#actions.warnings?.(draft) ?? []) : [];
    const patch = this.#patch();
    const isGood = errors.length === 0 && this.#isJson;
    const restart = isGood && patch !== undefined ? this.#preview(/** @type {object} */ (patch)) : undefined;
    // Another order shows when a run begins.
    const order = reordered(this.#base, this.#draft).map(writePath);
    this.#tell([...errors, ...warnings.map((warning) => ({ ...warning, isWarning: true }))]);
    this.#bar.show({ changes: countChanges(patch) + order.length, mistakes: errors.length, isJson: this.#isJson,
      restart: order.length > 0 && isGood ? [...(restart ?? []), ...order] : restart });
    return errors;
  }

  /** @param {Finding[]} findings */
  #tell(findings) {
    this.#form?.showFindings(findings);
    this.#json.showFindings(findings);
    this.#findings.update(findings);
  }

  /** Asks the simulator about the draft. @param {(draft: Config | string) => ConfigError[]} question */
  #ask(question) {
    const { config, text, problem } = this.#history.present;
    try {
      // A text may have mistakes that are lost once it has been read: keys that stand there twice.
      return question(text && problem === undefined ? text.toString() : /** @type {Config} */ (config));
    } catch {
      // The simulator is not there (yet, or any more); applying will say so.
      return [];
    }
  }

  /** @param {object} patch */
  #preview(patch) {
    try {
      return this.#actions.preview?.(patch).map(({ path }) => path);
    } catch {
      return undefined;
    }
  }

  #apply() {
    this.#attempt(() => {
      const patch = this.#patch();
      // The bar says already that nothing is changed.
      if (patch === undefined) return reordered(this.#base, this.#draft).length > 0 ? this.#texts.text("editor.order.restart") : "";
      const changes = this.#actions.patch(/** @type {object} */ (patch));
      if (changes.length === 0) return this.#texts.text("editor.applied.none");
      const words = changes.map((change) => logDetail(change, this.#texts) ?? change);
      return this.#texts.text("editor.applied", { count: changes.length, changes: words.join("; ") });
    });
  }

  #restart() {
    this.#attempt(() => {
      this.#restarting = true;
      this.#actions.restart(/** @type {Config} */ (this.#draft));
      return this.#texts.text("editor.restarted");
    });
    this.#restarting = false;
  }

  /** @param {() => string} work returns what to say when it went well */
  #attempt(work) {
    if (!this.#isJson) {
      // What is wrong stands beside the text.
      this.#bar.toggleJson(true);
      this.#json.focus();
      return;
    }
    const mistakes = this.#look().length;
    if (mistakes > 0) return this.#bar.say(this.#texts.text("editor.errors", { count: mistakes }), false);
    try {
      const text = work();
      this.#refresh();
      this.#look();
      if (text !== "") this.#bar.say(text, true);
    } catch (problem) {
      this.#explain(/** @type {WebServiceModelError} */ (problem));
    }
  }

  /** Why what looked right failed all the same. @param {WebServiceModelError} problem */
  #explain({ code, message, errors = [] }) {
    if (code === "needs_restart") {
      const paths = errors.map(({ path }) => path).join(", ");
      this.#bar.say(`${this.#texts.text("error.needs_restart")} ${paths}`, false);
      return;
    }
    // What only the attempt brought to light is listed too.
    this.#findings.update(errors);
    this.#json.showFindings(errors);
    const why = errors.length > 0 ? this.#texts.text("editor.errors", { count: errors.length }) : told(message, this.#texts).text;
    this.#bar.say(why, false);
  }

  /** Goes to the field of a place. @param {Path} path */
  #go(path) {
    if (this.#form) this.#form.go(path);
    else this.#json.reveal(path);
  }

  /** Undo and redo, where the focus is not in a text that has its own. @param {KeyboardEvent} event */
  #key(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return;
    const target = /** @type {Element} */ (event.composedPath()[0]);
    if (target.matches("textarea, input:not([type=checkbox])")) return;
    event.preventDefault();
    this.#travel(key === "y" || event.shiftKey ? "redo" : "undo");
  }
}
