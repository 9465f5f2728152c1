// The name of something that others refer to.

import { h } from "../dom.js";

/** @typedef {import("./context.js").Context} Context */

/**
 * It takes effect when it is finished, by Enter or by going on to something else, and not letter by letter: a name half
 * typed may be somebody else's, and what refers to it would follow through all of them. While it is unfinished that is
 * said; Escape takes it back.
 */
export class NameInput {
  #input;
  #problem;

  /**
   * @param {Context} context
   * @param {string} name
   * @param {() => object} others by name
   * @param {(to: string, isFinished: boolean) => void} rename finished by Enter, or because the reader has gone on
   */
  constructor(context, name, others, rename) {
    const { texts } = context;
    const id = context.id();
    this.#problem = h("p", { class: "field-errors", id: `${id}-error`, hidden: true });
    this.#input = h("input", { id, type: "text", value: name, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-error ${id}-doc` });
    const hint = h("p", { class: "field-doc name-hint", id: `${id}-hint`, role: "status" });
    const show = () => {
      const problem = problemOf(this.#input.value, name, others());
      this.#say(problem);
      hint.textContent = problem === undefined && this.#input.value !== name ? texts.text("editor.rename.unfinished") : "";
    };
    let isDone = false;
    const finish = (/** @type {boolean} */ byKey) => {
      const to = this.#input.value;
      if (isDone || to === name || problemOf(to, name, others()) !== undefined) return;
      isDone = true;
      rename(to, byKey);
    };
    this.#input.addEventListener("input", show);
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") finish(true);
      if (event.key !== "Escape" || this.#input.value === name) return;
      event.stopPropagation();
      this.#input.value = name;
      show();
    });
    // The click that took the focus away is still to reach what it was meant for, which a new name builds anew.
    this.#input.addEventListener("blur", () => afterPointer(() => finish(false)));
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
      hint,
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

let isPointerDown = false;
addEventListener("pointerdown", () => (isPointerDown = true), { capture: true });
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (isPointerDown = false), { capture: true });

/** Does something when the click in progress, if there is one, has done its work. @param {() => void} work */
function afterPointer(work) {
  if (!isPointerDown) {
    setTimeout(work);
    return;
  }
  const done = new AbortController();
  for (const end of ["pointerup", "pointercancel"]) {
    // The click comes after this, in the same turn.
    addEventListener(end, () => {
      done.abort();
      setTimeout(work);
    }, { capture: true, signal: done.signal });
  }
}

/** @param {string} to @param {string} name @param {object} others */
function problemOf(to, name, others) {
  if (to === "") return /** @type {const} */ ("editor.rename.empty");
  return to !== name && Object.hasOwn(others, to) ? /** @type {const} */ ("editor.rename.taken") : undefined;
}
