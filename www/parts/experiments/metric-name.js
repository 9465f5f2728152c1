// Names of figures, such as `brokers.RabbitMQ.publish_latency.p99`, in words.

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/** Components, whose names follow. */
const COMPONENTS = ["services", "db_clusters", "caches", "brokers", "edges"];
/** Parts of components, likewise. */
const PARTS = ["instances", "endpoints", "nodes", "queues", "broker_queue_sizes"];
/** Of the parts that are named with their component anyway: `Shop-0`, `ShopDB-0/primary`. */
const SAY_ALL = ["instances", "nodes"];
/** Measures in seconds. */
const TIMES = ["latency", "publish_latency", "confirm_latency", "delivery", "replication_lag", "tcp", "tls"];

/** The same of messages of one priority. */
const OF_PRIORITY = /^delivery_by_priority\.(?<priority>\d+)\.(?<statistic>\w+)$/;

/** Measures whose names have two parts. */
const TWOFOLD = /^(pool|cache_pool|bulkhead)\./;

/** In words, or as it is where there are none. @param {string} name @param {Texts} texts */
export function metricName(name, texts) {
  const own = texts.known("metric", name, "");
  if (own) return own;
  const [group, rest] = cut(name, name.indexOf("."));
  const found = COMPONENTS.includes(group) ? ofComponent(rest, texts) : ofAll(group, rest, texts);
  return found ?? name;
}

/** Of the whole system. @param {string} group @param {string} rest @param {Texts} texts */
function ofAll(group, rest, texts) {
  const title = texts.known("metric_of", group, "");
  const words = title && measureWords(rest, texts);
  return words ? `${title}: ${words}` : undefined;
}

/** Names may have dots in them, so every place where one may end is tried. @param {string} text @param {Texts} texts @returns {string | undefined} */
function ofComponent(text, texts) {
  for (const [component, rest] of cuts(text)) {
    const words = measureWords(rest, texts);
    if (words) return `${component}: ${words}`;
    const [kind, part] = cut(rest, rest.indexOf("."));
    if (!PARTS.includes(kind)) continue;
    for (const [name, measure] of cuts(part)) {
      const words = measureWords(kind === "broker_queue_sizes" ? `size.${measure}` : measure, texts);
      if (words) return `${SAY_ALL.includes(kind) ? "" : `${component}, `}${name}: ${words}`;
    }
  }
  return undefined;
}

/** What is measured: `latency.p99`, `failures.timeout`, `lost_writes`. @param {string} measure @param {Texts} texts */
function measureWords(measure, texts) {
  const own = texts.known("measured", measure, "");
  if (own) return own;
  const { priority, statistic: one = "" } = OF_PRIORITY.exec(measure)?.groups ?? {};
  if (priority !== undefined) {
    const figure = texts.known("statistic", one, "");
    const words = texts.text("measured_of.delivery_by_priority", { priority: Number(priority) });
    return figure && texts.text(one === "count" ? "measured_as.figure" : "measured_as.time", { measure: words, figure });
  }
  const [base, statistic] = cut(measure, TWOFOLD.test(measure) ? measure.lastIndexOf(".") : measure.indexOf("."));
  const inner = base === "failures" ? texts.known("cause", statistic, "") : base === "time_in" ? texts.known("part", statistic, "")
    : texts.known("statistic", statistic, "");
  const outer = texts.known("measured_of", base, "");
  if (!inner || !outer) return "";
  const isTime = base === "time_in" || (statistic !== "count" && TIMES.includes(base));
  return texts.text(isTime ? "measured_as.time" : "measured_as.figure", { measure: outer, figure: inner });
}

/** @param {string} text @param {number} at @returns {[string, string]} */
function cut(text, at) {
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** All ways to cut a text in two at a dot, the shortest beginning first. @param {string} text */
function* cuts(text) {
  for (let at = text.indexOf("."); at >= 0; at = text.indexOf(".", at + 1)) yield cut(text, at);
}
