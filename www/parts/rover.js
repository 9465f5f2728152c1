// A long list of buttons as one stop of the Tab key: arrow keys, Home and End move between them.

export class Rover {
  #list;

  /** @param {HTMLElement} list its buttons have `tabindex` -1 */
  constructor(list) {
    this.#list = list;
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("focusin", (event) => this.#choose(/** @type {HTMLElement} */ (event.target)));
  }

  /** The list has changed: one of its buttons can be reached again. */
  settle() {
    if (this.#list.querySelector('button[tabindex="0"]')) return;
    const first = this.#list.querySelector("button");
    if (first) first.tabIndex = 0;
  }

  /** Puts the focus at the button that can be reached; says whether there is one. */
  focus() {
    const button = /** @type {HTMLButtonElement | null} */ (this.#list.querySelector('button[tabindex="0"]'));
    button?.focus({ preventScroll: true });
    return button !== null;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const buttons = [...this.#list.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (at < 0) return;
    const last = buttons.length - 1;
    const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[to].focus();
  }

  /** @param {HTMLElement} button */
  #choose(button) {
    for (const other of this.#list.querySelectorAll("button")) other.tabIndex = other === button ? 0 : -1;
  }
}
