// A system in small: its boxes and the ways between them, as the live picture lays them out.

import { pathOf } from "./topology/curve.js";
import { graphOf } from "./topology/graph.js";
import { layoutOf } from "./topology/layout.js";
import { s } from "./topology/svg.js";

/** The room that it is laid out for: of the shape that it has in the gallery. */
const ROOM = { width: 1200, height: 560 };

/**
 * @param {import("../run/engine.js").Config} config
 * @param {import("../run/engine.js").ComponentState[]} components
 */
export function thumbnail(config, components) {
  const layout = layoutOf(graphOf(config, components), true, ROOM);
  const ways = layout.ways.map(({ points, course }) => s("path", { class: "thumb-way", d: pathOf(points, course) }));
  const cards = layout.cards.map(({ card, inside, x, y }) => {
    const { width, height } = inside;
    const box = s("rect", { class: "thumb-card", x, y, width, height, rx: 14 });
    const cells = [...inside.cells.values()].map((cell) =>
      s("rect", { class: "thumb-cell", x: x + cell.x, y: y + cell.y, width: cell.width, height: cell.height, rx: 6 }));
    return s("g", { "data-kind": card.kind }, box, ...cells);
  });
  return s("svg", { class: "thumbnail", viewBox: `0 0 ${layout.width} ${layout.height}`, "aria-hidden": "true" }, ...ways, ...cards);
}
