// How far the run has come, and what happened on the way: marks for faults, failovers and changes.

import { h, write } from "./dom.js";
import { Playhead } from "./playhead.js";
import { logDetail } from "./log-details.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../run/laboratory.js").Sight} Sight */
/** @typedef {import("../web-service-model.js").LogKind} LogKind */
/** @typedef {import("../web-service-model.js").MarkClass} MarkClass */
/** What is told of an event, or of several of which the first is known. @typedef {{ time: number, kind: LogKind, component: string, detail?: string, count?: number }} Told */
/** @typedef {{ look: (sight: Partial<Sight>) => void, open: (time: number) => void, goTo: (time: number) => void }} Actions */

/** Kinds of events that are marked, and what their marks look like: the simulator's `MarkClass`. @type {Partial<Record<LogKind, MarkClass>>} */
const LOOKS = {
  crash: "fault",
  slow: "fault",
  failing: "fault",
  partition: "fault",
  recover: "mended",
  heal: "mended",
  failover: "failover",
  no_candidate: "failover",
  suspicion: "failover",
  called_off: "mended",
  demotion: "failover",
  forgot: "failover",
  promotion: "failover",
  election: "failover",
  breaker: "breaker",
  ejection: "breaker",
  scaling: "change",
  deployment: "change",
  config_change: "change",
  warm_up_end: "change",
};

const KINDS = /** @type {LogKind[]} */ (Object.keys(LOOKS));
/** The latest entries are told one by one; of what is older only the marks are left. */
const LIMIT = 400;
/** So many places along the line; marks of the same look in one place are one. */
const PLACES = 240;
/** What a tooltip lists at the most. */
const LISTED = 6;
/** A pointer this near to an event, as a share of the line, is at it. */
const NEAR = 1 / 120;
/** A finger touches the same place again, as a share of the line. */
const TOUCHED = 1 / 25;
/** Shorter than this share of the line is a click, not a choice of a part. */
const SHORTEST = 1 / 200;

