// What disappears must not take the keyboard's focus with it: it goes back to where it came from.

export class FocusReturn {
  #element;
  #otherwise;
  /** What had the focus before it came into the element. @type {HTMLElement | undefined} */
  #from;

  /**
   * @param {HTMLElement} element what will disappear, or its content
   * @param {() => void} otherwise puts the focus somewhere if it came from nowhere, or from what is gone
   */
  constructor(element, otherwise) {
    this.#element = element;
    this.#otherwise = otherwise;
    element.addEventListener("focusin", ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement || relatedTarget instanceof SVGElement) {
        if (!element.contains(relatedTarget)) this.#from = /** @type {HTMLElement} */ (relatedTarget);
      }
    });
  }

  /** Whether the focus is in the element. */
  get within() {
    return this.#element.matches(":focus-within");
  }

  /** Gives the focus back. Called when the element, or what was in it, has gone. */
  give() {
    const from = this.#from;
    this.#from = undefined;
    if (from?.isConnected && from.checkVisibility() && !from.matches(":disabled")) from.focus({ preventScroll: true });
    else this.#otherwise();
  }
}
