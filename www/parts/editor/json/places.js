// Where things stand in a JSON text: from a path to its place, and from a place to its path. The text may be unfinished.

import { ensureSyntaxTree, syntaxTree } from "../../../vendor/codemirror.js";

/** @typedef {import("../../../vendor/codemirror.js").EditorState} EditorState */
/** @typedef {import("../path.js").Path} Path */
/** @typedef {ReturnType<typeof syntaxTree>["topNode"]} Node */
/** @typedef {{ from: number, to: number }} Range */

/** How long a large text may be read, in milliseconds, before its places are looked up in what has been read. */
const READING_MS = 500;

const SCALARS = ["String", "Number", "True", "False", "Null"];
const VALUES = [...SCALARS, "Object", "Array"];

/** @param {EditorState} state */
function treeOf(state) {
  return ensureSyntaxTree(state, state.doc.length, READING_MS) ?? syntaxTree(state);
}

/** @param {Node} node */
const isValue = (node) => VALUES.includes(node.name);

/** The value in a text, in a property. @param {Node} node */
function valueIn(node) {
  for (let inner = node.firstChild; inner; inner = inner.nextSibling) {
    if (isValue(inner)) return inner;
  }
  return undefined;
}

/** @param {EditorState} state @param {Node} property */
function keyOf(state, property) {
  const name = property.getChild("PropertyName");
  const text = name ? state.sliceDoc(name.from, name.to) : '""';
  try {
    return /** @type {string} */ (JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** The part of a value that a step of a path leads to. @param {EditorState} state @param {Node} value @param {string | number} step */
function inside(state, value, step) {
  if (value.name === "Array") {
    const item = typeof step === "number" ? itemsOf(value)[step] : undefined;
    return item && { key: undefined, value: item };
  }
  // Of a key that stands there twice the last one counts.
  const property = value.getChildren("Property").findLast((one) => keyOf(state, one) === step);
  return property && { key: property.getChild("PropertyName") ?? undefined, value: valueIn(property) };
}

/** @param {Node} array */
function itemsOf(array) {
  const items = [];
  for (let inner = array.firstChild; inner; inner = inner.nextSibling) if (isValue(inner)) items.push(inner);
  return items;
}

/**
 * Where a path leads to, or the nearest place around it.
 * @param {EditorState} state @param {Path} path
 * @returns {{ key?: Node, value?: Node, isThere: boolean }}
 */
function placeOf(state, path) {
  /** @type {{ key?: Node, value?: Node }} */
  let place = { value: valueIn(treeOf(state).topNode) };
  for (const step of path) {
    const inner = place.value && inside(state, place.value, step);
    if (!inner) return { ...place, isThere: false };
    place = inner;
  }
  return { ...place, isThere: true };
}

/** The range to mark for something that stands, or is missing, at a path: a short one. @param {EditorState} state @param {Path} path @returns {Range} */
export function markOf(state, path) {
  const { key, value, isThere } = placeOf(state, path);
  const mark = value && isThere && SCALARS.includes(value.name) ? value : (key ?? value);
  if (!mark) return { from: 0, to: Math.min(1, state.doc.length) };
  return { from: mark.from, to: mark.name === "Object" || mark.name === "Array" ? mark.from + 1 : mark.to };
}

/** Where what stands at a path begins; undefined if nothing does. @param {EditorState} state @param {Path} path */
export function startOf(state, path) {
  const { key, value, isThere } = placeOf(state, path);
  return isThere ? (key ?? value)?.from : undefined;
}

/** Where a text stops being JSON; undefined if it is JSON. @param {EditorState} state @returns {Range | undefined} */
export function breakOf(state) {
  const cursor = treeOf(state).cursor();
  do {
    if (cursor.type.isError) return { from: cursor.from, to: cursor.to };
  } while (cursor.next());
  return undefined;
}

/** The path of what a node is a part of. @param {EditorState} state @param {Node} node @returns {Path} */
function pathOf(state, node) {
  /** @type {Path} */
  const path = [];
  for (let at = /** @type {Node | null} */ (node); at; at = at.parent) {
    if (at.name === "Property") path.unshift(keyOf(state, at));
    else if (at.parent?.name === "Array" && isValue(at)) path.unshift(countBefore(at.parent, at.from));
  }
  return path;
}

/** How many items of a list end before a position. @param {Node} array @param {number} at */
function countBefore(array, at) {
  return itemsOf(array).filter(({ to }) => to <= at).length;
}

/** The key or the plain value at a position, and its path. @param {EditorState} state @param {number} at @param {-1 | 1} side @returns {(Range & { path: Path }) | undefined} */
export function wordAt(state, at, side) {
  const node = treeOf(state).resolveInner(at, side);
  if (node.name !== "PropertyName" && !SCALARS.includes(node.name)) return undefined;
  return { from: node.from, to: node.to, path: pathOf(state, node) };
}

/**
 * Something that can be written at a position: a key of the object at the path, or the value at the path. The range is that
 * of what stands there already, without its quotes.
 * @typedef {Range & { isKey: boolean, isQuoted: boolean, path: Path }} Slot
 */

/** @param {EditorState} state @param {number} at @returns {Slot | undefined} */
export function slotAt(state, at) {
  const node = treeOf(state).resolveInner(at, -1);
  const isToken = node.from < at && (node.name === "PropertyName" || SCALARS.includes(node.name) || (node.type.isError && !node.firstChild));
  const text = isToken ? state.sliceDoc(node.from, node.to) : "";
  const isQuoted = text.startsWith('"');
  const from = isToken ? node.from + (isQuoted ? 1 : 0) : at;
  const to = !isToken ? at : isQuoted && text.length > 1 && text.endsWith('"') ? node.to - 1 : node.to;
  if (at < from || at > to) return undefined;
  const place = placeOfSlot(state, node, isToken ? node.from : at);
  return place && { from, to, isQuoted, ...place };
}

/** @param {EditorState} state @param {Node} node at the slot @param {number} start @returns {{ isKey: boolean, path: Path } | undefined} */
function placeOfSlot(state, node, start) {
  let holder = node;
  while (!["Object", "Array", "Property"].includes(holder.name)) {
    if (!holder.parent) return undefined;
    holder = holder.parent;
  }
  const before = state.sliceDoc(0, start).trimEnd().at(-1) ?? "";
  // A key that is there already lies in its property.
  if (holder.name === "Property" && node.name === "PropertyName" && holder.parent) return { isKey: true, path: pathOf(state, holder.parent) };
  if (holder.name === "Property") return before === ":" && isFree(holder, node) ? { isKey: false, path: pathOf(state, holder) } : undefined;
  if (holder.name === "Object") return before === "{" || before === "," ? { isKey: true, path: pathOf(state, holder) } : undefined;
  if (before !== "[" && before !== ",") return undefined;
  return { isKey: false, path: [...pathOf(state, holder), countBefore(holder, start)] };
}

/** Whether a property has no value yet but the one that is being written. @param {Node} property @param {Node} node */
function isFree(property, node) {
  const value = valueIn(property);
  return !value || value.from === node.from;
}

/** The keys of the object at a path, as far as it is written. @param {EditorState} state @param {Path} path @returns {string[]} */
export function keysAt(state, path) {
  const { value, isThere } = placeOf(state, path);
  return isThere && value ? value.getChildren("Property").map((property) => keyOf(state, property)) : [];
}
