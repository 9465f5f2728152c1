// Figures by their names in the report: what they are called, and how they are written.

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/** Figures that are shown if the reader asks for none in particular, by how their names end. */
const SHOWN = ["success_ratio", ".rps", "latency.mean", "latency.p95", "latency.p99", "utilisation", "availability", "lost_writes", "stale_reads", "hit_ratio"];

/** Those of instances and nodes only if they are asked for. @param {string} name */
export function isShown(name) {
  return !name.includes(".instances.") && !name.includes(".nodes.") && SHOWN.some((ending) => name.endsWith(ending));
}

/** A time series, in words where there are some. @param {string} name @param {Texts} texts */
export function seriesName(name, texts) {
  return texts.known("course", name);
}

/** Five digits, as on the command line. @param {number | null | undefined} value @param {Texts} texts */
export function metricText(value, texts) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const whole = Math.max(0, Math.floor(Math.log10(Math.abs(value))) + 1);
  if (Math.abs(value) < 1e-4 || whole > 9) return value.toExponential(3);
  return texts.decimal(value, Math.min(5, Math.max(0, 5 - whole)));
}
