// What something new begins with: values that run, so that adding a part is not the beginning of a list of mistakes.

import { isObject } from "../../run/json.js";
import { callable } from "../../run/steps.js";
import { freeCallees } from "./callees.js";
import { densityOf } from "./density.js";
import { valueAt } from "./path.js";

/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/** What a new value may look at. @typedef {{ config: unknown, names: (referent: "services" | "caches" | "db_clusters" | "brokers") => string[] }} Around */

const OUTAGES = { up: { exponential: { mean: 60 } }, down: { exponential: { mean: 5 } } };

/** By type, or by the id of an alternative. @type {{ [id: string]: (around: Around, path: Path) => unknown }} */
const STARTERS = {
  UsersConfig: ({ config }) => ({ arrivals: { poisson: { rate: 10 } }, targets: Object.fromEntries(callable(config).slice(0, 1).map((name) => [name, 1])) }),
  ServiceConfig: () => ({ instances: 2, service_time: { exponential: { mean: 0.05 } } }),
  DbClusterConfig: () => ({ replicas: 1, operation: { exponential: { mean: 0.01 } } }),
  CacheConfig: () => ({ operation: 0.001, hit_prob: 0.8 }),
  BrokerConfig: () => ({ publish: 0.005, queues: { messages: { consumers: [{ service_time: 0.02 }] } } }),
  QueueConfig: () => ({ consumers: [{ service_time: 0.02 }] }),
  BindingConfig: ({ config }, path) => ({ queue: Object.keys(mapIn(config, [...path.slice(0, 2), "queues"]))[0] ?? "" }),
  ConsumerConfig: () => ({ service_time: 0.02 }),
  AuthConfig: () => ({ processing: 0.05 }),
  OutagesConfig: () => OUTAGES,
  RetriesConfig: () => ({ max: 3 }),
  RetryBudgetConfig: () => ({ ratio: 0.1 }),
  PolicyConfig: () => ({ timeout: 1 }),
  LimiterConfig: () => ({ rate: 10 }),
  RateConfig: () => ({ rate: 10 }),
  ReadYourWrites: () => ({ up_to_date: {} }),
  "ReadYourWrites.sticky": () => 2,
  "ReadYourWrites.up_to_date": () => ({}),
  "ReadYourWrites.wait": () => 10,
  "ScalabilityConfig.table": () => [1, 0.9, 0.8],
  // Kubernetes' default where nobody names a metric: 80 % of the CPU. That is a share of workers, where their number is known.
  AutoscalerConfig: ({ config }) => ({ min: 2, max: 10, target: haveWorkers(config) ? { utilisation: 0.8 } : { concurrency: 10 } }),
  ScalingPolicyConfig: () => ({ percent: 100, period: 15 }),
  DeploymentConfig: () => ({ at: 10, release: { fail_prob: 0.1 } }),
  PausesConfig: () => ({ every: { exponential: { mean: 10 } }, lasting: 0.2 }),
  HedgeConfig: () => ({ percentile: 0.95 }),
  "BreakerWindow.calls": () => 100,
  "BreakerWindow.seconds": () => 10,
  KeyedConfig: () => ({ keys: 1000, capacity: 100 }),
  CacheUse: ({ names }) => ({ name: names("caches")[0] ?? "" }),
  DatabaseUse: ({ names }) => ({ name: names("db_clusters")[0] ?? "" }),
  PublishUse: publishing,
  CallConfig: ({ config }, path) => ({ to: freeCallees(config, String(path[1])).slice(-1) }),
  EndpointConfig: () => ({ steps: [{ process: 0.05 }] }),
  StepConfig: () => ({ process: 0.05 }),
  BranchesStep: () => ({ of: [[{ process: 0.05 }], [{ process: 0.05 }]] }),
  MaybeStep: () => ({ prob: 0.5, steps: [{ process: 0.05 }] }),
  "FaultConfig.crash": (around) => ({ component: firstComponent(around), at: 10, recover_at: 20 }),
  "FaultConfig.slow": (around) => ({ component: firstComponent(around), factor: 5, from: 10, until: 20 }),
  "FaultConfig.fail": (around) => ({ component: firstComponent(around), from: 10, until: 20 }),
  "FaultConfig.partition": (around) => ({ between: ["balancer", firstComponent(around)], from: 10, until: 20 }),
  FaultConfig: (around, path) => ({ crash: STARTERS["FaultConfig.crash"](around, path) }),
  ArrivalsConfig: () => ({ poisson: { rate: 10 } }),
  "ArrivalsConfig.poisson": () => ({ rate: 10 }),
  "ArrivalsConfig.gaps": () => ({ exponential: { mean: 0.1 } }),
  "ArrivalsConfig.bursty": () => ({
    calm: { rate: 5, time: { exponential: { mean: 10 } } },
    burst: { rate: 50, time: { exponential: { mean: 2 } } },
  }),
  "ArrivalsConfig.profile": () => ({ points: [{ at: 0, rate: 5 }, { at: 30, rate: 20 }] }),
  "ArrivalsConfig.wave": () => ({ mean: 10, amplitude: 5, period: 60 }),
  "ArrivalsConfig.closed": () => ({ users: 20, think: { exponential: { mean: 1 } } }),
  "ArrivalsConfig.sequential": () => ({ gap: { uniform: [0.05, 0.2] } }),
  ProfilePoint: () => ({ at: 60, rate: 10 }),
  Branch: () => ({ weight: 1, mean: 0.1 }),
  WeightedValue: () => ({ value: 0.1, weight: 1 }),
  Text: () => ({ en: "" }),
};

