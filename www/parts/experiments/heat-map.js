// A figure over two numbers: a cell for each pair, darker where there is more.

import { s } from "../topology/svg.js";
import { metricText } from "./metric.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./sweep.js").HeatMap} HeatMap */

const WIDTH = 640;
const LEFT = 70;
const ROW = 34;
/** A map of many rows gets no taller than this, and no row lower than the second. */
const HEIGHT_MAX = 680;
const ROW_MIN = 4;
/** What a figure in a cell needs, and a value at an axis. */
const CELL_WIDTH = 40;
const LABEL_WIDTH = 46;
const LABEL_HEIGHT = 16;
const FOOT = 46;
/** The most of the colour that still leaves the figure readable. */
const SHARE_MAX = 50;

/** @param {HeatMap} map @param {string} label for those who do not see it @param {Texts} texts */
export function heatMap({ axes, columns, rows, cells }, label, texts) {
  const tall = Math.min(ROW, Math.max(ROW_MIN, HEIGHT_MAX / rows.length));
  const height = rows.length * tall + FOOT;
  const width = (WIDTH - LEFT) / columns.length;
  const gap = Math.min(1, width / 12, tall / 12);
  const hasFigures = tall === ROW && width >= CELL_WIDTH;
  // Every value has a cell, but not every one has room to be named.
  const [everyRow, everyColumn] = [Math.ceil(LABEL_HEIGHT / tall), Math.ceil(LABEL_WIDTH / width)];
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${height + 18}`, role: "img", "aria-label": label, class: "experiment-chart" });
  const known = cells.flat().filter((value) => value !== null);
  const [min, max] = [Math.min(...known), Math.max(...known)];
  svg.append(s("text", { x: 0, y: 12, class: "axis-name" }, `↑ ${axes[1]}`));
  for (const [at, row] of rows.entries()) {
    // The larger ones above, as on any axis.
    const top = 18 + (rows.length - 1 - at) * tall;
    if (at % everyRow === 0) svg.append(s("text", { x: LEFT - 8, y: top + tall / 2 + 4, "text-anchor": "end" }, valueText(row, texts)));
    for (const [column, value] of cells[at].entries()) {
      const left = LEFT + column * width;
      const rect = s("rect", { x: left + gap, y: top + gap, width: width - 2 * gap, height: tall - 2 * gap, rx: 4 * gap, class: "cell" });
      const share = value === null ? 0 : max > min ? ((value - min) / (max - min)) * SHARE_MAX : SHARE_MAX;
      rect.style.fill = `color-mix(in srgb, var(--series-1) ${share.toFixed(1)}%, var(--surface))`;
      svg.append(rect);
      if (hasFigures) svg.append(s("text", { x: left + width / 2, y: top + tall / 2 + 4, "text-anchor": "middle", class: "cell-text" }, brief(value, texts)));
    }
  }
  for (const [column, value] of columns.entries()) {
    if (column % everyColumn === 0) svg.append(s("text", { x: LEFT + (column + 0.5) * width, y: height - FOOT + 36, "text-anchor": "middle" }, valueText(value, texts)));
  }
  svg.append(s("text", { x: LEFT + (WIDTH - LEFT) / 2, y: height + 12, "text-anchor": "middle", class: "axis-name" }, `${axes[0]} →`));
  return svg;
}

/** @param {unknown} value @param {Texts} texts */
function valueText(value, texts) {
  return typeof value === "number" ? texts.number(value) : String(value);
}

/** Three digits: there is no room for more. @param {number | null} value @param {Texts} texts */
function brief(value, texts) {
  if (value === null) return "–";
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 ? texts.number(Number(value.toPrecision(3))) : metricText(value, texts);
}
