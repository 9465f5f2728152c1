// The arrows from a primary to its replicas, beside the nodes of a cluster, and how far each replica lags behind.

import { write } from "../dom.js";
import { s, set } from "./svg.js";

/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("./sizes.js").Inside} Inside */

/** How far the arrows bend out. */
const REACH = 15;

export class Replication {
  #texts;
  #inside;
  /** @type {Map<string, { line: SVGPathElement, head: SVGPathElement, lag: SVGTextElement }>} */
  #arrows = new Map();
  #drawn = "";

  /** @param {import("../../i18n/texts.js").Texts} texts @param {Inside} inside */
  constructor(texts, inside) {
    this.#texts = texts;
    this.#inside = inside;
    this.element = s("g", { class: "replication", "aria-hidden": "true" });
    for (const [name, box] of inside.cells) {
      const x = box.x + box.width;
      const y = box.y + box.height / 2;
      const arrow = {
        line: s("path", { class: "replication-line" }),
        head: s("path", { class: "replication-head", d: `M${x + 1} ${y}l6 -3.5v7z` }),
        lag: s("text", { class: "replication-lag", x: x + REACH + 4, y: y + 4, "font-size": 12 }),
      };
      this.#arrows.set(name, arrow);
      this.element.append(arrow.line, arrow.head, arrow.lag);
    }
  }

  /**
   * @param {ComponentState[]} nodes of the cluster
   * @param {{ [name: string]: { lag_seconds: number } } | undefined} reports
   */
  show(nodes, reports) {
    // Nobody is copied from while another is being made the primary.
    const primary = nodes.some((node) => node.role === "promoting")
      ? undefined
      : nodes.find((node) => node.role === "primary" && node.state !== "down");
    const texts = this.#texts;
    const drawn = nodes.map((node) => `${node.role}${node.state}`).join();
    for (const node of nodes) {
      const arrow = this.#arrows.get(node.name);
      if (!arrow) continue;
      const receives = primary !== undefined && node !== primary && node.state !== "down";
      if (drawn !== this.#drawn) this.#draw(arrow, primary?.name, node, receives);
      const lag = reports?.[node.name]?.lag_seconds ?? 0;
      const behind = lag > 0 ? texts.text("topology.lag", { lag: texts.span(lag) }) : `−${texts.integer(node.lag_writes)}`;
      const said = node.lag_writes > 0 ? behind : texts.text("topology.in_step");
      write(arrow.lag, receives ? said : "");
      set(arrow.lag, "class", node.lag_writes > 0 ? "replication-lag behind" : "replication-lag");
    }
    this.#drawn = drawn;
  }

  /**
   * @param {{ line: SVGPathElement, head: SVGPathElement }} arrow
   * @param {string | undefined} primary
   * @param {ComponentState} node
   * @param {boolean} receives
   */
  #draw({ line, head }, primary, node, receives) {
    const display = receives ? "inline" : "none";
    set(line, "display", display);
    set(head, "display", display);
    const from = primary === undefined ? undefined : this.#inside.cells.get(primary);
    const to = this.#inside.cells.get(node.name);
    if (!receives || !from || !to) return;
    const x = to.x + to.width;
    const [start, end] = [from.y + from.height / 2, to.y + to.height / 2];
    set(line, "d", `M${x} ${start}C${x + REACH} ${start} ${x + REACH} ${start} ${x + REACH} ${(start + end) / 2}S${x + REACH} ${end} ${x + 6} ${end}`);
    set(line, "class", node.role === "detached" || node.state === "catching_up" ? "replication-line resync" : "replication-line");
  }
}
