// The form side of the editor: the list of parts, and the form of the chosen one. Only that one is built.

import { h } from "../dom.js";
import { withChosen, withNew } from "./additions.js";
import { countsByPart, focusField, sectionOf, showFindings } from "./finding-list.js";
import { Navigator } from "./navigator.js";
import { valueAt, writePath } from "./path.js";
import { sectionForm } from "./section-form.js";
import { Words } from "./words.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Finding} Finding */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Schema} Schema */

/** @typedef {Pick<Context, "config" | "change" | "move" | "rename"> & { opened: (path: Path) => void }} FormSideActions */

export class FormSide {
  /** The part on show. @type {Path} */
  path = [];
  #actions;
  #context;
  #navigator;
  #place = h("div", { class: "form-chosen" });
  /** @type {ReturnType<typeof sectionForm> | undefined} */
  #form;
  /** @type {Finding[]} */
  #findings = [];
  /** What was put into the draft last. @type {{ place: string, before: unknown, after: unknown } | undefined} */
  #former;
  #ids = 0;

  /** @param {Texts} texts @param {Schema} schema @param {FormSideActions} actions */
  constructor(texts, schema, actions) {
    this.#actions = actions;
    const { config, change, move, rename } = actions;
    /** @type {Context} */
    this.#context = {
      schema,
      texts,
      words: new Words(texts),
      config,
      change,
      add: (path, shape, wrap) => this.#put(path, (draft) => withNew({ schema, texts }, draft, path, shape, wrap)),
      choose: (path, shape, value) => this.#put(path, (draft) => withChosen({ schema, texts }, draft, path, shape, value)),
      move,
      rename,
      id: () => `editor-${(this.#ids += 1)}`,
    };
    this.#navigator = new Navigator(this.#context, { choose: (path) => this.#choose(path), added: (path) => this.#added(path) });
    // Where there is no room for both, one of them is on show.
    this.element = h("div", { class: "form-side", "data-pane": "list" }, this.#navigator.element, this.#place);
  }

  /**
   * Puts something into the draft, with what it cannot do without. Whoever goes through the options of a list with the
   * arrow keys chooses each in passing: what came with the former one only goes with it.
   * @param {Path} path @param {(draft: unknown) => unknown} work
   */
  #put(path, work) {
    const now = this.#context.config();
    const place = writePath(path);
    const before = this.#former?.place === place && this.#former.after === now ? this.#former.before : now;
    const after = work(before);
    this.#former = { place, before, after };
    this.#context.change([], after);
  }

  /** @param {unknown} config */
  update(config) {
    const isThere = this.path.length < 2 || valueAt(config, this.path) !== undefined;
    if (!isThere) this.open([]);
    if (!this.#form) this.#build();
    this.#form?.update(config);
    this.#showParts();
  }

  /** @param {Finding[]} findings */
  showFindings(findings) {
    this.#findings = findings;
    showFindings(this.#place, this.path, findings);
    this.#showParts();
  }

  /** Shows the part in which a place lies, from the next update on. @param {Path} path */
  open(path) {
    const section = sectionOf(path);
    if (writePath(section) === writePath(this.path)) return;
    this.path = section;
    this.#form = undefined;
  }

  /** Shows a part to somebody who asked for it. @param {Path} path */
  #choose(path) {
    this.open(path);
    this.element.dataset.pane = "form";
    this.update(this.#context.config());
    showFindings(this.#place, this.path, this.#findings);
    this.#actions.opened(this.path);
    // The list, and the focus in it, may have made room for the form.
    if (!this.#navigator.element.checkVisibility()) this.#form?.focusBack();
  }

  /** @param {Path} path of something new */
  #added(path) {
    this.#choose(path);
    this.#form?.focus();
    // A name that was made up is there to be written over.
    /** @type {HTMLInputElement | null} */ (this.#place.querySelector(".name-input input:focus"))?.select();
  }

  /** @param {Path} path @param {string} to @param {boolean} isFinished whether the reader stays at the name, and has not gone on */
  #rename(path, to, isFinished) {
    const isShown = writePath(path) === writePath(this.path);
    const at = this.#focusedAt();
    this.#context.rename(path, to);
    if (!isShown) return;
    this.#choose([...path.slice(0, -1), to]);
    if (isFinished) this.#form?.focus();
    else this.#controls()[at]?.focus();
  }

  /** @param {Path} path @param {-1 | 1} by */
  #move(path, by) {
    const at = this.#focusedAt();
    const there = this.#context.move(path, by);
    if (writePath(there) !== writePath(path)) this.#choose(there);
    this.#controls()[at]?.focus();
  }

  #controls() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.#place.querySelectorAll("button, input, select, textarea, summary"))];
  }

  /** Which control of the form has the focus: a new form of the same shape has it there, too. */
  #focusedAt() {
    return this.#controls().findIndex((control) => control.matches(":focus"));
  }

  /** Goes to the field of a place. @param {Path} path */
  go(path) {
    this.#choose(path);
    focusField(this.#place, path);
  }

  #build() {
    this.#form = sectionForm(this.#context, this.path, {
      added: (path) => this.#added(path),
      renamed: (path, to, isFinished) => this.#rename(path, to, isFinished),
      moved: (path, by) => this.#move(path, by),
      back: () => {
        this.element.dataset.pane = "list";
        this.#navigator.focus(this.path);
      },
    });
    this.#place.replaceChildren(this.#form.element);
  }

  #showParts() {
    this.#navigator.update(this.#context.config(), this.path, countsByPart(this.#findings));
  }
}
