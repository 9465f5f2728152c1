// Systems of many components, made up: the live picture and the tables must read well with them, too.

/** @import { Config } from "#web-service-model" */

/** @type {NonNullable<Config["users"]>[string]["arrivals"]} */
const ARRIVALS = { poisson: { rate: 60 } };

/** @param {number} count @param {(index: number) => string} name */
const names = (count, name = (index) => `Service${String(index + 1).padStart(2, "0")}`) => Array.from({ length: count }, (_, index) => name(index));

/** @template T @param {string[]} list @param {(name: string, index: number) => T} value @returns {{ [name: string]: T }} */
const each = (list, value) => Object.fromEntries(list.map((name, index) => [name, value(name, index)]));

/** @param {string} name @param {Config} rest @returns {Config} */
function system(name, rest) {
  return { name, seed: 1, duration: 60, network: { delay: "1ms" }, ...rest };
}

/** So many services behind one balancer. @param {number} count */
export function fanOut(count) {
  const services = names(count);
  return system(`fan-out-${count}`, {
    users: { clients: { arrivals: ARRIVALS, targets: each(services, () => 1) } },
    services: each(services, () => ({ instances: 1, service_time: "10ms" })),
  });
}

/** Services with a cluster and a cache each. @param {number} count */
export function shards(count) {
  const services = names(count, (index) => `Shard${index + 1}`);
  return system(`shards-${count}`, {
    users: { clients: { arrivals: ARRIVALS, targets: each(services, () => 1) } },
    services: each(services, (name) => ({
      instances: 2, service_time: "10ms", cache: { name: `${name}Cache` }, database: { name: `${name}DB` },
    })),
    db_clusters: each(services.map((name) => `${name}DB`), () => ({ replicas: 1, operation: "1ms" })),
    caches: each(services.map((name) => `${name}Cache`), () => ({ hit_prob: 0.8, operation: "0.2ms" })),
  });
}

/** One service with so many instances. @param {number} count */
export function instances(count) {
  return system(`instances-${count}`, {
    users: { clients: { arrivals: ARRIVALS, targets: { Shop: 1 } } },
    services: { Shop: { instances: count, workers: 2, service_time: "20ms", database: { name: "ShopDB" } } },
    db_clusters: { ShopDB: { replicas: 2, operation: "1ms" } },
  });
}

/** Each service calls the next. @param {number} count */
export function chain(count) {
  const services = names(count, (index) => `Step${index + 1}`);
  return system(`chain-${count}`, {
    users: { clients: { arrivals: ARRIVALS, targets: { Step1: 1 } } },
    services: each(services, (_, index) => ({
      instances: 1, service_time: "2ms", ...(services[index + 1] ? { calls: [{ to: [services[index + 1]] }] } : {}),
    })),
  });
}

/** A front service that calls so many others, all of which use one cluster. @param {number} count */
export function gateway(count) {
  const services = names(count, (index) => `Backend${index + 1}`);
  return system(`gateway-${count}`, {
    users: { clients: { arrivals: ARRIVALS, targets: { Gateway: 1 } } },
    services: {
      Gateway: { instances: 3, service_time: "2ms", calls: [{ to: services, prob: 1 }] },
      ...each(services, () => ({ instances: 2, service_time: "5ms", database: { name: "Store" } })),
    },
    db_clusters: { Store: { replicas: 2, operation: "1ms" } },
  });
}

/** Services of which no two are alike: each calls some of the later ones, and uses one of a few clusters. @param {number} count */
export function mesh(count) {
  const services = names(count, (index) => `Node${index + 1}`);
  const clusters = names(6, (index) => `Store${index + 1}`);
  const callees = (/** @type {number} */ index) => [index * 2 + 1, index * 2 + 2, index + 5].flatMap((to, which) =>
    (services[to] && (which < 2 || index % 3 === 0) ? [{ to: [services[to]], prob: 0.5 }] : []));
  return system(`mesh-${count}`, {
    users: { clients: { arrivals: ARRIVALS, targets: { Node1: 3, Node2: 1 } } },
    services: each(services, (_, index) => ({
      instances: 1 + (index % 3), service_time: "2ms", calls: callees(index),
      ...(index % 2 === 1 ? { database: { name: clusters[index % 6] } } : {}),
    })),
    db_clusters: each(clusters, (_, index) => ({ replicas: index % 3, operation: "1ms" })),
  });
}

/** A shop as there are many: services of all sorts, some with stores of their own, some that consume. */
export function shop() {
  const front = ["Catalog", "Search", "Basket", "Checkout", "Orders", "Account", "Reviews", "Offers"];
  const back = ["Prices", "Stock", "Shipping", "Invoices", "Fraud", "Mailer", "Audit", "Images"];
  return system("large-shop", {
    users: { web: { arrivals: ARRIVALS, targets: each(front, () => 1) }, app: { arrivals: { poisson: { rate: 30 } }, targets: each(front, () => 1) } },
    auth: { processing: "1ms" },
    services: {
      ...each(front, (name, index) => ({
        instances: 2 + (index % 3), workers: 8, service_time: "5ms",
        calls: [{ to: [back[index % 5]], prob: 0.5 }, { to: [back[(index + 2) % 5]], prob: 0.2 }],
        ...(index < 5 && index % 2 === 0 ? { cache: { name: `${name}Cache` } } : {}),
        ...(index < 5 ? { database: { name: `${name}DB` } } : {}),
        ...(index === 3 || index === 4 ? { publish: { broker: "Rabbit", queue: "events" } } : {}),
      })),
      ...each(back, (_, index) => ({ instances: 1 + (index % 2), service_time: "4ms", ...(index < 5 ? { database: { name: "BackOffice" } } : {}) })),
    },
    db_clusters: { ...each(front.slice(0, 5).map((name) => `${name}DB`), () => ({ replicas: 1, operation: "1ms" })), BackOffice: { replicas: 2, operation: "1ms" } },
    caches: each(front.slice(0, 5).filter((_, index) => index % 2 === 0).map((name) => `${name}Cache`), () => ({ hit_prob: 0.8, operation: "0.2ms" })),
    brokers: { Rabbit: { publish: "1ms", queues: { events: { consumers: [{ service: "Mailer", service_time: "5ms" }, { service: "Audit", service_time: "2ms" }] } } } },
  });
}
