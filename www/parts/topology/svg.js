// SVG elements without markup, and texts that fit.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An SVG element with attributes and children; a text goes in as text.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {{ [name: string]: string | number }} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Sets an attribute, unless it stands there already. @param {Element} element @param {string} name @param {string | number} value */
export function set(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

const FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
/** @type {CanvasRenderingContext2D | null | undefined} */
let ruler;

/** Width of a text in the picture. @param {string} text @param {number} size @param {number} [weight] */
export function widthOf(text, size, weight = 400) {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return text.length * size * 0.56;
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(text).width;
}

/** The text, or as much of its beginning as there is room for. @param {string} text @param {number} room @param {number} size @param {number} [weight] */
export function fitted(text, room, size, weight) {
  if (widthOf(text, size, weight) <= room) return text;
  let length = Math.max(1, Math.min(text.length - 1, Math.floor((text.length * room) / widthOf(text, size, weight))));
  while (length > 1 && widthOf(`${text.slice(0, length)}…`, size, weight) > room) length -= 1;
  return `${text.slice(0, length)}…`;
}
