// What the time of a request goes into: in which order it is told, and how much of each there is.

import { h } from "../dom.js";

/** @typedef {import("../../web-service-model.js").Phase} Phase */
/** @typedef {import("../../web-service-model.js").Span} Span */

/** Phases in the order in which a request comes to them. @type {Phase[]} */
export const PHASES = ["handshakes", "network", "auth", "queueing", "processing", "cache", "database", "broker", "calls", "retries"];

/** Seconds that a span lasts. @param {Span} span */
export function seconds({ start, end }) {
  return end - start;
}

/** What the user waits for: these follow one another without a gap. @param {Span[]} spans */
export function ownWaiting(spans) {
  return spans.filter((span) => span.depth === 0);
}

/**
 * How long the user waited for what; phases that took no time are left out.
 * @param {Span[]} spans
 * @returns {[Phase, number][]}
 */
export function totals(spans) {
  const own = ownWaiting(spans);
  const sum = (/** @type {Phase} */ phase) =>
    own.filter((span) => span.phase === phase).reduce((all, span) => all + seconds(span), 0);
  return PHASES.map((phase) => /** @type {[Phase, number]} */ ([phase, sum(phase)])).filter(([, time]) => time > 0);
}

/** A small piece of a phase's colour and pattern, for a legend. @param {Phase} phase */
export function swatch(phase) {
  return h("span", { class: `phase-swatch phase-${phase}`, "aria-hidden": "true" });
}
