// The density of a distribution, for its picture. It follows the definitions of the simulator's own distributions.

import { isObject } from "../../run/json.js";
import { errorFunction, gammaln } from "../../vendor/simple-statistics.js";
import { secondsOf } from "./duration.js";

/**
 * What a picture shows, in seconds.
 * @typedef {object} Density
 * @property {number} from where the picture begins
 * @property {number} to
 * @property {[x: number, density: number][]} curve empty if only single values occur
 * @property {[x: number, share: number][]} values that occur with a probability of their own
 * @property {number} mean
 */

/** `endless` says that the density has no bound at its beginning. @typedef {{ from: number, to: number, mean: number, at: (x: number) => number, endless?: boolean }} Law */

/** So many points make a curve. */
const POINTS = 96;
/** Where a density has no bound it is cut off at so many times its median in the picture. */
const PEAK = 8;

/** Undefined if the parameters are none that the simulator would take. @param {unknown} distribution @returns {Density | undefined} */
export function densityOf(distribution) {
  const seconds = secondsOf(distribution);
  if (seconds !== undefined) return single(seconds);
  if (!isObject(distribution)) return undefined;
  const [kind, ...others] = Object.keys(distribution);
  if (kind === undefined || others.length > 0) return undefined;
  const parameters = distribution[kind];
  if (kind === "constant") return single(secondsOf(parameters) ?? NaN);
  if (kind === "empirical") return listed(parameters);
  const law = lawOf(kind, parameters);
  const numbers = law && [law.from, law.to, law.mean];
  return law && numbers?.every(Number.isFinite) && law.to > law.from && law.from >= 0 ? drawn(law) : undefined;
}

/** @param {number} value @returns {Density | undefined} */
function single(value) {
  if (!(value >= 0)) return undefined;
  return { from: 0, to: value > 0 ? value * 2 : 1, curve: [], values: [[value, 1]], mean: value };
}

/** @param {unknown} list @returns {Density | undefined} */
function listed(list) {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const pairs = list.map((one) => [secondsOf(one?.value) ?? NaN, one?.weight === undefined ? 1 : Number(one.weight)]);
  const total = pairs.reduce((sum, [, weight]) => sum + weight, 0);
  if (!(total > 0) || pairs.some(([value, weight]) => !(value >= 0 && weight >= 0))) return undefined;
  const values = pairs.map(([value, weight]) => /** @type {[number, number]} */ ([value, weight / total]));
  const mean = values.reduce((sum, [value, share]) => sum + value * share, 0);
  return { from: 0, to: Math.max(...values.map(([value]) => value)) * 1.1 || 1, curve: [], values, mean };
}

/** @param {Law} law @returns {Density} */
function drawn({ from, to, mean, at, endless = false }) {
  const step = (to - from) / POINTS;
  // In the middle of each step: at its ends a density may jump or be without bound.
  const curve = Array.from({ length: POINTS }, (_, index) => {
    const x = from + (index + 0.5) * step;
    return /** @type {[number, number]} */ ([x, at(x)]);
  });
  const sorted = curve.map(([, y]) => y).sort((a, b) => a - b);
  const highest = endless ? sorted[POINTS / 2] * PEAK : Infinity;
  return { from, to, mean, values: [], curve: curve.map(([x, y]) => [x, Math.min(y, highest)]) };
}

/** @param {string} kind @param {unknown} parameters @returns {Law | undefined} */
function lawOf(kind, parameters) {
  if (kind === "uniform") return Array.isArray(parameters) ? uniform(secondsOf(parameters[0]) ?? NaN, secondsOf(parameters[1]) ?? NaN) : undefined;
  if (kind === "hyperexponential") return Array.isArray(parameters) ? hyperexponential(parameters) : undefined;
  if (!isObject(parameters)) return undefined;
  const span = (/** @type {string} */ name) => positive(secondsOf(parameters[name]));
  const number = (/** @type {string} */ name) => positive(parameters[name]);
  if (kind === "exponential") return gamma(1, span("mean"));
  if (kind === "normal") return normal(secondsOf(parameters.mean) ?? NaN, span("sd"));
  if (kind === "lognormal") return lognormal(span("mean"), span("sd"));
  if (kind === "erlang") return gamma(number("stages"), span("mean"));
  if (kind === "gamma") return gamma(number("shape"), span("mean"));
  if (kind === "weibull") return weibull(number("shape"), span("scale"));
  if (kind === "pareto") return pareto(number("shape"), span("min"), span("max"));
  return undefined;
}

