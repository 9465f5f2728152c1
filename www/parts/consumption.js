// Which services consume which messages: the report knows the queues, the configuration whose consumers they have.

/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/engine.js").Report} Report */

/**
 * @typedef {object} Consumption
 * @property {number} consumed messages; of a queue that is shared with others, all
 * @property {number} utilisation share of time that a consumer works, on average
 * @property {boolean} shared whether others consume from a queue of the service too
 */

/**
 * What each service that has consumers does with them.
 * @param {Report} report
 * @param {Config} config
 * @returns {Map<string, Consumption>}
 */
export function consumption(report, config) {
  /** @type {Map<string, Consumption & { consumers: number }>} */
  const found = new Map();
  for (const [broker, { queues = {} }] of Object.entries(config.brokers ?? {})) {
    for (const [queue, { consumers = [] }] of Object.entries(queues)) {
      const figures = report.brokers[broker]?.queues[queue];
      if (!figures) continue;
      const shares = byService(consumers, config);
      for (const [service, number] of shares) {
        if (service === undefined) continue;
        const sum = found.get(service) ?? { consumed: 0, utilisation: 0, shared: false, consumers: 0 };
        sum.consumed += figures.consumed;
        sum.shared ||= shares.size > 1;
        const all = sum.consumers + number;
        sum.utilisation = (sum.utilisation * sum.consumers + figures.consumer_utilisation * number) / (all || 1);
        sum.consumers = all;
        found.set(service, sum);
      }
    }
  }
  return found;
}

/**
 * How many consumers each service has; without a name those that belong to none.
 * @param {import("../web-service-model.js").ConsumerConfig[]} consumers
 * @param {Config} config
 */
function byService(consumers, config) {
  /** @type {Map<string | undefined, number>} */
  const numbers = new Map();
  for (const { service, count = 1 } of consumers) {
    const instances = service === undefined ? 1 : (config.services?.[service]?.instances ?? 1);
    numbers.set(service, (numbers.get(service) ?? 0) + count * instances);
  }
  return numbers;
}
