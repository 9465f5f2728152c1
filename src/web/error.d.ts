/** One rule that a configuration breaks. */
export interface ConfigError {
  /** Where, e.g. `services.Shop.instances`. */
  path: string;
  /** The value found there, as JSON; null if the trouble is that there is none. */
  found: string | null;
  /** The rule it breaks. */
  rule: string;
}

/** What `WebServiceModelError.code` can be. */
export type ErrorCode =
  | "bad_config"
  | "needs_restart"
  | "unknown_component"
  | "not_promotable"
  | "unknown_series"
  | "unknown_histogram"
  | "unknown_chart"
  | "bad_argument"
  | "cannot_draw"
  | "no_randomness"
  | "crashed";

/**
 * What every function of the simulator throws about what it was given.
 *
 * Errors of the program that calls, which TypeScript finds, are met by JavaScript itself, without a `code`: a call before
 * the module is there (`await init()`, or `initSync`) is a `TypeError`, a call after `free()` is an `Error` ("null pointer
 * passed to rust"). Neither changes a simulation.
 */
export class WebServiceModelError extends Error {
  constructor(code: ErrorCode, message: string, errors: ConfigError[]);
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What is wrong in the configuration, if that is the trouble. */
  readonly errors: ConfigError[];
  /** The places in the configuration that are wrong. */
  readonly paths: string[];
}
