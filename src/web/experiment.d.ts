/** An experiment: everything there is to know to run it. */
export interface Plan {
  /** Title, for people: text, or text by language. */
  title?: string | { en?: string; ru?: string };
  /** What to look for in the results. */
  description?: string | { en?: string; ru?: string };
  /** The system; or two, to be compared under common random numbers. */
  systems: Config[];
  /** What is varied, one or two things. */
  vary?: Axis[];
  /** Figures that are kept, by name or by beginning (`requests.*`); all of them if none is named. */
  metrics?: string[];
  /** Shares, such as 0.5, of which quantiles over the replications are wanted. */
  quantiles?: number[];
  /** In a comparison: time series of which the averages over the replications are wanted, such as `requests.latency_p99`. */
  series?: string[];
  /** Replications of each configuration. */
  replications?: number;
  /** Seed of the experiment; those of the replications follow from it. */
  seed?: number;
}

/** A place in the configuration and the values it takes, listed or evenly spaced. */
export interface Axis {
  /** The place, as errors name it: `services.Shop.workers`. */
  path: string;
  values?: (number | string | boolean | null)[];
  from?: number;
  to?: number;
  steps?: number;
}

/** How large an experiment is. */
export interface ExperimentSize {
  runs: number;
  /** Events of all runs together, roughly. */
  events: number;
  /** Memory that the figures take. */
  bytes: number;
  /** Why it cannot be run at all; null if it can. */
  too_large: string | null;
}

/** When an interval is narrow enough. */
export interface HalfWidthTarget {
  metric: string;
  /** Half the width of the 95 % interval, as a share of the mean or in the figure's own unit. */
  width: number;
  measure: "relative" | "absolute";
  /** The most replications. */
  most: number;
}

/** What comes next on the way to a narrow interval. */
export type NextReplications =
  /** So many replications in all, then look again. */
  | { is: "run"; replications: number }
  | { is: "reached" }
  /** The most replications are done, and the interval is wider than wanted; `needed` would probably do. */
  | { is: "too_wide"; half_width: number; wanted: number; needed: number }
  | { is: "no_value" }
  | { is: "mean_is_zero" };

/** A figure of the replications; null where there are too few values. */
export interface MetricSummary {
  mean: number | null;
  sd: number | null;
  half_width_95: number | null;
  n: number;
  /** By share; null where there are too few replications for an interval. */
  quantiles?: Record<string, { value: number; low: number; high: number } | null>;
}

/** A quantile that was asked for, and so many replications an interval of it takes. */
export interface QuantileNeed {
  share: number;
  needs: number;
}

/** A figure of two systems. */
export interface MetricComparison {
  a: MetricSummary;
  b: MetricSummary;
  /** B - A, replication by replication. */
  difference: MetricSummary;
  verdict: "same" | "higher" | "lower" | "undecided" | "no value";
  /** So many times more replications the same precision would take with independent random numbers. */
  variance_saved: number | null;
}

/** Means of the replications in each window of time, with half-widths of their intervals; null where there are none. */
export interface SeriesMeans {
  mean: (number | null)[];
  half_width_95: (number | null)[];
}

/** The course of two systems over time: averages of the first replications. */
export interface ComparedSeries {
  replications: number;
  window_seconds: number;
  /** By the name of the series; the difference is B - A, replication by replication. */
  means: Record<string, { a: SeriesMeans; b: SeriesMeans; difference: SeriesMeans }>;
}

/** `Experiment.outcome()`, once parsed: of replications, of a comparison, or of a sweep. */
export type Outcome =
  | { scenario: string; seed: number; replications: number; warm_up_seconds: number; quantiles?: QuantileNeed[]; metrics: Record<string, MetricSummary> }
  | { scenario: [string, string]; seed: number; replications: number; metrics: Record<string, MetricComparison>; series?: ComparedSeries }
  | {
      scenario: string;
      seed: number;
      vary: string[];
      quantiles?: QuantileNeed[];
      points: { values: (number | string | boolean | null)[]; replications: number; metrics: Record<string, MetricSummary> }[];
    };
