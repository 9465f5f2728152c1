// What a run has found, as tables for a spreadsheet: names as in the report's JSON, plain numbers, times in seconds.

import { toCsv } from "./csv.js";

/** @typedef {import("./engine.js").Report} Report */
/** @typedef {import("./engine.js").Simulation} Simulation */
/** @typedef {import("./csv.js").Cell} Cell */
/** @typedef {import("../web-service-model.js").LogEntry} LogEntry */

/** Parts of the report that have a name for each entry, and what the parts of an entry are called, if it has any. */
/** @type {Record<string, string>} */
const NAMED = { services: "instances", db_clusters: "nodes", caches: "", brokers: "queues", edges: "" };

/** @typedef {"report_json" | "report_csv" | "series_csv" | "log_csv"} FileKind */
/** @typedef {{ ending: string, type: string, content: string }} File */

const CSV = "text/csv;charset=utf-8";

/**
 * What is in a file of that kind, and how its name ends.
 * @param {FileKind} kind
 * @param {Simulation} simulation
 * @returns {File}
 */
export function exported(kind, simulation) {
  switch (kind) {
    case "report_json":
      return { ending: ".json", type: "application/json", content: simulation.reportJson() };
    case "report_csv":
      return { ending: "-report.csv", type: CSV, content: reportCsv(simulation.report()) };
    case "series_csv":
      return { ending: "-series.csv", type: CSV, content: seriesCsv(simulation) };
    case "log_csv":
      return logFile(simulation.log().entries);
  }
}

/** @param {LogEntry[]} entries @returns {File} */
export function logFile(entries) {
  return { ending: "-log.csv", type: CSV, content: logCsv(entries) };
}

/** One row for each figure. @param {Report} report */
export function reportCsv(report) {
  /** @type {Cell[][]} */
  const rows = [["part", "name", "component", "figure", "value"]];
  for (const [part, content] of Object.entries(report)) {
    if (part in NAMED) rows.push(...named(part, content));
    else rows.push(...figures([part, "", ""], content));
  }
  return toCsv(rows);
}

/** @param {string} part @param {Record<string, Record<string, any>>} entries */
function named(part, entries) {
  const inner = NAMED[part];
  return Object.entries(entries).flatMap(([name, entry]) => {
    const { [inner]: components = {}, ...own } = entry;
    const inside = Object.entries(components).flatMap(([component, one]) => figures([part, name, component], one));
    return [...figures([part, name, ""], own), ...inside];
  });
}

/**
 * The figures of an object, the nested ones by a path such as `latency.mean`.
 * @param {string[]} where
 * @param {unknown} content
 * @param {string} [path]
 * @returns {Cell[][]}
 */
function figures(where, content, path = "") {
  if (content === null || typeof content !== "object") return [[...where, path, /** @type {Cell} */ (content)]];
  const fields = Object.entries(content);
  return fields.flatMap(([field, value]) => figures(where, value, path ? `${path}.${field}` : field));
}

/** One column for each series, and one row for each window of time. @param {Simulation} simulation */
export function seriesCsv(simulation) {
  const names = simulation.seriesNames();
  const series = names.map((name) => simulation.series(name));
  const { start, width } = simulation.seriesWindow();
  const windows = Math.max(0, ...series.map((values) => values.length));
  const rows = Array.from({ length: windows }, (_, window) => [
    // Twelve digits say it all; more would show how a computer adds.
    Number((start + window * width).toPrecision(12)),
    ...series.map((values) => values[window]),
  ]);
  return toCsv([["time", ...names], ...rows]);
}

/** @param {LogEntry[]} entries */
export function logCsv(entries) {
  const rows = entries.map(({ number, time, kind, component, detail }) => [number, time, kind, component, detail]);
  return toCsv([["number", "time", "kind", "component", "detail"], ...rows]);
}
