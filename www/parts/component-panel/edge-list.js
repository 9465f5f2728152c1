// Who asks a service, or a store, under a policy, and whom a service asks: what became of that so far. And its pool of
// connections.

import { h, write } from "../dom.js";
import { edgesOf, openShare, poolsOf, refusedOf } from "../edge-figures.js";
import { written } from "./measures.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../run/engine.js").Report} Report */
/** @typedef {import("../../web-service-model.js").EdgeReport} EdgeReport */

export class EdgeList {
  #texts;
  element = h("ul", { class: "panel-edges note" });

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
  }

  /** @param {ComponentState} component @param {Report | undefined} report @param {Config} config */
  show(component, report, config) {
    const lines = report ? this.#lines(component, report, config) : [];
    while (this.element.children.length > lines.length) this.element.lastElementChild?.remove();
    while (this.element.children.length < lines.length) this.element.append(h("li"));
    lines.forEach((line, index) => write(this.element.children[index], line));
    this.element.hidden = lines.length === 0;
  }

  /** @param {ComponentState} component @param {Report} report @param {Config} config */
  #lines(component, report, config) {
    const { name, group, kind } = component;
    const edges = edgesOf(report, kind === "instance" ? group : storeOf(config, component));
    const pools = poolsOf(report, group, name).map(({ store, pool: { size, in_use: { now, max }, waiting } }) =>
      this.#texts.text(`panel.pool.${store}`, { now, size, max, waiting: waiting.now }));
    return [...this.#admission(report.services[group]?.instances[name]?.admission), ...pools, ...edges.map(([edge, figures]) => this.#line(edge, figures, report))];
  }

  /** Whom the instance lets in. @param {import("../../web-service-model.js").AdmissionReport | undefined} admission */
  #admission(admission) {
    if (!admission) return [];
    const { refused, inside: { now }, limit } = admission;
    if (!limit) return [this.#texts.text("panel.admission", { now, refused })];
    return [this.#texts.text("panel.admission.limit", { now, refused, limit: limit.now, mean: written(limit.mean, "count", this.#texts) })];
  }

  /** @param {string} edge @param {EdgeReport} figures @param {Report} report */
  #line(edge, figures, report) {
    const texts = this.#texts;
    const { attempts, retries, failed, given_up, fallbacks = 0, breaker } = figures;
    const parts = [texts.text("panel.edge.attempts", { count: attempts })];
    for (const [part, count] of Object.entries({ retries, failed, given_up, refused: refusedOf(figures), fallbacks })) {
      if (count > 0) parts.push(texts.text(/** @type {"panel.edge.retries"} */ (`panel.edge.${part}`), { count }));
    }
    if (breaker) {
      const share = texts.percent(openShare(figures, report));
      parts.push(texts.text("panel.edge.breaker", { state: texts.named("breaker", breaker.state), share }));
    }
    return `${edge}: ${parts.join(", ")}`;
  }
}

/**
 * The name of a store in the configuration: of several that each instance has for itself, what they have in common.
 * @param {Config} config @param {ComponentState} component
 */
function storeOf(config, { group }) {
  const used = Object.values(config.services ?? {}).flatMap(({ cache, database }) => [cache, database]);
  const own = used.find((one) => one?.per_instance && group.startsWith(`${one.name}-`));
  return own?.name ?? group;
}
