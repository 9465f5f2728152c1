// What can be written at a place of the JSON: fields that are not there yet, with a value to begin with, and values.

import { pickedCompletion } from "../../../vendor/codemirror.js";
import { arrange } from "../layout.js";
import { valueAt } from "../path.js";
import { namesFor, referentOf } from "../references.js";
import { around, distributionOf, starter } from "../starters.js";
import { meaningBox, meaningOf, optionMeaning } from "./meanings.js";
import { keysAt, slotAt } from "./places.js";

/** @typedef {import("@codemirror/autocomplete").Completion} Completion */
/** @typedef {import("@codemirror/autocomplete").CompletionContext} CompletionContext */
/** @typedef {import("../../../vendor/codemirror.js").EditorView} EditorView */
/** @typedef {import("../path.js").Path} Path */
/** @typedef {import("../schema.js").Schema} Schema */
/** @typedef {import("../schema.js").Shape} Shape */
/** @typedef {import("./meanings.js").Knowledge} Knowledge */
/** @typedef {import("./meanings.js").Meaning} Meaning */

/** Letters of a name that is being typed. */
const NAME = /^[\p{L}\p{N}_$./-]*$/u;

/** @param {Knowledge} knowledge */
export function completions(knowledge) {
  return (/** @type {CompletionContext} */ { state, pos, explicit }) => {
    const schema = knowledge.schema();
    const slot = slotAt(state, pos);
    if (!schema || !slot || (!explicit && slot.from === pos && !slot.isQuoted)) return null;
    const shape = schema.at(slot.path);
    if (!shape) return null;
    const written = slot.isKey ? keysAt(state, slot.path).filter((key) => key !== state.sliceDoc(slot.from, slot.to)) : [];
    const options = slot.isKey ? keyOptions(knowledge, schema, shape, slot.path, written) : valueOptions(knowledge, schema, shape, slot.path);
    // Whoever asks at a value that is there wants to see the others.
    return { from: slot.from, to: slot.to, options, ...(explicit && !slot.isKey ? { filter: false } : { validFor: NAME }) };
  };
}

/** @param {Knowledge} knowledge @param {Schema} schema @param {Shape} shape of the object @param {Path} path @param {string[]} written keys that are there @returns {Completion[]} */
function keyOptions(knowledge, schema, shape, path, written) {
  const keys = keysFor(knowledge, schema, shape, path, written);
  // In the order of the form, as far as what is typed fits them equally well.
  return keys.map(({ key, value }, index) => ({ ...option(key, meaningOf(knowledge, [...path, key])), boost: -index, apply: writesKey(key, value) }));
}

/**
 * Keys that an object can have, with the values that they begin with.
 * @param {Knowledge} knowledge @param {Schema} schema @param {Shape} shape @param {Path} path @param {string[]} written
 * @returns {{ key: string, value: unknown }[]}
 */
function keysFor(knowledge, schema, shape, path, written) {
  if (shape.kind === "policy") return keysFor(knowledge, schema, schema.own(shape), path, written);
  const choices = schema.choices(shape);
  // One of several kinds stands alone.
  if (choices) return written.length > 0 ? [] : kindsOf(knowledge, schema, choices, path).map(({ key, value }) => ({ key, value: valueAt(value, [key]) ?? value }));
  const free = (/** @type {string[]} */ names) => names.filter((name) => !written.includes(name));
  if (shape.kind === "map") {
    const inner = schema.inner(shape);
    return free(namesAt(knowledge, `${shape.id}{}`, path)).map((key) => ({ key, value: beginning(knowledge, inner, [...path, key]) }));
  }
  const { main, groups } = arrange(shape.type, shape.fields);
  const more = groups.flatMap(({ fields }) => fields);
  const sections = shape.fields.filter((name) => !main.includes(name) && !more.includes(name));
  return free([...main, ...sections, ...more]).map((key) => ({ key, value: beginning(knowledge, schema.field(shape, key), [...path, key]) }));
}

/** A value of each kind. @param {Knowledge} knowledge @param {Schema} schema @param {Shape} choices @param {Path} path @returns {{ key: string, value: unknown }[]} */
function kindsOf(knowledge, schema, choices, path) {
  return choices.options.map(({ key }) => {
    if (choices.type === schema.distributions.type) return { key, value: distributionOf(key, undefined) };
    return { key, value: { [key]: starter(/** @type {Shape} */ (schema.alternative(choices, key)), around(knowledge.config), path) } };
  });
}

