// What the changes would do, and the buttons that do it.

import { h, renew, write } from "../dom.js";
import { icon } from "../icon.js";
import { readPath } from "./path.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {import("./path.js").Path} Path */

/**
 * `restart` names the fields that the run in progress cannot take; undefined if that is not known before it is tried.
 * @typedef {{ changes: number, mistakes: number, isJson: boolean, restart?: string[] }} State
 *
 * @typedef {object} BarActions
 * @property {() => void} apply
 * @property {() => void} restart
 * @property {() => void} discard
 * @property {() => void} empty takes everything out
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {(path: Path) => void} go
 */

/** So many fields are named. */
const NAMED_MAX = 4;

export class Bar {
  #texts;
  #actions;
  #showJson;
  #state = h("p", { class: "editor-state", role: "status" });
  #result = h("div", { class: "editor-result", role: "status" });
  #undo;
  #redo;
  #apply;
  #restart;
  #discard;
  #empty;
  #json;
  /** The buttons that change something. */
  element;

  /** @param {Texts} texts @param {BarActions} actions @param {(shown: boolean) => void} showJson */
  constructor(texts, actions, showJson) {
    this.#texts = texts;
    this.#actions = actions;
    this.#undo = this.#withIcon("undo", "editor.undo", () => this.#try(this.#undo, actions.undo));
    this.#redo = this.#withIcon("redo", "editor.redo", () => this.#try(this.#redo, actions.redo));
    this.#apply = this.#button("editor.apply", "", actions.apply);
    this.#restart = this.#button("editor.restart", "", actions.restart);
    this.#discard = this.#button("editor.revert", "", () => this.#try(this.#discard, actions.discard));
    this.#undo.setAttribute("aria-keyshortcuts", "Control+Z");
    this.#redo.setAttribute("aria-keyshortcuts", "Control+Shift+Z");
    this.#empty = this.#button("editor.clear", "small", actions.empty);
    this.#showJson = showJson;
    const isShown = () => this.#json.getAttribute("aria-pressed") === "true";
    this.#json = this.#button("editor.json.show", "small json-toggle", () => this.toggleJson(!isShown()));
    this.#json.setAttribute("aria-pressed", "true");
    this.element = h(
      "div",
      { class: "editor-bar" },
      h("div", { class: "editor-tools" }, this.#undo, this.#redo, this.#json, this.#empty),
      h("div", { class: "buttons" }, this.#apply, this.#restart, this.#discard),
      this.#state,
      this.#result,
    );
  }

  /** @param {boolean} shown */
  toggleJson(shown) {
    this.#json.setAttribute("aria-pressed", String(shown));
    this.#showJson(shown);
  }

  /** @param {{ canUndo: boolean, canRedo: boolean }} history */
  showHistory({ canUndo, canRedo }) {
    allow(this.#undo, canUndo);
    allow(this.#redo, canRedo);
  }

  /** @param {State} state */
  show(state) {
    const { changes, mistakes, isJson, restart } = state;
    const isGood = isJson && mistakes === 0 && changes > 0;
    const needsRestart = restart !== undefined && restart.length > 0;
    this.#apply.classList.toggle("primary", isGood && !needsRestart);
    this.#restart.classList.toggle("primary", isGood && needsRestart);
    allow(this.#discard, changes > 0 || !isJson);
    renew(this.#state, this.#words(state), () => this.#restart);
  }

  /** Says how an attempt went. @param {string} text @param {boolean} good */
  say(text, good) {
    const line = h("p", { class: good ? "good" : "bad" });
    write(line, text);
    this.#result.replaceChildren(line);
    // A new run may have another picture above, of another height, that has moved all of this out of sight.
    this.element.scrollIntoView({ block: "nearest" });
  }

  focus() {
    this.#restart.focus();
  }

  /** What was said is no longer so. */
  hush() {
    this.#result.replaceChildren();
  }

  /** @param {State} state @returns {(Node | string)[]} */
  #words({ changes, mistakes, isJson, restart }) {
    const texts = this.#texts;
    if (!isJson || mistakes > 0) return [];
    if (changes === 0) return [texts.text("editor.unchanged")];
    if (restart === undefined) return [texts.text("editor.changed", { count: changes })];
    if (restart.length === 0) return [texts.text("editor.can_apply", { count: changes })];
    const links = restart.slice(0, NAMED_MAX).map((path) => this.#link(path));
    const more = restart.length - links.length;
    const named = links.flatMap((link, index) => (index > 0 ? [", ", link] : [link]));
    const rest = more > 0 ? [` ${texts.text("editor.errors.more", { count: more })}`] : [];
    return [`${texts.text("editor.changed", { count: changes })}. ${texts.text("editor.must_restart")} `, ...named, ...rest];
  }

  /** @param {string} path */
  #link(path) {
    return h("button", { type: "button", class: "link-button", onclick: () => this.#actions.go(readPath(path)) }, h("code", {}, path));
  }

  /** @param {"undo" | "redo"} name @param {Key} text @param {() => void} action */
  #withIcon(name, text, action) {
    return h("button", { type: "button", class: "small", onclick: action }, icon(name), this.#texts.label(h("span"), text));
  }

  /** @param {HTMLButtonElement} button @param {() => void} action */
  #try(button, action) {
    if (button.getAttribute("aria-disabled") !== "true") action();
  }

  /** @param {Key} text @param {string} look @param {() => void} action */
  #button(text, look, action) {
    return this.#texts.label(h("button", { type: "button", class: look, onclick: action }), text);
  }
}

/** A button that has nothing to do stays where it is for the keyboard: a disabled one would lose the focus. @param {HTMLButtonElement} button @param {boolean} can */
function allow(button, can) {
  button.setAttribute("aria-disabled", String(!can));
}
