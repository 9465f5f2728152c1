// The report, arranged in tables.

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../web-service-model.js").Latency} Latency */
/** @typedef {import("./table.js").Column} Column */
/** @typedef {import("./table.js").Row} Row */
/** @typedef {{ id: string, title: Key, columns: Column[], rows: Row[], empty?: Key }} Sheet one with few columns is narrow */

/** Where time goes, in the order in which a request comes there. */
const PARTS = ["handshakes", "network", "auth", "queueing", "processing", "cache", "database", "broker", "calls", "retries"];

/** @param {Report} report @param {Texts} texts @returns {Sheet[]} */
export function sheets(report, texts) {
  return [
    requests(report, texts),
    timeIn(report, texts),
    failures(report, texts),
    auth(report, texts),
    network(report, texts),
    services(report, texts),
    databases(report, texts),
    caches(report, texts),
    brokers(report, texts),
  ];
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function requests({ requests: r }, texts) {
  const { latency } = r;
  return measures("requests", texts, [
    ["measure.total", texts.integer(r.total)],
    ["measure.succeeded", texts.integer(r.succeeded)],
    ["measure.failed", texts.integer(r.failed)],
    ["measure.success_ratio", texts.percent(r.success_ratio)],
    ["measure.rps", texts.decimal(r.rps)],
    ["measure.goodput", texts.decimal(r.goodput)],
    ["measure.in_flight", texts.integer(r.in_flight)],
    ["measure.retries", texts.integer(r.retries)],
    ["measure.timeouts", texts.integer(r.timeouts)],
    ["measure.mean", texts.span(latency.mean)],
    ["measure.p50", texts.span(latency.p50)],
    ["measure.p95", texts.span(latency.p95)],
    ["measure.p99", texts.span(latency.p99)],
    ["measure.max", texts.span(latency.max)],
  ]);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function auth({ auth: a }, texts) {
  return measures("auth", texts, [
    ["measure.auth.succeeded", texts.integer(a.succeeded)],
    ["measure.auth.failed", texts.integer(a.failed)],
    ["measure.auth.rejected", texts.integer(a.rejected)],
  ]);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function network({ network: n }, texts) {
  return measures("network", texts, [
    ["measure.tcp", texts.span(n.tcp.mean)],
    ["measure.tls", texts.span(n.tls.mean)],
    ["measure.retransmissions", texts.integer(n.retransmissions)],
  ]);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function timeIn({ requests: r }, texts) {
  const mean = r.latency.mean ?? 0;
  const parts = Object.entries(r.time_in).filter(([, seconds]) => seconds > 0);
  parts.sort(([one], [other]) => PARTS.indexOf(one) - PARTS.indexOf(other));
  const rows = parts.map(([part, seconds]) => ({
    name: texts.named("part", part),
    cells: [texts.span(seconds), texts.percent(mean > 0 ? seconds / mean : null)],
  }));
  return sheet("time_in", texts, ["part", "mean", "share"], rows);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function failures({ requests: r }, texts) {
  const causes = Object.entries(r.failures).filter(([, count]) => count > 0).sort((one, other) => other[1] - one[1]);
  const rows = causes.map(([cause, count]) => ({
    name: texts.named("cause", cause),
    cells: [texts.integer(count), texts.percent(r.total > 0 ? count / r.total : null)],
  }));
  return { ...sheet("failures", texts, ["cause", "count", "share"], rows), empty: "report.failures.none" };
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function services(report, texts) {
  const rows = Object.entries(report.services).flatMap(([name, service]) => [
    { name, cells: visits(service, texts, "") },
    ...Object.entries(service.instances).map(([instance, figures]) => ({
      name: instance,
      inner: true,
      cells: visits(figures, texts, texts.named("state", figures.state)),
    })),
  ]);
  const columns = ["name", "requests", "failed", "success", "mean", "p95", "p99", "utilisation", "availability", "state"];
  return sheet("services", texts, columns, rows);
}

/**
 * @param {{ total: number, failed: number, succeeded: number, latency: Latency, utilisation: number, availability: number }} v
 * @param {Texts} texts
 * @param {string} state
 */
function visits(v, texts, state) {
  return [
    texts.integer(v.total),
    texts.integer(v.failed),
    texts.percent(v.total > 0 ? v.succeeded / v.total : null),
    ...latencies(v.latency, texts),
    texts.decimal(v.utilisation),
    texts.percent(v.availability),
    state,
  ];
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function databases(report, texts) {
  const rows = Object.entries(report.db_clusters).flatMap(([name, c]) => [
    {
      name,
      cells: [
        texts.integer(c.reads + c.writes), texts.integer(c.failed), ...latencies(c.latency, texts),
        texts.percent(c.availability), texts.integer(c.failovers), texts.integer(c.lost_writes),
        texts.integer(c.stale_reads), texts.span(c.replication_lag.mean), "",
      ],
    },
    ...Object.entries(c.nodes).map(([node, n]) => ({
      name: node,
      inner: true,
      cells: [
        texts.integer(n.operations), texts.integer(n.failed), ...latencies(n.latency, texts),
        texts.percent(n.availability), "", "", "", texts.span(n.lag_seconds),
        `${texts.named("state", n.state)}, ${texts.named("role", n.role)}`,
      ],
    })),
  ]);
  const columns = ["name", "operations", "failed", "mean", "p95", "p99", "availability", "failovers", "lost_writes",
    "stale_reads", "lag", "state"];
  return sheet("databases", texts, columns, rows);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function caches(report, texts) {
  const rows = Object.entries(report.caches).map(([name, c]) => ({
    name,
    cells: [
      texts.integer(c.hits), texts.integer(c.misses), texts.integer(c.failed), texts.percent(c.hit_ratio),
      texts.span(c.latency.mean), texts.percent(c.availability), texts.integer(c.outages), texts.named("state", c.state),
    ],
  }));
  const columns = ["name", "hits", "misses", "failed", "hit_ratio", "mean", "availability", "outages", "state"];
  return sheet("caches", texts, columns, rows);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function brokers(report, texts) {
  const rows = Object.entries(report.brokers).flatMap(([name, b]) => [
    {
      name,
      cells: [
        texts.integer(b.broker_messages_sent), texts.integer(b.broker_messages_failed), "", "",
        texts.span(b.broker_avg_latency), "", "", texts.percent(b.availability), texts.named("state", b.state),
      ],
    },
    ...Object.entries(b.queues).map(([queue, q]) => ({
      name: queue,
      inner: true,
      cells: [
        texts.integer(q.sent), texts.integer(q.failed), texts.integer(q.consumed), texts.integer(q.dropped),
        texts.span(q.delivery.mean), texts.integer(q.size.now), texts.integer(q.size.max), "", "",
      ],
    })),
  ]);
  const columns = ["name", "sent", "failed", "consumed", "dropped", "delay", "waiting", "waiting_max", "availability",
    "state"];
  return sheet("brokers", texts, columns, rows);
}

/** @param {Latency} latency @param {Texts} texts */
function latencies(latency, texts) {
  return [texts.span(latency.mean), texts.span(latency.p95), texts.span(latency.p99)];
}

/** Columns of words; the others are figures. */
const WORDS = ["state"];

/**
 * @param {string} id
 * @param {Texts} texts
 * @param {string[]} columns
 * @param {Row[]} rows
 * @returns {Sheet}
 */
function sheet(id, texts, columns, rows) {
  const heads = columns.map((name) => ({ id: name, text: texts.named("column", name), words: WORDS.includes(name) }));
  return { id, title: /** @type {Key} */ (`report.${id}`), columns: heads, rows };
}

/**
 * @param {string} id
 * @param {Texts} texts
 * @param {[Key, string][]} rows
 */
function measures(id, texts, rows) {
  return sheet(id, texts, ["measure", "value"], rows.map(([key, value]) => ({ name: texts.text(key), cells: [value] })));
}
