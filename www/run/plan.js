// Plans of experiments from what a reader asks for, and what in a configuration can be varied.

/** @typedef {import("../web-service-model.js").Plan} Plan */
/** @typedef {import("../web-service-model.js").Axis} Axis */
/** @typedef {import("./engine.js").Config} Config */
/** @typedef {number | string | boolean | null} Value */

/** Keys that need no quotes in a path. */
const PLAIN = /^[^.[\]"]+$/;
/** Spans of time, as configurations write them: "50ms". */
const SPAN = /^(\d+(?:\.\d+)?|\.\d+)\s*(ns|us|µs|ms|s|m|min|h|d)$/;
/** @type {Record<string, number>} */
const SECONDS = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, min: 60, h: 3600, d: 86400 };
/** Numbers that are not a matter of the system. */
const LEFT_OUT = new Set(["seed"]);

/**
 * Places of all numbers and spans of time that a configuration gives, with their values.
 * @param {Config} config
 * @returns {{ path: string, value: number | string }[]}
 */
export function numericFields(config) {
  /** @type {{ path: string, value: number | string }[]} */
  const found = [];
  /** @param {string} path @param {unknown} value */
  const walk = (path, value) => {
    if (typeof value === "number" || (typeof value === "string" && SPAN.test(value))) found.push({ path, value });
    else if (Array.isArray(value)) value.forEach((item, index) => walk(`${path}[${index}]`, item));
    else if (value !== null && typeof value === "object") {
      for (const [key, item] of Object.entries(value)) walk(step(path, key), item);
    }
  };
  for (const [key, value] of Object.entries(config)) if (!LEFT_OUT.has(key)) walk(key, value);
  return found;
}

/** @param {string} path @param {string} key */
function step(path, key) {
  return PLAIN.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
}

/**
 * Values as a reader lists them: `1, 2, 50ms, two_choices`; or a range, `10 … 50 / 5` or `10:50:5`.
 * @param {string} path
 * @param {string} text
 * @returns {Axis}
 */
export function axisOf(path, text) {
  const range = /^\s*([^:]+):([^:]+):([^:]+)\s*$/.exec(text);
  if (range) {
    const [from, to, steps] = range.slice(1).map(Number);
    if ([from, to].every(Number.isFinite) && Number.isSafeInteger(steps) && steps >= 0) return { path, from, to, steps };
  }
  const values = text.split(",").map((item) => item.trim()).filter((item) => item !== "");
  return { path, values: values.map(valueOf) };
}

/** @param {string} text @returns {Value} */
function valueOf(text) {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/**
 * Shares as a reader lists them: `0.5, 95 %`. What is none goes on as it is, for the simulator to say so.
 * @param {string} text
 * @returns {number[]}
 */
export function sharesOf(text) {
  const items = text.split(/[,;]/).map((item) => item.trim()).filter((item) => item !== "");
  return items.map((item) => {
    const [number, isPercent] = item.endsWith("%") ? [Number(item.slice(0, -1)), true] : [Number(item), false];
    return Number.isFinite(number) ? (isPercent ? Number((number / 100).toPrecision(12)) : number) : /** @type {any} */ (item);
  });
}

/** The number behind a value, a span of time in seconds; undefined if it is none. @param {Value} value */
export function numberOf(value) {
  if (typeof value === "number") return value;
  const span = typeof value === "string" ? SPAN.exec(value) : null;
  return span ? Number(span[1]) * SECONDS[span[2]] : undefined;
}

/** What a reader finds at the end of a path: `users.all.arrivals.poisson.rate` is "rate". @param {string} path */
export function lastOf(path) {
  return path.split(".").slice(-2).join(".");
}