/** A map of the configuration. @param {unknown} config @param {Path} path */
function mapIn(config, path) {
  const value = valueAt(config, path);
  return isObject(value) ? value : {};
}

/** What a new value may look at, of a configuration that changes. @param {() => unknown} config @returns {Around} */
export function around(config) {
  return {
    get config() {
      return config();
    },
    names: (referent) => {
      const value = valueAt(config(), [referent]);
      return isObject(value) ? Object.keys(value) : [];
    },
  };
}

/** @param {Shape} shape @param {Around} around @param {Path} path where it is to stand */
export function starter(shape, around, path) {
  const make = STARTERS[shape.type] ?? STARTERS[shape.id];
  if (make) return make(around, path);
  if (shape.kind === "distribution") return 0.1;
  if (shape.kind === "number" || shape.kind === "integer") return 1;
  if (shape.kind === "list") return [];
  return shape.kind === "object" || shape.kind === "map" ? {} : "";
}

/** Whether each service says how many requests an instance processes at a time. @param {unknown} config */
function haveWorkers(config) {
  const services = valueAt(config, ["services"]);
  return isObject(services) && Object.values(services).every((service) => typeof valueAt(service, ["workers"]) === "number");
}

/** @param {Around} around */
function publishing({ config, names }) {
  const all = names("brokers").map((broker) => {
    const queues = valueAt(config, ["brokers", broker, "queues"]);
    return { broker, queue: isObject(queues) ? (Object.keys(queues)[0] ?? "") : "" };
  });
  return all.find(({ queue }) => queue !== "") ?? all[0] ?? { broker: "", queue: "" };
}

/** @param {Around} around */
export function firstComponent({ names }) {
  return names("services")[0] ?? names("db_clusters")[0] ?? names("caches")[0] ?? "";
}

/**
 * A distribution of another kind, with the same mean where that can be.
 * @param {string} kind @param {unknown} former @returns {unknown}
 */
export function distributionOf(kind, former) {
  const mean = round(densityOf(former)?.mean || 0.1);
  const half = round(mean / 2);
  /** @type {{ [kind: string]: unknown }} */
  const parameters = {
    uniform: [half, round(mean + half)],
    exponential: { mean },
    normal: { mean, sd: round(mean / 4) },
    lognormal: { mean, sd: mean },
    erlang: { stages: 3, mean },
    gamma: { shape: 2, mean },
    // The gamma function of 1.5 and 2 lies near 0.89: the mean is about that of before.
    weibull: { shape: 2, scale: round(mean / 0.8862) },
    pareto: { shape: 1.5, min: round(mean / 2.5), max: round(mean * 20) },
    hyperexponential: [{ weight: 9, mean: half }, { weight: 1, mean: round(mean * 5.5) }],
    empirical: [{ value: half, weight: 1 }, { value: round(mean + half), weight: 1 }],
  };
  return kind === "constant" ? mean : { [kind]: parameters[kind] };
}

/** @param {number} value */
function round(value) {
  return Number(value.toPrecision(4));
}
