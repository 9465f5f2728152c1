// Lines with bands of confidence, as a picture; its figures stand in the table beside it.

import { s } from "../topology/svg.js";
import { scale } from "./scale.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./sweep.js").Lines} Lines */
/** @typedef {import("./sweep.js").Line} Line */
/** @typedef {import("./scale.js").Scale} Scale */

const WIDTH = 640;
const HEIGHT = 320;
const PLOT = { left: 62, right: 14, top: 12, bottom: 44 };
const COLOURS = 8;
/** More dots than these would hide the line. */
const DOTS_MAX = 40;

/** @param {Lines} lines @param {string} label for those who do not see it @param {Texts} texts */
export function lineChart({ axis, labels, lines, from = Infinity }, label, texts) {
  const points = lines.flatMap((line) => line.points);
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "experiment-chart" });
  if (points.length === 0) return svg;
  const xs = points.map(({ x }) => x);
  const ends = points.flatMap(({ mean, half }) => [mean - (half ?? 0), mean + (half ?? 0)]);
  const x = scale(Math.min(...xs), Math.max(...xs), PLOT.left + (labels ? 40 : 6), WIDTH - PLOT.right - (labels ? 40 : 6), 6);
  const y = scale(Math.min(from, ...ends), Math.max(...ends), HEIGHT - PLOT.bottom, PLOT.top);
  svg.append(grid(y, texts), feet(x, labels, texts));
  svg.append(s("text", { x: (PLOT.left + WIDTH - PLOT.right) / 2, y: HEIGHT - 6, class: "axis-name", "text-anchor": "middle" }, axis));
  for (const [index, line] of lines.entries()) svg.append(drawn(line, x, y, index % COLOURS, labels !== undefined));
  return svg;
}

/** @param {Scale} y @param {Texts} texts */
function grid(y, texts) {
  const group = s("g", { class: "grid" });
  for (const tick of y.ticks) {
    group.append(
      s("line", { x1: PLOT.left, x2: WIDTH - PLOT.right, y1: y.at(tick), y2: y.at(tick) }),
      s("text", { x: PLOT.left - 7, y: y.at(tick) + 4, "text-anchor": "end" }, texts.number(tick)),
    );
  }
  return group;
}

/** @param {Scale} x @param {string[] | undefined} labels @param {Texts} texts */
function feet(x, labels, texts) {
  const group = s("g", { class: "grid" });
  const ticks = labels ? labels.map((text, index) => ({ at: index, text })) : x.ticks.map((at) => ({ at, text: texts.number(at) }));
  for (const { at, text } of ticks) {
    group.append(s("text", { x: x.at(at), y: HEIGHT - PLOT.bottom + 18, "text-anchor": "middle" }, text));
  }
  return group;
}

/** A band, a line, and a dot for each point. @param {Line} line @param {Scale} x @param {Scale} y @param {number} colour @param {boolean} apart values that are no numbers are not joined */
function drawn({ points }, x, y, colour, apart) {
  const sorted = [...points].sort((one, other) => one.x - other.x);
  const place = (/** @type {number} */ at, /** @type {number} */ value) => `${x.at(at).toFixed(1)},${y.at(value).toFixed(1)}`;
  const group = s("g", { class: `line series-${colour + 1}` });
  if (apart) {
    for (const { x: at, mean, half } of sorted) {
      group.append(s("line", { x1: x.at(at), x2: x.at(at), y1: y.at(mean - (half ?? 0)), y2: y.at(mean + (half ?? 0)), class: "whisker" }));
    }
  } else {
    const upper = sorted.map(({ x: at, mean, half }) => place(at, mean + (half ?? 0)));
    const lower = sorted.map(({ x: at, mean, half }) => place(at, mean - (half ?? 0))).reverse();
    group.append(
      s("polygon", { points: [...upper, ...lower].join(" "), class: "band" }),
      s("polyline", { points: sorted.map(({ x: at, mean }) => place(at, mean)).join(" "), class: "middle" }),
    );
  }
  if (sorted.length > DOTS_MAX) return group;
  for (const { x: at, mean } of sorted) group.append(s("circle", { cx: x.at(at), cy: y.at(mean), r: 3 }));
  return group;
}
