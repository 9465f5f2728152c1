// Where there is no room for arrows from the primary: a small head at each replica, on the side of its primary.

import { s, set } from "./svg.js";

/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */

export class ReplicationHeads {
  #card;
  #inside;
  /** @type {Map<string, SVGPathElement>} */
  #heads = new Map();
  #drawn = "";

  /** @param {import("./graph.js").Card} card @param {import("./sizes.js").Inside} inside */
  constructor(card, inside) {
    this.#card = card;
    this.#inside = inside;
    this.element = s("g", { class: "replication", "aria-hidden": "true" });
    for (const { name } of card.cells) {
      const head = s("path", { class: "replication-head", d: "M3 0l-5 -3.5v7z", display: "none" });
      this.#heads.set(name, head);
      this.element.append(head);
    }
  }

  /** @param {Map<string, ComponentState>} components */
  show(components) {
    const { cells } = this.#card;
    const drawn = cells.map(({ name }) => `${components.get(name)?.role}${components.get(name)?.state}`).join();
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    for (const { name, copy, index } of cells) {
      const nodes = cells.filter((cell) => cell.copy === copy).map((cell) => ({ ...cell, state: components.get(cell.name) }));
      const primary = nodes.find(({ state }) => state?.role === "primary" && state.state !== "down");
      const own = components.get(name);
      const receives = primary && primary.name !== name && own && own.state !== "down" && !nodes.some(({ state }) => state?.role === "promoting");
      const head = this.#heads.get(name);
      if (!head) continue;
      set(head, "display", receives ? "inline" : "none");
      if (receives) this.#turn(head, name, primary.index < index);
    }
  }

  /** @param {SVGPathElement} head @param {string} name @param {boolean} fromLeft */
  #turn(head, name, fromLeft) {
    const box = this.#inside.cells.get(name);
    if (!box) return;
    const x = fromLeft ? box.x - 1 : box.x + box.width + 1;
    set(head, "transform", `translate(${x} ${box.y + box.height / 2})${fromLeft ? "" : " rotate(180)"}`);
  }
}
