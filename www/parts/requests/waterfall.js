// Where a request was and for how long: a bar for each span, on an axis of the time since it was sent.

import { h } from "../dom.js";
import { seconds } from "./phases.js";
import { ticks } from "./ticks.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../web-service-model.js").RequestTrace} RequestTrace */
/** @typedef {import("../../web-service-model.js").Span} Span */

const TICKS = 5;

/**
 * The waterfall of a trace, as a picture that its table says in words.
 * @param {RequestTrace} trace
 * @param {Texts} texts
 */
export function waterfall(trace, texts) {
  const label = texts.text("trace.waterfall", { number: String(trace.number) });
  const rows = [axis(trace, texts)];
  let visit = -1;
  let attempts = 0;
  for (const span of trace.spans) {
    if (span.visit > visit) {
      visit = span.visit;
      if (span.depth === 0) attempts += 1;
      if (span.depth > 0 || trace.attempts > 1) rows.push(heading(span, attempts, texts));
    }
    rows.push(row(span, trace, texts));
  }
  const picture = h("div", { class: "waterfall", "aria-hidden": "true" }, ...rows);
  return h("div", { class: "waterfall-place", role: "group", tabindex: 0, "aria-label": label }, picture);
}

/** @param {RequestTrace} trace @param {Texts} texts */
function axis({ latency }, texts) {
  const track = h("span", { class: "track" });
  for (const time of ticks(latency, TICKS)) {
    const tick = h("span", { class: "tick" }, texts.tick(time));
    tick.style.left = percent(time, latency);
    track.append(tick);
  }
  return h("div", { class: "waterfall-row axis" }, h("span"), track, h("span"));
}

/** @param {Span} span @param {number} attempts @param {Texts} texts */
function heading({ depth, service }, attempts, texts) {
  const text = depth > 0 ? texts.text("trace.call", { service }) : texts.text("trace.attempt", { number: attempts });
  const row = h("div", { class: "waterfall-row heading" }, indented(depth, text));
  return row;
}

/** @param {Span} span @param {RequestTrace} trace @param {Texts} texts */
function row(span, { sent, latency }, texts) {
  const where = h("span", { class: "span-where" }, span.component || texts.text("trace.user"));
  const phase = h("span", { class: "span-phase" }, texts.named("part", span.phase));
  const label = indented(span.depth, where, phase);
  const bar = h("span", { class: `bar-span phase-${span.phase}` });
  bar.style.left = percent(span.start - sent, latency);
  bar.style.width = percent(seconds(span), latency);
  const row = h("div", { class: "waterfall-row" }, label, h("span", { class: "track" }, bar));
  if (span.outcome) {
    row.classList.add("failed");
    const cause = texts.named("cause", span.outcome);
    label.append(h("span", { class: "span-failure" }, `✕ ${texts.text("trace.failure", { cause })}`));
  }
  row.append(h("span", { class: "span-time" }, texts.span(seconds(span))));
  return row;
}

/** @param {number} depth @param {(Node | string)[]} content */
function indented(depth, ...content) {
  const label = h("span", { class: "span-label" }, ...content);
  label.style.setProperty("--depth", String(depth));
  return label;
}

/** @param {number} time @param {number} whole */
function percent(time, whole) {
  return `${whole > 0 ? (time / whole) * 100 : 0}%`;
}
