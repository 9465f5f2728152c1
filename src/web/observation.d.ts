/** What became of requests in the last seconds of simulated time. */
export interface Recent {
  /** How many seconds: what was asked for and the rest of a window, or less at the beginning of a run. */
  seconds: number;
  /** Requests begun per second. */
  offered: number;
  /** Requests answered with success per second. */
  goodput: number;
  /** Requests that failed, or were given up, per second. */
  failed: number;
  /** Share of success among those that ended; null if none did. */
  success_ratio: number | null;
  /** Percentiles of the time until users knew what came of their requests, within an eighth; null if none ended. */
  response_p50: number | null;
  response_p99: number | null;
  response_p999: number | null;
  /** How many tries arrive at the end of a chain of calls for each one that would without retries and hedges. */
  amplification: number | null;
}

/** Where the windows of the time series lie, in seconds. */
export interface SeriesWindow {
  start: number;
  width: number;
}

/** Counts in bins of equal width. */
export interface Histogram {
  /** Lower end of the first bin, in seconds. */
  start: number;
  /** Width of a bin, in seconds. */
  width: number;
  counts: number[];
}

/** The state of a component now. */
export interface ComponentState {
  /** Name, as in faults and actions. */
  name: string;
  kind: "instance" | "node" | "cache" | "broker";
  /** Service, cluster, cache or broker that it belongs to. */
  group: string;
  state: "up" | "down" | "catching_up" | "absent" | "starting" | "draining" | "paused" | "ejected";
  /** Of a database node; else empty. */
  role: "primary" | "replica" | "detached" | "promoting" | "";
  /** Why it is down; else empty. */
  down_because: "outage" | "fault" | "user" | "";
  /** Operations in process. */
  busy: number;
  /** Operations in process at the most; null is any number. */
  capacity: number | null;
  /** Operations (or, for a broker, messages) that wait. */
  queue: number;
  /** Factor of a `slow` fault; 1 if there is none. */
  slow_factor: number;
  /** Probability with which `fail` faults make its operations fail; left out if there is none. */
  error_prob?: number;
  /** Writes that a database node lacks. */
  lag_writes: number;
  /** How often it went down. */
  outages: number;
}

/** What entries of the event log can be about. */
export type LogKind =
  | "crash"
  | "recover"
  | "slow"
  | "failing"
  | "partition"
  | "heal"
  | "failover"
  | "no_candidate"
  | "suspicion"
  | "called_off"
  | "demotion"
  | "forgot"
  | "promotion"
  | "replicated_write"
  | "resync_started"
  | "resync_done"
  | "rejoin"
  | "presence"
  | "scaling"
  | "deployment"
  | "breaker"
  | "ejection"
  | "election"
  | "redelivery"
  | "config_change"
  | "warm_up_end";

/** An entry of the event log. */
export interface LogEntry {
  /** Running number, from 0. */
  number: number;
  /** When, in simulated seconds. */
  time: number;
  /** What happened. */
  kind: LogKind;
  /** Who; empty for the whole system. */
  component: string;
  /** Particulars in words, English, for people. */
  detail: string;
}

/** What a mark stands for. */
export type MarkClass = "fault" | "mended" | "failover" | "breaker" | "change";

/** A place on the time line of a run where something of a class happened. */
export interface Mark {
  /** Running number of the first entry, as in the log. */
  number: number;
  /** When that was, in simulated seconds. */
  time: number;
  class: MarkClass;
  /** What happened first. */
  kind: LogKind;
  /** To whom; empty for the whole system. */
  component: string;
  /** How many entries of the class there were in this place. */
  count: number;
}

/** Which entries of the log are wanted. */
export interface LogFilter {
  /** Only this component, or the components of this service or cluster. */
  component?: string;
  /** Only these kinds; empty is all. */
  kinds?: LogKind[];
  /** Only entries from this running number on. */
  since?: number;
  /** At most so many, the latest ones. */
  limit?: number;
}

/** Part of the event log, oldest entry first. */
export interface LogView {
  entries: LogEntry[];
  /** Entries ever made. */
  total: number;
  /** Entries dropped because the log is bounded. */
  dropped: number;
}
