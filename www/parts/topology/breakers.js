// Which circuit breakers lie on a way, and which of them are not closed. Pure.

import { gravest } from "../edge-figures.js";

/** @typedef {import("../../run/engine.js").Report} Report */
/** @typedef {import("../../web-service-model.js").EdgeReport} EdgeReport */
/** @typedef {import("../edge-figures.js").Phase} Phase */
/** @typedef {import("./graph.js").Way} Way */

/**
 * The gravest phase of the breakers on some ways, if one of them is not closed, and the edges that are in it.
 * @param {Way[]} ways @param {Report} report
 * @returns {{ phase: Exclude<Phase, "closed">, edges: string[] } | undefined}
 */
export function breakersOn(ways, report) {
  const edges = Object.entries(report.edges ?? {}).filter(([, edge]) => edge.breaker && ways.some((way) => isOn(way, edge, report)));
  const phase = gravest(edges.map(([, { breaker }]) => breaker?.state));
  if (phase === undefined || phase === "closed") return undefined;
  return { phase, edges: edges.filter(([, { breaker }]) => breaker?.state === phase).map(([name]) => name) };
}

/** Ways on which a service asks somebody. */
const ASKED = ["calls", "cache", "database", "publish"];

/** @param {Way} way @param {EdgeReport} edge @param {Report} report */
function isOn({ kind, to, service }, edge, { services }) {
  // (No two components of a configuration have the same name, so that of the card says enough.)
  if (to.slice(to.indexOf(":") + 1) !== edge.to) return false;
  if (kind !== "requests") return ASKED.includes(kind) && edge.from === service;
  // What users ask goes over the balancer, whichever group they are of.
  return !Object.hasOwn(services, edge.from);
}
