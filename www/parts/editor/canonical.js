// One way to write a configuration, so that two which mean the same can be compared.

import { isObject, same } from "../../run/json.js";
import { secondsOf } from "./duration.js";

/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./schema.js").Shape} Shape */

/**
 * Spans of time in seconds, and without what equals its default.
 * @param {Schema} schema @param {unknown} value @param {Shape} [shape] @returns {unknown}
 */
export function canonical(schema, value, shape = schema.root) {
  if (shape.kind === "duration") return secondsOf(value) ?? value;
  if (shape.kind === "distribution") return secondsOf(value) ?? alternative(schema, value, schema.distributions);
  if (shape.kind === "alternatives") return alternative(schema, value, shape);
  if (shape.kind === "list" && Array.isArray(value)) {
    const inner = schema.inner(shape);
    return value.map((one) => canonical(schema, one, inner));
  }
  if (!isObject(value)) return value;
  if (shape.kind === "policy") return object(schema, value, schema.own(shape));
  if (shape.kind === "map") {
    const inner = schema.inner(shape);
    return mapped(value, (one) => canonical(schema, one, inner));
  }
  return shape.kind === "object" ? object(schema, value, shape) : value;
}

/** @param {Schema} schema @param {unknown} value @param {Shape} shape */
function alternative(schema, value, shape) {
  if (!isObject(value)) return value;
  return mapped(value, (one, key) => {
    const inner = schema.alternative(shape, key);
    return inner ? canonical(schema, one, inner) : one;
  });
}

/** @param {Schema} schema @param {{ [key: string]: unknown }} value @param {Shape} shape */
function object(schema, value, shape) {
  const kept = Object.entries(value).flatMap(([name, one]) => {
    if (!shape.fields.includes(name)) return [[name, one]];
    const field = schema.field(shape, name);
    const inner = canonical(schema, one, field);
    const isDefault = inner === null ? field.optional : field.optional && field.fallback !== undefined && isUnset(schema, inner, field);
    return isDefault ? [] : [[name, inner]];
  });
  return Object.fromEntries(kept);
}

/** @param {Schema} schema @param {unknown} value @param {Shape} field */
function isUnset(schema, value, field) {
  if (isObject(value) && Object.keys(value).length === 0) return true;
  return same(value, canonical(schema, field.fallback, field));
}

/** @param {{ [key: string]: unknown }} value @param {(one: unknown, key: string) => unknown} change */
function mapped(value, change) {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one, key)]));
}
