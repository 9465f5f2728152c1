// What of a link says what is looked at. Nothing in it is trusted: what is not as it should be is not there.

import { isObject } from "./json.js";

/**
 * Which charts are seen, and how.
 * @typedef {object} ChartsView
 * @property {string} lang the language of the names that are hidden
 * @property {boolean} [more] whether the further charts are open
 * @property {{ [id: string]: string[] }} [hidden] names of legend entries that are hidden, by chart
 * @property {{ series: string[], hidden: string[] }[]} [own] charts of series that the reader has chosen
 */

/** Which events are seen: of which kinds, and of which component. @typedef {{ kinds?: string, component?: string }} LogChoice */

/**
 * What is looked at. A link may lack any of it.
 * @typedef {object} LinkView
 * @property {string} [view] the attribute `view`
 * @property {string} [tab] the tab that is open
 * @property {string} [select] the component that is chosen
 * @property {number} [speed] simulated seconds per second; 0 stands for as fast as possible
 * @property {[number, number]} [zoom] part of the time axis, in simulated seconds
 * @property {ChartsView} [charts]
 * @property {LogChoice} [log]
 */

/** A name that is longer is none of ours. */
const MAX_NAME = 200;
/** More charts, or names in one, can be neither chosen nor read. */
const MAX_CHARTS = 50;
const MAX_NAMES = 200;

/** @param {unknown} value @returns {LinkView} */
export function linkView(value) {
  const view = isObject(value) ? value : {};
  return {
    view: name(view.view), tab: name(view.tab), select: name(view.select), speed: speed(view.speed), zoom: zoom(view.zoom),
    ...(isObject(view.charts) ? { charts: charts(view.charts) } : {}),
    ...(isObject(view.log) ? { log: { kinds: name(view.log.kinds), component: name(view.log.component) } } : {}),
  };
}

/** @param {unknown} value */
function name(value) {
  return typeof value === "string" && value.length <= MAX_NAME ? value : undefined;
}

/** @param {unknown} value */
function speed(value) {
  return typeof value === "number" && value >= 0 ? value : undefined;
}

/** @param {unknown} value @returns {[number, number] | undefined} */
function zoom(value) {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [from, to] = value;
  return typeof from === "number" && typeof to === "number" && from >= 0 && from < to ? [from, to] : undefined;
}

/** @param {{ [key: string]: unknown }} value @returns {ChartsView} */
function charts({ lang, more, hidden, own }) {
  const byChart = isObject(hidden) ? Object.entries(hidden).slice(0, MAX_CHARTS) : [];
  const chosen = Array.isArray(own) ? own.slice(0, MAX_CHARTS).filter(isObject) : [];
  return {
    lang: name(lang) ?? "en",
    more: more === true,
    hidden: Object.fromEntries(byChart.map(([id, list]) => [id, names(list)])),
    own: chosen.map((one) => ({ series: names(one.series), hidden: names(one.hidden) })).filter(({ series }) => series.length > 0),
  };
}

/** @param {unknown} value */
function names(value) {
  const list = Array.isArray(value) ? value.slice(0, MAX_NAMES) : [];
  return [...new Set(list.flatMap((one) => name(one) ?? []))];
}
