// What a configuration may hold, read from its JSON Schema.

/**
 * @typedef {"text" | "number" | "integer" | "boolean" | "choice" | "duration" | "distribution" | "alternatives" | "policy"
 *   | "object" | "map" | "list"} Kind
 *
 * What a place may hold.
 * @typedef {object} Shape
 * @property {Kind} kind
 * @property {string} id where it is defined: "ServiceConfig.instances"; the items of a list end in [], the entries of a map in {}
 * @property {string} name last part of the id, the field's name
 * @property {string} type the type's own name, "OutagesConfig"; the id where it has none
 * @property {string} doc what it means, English
 * @property {unknown} fallback what counts where nothing stands
 * @property {boolean} optional whether nothing may stand there
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [length] of a list whose length is given
 * @property {Option[]} options of a choice, or of alternatives
 * @property {string[]} fields of an object
 * @property {any} node the schema itself
 *
 * @typedef {{ key: string, doc: string, node: any }} Option
 */

/** Name of the type of a whole configuration. */
export const ROOT = "Config";

export class Schema {
  #json;

  /** @param {any} json */
  constructor(json) {
    this.#json = json;
    this.root = this.#shape(json, { id: ROOT, name: ROOT, optional: false });
  }

  /** A field of an object. @param {Shape} shape @param {string} name */
  field(shape, name) {
    const optional = !shape.node.required?.includes(name);
    return this.#shape(shape.node.properties[name], { id: `${shape.type}.${name}`, name, optional });
  }

  /** What the entries of a map or the items of a list are. @param {Shape} shape */
  inner(shape) {
    const { node, id, name } = shape;
    const map = shape.kind === "map";
    return this.#shape(map ? node.additionalProperties : node.items, { id: id + (map ? "{}" : "[]"), name, optional: false });
  }

  /** What stands below the key of an alternative. @param {Shape} shape @param {string} key */
  alternative(shape, key) {
    const option = shape.options.find((one) => one.key === key);
    return option && this.#shape(option.node.properties[key], { id: `${shape.type}.${key}`, name: key, optional: false });
  }

  /** The object that may stand where a policy is used, instead of the name of one. @param {Shape} shape */
  own({ id, name }) {
    return this.#shape({ $ref: "#/$defs/PolicyConfig" }, { id, name, optional: false });
  }

  /** What the place at a path may hold; undefined where the schema knows of none. @param {import("./path.js").Path} path */
  at(path) {
    let shape = /** @type {Shape | undefined} */ (this.root);
    for (const step of path) shape = shape && this.#part(shape, step);
    return shape;
  }

  /** @param {Shape} shape @param {string | number} step @returns {Shape | undefined} */
  #part(shape, step) {
    if (typeof step === "number") return shape.kind === "list" ? this.inner(shape) : undefined;
    if (shape.kind === "object") return shape.fields.includes(step) ? this.field(shape, step) : undefined;
    if (shape.kind === "map") return this.inner(shape);
    if (shape.kind === "policy") return this.#part(this.own(shape), step);
    const choices = this.choices(shape);
    return choices && this.alternative(choices, step);
  }

  /** Of a shape that is one of several, what these are. @param {Shape} shape */
  choices(shape) {
    if (shape.kind === "distribution") return this.distributions;
    return shape.kind === "alternatives" ? shape : undefined;
  }

  /** The distributions there are. */
  get distributions() {
    return this.#shape({ $ref: "#/$defs/Shape" }, { id: "Shape", name: "Shape", optional: false });
  }

  /**
   * @param {any} node
   * @param {{ id: string, name: string, optional: boolean }} place
   * @returns {Shape}
   */
  #shape(node, { id, name, optional }) {
    const { inner, reference, nullable } = this.#unwrap(node);
    return {
      kind: kindOf(inner, reference),
      id,
      name,
      type: reference ?? id,
      doc: node.description ?? inner.description ?? "",
      fallback: node.default,
      optional: optional || nullable,
      minimum: node.minimum ?? inner.minimum,
      maximum: node.maximum ?? inner.maximum,
      length: inner.minItems !== undefined && inner.minItems === inner.maxItems ? inner.minItems : undefined,
      options: optionsOf(inner),
      fields: Object.keys(inner.properties ?? {}),
      node: inner,
    };
  }

  /** Follows references, and takes the "or null" away. @param {any} node */
  #unwrap(node) {
    let inner = node;
    let nullable = false;
    if (inner.anyOf?.some((/** @type {any} */ one) => one.type === "null")) {
      nullable = true;
      inner = inner.anyOf.find((/** @type {any} */ one) => one.type !== "null");
    }
    if (Array.isArray(inner.type)) nullable = true;
    const reference = /** @type {string | undefined} */ (inner.$ref)?.replace("#/$defs/", "");
    if (reference) inner = this.#json.$defs[reference];
    return { inner, reference, nullable };
  }
}

/** @param {any} node @param {string | undefined} reference @returns {Kind} */
function kindOf(node, reference) {
  if (reference === "Seconds") return "duration";
  if (reference === "Distribution") return "distribution";
  if (reference === "Policy") return "policy";
  if (node.oneOf) return node.oneOf[0].const === undefined ? "alternatives" : "choice";
  const type = Array.isArray(node.type) ? node.type.find((/** @type {string} */ one) => one !== "null") : node.type;
  if (type === "object") return node.properties ? "object" : "map";
  if (type === "array") return "list";
  if (type === "integer" || type === "number" || type === "boolean") return type;
  return "text";
}

/** @param {any} node @returns {Option[]} */
function optionsOf(node) {
  return (node.oneOf ?? []).map((/** @type {any} */ one) => ({
    key: one.const ?? Object.keys(one.properties)[0],
    doc: one.description ?? "",
    node: one,
  }));
}

/** All fields of all types, and all options, as ids: what labels and docs are needed for. @param {any} json */
export function allIds(json) {
  const schema = new Schema(json);
  /** @type {{ fields: Shape[], options: { id: string, doc: string }[] }} */
  const found = { fields: [], options: [] };
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {Shape | undefined} shape */
  const visit = (shape) => {
    if (!shape || seen.has(shape.id + shape.type)) return;
    seen.add(shape.id + shape.type);
    for (const name of shape.fields) {
      const field = schema.field(shape, name);
      if (!found.fields.some((one) => one.id === field.id)) found.fields.push(field);
      visit(field);
    }
    if (shape.kind === "map" || shape.kind === "list") visit(schema.inner(shape));
    for (const { key, doc } of shape.options) {
      const id = `${shape.type}.${key}`;
      if (!found.options.some((one) => one.id === id)) found.options.push({ id, doc });
      if (shape.kind === "alternatives") visit(schema.alternative(shape, key));
    }
    if (shape.kind === "distribution") visit(schema.distributions);
    if (shape.kind === "policy") visit(schema.own(shape));
  };
  visit(schema.root);
  return found;
}