/** @param {unknown} value */
function positive(value) {
  return typeof value === "number" && value > 0 ? value : NaN;
}

/** @param {number} low @param {number} high @returns {Law} */
function uniform(low, high) {
  const margin = (high - low) * 0.15;
  const at = (/** @type {number} */ x) => (x >= low && x <= high ? 1 / (high - low) : 0);
  return { from: Math.max(0, low - margin), to: high + margin, mean: (low + high) / 2, at };
}

/** @param {number} shape @param {number} mean @returns {Law} */
function gamma(shape, mean) {
  const scale = mean / shape;
  const constant = -gammaln(shape) - shape * Math.log(scale);
  const at = (/** @type {number} */ x) => Math.exp(constant + (shape - 1) * Math.log(x) - x / scale);
  const sd = mean / Math.sqrt(shape);
  return { from: Math.max(0, mean - 4 * sd), to: mean + 3.5 * sd, mean, at, endless: shape < 1 };
}

/** Truncated at 0. @param {number} mean @param {number} sd @returns {Law} */
function normal(mean, sd) {
  const kept = 1 - normalBelow(-mean / sd);
  const bell = (/** @type {number} */ z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const at = (/** @type {number} */ x) => bell((x - mean) / sd) / (sd * kept);
  return { from: Math.max(0, mean - 3.5 * sd), to: mean + 3.5 * sd, mean: mean + (sd * bell(mean / sd)) / kept, at };
}

/** @param {number} mean @param {number} sd @returns {Law} */
function lognormal(mean, sd) {
  const variance = Math.log(1 + (sd / mean) ** 2);
  const centre = Math.log(mean) - variance / 2;
  const width = Math.sqrt(variance);
  const at = (/** @type {number} */ x) =>
    Math.exp(-((Math.log(x) - centre) ** 2) / (2 * variance)) / (x * width * Math.sqrt(2 * Math.PI));
  return { from: Math.exp(centre - 4 * width), to: Math.exp(centre + 2.1 * width), mean, at };
}

/** @param {number} shape @param {number} scale @returns {Law} */
function weibull(shape, scale) {
  const at = (/** @type {number} */ x) => (shape / scale) * (x / scale) ** (shape - 1) * Math.exp(-((x / scale) ** shape));
  const mean = scale * Math.exp(gammaln(1 + 1 / shape));
  return { from: 0, to: scale * Math.log(40) ** (1 / shape), mean, at, endless: shape < 1 };
}

/** Between two bounds. @param {number} shape @param {number} min @param {number} max @returns {Law} */
function pareto(shape, min, max) {
  const ratio = (min / max) ** shape;
  const kept = 1 - ratio;
  const at = (/** @type {number} */ x) => (x < min || x > max ? 0 : (shape * min ** shape * x ** (-shape - 1)) / kept);
  // The 97th percentile, or the bound if that is nearer.
  const to = Math.min(max, min * (1 - 0.97 * kept) ** (-1 / shape));
  const mean = shape === 1
    ? (min * Math.log(max / min)) / kept
    : ((min * shape) / (shape - 1)) * ((1 - (min / max) ** (shape - 1)) / kept);
  return { from: Math.max(0, min - (to - min) * 0.08), to, mean, at };
}

/** @param {any[]} list @returns {Law} */
function hyperexponential(list) {
  const branches = list.map((one) => ({ weight: positive(one?.weight), mean: positive(secondsOf(one?.mean)) }));
  const total = branches.reduce((sum, { weight }) => sum + weight, 0);
  const sum = (/** @type {(mean: number) => number} */ of) =>
    branches.reduce((all, { weight, mean }) => all + (weight / total) * of(mean), 0);
  const mean = sum((one) => one);
  const beyond = (/** @type {number} */ x) => sum((one) => Math.exp(-x / one));
  let to = mean;
  while (Number.isFinite(to) && beyond(to) > 0.03) to *= 1.25;
  return { from: 0, to, mean, at: (x) => sum((one) => Math.exp(-x / one) / one) };
}

/** Probability that a standard normal value lies below. @param {number} z */
function normalBelow(z) {
  return (1 + errorFunction(z / Math.SQRT2)) / 2;
}
