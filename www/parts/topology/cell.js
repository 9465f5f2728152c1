// A component in the picture: how it is doing (a sign, a pattern, a word), how full it is, how many wait.

import { write } from "../dom.js";
import { icon } from "../icon.js";
import { fillOf, lookOf, queueFill, works } from "./looks.js";
import { fitted, s, set, widthOf } from "./svg.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("./looks.js").Look} Look */
/** @typedef {import("./sizes.js").Box} Box */

/** @type {Record<Look, import("../icon.js").IconName>} */
const ICONS = {
  up: "up", slow: "slow", failing: "failing", overloaded: "alert", paused: "paused", starting: "starting", draining: "draining", ejected: "ejected",
  promoting: "promoting", catching_up: "catching_up", absent: "absent", down: "down",
};
/** Looks of which the word says more than any number. @type {Look[]} */
const WORDS = ["down", "promoting", "catching_up", "absent", "starting", "draining", "ejected", "paused"];

const TEXT = 12;
/** The queue's bar lies under the text. */
const BAR = 4;
const ROUND = 7;

/** What a cell shows beyond the component's own state. @typedef {{ utilisation?: number, share?: number | null, consuming?: number, starved?: number }} Measured */

export class CellView {
  #texts;
  #cell;
  #box;
  #compact;
  #fill = s("rect", { class: "cell-fill", rx: ROUND });
  #hatch = s("rect", { class: "cell-hatch", rx: ROUND, fill: "url(#topology-hatch)" });
  #queue = s("rect", { class: "cell-queue", rx: 2, height: BAR - 1 });
  #icon = s("g", { class: "cell-icon" });
  #label = s("text", { class: "cell-label", "font-size": TEXT });
  #value = s("text", { class: "cell-value", "font-size": TEXT, "text-anchor": "end" });
  #title = s("title");
  /** What is clicked and focused. The words in the cell are no name of it: they are too short to be understood. */
  #button;
  /** @type {Look | undefined} */
  #look;
  #shown = "";

