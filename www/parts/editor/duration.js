// Spans of time as a configuration writes them: seconds, or a number with a unit.

/** Seconds of each unit. @type {{ [unit: string]: number }} */
const UNITS = { ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400 };

const SPAN = /^([0-9.eE+-]+)\s*(ns|us|µs|ms|s|min|h|d)$/;

/** Seconds; undefined if it is no span of time. @param {unknown} value @returns {number | undefined} */
export function secondsOf(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = SPAN.exec(value.trim());
  if (!match || match[1] === "") return undefined;
  const number = Number(match[1]);
  return Number.isFinite(number) ? clean(number * UNITS[match[2]]) : undefined;
}

/** With the unit that reads best, `50ms` for 0.05; it means exactly the same. @param {number} seconds */
export function writeSpan(seconds) {
  if (seconds === 0) return "0";
  const size = Math.abs(seconds);
  const unit = size >= 1 ? "s" : size >= 1e-3 ? "ms" : size >= 1e-6 ? "us" : "ns";
  const text = `${clean(seconds / UNITS[unit])}${unit}`;
  return secondsOf(text) === clean(seconds) ? text : String(seconds);
}

/** What was typed: a number where it is one (with a decimal comma too), else the text; nothing for nothing. @param {string} text */
export function readNumber(text) {
  const typed = text.trim();
  if (typed === "") return undefined;
  const dotted = typed.replace(/^([+-]?\d+),(\d+)/, "$1.$2");
  const number = Number(dotted);
  return Number.isFinite(number) ? number : dotted;
}

/** Without the last digits, which a multiplication gets wrong. @param {number} value */
function clean(value) {
  return Number(value.toPrecision(14));
}
