// All about one request: what came of it, why it failed, where its time went.

import { h } from "../dom.js";
import { Table } from "../table.js";
import { ownWaiting, seconds, swatch, totals } from "./phases.js";
import { causesOf, reasons } from "./reasons.js";
import { waterfall } from "./waterfall.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {import("../../web-service-model.js").RequestTrace} RequestTrace */
/** @typedef {import("../../web-service-model.js").Span} Span */
/** @typedef {{ close: () => void, look: (from: number, to: number) => void, goTo: (time: number) => void }} Actions */

/** Sums of times that differ by less, in seconds, differ only as computers add. */
const ROUNDING = 1e-9;

export class TraceView {
  #texts;
  #actions;
  #table = new Table("trace-table-title");
  #details;
  /** @type {RequestTrace | undefined} */
  #trace;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    const summary = h("summary", {}, texts.label(h("span", { id: "trace-table-title" }), "trace.table"));
    this.#details = h("details", {}, summary, this.#table.element);
    this.element = h("section", { class: "trace card", "aria-labelledby": "trace-title" });
    this.show(undefined);
  }

  /** @param {RequestTrace | undefined} trace */
  show(trace) {
    this.#trace = trace;
    this.element.replaceChildren(...(trace ? this.#story(trace) : this.#nothing()));
  }

  relabel() {
    this.show(this.#trace);
  }

  #nothing() {
    const title = h("h3", { id: "trace-title", class: "visually-hidden" }, this.#texts.text("trace.title.none"));
    return [title, h("p", { class: "note" }, this.#texts.text("requests.hint"))];
  }

  /** @param {RequestTrace} trace */
  #story(trace) {
    this.#fillTable(trace);
    const { latency, spans } = trace;
    const bars = spans.length > 0 && latency > 0 ? [this.#phases(trace), waterfall(trace, this.#texts)] : [];
    return [this.#head(trace), this.#about(trace), ...this.#why(trace), ...bars, this.#sum(trace), this.#details];
  }

  /** @param {RequestTrace} trace */
  #head({ number, service, sent, ended }) {
    const texts = this.#texts;
    const title = h("h3", { id: "trace-title", tabindex: -1 }, texts.text("trace.title", { number: String(number), service }));
    const look = h("button", { type: "button", class: "small trace-look" }, texts.text("trace.look"));
    look.addEventListener("click", () => this.#actions.look(sent, ended));
    const back = h("button", { type: "button", class: "small trace-back" }, texts.text("trace.back"));
    back.addEventListener("click", () => this.#actions.goTo(sent));
    const close = h("button", { type: "button", class: "small trace-close" }, texts.text("trace.close"));
    close.addEventListener("click", this.#actions.close);
    return h("div", { class: "trace-head" }, title, look, back, close);
  }

  /** @param {RequestTrace} trace */
  #about(trace) {
    const texts = this.#texts;
    const places = {
      kind: texts.text(kindOf(trace)),
      user: String(trace.user),
      group: trace.group,
      sent: texts.moment(trace.sent, 3),
      latency: texts.span(trace.latency),
      count: trace.attempts,
    };
    const sentences = [texts.text(trace.cause ? "trace.failed" : "trace.succeeded", places)];
    const tolerated = trace.spans.filter((span) => span.outcome).length;
    if (!trace.cause && tolerated > 0) sentences.push(texts.text("trace.tolerated", { count: tolerated }));
    if (trace.is_cut) sentences.push(texts.text("trace.cut"));
    return h("p", { class: "trace-about" }, sentences.join(" "));
  }

  /** The chain of causes, which reads as one sentence. @param {RequestTrace} trace */
  #why(trace) {
    const causes = causesOf(trace);
    if (causes.length === 0) return [];
    const texts = this.#texts;
    const links = reasons(causes, texts).map(({ text, time }) =>
      h("li", {}, `${text} `, h("span", { class: "note" }, texts.text("why.at", { time: texts.moment(time, 3) }))));
    const begin = h("p", {}, texts.text("why.begin"));
    return [h("div", { class: "why" }, h("h4", {}, texts.text("why.title")), begin, h("ol", {}, ...links))];
  }

  /** A legend that also says how much of each phase there is. @param {RequestTrace} trace */
  #phases({ spans, latency }) {
    const texts = this.#texts;
    const items = totals(spans).map(([phase, time]) => {
      const places = { phase: texts.named("part", phase), time: texts.span(time), share: texts.percent(time / latency) };
      return h("li", {}, swatch(phase), h("span", {}, texts.text("trace.phase", places)));
    });
    const list = h("ul", { class: "phases" }, ...items);
    return h("div", {}, h("h4", {}, texts.text("trace.phases")), list);
  }

  /** @param {RequestTrace} trace */
  #sum({ spans, latency }) {
    const own = ownWaiting(spans);
    const sum = own.reduce((all, span) => all + seconds(span), 0);
    const isWhole = Math.abs(sum - latency) <= ROUNDING * Math.max(1, own.length);
    const key = own.length === 0 || latency === 0 ? "trace.none" : isWhole ? "trace.sum" : "trace.sum.not";
    const places = { count: own.length, sum: this.#texts.span(sum), latency: this.#texts.span(latency) };
    return h("p", { class: "note trace-sum" }, this.#texts.text(key, places));
  }

  /** @param {RequestTrace} trace */
  #fillTable({ spans, sent }) {
    const texts = this.#texts;
    const columns = ["where", "step", "phase", "depth", "start", "took", "outcome"].map((id) => ({
      id,
      text: texts.text(/** @type {Key} */ (`span.${id}`)),
      words: ["step", "phase", "outcome"].includes(id),
    }));
    const rows = spans.map((span) => ({ name: place(span, texts), cells: [
      texts.named("step", span.step), texts.named("part", span.phase), texts.integer(span.depth),
      texts.span(span.start - sent), texts.span(seconds(span)),
      span.outcome ? texts.named("cause", span.outcome) : texts.text("span.ok"),
    ] }));
    this.#table.update(columns, rows);
  }
}

/** Where a span was: the service is told where the component's name does not tell it. @param {Span} span @param {Texts} texts */
function place({ service, component }, texts) {
  const where = component || texts.text("trace.user");
  return where.startsWith(service) ? where : `${where} (${service})`;
}

/** @param {Pick<RequestTrace, "is_read" | "is_login">} request @returns {Key} */
export function kindOf({ is_read: isRead, is_login: isLogin }) {
  if (isLogin) return "requests.kind.login";
  return isRead ? "requests.kind.read" : "requests.kind.write";
}
