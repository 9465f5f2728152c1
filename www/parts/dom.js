// Elements without markup: every text goes in as text, so that no name from a scenario can become HTML.

/**
 * An element with attributes and children. A `class` and the like are attributes; `onclick` is a listener.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {{ [name: string]: string | number | boolean | ((event: any) => void) | undefined }} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Writes a text, unless it stands there already: an untouched node costs no layout.
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Knows whether an element is in view. */
export class Visibility {
  visible = false;

  /**
   * @param {Element} element
   * @param {() => void} [onAppear]
   */
  constructor(element, onAppear) {
    this.observer = new IntersectionObserver((entries) => {
      const visible = entries[entries.length - 1].isIntersecting;
      const appeared = visible && !this.visible;
      this.visible = visible;
      if (appeared) onAppear?.();
    }, { rootMargin: "100px" });
    this.observer.observe(element);
  }
}

/**
 * Gives an element other children, unless they say the same as those it has. A button in it that had the focus hands it to
 * the one in its place, or to somebody else where there is none.
 * @param {HTMLElement} element @param {(Node | string)[]} children @param {() => HTMLElement | undefined} [otherwise]
 */
export function renew(element, children, otherwise) {
  const next = /** @type {HTMLElement} */ (element.cloneNode(false));
  next.append(...children);
  if (next.isEqualNode(element)) return;
  const at = [...element.querySelectorAll("button")].findIndex((button) => button.matches(":focus"));
  element.replaceChildren(...next.childNodes);
  if (at < 0) return;
  const buttons = element.querySelectorAll("button");
  (buttons[Math.min(at, buttons.length - 1)] ?? otherwise?.())?.focus();
}
