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

const SVG = "http://www.w3.org/2000/svg";

/** Icons, drawn in a square of 16 by 16 with the colour of the text. */
const ICONS = {
  play: "M4.5 2.6v10.8a.6.6 0 0 0 .9.5l8.6-5.4a.6.6 0 0 0 0-1L5.4 2.1a.6.6 0 0 0-.9.5Z",
  pause: "M4 2.5h2.7v11H4Zm5.3 0H12v11H9.3Z",
  step: "M3 2.8v10.4l7.6-5.2ZM11.4 2.8h1.9v10.4h-1.9Z",
  reset: "M8 2.2a5.8 5.8 0 1 0 5.8 5.8h-1.7A4.1 4.1 0 1 1 8 3.9c1.1 0 2.1.4 2.8 1.1L9 6.8h5V1.8l-2 2A5.8 5.8 0 0 0 8 2.2Z",
  dice: "M3.5 1.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2Zm1.5 2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Zm6 6.4a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6ZM8 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Z",
  up: "M6.6 12.4 2.5 8.3l1.4-1.4 2.7 2.7 5.5-5.6 1.4 1.4Z",
  down: "m8 6.6 3.3-3.3 1.4 1.4L9.4 8l3.3 3.3-1.4 1.4L8 9.4l-3.3 3.3-1.4-1.4L6.6 8 3.3 4.7l1.4-1.4Z",
  catching_up: "M8 2.5A5.5 5.5 0 0 1 13.5 8h1.8l-2.7 3-2.6-3h1.8A3.8 3.8 0 0 0 5.4 5.2L4.2 4A5.5 5.5 0 0 1 8 2.5ZM3.4 5 6 8H4.2a3.8 3.8 0 0 0 6.4 2.8l1.2 1.2A5.5 5.5 0 0 1 2.5 8H.7Z",
  promoting: "m8 2.5 5 5-1.3 1.3L9 6.1V13.5H7V6.1L4.3 8.8 3 7.5Z",
  slow: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Zm.9 2.7v3.2l2.3 1.8-1.1 1.4-3-2.3V4.5Z",
  link: "M5 4.5h2.2v1.7H5a1.8 1.8 0 0 0 0 3.6h2.2v1.7H5a3.5 3.5 0 0 1 0-7Zm3.8 0H11a3.5 3.5 0 0 1 0 7H8.8V9.8H11a1.8 1.8 0 0 0 0-3.6H8.8ZM5.4 7.15h5.2v1.7H5.4Z",
  folder: "M1.5 2.8h4.7l1.6 1.8h6.7v8.6h-13Zm1.7 3.5v5.2h9.6V6.3Z",
  download: "M7.1 1.8h1.8v6.3l2.2-2.2 1.2 1.3L8 11.5 3.7 7.2l1.2-1.3 2.2 2.2ZM2.5 12.4h11v1.8h-11Z",
  alert: "M8 1.5 15.2 14H.8Zm-.9 4.3.2 4.3h1.4l.2-4.3Zm.9 5.1a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z",
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * A picture that repeats what a text beside it says: screen readers skip it.
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
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
