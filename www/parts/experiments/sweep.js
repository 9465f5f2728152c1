// The results of a sweep, arranged for a chart: lines over a number, or a map over two.

import { numberOf } from "../../run/plan.js";

/** @typedef {import("../../run/plan.js").Value} Value */
/** @typedef {import("../../web-service-lab.js").Outcome} Outcome */
/** @typedef {Extract<Outcome, { points: unknown }>} SweepOutcome */
/** @typedef {{ x: number, mean: number, half: number | null }} LinePoint */
/** @typedef {{ name: string | undefined, points: LinePoint[] }} Line */
/** @typedef {{ kind: "lines", axis: string, labels: string[] | undefined, lines: Line[], from?: number }} Lines `labels` of values that are no numbers, which then stand at 0, 1, 2 ...; `from` what the vertical axis begins with, at most */
/** @typedef {{ kind: "map", axes: [string, string], columns: Value[], rows: Value[], cells: (number | null)[][] }} HeatMap cells by row */

/** @param {SweepOutcome} outcome @param {string} metric @returns {Lines | HeatMap} */
export function arranged({ vary, points }, metric) {
  const values = (/** @type {number} */ axis) => distinct(points.map((point) => point.values[axis]));
  const last = vary.length - 1;
  if (vary.length === 2 && [0, 1].every((axis) => values(axis).every(isNumber))) {
    const [columns, rows] = [values(0), values(1)];
    const mean = (/** @type {Value} */ column, /** @type {Value} */ row) =>
      points.find((point) => point.values[0] === column && point.values[1] === row)?.metrics[metric]?.mean ?? null;
    const cells = rows.map((row) => columns.map((column) => mean(column, row)));
    return { kind: "map", axes: [vary[0], vary[1]], columns, rows, cells };
  }
  const along = values(last);
  const numeric = along.every(isNumber);
  const names = vary.length === 2 ? values(0) : [undefined];
  const lines = names.map((name) => ({
    name: name === undefined ? undefined : String(name),
    points: points.filter((point) => name === undefined || point.values[0] === name).flatMap((point) => {
      const figure = point.metrics[metric];
      const value = point.values[last];
      const x = numeric ? /** @type {number} */ (numberOf(value)) : along.indexOf(value);
      return figure?.mean === null || figure?.mean === undefined ? [] : [{ x, mean: figure.mean, half: figure.half_width_95 }];
    }),
  }));
  return { kind: "lines", axis: vary[last], labels: numeric ? undefined : along.map(String), lines };
}

/** @param {Value} value */
function isNumber(value) {
  return numberOf(value) !== undefined;
}

/** @template T @param {T[]} values */
function distinct(values) {
  return [...new Set(values)];
}
