// What the signs of the picture mean.

import { h } from "../dom.js";
import { icon } from "../icon.js";
import { openContact } from "./breaker-mark.js";
import { LOOKS } from "./looks.js";
import { s } from "./svg.js";

/** @param {import("../../i18n/texts.js").Texts} texts */
export function legend(texts) {
  const list = h("ul", { class: "topology-legend" });
  for (const look of LOOKS) {
    const mark = h("span", { class: "legend-mark", "data-look": look }, icon(look === "overloaded" ? "alert" : look));
    list.append(h("li", {}, mark, texts.label(h("span"), `topology.look.${look}`)));
  }
  for (const kind of /** @type {const} */ (["fill", "queue"])) {
    list.append(h("li", {}, h("span", { class: `legend-${kind}` }), texts.label(h("span"), `topology.legend.${kind}`)));
  }
  for (const kind of /** @type {const} */ (["read", "write"])) {
    list.append(h("li", {}, dot(kind), texts.label(h("span"), `topology.legend.${kind}`)));
  }
  list.append(h("li", {}, contact(), texts.label(h("span"), "topology.legend.breaker")));
  const title = h("summary", {}, texts.label(h("span"), "topology.legend"));
  return h("details", { class: "topology-key", open: true }, title, list);
}

/** An open contact. */
function contact() {
  return s("svg", { class: "legend-breaker", viewBox: "3 1 21 10", width: 21, height: 10, "aria-hidden": "true" }, ...openContact());
}

/** @param {"read" | "write"} kind */
function dot(kind) {
  const shape = kind === "read"
    ? s("circle", { class: "request read", cx: 6, cy: 6, r: 4 })
    : s("rect", { class: "request write", x: 2.4, y: 2.4, width: 7.2, height: 7.2 });
  return s("svg", { class: "legend-dot", viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" }, shape);
}
