// Numbers that fill in a part of the configuration: of a client of one's own to begin with, and what well-known products do
// if nobody says otherwise. Each names its source; what it is called and means stands in the texts, by its id.

/** @typedef {import("../../web-service-model.js").AutoscalerConfig} AutoscalerConfig */
/** @typedef {import("../../web-service-model.js").PolicyConfig} PolicyConfig */
/** @typedef {"impatient" | "resilience4j" | "envoy" | "nginx" | "hpa"} PresetId */

/**
 * `isDefault` says that its numbers count where there are none.
 * @template [T=object]
 * @typedef {{ id: PresetId, value: T, isDefault?: boolean }} Preset
 */

/**
 * What there is for a type. A preset leaves alone what is `kept`.
 * @typedef {{ presets: Preset[], kept: string[] }} Presets
 */

/** @type {Preset<PolicyConfig>[]} */
export const POLICIES = [
  {
    // Full jitter: "Exponential Backoff And Jitter", AWS Architecture Blog. The budget of a tenth: "Handling Overload",
    // chapter 21 of "Site Reliability Engineering" (Google). The timeout and the number of retries are round numbers.
    id: "impatient",
    value: {
      timeout: 1,
      retry: { max: 2, backoff: { base: 0.1, factor: 2, max: 1, jitter: "full" }, budget: { ratio: 0.1, burst: 10 } },
    },
  },
  {
    // Resilience4j's documentation, the tables of properties under "Retry" (maxAttempts 3, the first one included,
    // waitDuration 500 ms), "CircuitBreaker" (all of whose numbers are the breaker's defaults here too), "TimeLimiter"
    // (timeoutDuration 1 s) and "Bulkhead" (maxConcurrentCalls 25, maxWaitDuration 0).
    id: "resilience4j",
    value: {
      timeout: 1,
      retry: { max: 2, backoff: { base: 0.5, factor: 1, max: 0.5, jitter: "none" } },
      breaker: {},
      bulkhead: { max: 25 },
    },
  },
  {
    // Envoy's documentation: "RouteAction" (timeout 15 s, all retries included, hence the deadline), "RetryPolicy"
    // (num_retries 1; back-off base_interval 25 ms, max_interval ten times that), "Router" (the back-off is fully
    // jittered) and "CircuitBreakers.Thresholds" (max_requests and max_pending_requests 1024).
    id: "envoy",
    value: {
      deadline: 15,
      retry: { max: 1, backoff: { base: 0.025, factor: 2, max: 0.25, jitter: "full" } },
      bulkhead: { max: 1024, waiting: 1024, longest_wait: 15 },
    },
  },
  {
    // nginx's documentation, "Module ngx_http_proxy_module": proxy_connect_timeout and proxy_read_timeout 60 s,
    // proxy_next_upstream "error timeout" (at once, and not for writes). How many servers are tried follows from how
    // many there are; here it is one more.
    id: "nginx",
    value: {
      timeout: 60,
      retry: { max: 1, backoff: { base: 0 }, on: ["instance_down", "network", "timeout"] },
    },
  },
];

/** @type {Preset<AutoscalerConfig>[]} */
export const AUTOSCALERS = [
  {
    // Kubernetes' documentation, "Horizontal Pod Autoscaling": a look every 15 s (--horizontal-pod-autoscaler-sync-period),
    // a tolerance of 0.1, and under "Default Behavior" the rest of it.
    id: "hpa",
    isDefault: true,
    value: {
      tolerance: 0.1,
      interval: 15,
      up: { stabilisation: 0, select: "max", policies: [{ instances: 4, period: 15 }, { percent: 100, period: 15 }] },
      down: { stabilisation: 300, select: "max", policies: [{ percent: 100, period: 15 }] },
    },
  },
];

/** @type {{ [type: string]: Presets }} */
const PRESETS = {
  PolicyConfig: { presets: POLICIES, kept: [] },
  AutoscalerConfig: { presets: AUTOSCALERS, kept: ["min", "max", "target"] },
};

/** @param {string} type @returns {Presets | undefined} */
export const presetsOf = (type) => PRESETS[type];