export class Timeline {
  #texts;
  #actions;
  #bar = h("div", { class: "timeline-bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 });
  #done = h("div", { class: "timeline-done" });
  #marks = h("div", { class: "timeline-marks", "aria-hidden": "true" });
  #range = h("div", { class: "timeline-range", hidden: true });
  #cursor = h("div", { class: "timeline-cursor", hidden: true });
  #head;
  #tip = h("div", { class: "tip timeline-tip", hidden: true });
  /** @type {Told[]} */
  #entries = [];
  #shown = "";
  #now = 0;
  #seen = 0;
  #duration = 0;
  /** @type {Sight} */
  #sight = { zoom: null, cursor: null };
  /** @type {number | undefined} */
  #dragFrom;
  /** Whether the pointer only asks what happened. */
  #asks = false;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#bar.append(this.#done, this.#range);
    this.#head = new Playhead(texts, (time) => actions.goTo(time), (event) => this.#timeAt(event), () => this.#leave());
    this.element = h("div", { class: "timeline", role: "group", tabindex: 0 }, this.#marks, this.#bar, this.#cursor, this.#head.element, this.#tip);
    texts.attribute(this.#bar, "aria-label", "progress.label");
    texts.attribute(this.element, "aria-label", "timeline.label");
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("blur", () => this.#leave());
    this.element.addEventListener("pointermove", (event) => this.#point(event));
    // A finger leaves when it is lifted: what it has pointed at stays, until the focus goes elsewhere.
    this.element.addEventListener("pointerleave", (event) => event.pointerType === "touch" || this.#leave());
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const { cursor } = this.#sight;
      const shown = !this.#tip.hidden && cursor !== null && Math.abs(this.#timeAt(event) - cursor) <= this.#duration * TOUCHED;
      // A finger cannot hover: it asks what happened by its first touch, and opens the list by another one there.
      this.#asks = event.pointerType === "touch" && !shown;
      if (this.#asks) this.#point(event);
      this.#dragFrom = this.#timeAt(event);
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointerup", (event) => this.#release(event));
    this.element.addEventListener("pointercancel", () => {
      this.#dragFrom = undefined;
      this.#leave();
    });
    this.element.addEventListener("dblclick", () => actions.look({ zoom: null }));
  }

  /** @param {number} now how far the run has come @param {number} duration @param {number} [seen] the moment that is seen */
  progress(now, duration, seen = now) {
    this.#head.show(seen, now, duration);
    const moved = duration !== this.#duration;
    [this.#now, this.#duration, this.#seen] = [now, duration, seen];
    if (moved) this.sight(this.#sight);
    const share = duration > 0 ? Math.min(now / duration, 1) : 0;
    this.#done.style.transform = `scaleX(${share})`;
    this.#bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    const places = { now: this.#texts.moment(now), duration: this.#texts.moment(duration) };
    this.#bar.setAttribute("aria-valuetext", this.#texts.text("progress.text", places));
  }

  /** @param {Simulation} simulation */
  update(simulation) {
    const { entries } = simulation.log({ kinds: KINDS, limit: LIMIT });
    const marks = simulation.marks();
    const key = `${entries.length} ${entries[0]?.number} ${entries.at(-1)?.number} ${marks.length} ${this.#duration}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const older = entries.length < LIMIT ? [] : marks.filter((mark) => mark.number < entries[0].number);
    this.#entries = [...older, ...entries];
    /** @type {Map<string, HTMLElement>} */
    const drawn = new Map();
    for (const { class: look, time } of marks) {
      const place = Math.round((time / this.#duration) * PLACES);
      const id = `${look} ${place}`;
      if (drawn.has(id)) continue;
      const mark = h("span", { class: `mark-${look}` });
      mark.style.left = `${(place / PLACES) * 100}%`;
      drawn.set(id, mark);
    }
    this.#marks.replaceChildren(...drawn.values());
  }

  /** @param {Sight} sight */
  sight(sight) {
    this.#sight = sight;
    const { zoom, cursor } = sight;
    this.#range.hidden = !zoom;
    if (zoom) {
      this.#range.style.left = `${this.#share(zoom[0]) * 100}%`;
      this.#range.style.width = `${(this.#share(zoom[1]) - this.#share(zoom[0])) * 100}%`;
    }
    this.#cursor.hidden = cursor === null;
    if (cursor !== null) this.#cursor.style.left = `${this.#share(cursor) * 100}%`;
  }

  relabel() {
    this.progress(this.#now, this.#duration, this.#seen);
  }

  /** @param {number} time */
  #share(time) {
    return this.#duration > 0 ? Math.min(Math.max(time / this.#duration, 0), 1) : 0;
  }

  /** @param {PointerEvent} event */
  #timeAt(event) {
    const { left, width } = this.element.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - left) / width, 0), 1) * this.#duration;
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const time = this.#timeAt(event);
    const from = this.#dragFrom;
    if (from !== undefined && Math.abs(time - from) > this.#duration * SHORTEST) {
      this.#actions.look({ zoom: time > from ? [from, time] : [time, from], cursor: time });
      return;
    }
    this.#actions.look({ cursor: time });
    this.#showTip(time);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const from = this.#dragFrom;
    this.#dragFrom = undefined;
    const time = this.#timeAt(event);
    if (this.#asks) return;
    if (from !== undefined && Math.abs(time - from) <= this.#duration * SHORTEST) this.#actions.open(time);
  }

  /** From event to event, as far as there are any. @param {KeyboardEvent} event */
  #onKey(event) {
    const times = this.#entries.map((entry) => entry.time);
    const { cursor } = this.#sight;
    const to = {
      ArrowRight: times.find((time) => time > (cursor ?? -1)),
      ArrowLeft: times.findLast((time) => time < (cursor ?? Infinity)),
      Home: times[0],
      End: times.at(-1),
    }[event.key];
    if (to !== undefined) {
      this.#actions.look({ cursor: to });
      // The keyboard moves the place, so a screen reader is to say what is there.
      this.#tip.setAttribute("role", "status");
      this.#showTip(to);
    } else if (event.key === "Enter" && cursor !== null) this.#actions.open(cursor);
    else if (event.key === "Escape") this.#actions.look({ zoom: null });
    else return;
    event.preventDefault();
  }

  #leave() {
    this.#tip.removeAttribute("role");
    this.#tip.hidden = true;
    this.#actions.look({ cursor: null });
  }

  /** @param {number} time */
  #showTip(time) {
    const near = this.#entries.filter((entry) => Math.abs(entry.time - time) <= this.#duration * NEAR);
    const lines = near.slice(0, LISTED).map((entry) => this.#line(entry));
    if (near.length > LISTED) lines.push(h("li", {}, this.#texts.text("timeline.more", { count: near.length - LISTED })));
    const head = h("strong", {}, this.#texts.moment(time, 1));
    this.#tip.replaceChildren(head, ...(lines.length > 0 ? [h("ul", {}, ...lines)] : []));
    this.#tip.hidden = false;
    const share = this.#share(time);
    this.#tip.style.left = `${share * 100}%`;
    // Near the right end it stands to the left of the pointer.
    this.#tip.style.translate = `${-share * 100}% 0`;
  }

  /** @param {Told} told */
  #line({ time, kind, component, detail, count = 1 }) {
    const line = h("li", {}, h("span", { class: `mark-${LOOKS[kind]}`, "aria-hidden": "true" }));
    const text = h("span", {});
    const words = [this.#texts.moment(time, 1), component || this.#texts.text("log.system"), this.#texts.named("event", kind)];
    const more = detail ? `: ${logDetail(detail, this.#texts) ?? detail}` : "";
    write(text, `${words.join(" · ")}${more}${count > 1 ? ` (× ${count})` : ""}`);
    line.append(text);
    return line;
  }
}
