// Policies that fill in numbers: a client of one's own to begin with, and what well-known products do if nobody says
// otherwise. Each names its source; what it is called and means stands in the texts, by its id.

/** @typedef {import("../../web-service-model.js").PolicyConfig} PolicyConfig */
/** @typedef {"impatient" | "resilience4j" | "envoy" | "nginx"} PresetId */

/** @type {{ id: PresetId, policy: PolicyConfig }[]} */
export const PRESETS = [
  {
    // Full jitter: "Exponential Backoff And Jitter", AWS Architecture Blog. The budget of a tenth: "Handling Overload",
    // chapter 21 of "Site Reliability Engineering" (Google). The timeout and the number of retries are round numbers.
    id: "impatient",
    policy: {
      timeout: 1,
      retry: { max: 2, backoff: { base: 0.1, factor: 2, max: 1, jitter: "full" }, budget: { ratio: 0.1, burst: 10 } },
    },
  },
  {
    // Resilience4j's documentation, the tables of properties under "Retry" (maxAttempts 3, the first one included,
    // waitDuration 500 ms), "CircuitBreaker" (all of whose numbers are the breaker's defaults here too), "TimeLimiter"
    // (timeoutDuration 1 s) and "Bulkhead" (maxConcurrentCalls 25, maxWaitDuration 0).
    id: "resilience4j",
    policy: {
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
    policy: {
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
    policy: {
      timeout: 60,
      retry: { max: 1, backoff: { base: 0 }, on: ["instance_down", "network", "timeout"] },
    },
  },
];
