// The results of a sweep, arranged for a chart: lines over a number, or a map over two.

import { numberOf } from "../../run/plan.js";

/** @typedef {import("../../run/plan.js").Value} Value */
/** @typedef {import("../../web-service-model.js").Outcome} Outcome */
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
    const places = [columns, rows].map((values) => new Map(values.map((value, at) => [value, at])));
    const cells = rows.map(() => columns.map(() => /** @type {number | null} */ (null)));
    for (const { values: [column, row], metrics } of points) {
      const [x, y] = [places[0].get(column), places[1].get(row)];
      if (x !== undefined && y !== undefined) cells[y][x] ??= metrics[metric]?.mean ?? null;
    }
    return { kind: "map", axes: [vary[0], vary[1]], columns, rows, cells };
  }
  const along = values(last);
  const numeric = along.every(isNumber);
  const places = new Map(along.map((value, at) => [value, at]));
  const names = vary.length === 2 ? values(0) : [undefined];
  /** @type {Map<Value | undefined, SweepOutcome["points"]>} */
  const byName = new Map(names.map((name) => [name, []]));
  for (const point of points) byName.get(vary.length === 2 ? point.values[0] : undefined)?.push(point);
  const lines = names.map((name) => ({
    name: name === undefined ? undefined : String(name),
    points: (byName.get(name) ?? []).flatMap((point) => {
      const figure = point.metrics[metric];
      const value = point.values[last];
      const x = numeric ? /** @type {number} */ (numberOf(value)) : places.get(value) ?? 0;
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
