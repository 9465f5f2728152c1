// The course of two systems over time: the averages of the replications as lines with bands, and where they differ.

/** @typedef {import("../../web-service-model.js").ComparedSeries} ComparedSeries */
/** @typedef {import("../../web-service-model.js").SeriesMeans} SeriesMeans */
/** @typedef {import("./sweep.js").Lines} Lines */
/** @typedef {import("./sweep.js").LinePoint} LinePoint */

/**
 * Lines of A and B, each point in the middle of its window.
 * @param {ComparedSeries} series @param {string} name @param {[string, string]} systems @param {string} axis
 * @returns {Lines}
 */
export function courseLines({ window_seconds: width, means }, name, systems, axis) {
  const { a, b } = means[name];
  const lines = [a, b].map((side, index) => ({ name: systems[index], points: points(side, width) }));
  return { kind: "lines", axis, labels: undefined, lines, from: 0 };
}

/**
 * In how many of the windows that both have the difference shows, and in which of them B is higher.
 * @param {ComparedSeries} series @param {string} name
 */
export function differing({ means }, name) {
  const { mean, half_width_95: half } = means[name].difference;
  const known = mean.flatMap((value, at) => (value === null || half[at] === null ? [] : [{ value, half: half[at] }]));
  const shown = known.filter(({ value, half }) => Math.abs(value) > half);
  return { windows: known.length, shown: shown.length, higher: shown.filter(({ value }) => value > 0).length };
}

/** @param {SeriesMeans} means @param {number} width @returns {LinePoint[]} */
function points({ mean, half_width_95: half }, width) {
  return mean.flatMap((value, at) => (value === null ? [] : [{ x: (at + 0.5) * width, mean: value, half: half[at] }]));
}
