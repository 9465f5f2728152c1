// The report, arranged in tables.

import { consumption } from "./consumption.js";
import { openShare, poolsOf, refusedOf } from "./edge-figures.js";
import { count, decimal, share, span } from "./measured.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../web-service-model.js").EdgeReport} EdgeReport */
/** @typedef {import("../web-service-model.js").Latency} Latency */
/** @typedef {import("./measured.js").Measured} Measured */
/** @typedef {import("./table.js").Column} Column */
/** @typedef {string | Measured} Figure */
/** @typedef {{ name: string, cells: Figure[], inner?: boolean }} Line */

/**
 * One with few columns is narrow.
 * @typedef {object} Sheet
 * @property {string} id
 * @property {Key} title
 * @property {Column[]} columns
 * @property {Line[]} rows
 * @property {Key} [empty] what is said instead of no rows
 * @property {boolean} [sparse] rows of zeros are left out
 */

/** Where time goes, in the order in which a request comes there. */
const PARTS = ["handshakes", "network", "auth", "queueing", "processing", "cache", "database", "broker", "calls", "retries"];

/**
 * @param {Report} report
 * @param {Config} config says whose consumers take what from the queues
 * @param {Texts} texts
 * @returns {Sheet[]}
 */
export function sheets(report, config, texts) {
  return [
    requests(report, texts),
    users(report, texts),
    timeIn(report, texts),
    failures(report, texts),
    auth(report, texts),
    network(report, texts),
    services(report, config, texts),
    replicas(report, texts),
    edges(report, texts),
    balancers(report, texts),
    admission(report, config, texts),
    pools(report, texts),
    databases(report, texts),
    caches(report, texts),
    keys(report, texts),
    brokers(report, texts),
  ];
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function requests({ requests: r }, texts) {
  const { latency, response } = r;
  return measures("requests", texts, [
    ["measure.total", count(r.total)],
    ["measure.succeeded", count(r.succeeded, "more")],
    ["measure.failed", count(r.failed, "less")],
    ["measure.success_ratio", share(r.success_ratio, "more")],
    ["measure.offered", decimal(r.offered)],
    ["measure.rps", decimal(r.rps)],
    ["measure.goodput", decimal(r.goodput, "more")],
    ["measure.amplification", decimal(r.amplification, "less")],
    ["measure.in_flight", count(r.in_flight)],
    ["measure.retries", count(r.retries, "less")],
    ["measure.timeouts", count(r.timeouts, "less")],
    ["measure.response.mean", span(response.mean)],
    ["measure.response.p50", span(response.p50)],
    ["measure.response.p99", span(response.p99)],
    ["measure.response.p999", span(response.p999)],
    ["measure.mean", span(latency.mean)],
    ["measure.p50", span(latency.p50)],
    ["measure.p90", span(latency.p90)],
    ["measure.p95", span(latency.p95)],
    ["measure.p99", span(latency.p99)],
    ["measure.p999", span(latency.p999)],
    ["measure.max", span(latency.max)],
  ]);
}

/** Groups of users, if there are several. @param {Report} report @param {Texts} texts @returns {Sheet} */
function users(report, texts) {
  const rows = Object.entries(report.users ?? {}).map(([name, group]) => ({
    name,
    cells: [
      count(group.total), count(group.failed, "less"), share(group.success_ratio, "more"), decimal(group.goodput, "more"),
      span(group.response.p50), span(group.response.p99), span(group.response.p999),
    ],
  }));
  return { ...sheet("users", texts, ["name", "requests", "failed", "success", "goodput", "waited_p50", "waited_p99", "waited_p999"], rows), sparse: true };
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function auth({ auth: a }, texts) {
  return measures("auth", texts, [
    ["measure.auth.succeeded", count(a.succeeded)],
    ["measure.auth.failed", count(a.failed, "less")],
    ["measure.auth.rejected", count(a.rejected, "less")],
  ]);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function network({ network: n }, texts) {
  return measures("network", texts, [
    ["measure.tcp", span(n.tcp.mean)],
    ["measure.tls", span(n.tls.mean)],
    ["measure.retransmissions", count(n.retransmissions, "less")],
  ]);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function timeIn({ requests: r }, texts) {
  const mean = r.latency.mean ?? 0;
  const parts = Object.entries(r.time_in).filter(([, seconds]) => seconds > 0);
  parts.sort(([one], [other]) => PARTS.indexOf(one) - PARTS.indexOf(other));
  const rows = parts.map(([part, seconds]) => ({
    name: texts.named("part", part),
    cells: [span(seconds), share(mean > 0 ? seconds / mean : null)],
  }));
  return { ...sheet("time_in", texts, ["part", "mean", "share"], rows), sparse: true };
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function failures({ requests: r }, texts) {
  const causes = Object.entries(r.failures).filter(([, number]) => number > 0).sort((one, other) => other[1] - one[1]);
  const rows = causes.map(([cause, number]) => ({
    name: texts.named("cause", cause),
    cells: [count(number, "less"), share(r.total > 0 ? number / r.total : null, "less")],
  }));
  return { ...sheet("failures", texts, ["cause", "count", "share"], rows), empty: "report.failures.none", sparse: true };
}

/** @param {Report} report @param {Config} config @param {Texts} texts @returns {Sheet} */
function services(report, config, texts) {
  // A service that consumes messages works, though nobody sends it requests.
  const consumers = consumption(report, config);
  /** @param {string} name @returns {Figure[]} */
  const consumed = (name) => {
    const found = consumers.get(name);
    return found ? [{ ...count(found.consumed), atMost: found.shared }, decimal(found.utilisation)] : ["", ""];
  };
  const extra = consumers.size > 0 ? ["consumed_messages", "consumers_busy"] : [];
  // Where any number of requests are worked on at once, how many that are is no share of anything.
  const isLimited = (/** @type {string} */ name) => Boolean((config.services?.[name] ?? config.auth)?.workers);
  const unlimited = Object.keys(report.services).some((name) => !isLimited(name));
  const noWork = unlimited ? ["", ""] : [""];
  /** @param {string} name @param {{ utilisation: number }} of @returns {Figure[]} */
  const work = (name, { utilisation }) => [
    isLimited(name) ? decimal(utilisation) : "", ...(unlimited ? [isLimited(name) ? "" : decimal(utilisation)] : [])];
  const rows = Object.entries(report.services).flatMap(([name, service]) => [
    { name, cells: visits(service, [...work(name, service), ...(extra.length > 0 ? consumed(name) : [])], "") },
    ...Object.entries(service.endpoints ?? {}).map(([endpoint, figures]) => ({
      name: `${name}.${endpoint}`,
      inner: true,
      cells: [...outcomes(figures), ...noWork, ...extra.map(() => ""), "", ""],
    })),
    ...Object.entries(service.instances).map(([instance, figures]) => ({
      name: instance,
      inner: true,
      cells: visits(figures, [...work(name, figures), ...extra.map(() => "")], texts.named("state", figures.state)),
    })),
  ]);
  const columns = ["name", "requests", "failed", "success", "mean", "p95", "p99", "utilisation", ...(unlimited ? ["at_work"] : []), ...extra,
    "availability", "state"];
  return sheet("services", texts, columns, rows);
}

/**
 * @param {{ total: number, failed: number, succeeded: number, latency: Latency, availability: number }} v
 * @param {Figure[]} work what there was to do
 * @param {string} state
 * @returns {Figure[]}
 */
function visits(v, work, state) {
  return [
    ...outcomes(v),
    ...work,
    share(v.availability, "more"),
    state,
  ];
}

/** @param {{ total: number, failed: number, succeeded: number, latency: Latency }} v @returns {Figure[]} */
function outcomes(v) {
  return [
    count(v.total),
    count(v.failed, "less"),
    share(v.total > 0 ? v.succeeded / v.total : null, "more"),
    ...latencies(v.latency),
  ];
}

/** Who asks whom under a policy. What no edge has takes no columns. @param {Report} report @param {Texts} texts @returns {Sheet} */
function edges(report, texts) {
  const all = Object.entries(report.edges ?? {});
  const has = (/** @type {(edge: EdgeReport) => unknown} */ part) => all.some(([, edge]) => part(edge));
  const [hedges, breaker, bulkhead] = [has((edge) => edge.hedges), has((edge) => edge.breaker), has((edge) => edge.bulkhead)];
  const fallbacks = has((edge) => edge.fallbacks);
  const rows = all.map(([name, edge]) => ({
    name,
    cells: [
      count(edge.attempts), count(edge.retries, "less"), count(edge.succeeded, "more"), count(edge.failed, "less"),
      count(edge.given_up, "less"), count(refusedOf(edge), "less"),
      ...(hedges ? [count(edge.hedges), count(edge.hedges_won)] : []),
      ...(fallbacks ? [count(edge.fallbacks ?? 0, "less")] : []),
      ...(bulkhead ? [decimal(edge.bulkhead?.waiting.mean, "less")] : []),
      ...(breaker ? [share(openShare(edge, report), "less"), edge.breaker ? texts.named("breaker", edge.breaker.state) : ""] : []),
    ],
  }));
  const columns = ["name", "attempts", "retries", "succeeded", "failed", "given_up", "refused",
    ...(hedges ? ["hedges", "hedges_won"] : []), ...(fallbacks ? ["fallbacks"] : []), ...(bulkhead ? ["waiting_mean"] : []), ...(breaker ? ["breaker_open", "breaker"] : [])];
  return sheet("edges", texts, columns, rows);
}

/** What balancers that learn, or that keep to a number of requests, have found. @param {Report} report @param {Texts} texts @returns {Sheet} */
function balancers(report, texts) {
  const all = Object.entries(report.services).filter(([, { ejections, turned_away: away }]) => ejections !== undefined || away !== undefined);
  const hasQueue = all.some(([, { balancer_queue: queue }]) => queue);
  const rows = all.map(([name, { ejections, turned_away: away, balancer_queue: queue }]) => ({
    name,
    cells: [
      ejections === undefined ? "" : count(ejections), away === undefined ? "" : count(away, "less"),
      ...(hasQueue ? [queue ? decimal(queue.mean, "less") : "", queue ? count(queue.max, "less") : ""] : []),
    ],
  }));
  return sheet("balancers", texts, ["name", "ejections", "turned_away", ...(hasQueue ? ["waiting_mean", "waiting_max"] : [])], rows);
}

/** Whom instances that do not let everybody in have let in. @param {Report} report @param {Config} config @param {Texts} texts @returns {Sheet} */
function admission(report, config, texts) {
  const rows = Object.entries(report.services).flatMap(([service, { instances }]) => {
    const [rule] = Object.keys(config.services?.[service]?.admission ?? {});
    const word = rule === undefined ? "" : texts.named("rule", rule);
    return Object.entries(instances).flatMap(([name, { admission: one }]) => (one ? [{
      name,
      cells: [
        word, one.limit ? count(one.limit.now) : "", one.limit ? decimal(one.limit.mean) : "",
        decimal(one.inside.mean), count(one.inside.max), count(one.refused, "less"),
      ],
    }] : []));
  });
  return sheet("admission", texts, ["name", "rule", "limit_now", "limit_mean", "inside_mean", "inside_max", "not_admitted"], rows);
}

/** Services whose instances come and go. @param {Report} report @param {Texts} texts @returns {Sheet} */
function replicas(report, texts) {
  const rows = Object.entries(report.services).flatMap(([name, { replicas }]) => (replicas ? [{
    name,
    cells: [
      count(replicas.wanted.now), decimal(replicas.wanted.mean), count(replicas.wanted.max),
      count(replicas.ready.now), decimal(replicas.ready.mean), count(replicas.release),
    ],
  }] : []));
  return sheet("replicas", texts, ["name", "wanted_now", "wanted_mean", "wanted_max", "ready_now", "ready_mean", "release"], rows);
}

/** Connections that instances keep to their databases and caches. @param {Report} report @param {Texts} texts @returns {Sheet} */
function pools(report, texts) {
  const rows = Object.entries(report.services).flatMap(([service, { instances }]) =>
    Object.keys(instances).flatMap((name) => poolsOf(report, service, name).map(({ store, pool }) => ({
      name,
      cells: [
        texts.text(`pool.${store}`), count(pool.size), decimal(pool.in_use.mean), count(pool.in_use.max),
        decimal(pool.waiting.mean, "less"), count(pool.waiting.max, "less"),
      ],
    }))));
  return sheet("pools", texts, ["name", "pool_to", "pool_size", "in_use_mean", "in_use_max", "waiting_mean", "waiting_max"], rows);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function databases(report, texts) {
  // (The table is wide enough; and where all users see what they have written there is nothing to say.)
  const areOwnLacking = Object.values(report.db_clusters).some((c) => c.own_stale_reads > 0);
  /** @template T @param {T} one */
  const own = (one) => (areOwnLacking ? [one] : []);
  const rows = Object.entries(report.db_clusters).flatMap(([name, c]) => [
    {
      name,
      cells: [
        count(c.reads + c.writes), count(c.failed, "less"), ...latencies(c.latency),
        share(c.availability, "more"), count(c.failovers, "less"), count(c.lost_writes, "less"),
        count(c.stale_reads, "less"), ...own(count(c.own_stale_reads, "less")), span(c.replication_lag.mean), "",
      ],
    },
    ...Object.entries(c.nodes).map(([node, n]) => ({
      name: node,
      inner: true,
      cells: [
        count(n.operations), count(n.failed, "less"), ...latencies(n.latency),
        share(n.availability, "more"), "", "", "", ...own(""), span(n.lag_seconds),
        `${texts.named("state", n.state)}, ${texts.named("role", n.role)}`,
      ],
    })),
  ]);
  const columns = ["name", "operations", "failed", "mean", "p95", "p99", "availability", "failovers", "lost_writes",
    "stale_reads", ...own("own_stale_reads"), "lag", "state"];
  return sheet("databases", texts, columns, rows);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function caches(report, texts) {
  const rows = Object.entries(report.caches).map(([name, c]) => ({
    name,
    cells: [
      count(c.hits), count(c.misses), count(c.coalesced), count(c.failed, "less"), share(c.hit_ratio, "more"),
      span(c.latency.mean), share(c.availability, "more"), count(c.outages, "less"), texts.named("state", c.state),
    ],
  }));
  const columns = ["name", "hits", "misses", "coalesced", "failed", "hit_ratio", "mean", "availability", "outages", "state"];
  return sheet("caches", texts, columns, rows);
}

/** What becomes of keys, in caches that tell. @param {Report} report @param {Texts} texts @returns {Sheet} */
function keys(report, texts) {
  const telling = Object.entries(report.caches).filter(([, c]) => [c.evicted_keys, c.refreshes, c.updates].some((it) => it !== undefined));
  const rows = telling.map(([name, c]) => ({
    name,
    cells: [
      count(c.keys), count(c.evicted_keys), count(c.expired_keys), count(c.refused_keys, "less"), count(c.refreshes),
      count(c.stale_hits, "less"), count(c.updates), count(c.outdated_hits, "less"), count(c.unflushed),
      count(c.lost_writes, "less"),
    ],
  }));
  const columns = ["name", "keys", "evicted_keys", "expired_keys", "refused_keys", "refreshes", "stale_hits", "updates",
    "outdated_hits", "unflushed", "lost_writes"];
  return sheet("keys", texts, columns, rows);
}

/** @param {Report} report @param {Texts} texts @returns {Sheet} */
function brokers(report, texts) {
  const rows = Object.entries(report.brokers).flatMap(([name, b]) => [
    {
      name,
      cells: [
        count(b.broker_messages_sent), count(b.broker_messages_failed, "less"), "",
        b.unroutable_messages === undefined ? "" : count(b.unroutable_messages, "less"), "", "", "",
        span(b.broker_avg_latency), "", "", share(b.availability, "more"), texts.named("state", b.state),
      ],
    },
    ...Object.entries(b.nodes ?? {}).map(([node, n]) => ({
      name: node,
      inner: true,
      cells: ["", "", "", "", "", "", "", "", "", "", share(n.availability, "more"), texts.named("state", n.state)],
    })),
    ...Object.entries(b.queues).map(([queue, q]) => ({
      name: queue,
      inner: true,
      cells: [
        count(q.sent), count(q.failed, "less"), count(q.consumed), count(q.dropped, "less"),
        count(q.redelivered, "less"), count(q.expired, "less"), count(deadLetters(q), "less"),
        span(q.delivery.mean), count(q.size.now, "less"), count(q.size.max, "less"), q.served === undefined ? "" : share(q.served, "more"), "",
      ],
    })),
  ]);
  const columns = ["name", "sent", "failed", "consumed", "dropped", "redelivered", "expired", "dead_letters", "delay", "waiting", "waiting_max", "availability",
    "state"];
  return sheet("brokers", texts, columns, rows);
}

/** Those that went to the queue of dead letters, for whatever reason. @param {import("../web-service-model.js").QueueReport} queue */
function deadLetters({ dead_letters: dead }) {
  return dead && dead.expired + dead.rejected + dead.maxlen + dead.delivery_limit;
}

/** @param {Latency} latency */
function latencies(latency) {
  return [span(latency.mean), span(latency.p95), span(latency.p99)];
}

/** Columns of words; the others are figures. */
const WORDS = ["state", "breaker", "rule"];

/**
 * @param {string} id
 * @param {Texts} texts
 * @param {string[]} columns
 * @param {Line[]} rows
 * @returns {Sheet}
 */
function sheet(id, texts, columns, rows) {
  const heads = columns.map((name) => ({ id: name, text: texts.named("column", name), words: WORDS.includes(name) }));
  return { id, title: /** @type {Key} */ (`report.${id}`), columns: heads, rows };
}

/**
 * @param {string} id
 * @param {Texts} texts
 * @param {[Key, Measured][]} rows
 */
function measures(id, texts, rows) {
  return sheet(id, texts, ["measure", "value"], rows.map(([key, value]) => ({ name: texts.text(key), cells: [value] })));
}