/** @param {Knowledge} knowledge @param {Schema} schema @param {Shape} shape @param {Path} path @returns {Completion[]} */
function valueOptions(knowledge, schema, shape, path) {
  const choices = schema.choices(shape);
  if (choices) {
    return kindsOf(knowledge, schema, choices, path).map(({ key, value }) =>
      ({ ...option(key, optionMeaning(knowledge, choices, key)), apply: writesValue(value) }));
  }
  if (shape.kind === "choice") {
    return shape.options.map(({ key }) => ({ ...option(key, optionMeaning(knowledge, shape, key)), apply: writesValue(key) }));
  }
  if (shape.kind === "boolean") return [true, false].map((value) => ({ label: String(value), apply: writesValue(value) }));
  const names = namesAt(knowledge, shape.id, path);
  if (shape.kind === "text") return names.map((name) => ({ label: name, apply: writesValue(name) }));
  if (shape.kind === "policy") {
    const own = starter(schema.own(shape), around(knowledge.config), path);
    return [...names, own].map((value) => ({ label: typeof value === "string" ? value : brief(value), apply: writesValue(value) }));
  }
  const value = beginning(knowledge, shape, path);
  return [{ label: brief(value), apply: writesValue(value) }];
}

/** @param {string} key @param {Meaning | undefined} meaning */
function option(key, meaning) {
  return { label: key, detail: meaning?.title === key ? undefined : meaning?.title, info: meaning && (() => ({ dom: meaningBox(meaning) })) };
}

/** Names that can stand at a place. @param {Knowledge} knowledge @param {string} id @param {Path} path */
function namesAt({ config }, id, path) {
  const referent = referentOf(id);
  return referent ? namesFor(config(), referent, path).flatMap(({ names }) => names) : [];
}

/** A value to begin with. @param {Knowledge} knowledge @param {Shape} shape @param {Path} path @returns {unknown} */
function beginning(knowledge, shape, path) {
  const { fallback, kind, minimum } = shape;
  if (kind === "boolean") return fallback !== true;
  if (fallback !== undefined && fallback !== null && !isEmpty(fallback)) return fallback;
  if (kind === "number" || kind === "integer") return minimum ?? 1;
  if (kind === "duration") return 1;
  if (kind === "choice") return shape.options[0].key;
  if (kind === "text") return namesAt(knowledge, shape.id, path)[0] ?? "";
  if (kind === "policy") return namesAt(knowledge, shape.id, path)[0] ?? {};
  return starter(shape, around(knowledge.config), path);
}

/** @param {unknown} value */
const isEmpty = (value) => typeof value === "object" && Object.keys(/** @type {object} */ (value)).length === 0;

/** @param {unknown} value */
function brief(value) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? "[…]" : "{…}";
}

/** Writes a key and a value, which is then selected; of a key that has a value, only the key. @param {string} key @param {unknown} value */
function writesKey(key, value) {
  return (/** @type {EditorView} */ view, /** @type {Completion} */ completion, /** @type {number} */ from, /** @type {number} */ to) => {
    const range = withQuotes(view, from, to);
    const name = JSON.stringify(key);
    const behind = view.state.sliceDoc(range.to).trimStart()[0];
    if (behind === ":") return write(view, completion, range, name);
    const text = laidOut(view, value, range.from);
    const start = name.length + 2;
    write(view, completion, range, `${name}: ${text}${behind === '"' ? "," : ""}`, start, start + text.length);
  };
}

/** @param {unknown} value */
function writesValue(value) {
  return (/** @type {EditorView} */ view, /** @type {Completion} */ completion, /** @type {number} */ from, /** @type {number} */ to) => {
    const range = withQuotes(view, from, to);
    write(view, completion, range, laidOut(view, value, range.from));
  };
}

/** @param {EditorView} view @param {number} from @param {number} to */
function withQuotes({ state }, from, to) {
  const [before, behind] = [state.sliceDoc(from - 1, from), state.sliceDoc(to, to + 1)];
  return { from: before === '"' ? from - 1 : from, to: before === '"' && behind === '"' ? to + 1 : to };
}

/** As JSON, with the indentation of its line. @param {EditorView} view @param {unknown} value @param {number} at */
function laidOut({ state }, value, at) {
  const indentation = /^\s*/.exec(state.doc.lineAt(at).text)?.[0] ?? "";
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indentation}`);
}

/**
 * @param {EditorView} view @param {Completion} completion @param {{ from: number, to: number }} range @param {string} text
 * @param {number} [anchor] where the selection begins, in the text @param {number} [head]
 */
function write(view, completion, { from, to }, text, anchor = text.length, head = anchor) {
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + anchor, head: from + head },
    annotations: pickedCompletion.of(completion),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}
