// The name of something that others refer to.

import { h } from "../dom.js";

/** @typedef {import("./context.js").Context} Context */

/** It takes effect when it is finished, not letter by letter: a name half typed may be somebody else's. */
export class NameInput {
  #input;
  #problem;

  /**
   * @param {Context} context
   * @param {string} name
   * @param {() => object} others by name
   * @param {(to: string) => void} rename
   */
  constructor(context, name, others, rename) {
    const { texts } = context;
    const id = context.id();
    this.#problem = h("p", { class: "field-errors", id: `${id}-error`, hidden: true });
    this.#input = h("input", { id, type: "text", value: name, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-error ${id}-doc` });
    this.#input.addEventListener("input", () => this.#say(problemOf(this.#input.value, name, others())));
    this.#input.addEventListener("change", () => {
      const to = this.#input.value;
      if (problemOf(to, name, others()) === undefined && to !== name) rename(to);
    });
    this.#say = (key) => {
      this.#problem.textContent = key === undefined ? "" : texts.text(key);
      this.#problem.hidden = key === undefined;
      this.#input.toggleAttribute("aria-invalid", false);
      if (key !== undefined) this.#input.setAttribute("aria-invalid", "true");
    };
    this.element = h(
      "div",
      { class: "name-input" },
      h("label", { for: id }, texts.text("editor.rename")),
      this.#input,
      h("p", { class: "visually-hidden", id: `${id}-doc` }, texts.text("editor.rename.note")),
      this.#problem,
    );
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @type {(key: ReturnType<typeof problemOf>) => void} */
  #say;
}

/** @param {string} to @param {string} name @param {object} others */
function problemOf(to, name, others) {
  if (to === "") return /** @type {const} */ ("editor.rename.empty");
  return to !== name && Object.hasOwn(others, to) ? /** @type {const} */ ("editor.rename.taken") : undefined;
}

/** A name that nobody has. @param {string} base @param {object} others */
export function freeName(base, others) {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!Object.hasOwn(others, name)) return name;
  }
}
