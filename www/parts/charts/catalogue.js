// The charts of the laboratory: which there are, and for which systems they say something.

/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../web-service-model.js").ChartId} ChartId */
/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../web-service-model.js").ChartTexts} ChartTexts */

/** What everybody wants to see; the rest stands behind a disclosure. @type {ChartId[]} */
export const MAIN = [
  "rps", "response-percentiles", "latency-histogram", "success-share", "service-latency", "time-in", "failures", "load-share", "load",
  "latency-percentiles", "latency-heat-map", "availability", "handshakes", "broker-queues", "broker-delay",
];

/** @type {ChartId[]} */
export const MORE = [
  "queue-length", "logins", "database-latency", "replication-lag", "cache-hit-ratio", "broker-delivery",
];

/**
 * What a system must have for a chart to say something; the others always do.
 * @type {{ [id in ChartId]?: (config: Config) => boolean }}
 */
const NEEDS = {
  handshakes: ({ network }) => network?.tcp !== undefined || network?.tls !== undefined,
  // Without a number of workers nobody waits for one.
  "queue-length": ({ services, auth }) => [auth ?? {}, ...Object.values(services ?? {})].some(({ workers }) => workers),
  logins: ({ auth }) => !!auth,
  "database-latency": ({ db_clusters }) => !isEmpty(db_clusters),
  "replication-lag": ({ db_clusters }) => Object.values(db_clusters ?? {}).some(({ replicas = 0 }) => replicas > 0),
  "cache-hit-ratio": ({ caches }) => !isEmpty(caches),
  "broker-delay": ({ brokers }) => !isEmpty(brokers),
  "broker-delivery": ({ brokers }) => !isEmpty(brokers),
  "broker-queues": ({ brokers }) => !isEmpty(brokers),
};

/** Whether a chart says something about such a system. @param {ChartId} id @param {Config} config */
export function isUseful(id, config) {
  return NEEDS[id]?.(config) ?? true;
}

/** @param {object | undefined} components */
function isEmpty(components) {
  return Object.keys(components ?? {}).length === 0;
}

/** The words that charts need, in the language of the moment. @param {Texts} texts @returns {ChartTexts} */
export function chartTexts(texts) {
  return {
    titles: Object.fromEntries([...MAIN, ...MORE].map((id) => [id, texts.text(/** @type {import("../../i18n/texts.js").Key} */ (`chart.${id}`))])),
    words: texts.group("word"),
    causes: texts.group("cause"),
    phases: texts.group("part"),
    units: /** @type {ChartTexts["units"]} */ (texts.group("unit")),
  };
}