  /** @param {Texts} texts @param {import("./graph.js").Cell} cell @param {Box} place @param {boolean} compact */
  constructor(texts, cell, place, compact) {
    this.#texts = texts;
    this.#cell = cell;
    this.#box = place;
    this.#compact = compact;
    const { x, y, width, height } = place;
    for (const rect of [this.#fill, this.#hatch]) set(rect, "height", height);
    set(this.#hatch, "width", width);
    set(this.#queue, "x", 5);
    set(this.#queue, "y", height - BAR - 1);
    const line = height / 2 + 4;
    set(this.#label, "x", compact ? 21 : 28);
    set(this.#label, "y", line);
    set(this.#value, "x", width - (compact ? 5 : 8));
    set(this.#value, "y", line);
    this.#button = s("rect", { class: "cell-edge", width, height, rx: ROUND, role: "button", tabindex: -1, "aria-pressed": "false" });
    const box = s("rect", { class: "cell-box", width, height, rx: ROUND });
    this.element = s("g", { class: compact ? "cell compact" : "cell", transform: `translate(${x} ${y})` },
      this.#title,
      s("g", { "aria-hidden": "true" }, box, this.#fill, this.#hatch, this.#queue, this.#icon, this.#label, this.#value),
      this.#button,
    );
    this.element.dataset.component = cell.name;
  }

  get name() {
    return this.#cell.name;
  }

  /** @param {boolean} selected */
  set selected(selected) {
    set(this.#button, "aria-pressed", String(selected));
  }

  /** Whether the Tab key reaches it. @param {boolean} reachable */
  set reachable(reachable) {
    set(this.#button, "tabindex", reachable ? 0 : -1);
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.#button.focus(options);
  }

  /** @param {ComponentState} component @param {Measured} measured */
  show(component, measured) {
    const starved = measured.starved ?? 0;
    const look = lookOf(component, this.#cell.limit, starved);
    this.#showLook(look);
    set(this.element, "data-role", component.role);
    const { width } = this.#box;
    // Who consumes messages works, though nobody sends it requests.
    const consuming = works(component.state) ? Math.min(1, measured.consuming ?? 0) : 0;
    const filled = Math.max(fillOf(component, measured.utilisation), consuming) * width;
    // A rounded rectangle narrower than its corners would look like a needle.
    this.#fill.style.width = `${filled < 0.5 ? 0 : Math.max(6, Math.round(filled))}px`;
    // What waits at a broker is shown at its queues.
    const waiting = component.kind === "broker" ? 0 : queueFill(component.queue, this.#cell.limit);
    this.#queue.style.width = `${Math.round(waiting * (width - 10))}px`;
    const [label, value, short, brief] = this.#words(component, look, measured, starved);
    const shown = `${label}\n${value}`;
    if (shown !== this.#shown) this.#write(label, value, short, brief);
    this.#shown = shown;
    const told = this.tell(component, measured.consuming, starved);
    write(this.#title, told);
    set(this.#button, "aria-label", told);
  }

  /** The component in words, for a tooltip and for screen readers. @param {ComponentState} component @param {number} [consuming] @param {number} [starved] */
  tell(component, consuming, starved = 0) {
    const texts = this.#texts;
    const { state, role, down_because: because, busy, capacity, queue, lag_writes: lag, slow_factor: slow } = component;
    const look = lookOf(component, this.#cell.limit, starved);
    const parts = [look === "overloaded" ? texts.text("topology.look.overloaded") : texts.named("state", state)];
    if (state === "down" && because) parts[0] += ` (${texts.named("because", because)})`;
    if (role) parts.push(texts.named("role", role));
    if (slow !== 1) parts.push(texts.text("state.slow", { count: slow, factor: texts.number(slow) }));
    if (component.error_prob) parts.push(texts.text("state.failing", { share: texts.percent(component.error_prob) }));
    if (capacity !== null) parts.push(texts.text("meta.busy_of", { count: busy, capacity }));
    else if (busy > 0) parts.push(texts.text("meta.busy", { count: busy }));
    if (consuming !== undefined && works(state)) parts.push(texts.text("meta.consuming", { share: texts.percent(consuming) }));
    if (queue > 0) parts.push(texts.text("meta.queue", { count: queue }));
    if (starved > 0) parts.push(texts.text("meta.pool", { count: starved }));
    if (lag > 0) parts.push(texts.text("meta.lag", { count: lag }));
    return `${component.name}: ${parts.join(", ")}`;
  }

  /** @param {Look} look */
  #showLook(look) {
    if (look === this.#look) return;
    this.#look = look;
    this.element.dataset.look = look;
    const size = this.#compact ? 13 : 15;
    const place = { x: this.#compact ? 5 : 8, y: (this.#box.height - size) / 2, width: size, height: size };
    this.#icon.replaceChildren(icon(ICONS[look], { class: "mark", ...place }));
  }

  /** What stands at the left and at the right, and what in the place of either where there is little room. @param {ComponentState} component @param {Look} look @param {Measured} measured @param {number} starved */
  #words(component, look, measured, starved) {
    const texts = this.#texts;
    const role = component.role === "" ? "" : component.role;
    if (this.#compact) {
      const label = role ? texts.known("topology.short", role, "") : `${this.#cell.copy}`;
      return [label, starved > 0 ? `+${texts.integer(starved)}` : this.#number(component, look, measured.share ?? measured.consuming)];
    }
    const { kind } = component;
    const name = role ? texts.known("topology.role", role, role) : kind === "cache" ? texts.text("topology.hits") : "";
    const number = kind === "node" ? this.#cell.copy + this.#cell.index : this.#cell.copy;
    const label = kind === "broker" || (kind === "cache" && number === 0 && this.#alone) ? name : `#${number} ${name}`.trim();
    // Which node it is can be seen by its place.
    const short = kind === "node" ? name : `#${number}`;
    const state = texts.named("state", component.state);
    if (kind === "broker") return this.#alone ? [state, ""] : [`#${this.#cell.index}`, state];
    if (WORDS.includes(look)) return [label, texts.text(/** @type {import("../../i18n/texts.js").Key} */ (`topology.word.${look}`)), short];
    if (look === "failing") {
      const share = this.#percent(component.error_prob ?? 0);
      return [label, texts.text("state.failing", { share }), short, share];
    }
    if (look === "slow") return [label, `×${texts.number(component.slow_factor)}`, short];
    if (kind === "cache" && component.queue === 0) return [label, measured.share == null ? "" : texts.percent(measured.share), short];
    if (measured.consuming !== undefined && component.busy === 0 && component.queue === 0) return [label, this.#percent(measured.consuming)];
    if (starved > 0) return [label, texts.text("topology.pool", { count: starved }), short];
    return [label, this.#load(component), short];
  }

  /** Whether there is nothing to tell it from by a number. */
  get #alone() {
    return this.element.parentElement?.querySelectorAll(".cell").length === 1;
  }

  /** @param {ComponentState} component */
  #load({ busy, capacity, queue }) {
    const texts = this.#texts;
    const work = capacity === null ? (busy > 0 ? texts.integer(busy) : "") : `${texts.integer(busy)}/${texts.integer(capacity)}`;
    return queue > 0 ? `${work} +${texts.integer(queue)}` : work;
  }

  /** A share without decimals: it changes all the time. @param {number} share */
  #percent(share) {
    return this.#texts.percent(Math.round(100 * Math.min(1, share)) / 100).replace(/[.,]0(?=\D)/, "");
  }

  /** The one number for which a small cell has room. @param {ComponentState} component @param {Look} look @param {number | null} [share] */
  #number(component, look, share) {
    const texts = this.#texts;
    if (!works(component.state)) return "";
    if (look === "failing") return "!";
    if (look === "slow") return `×${texts.number(component.slow_factor)}`;
    if (component.lag_writes > 0) return `−${texts.integer(component.lag_writes)}`;
    if (component.queue > 0) return `+${texts.integer(component.queue)}`;
    if (share != null) return `${texts.integer(100 * share)}%`;
    return component.busy > 0 ? texts.integer(component.busy) : "";
  }

  /** @param {string} label @param {string} value @param {string} [short] for the label where that has no room @param {string} [brief] for the value where nothing of the label has */
  #write(label, value, short = label, brief = value) {
    const { width } = this.#box;
    const room = width - (this.#compact ? 28 : 42);
    // As the style sheet has it: the primary's label is the heavier one.
    const weight = this.element.dataset.role === "primary" ? 750 : 500;
    const fits = widthOf(value, TEXT, 600) + widthOf(short, TEXT, weight) <= room;
    const right = fitted(fits ? value : brief, room, TEXT, 600);
    write(this.#value, right);
    const left = room - widthOf(right, TEXT, 600);
    const words = widthOf(label, TEXT, weight) <= left ? label : short;
    write(this.#label, left < 8 ? "" : fitted(words, left, TEXT, weight));
  }
}
