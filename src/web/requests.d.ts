/** What the time of a request goes into. */
export type Phase =
  | "handshakes"
  | "network"
  | "auth"
  | "queueing"
  | "processing"
  | "cache"
  | "database"
  | "broker"
  | "calls"
  | "retries";

/** Visits to services that are in progress. A request has one for each attempt, and one for each service called. */
export interface InFlight {
  /** How many there are. */
  total: number;
  /** Those that have been in progress longest, oldest first. */
  visits: VisitInFlight[];
}

/** A visit to a service, in progress. */
export interface VisitInFlight {
  /** A number that no other visit of the run has; it stays the same while the visit lasts. */
  id: number;
  /** Running number of the request (or login) that it belongs to, as in its trace. */
  request: number;
  /** The service visited. */
  service: string;
  /** The component where it is, or where the message comes from that it waits for. Empty: with the user, or a cluster's name if the cluster has no node to ask. */
  place: string;
  /** Where its message goes (empty: to the user); the same as `place` if none is on the way. */
  to: string;
  /** What its time goes into now. */
  phase: Phase;
  is_read: boolean;
  /** Since when it is in this phase, in simulated seconds. */
  since: number;
}

/** Which traces are wanted. */
export interface TraceFilter {
  /**
   * `latest` (the default): the latest of all, latest first; `failed`: the latest that failed, latest first;
   * `slowest`: those that took longest of those that succeeded, slowest first. 64 of each are kept.
   */
  which?: "slowest" | "failed" | "latest";
  /** Only requests that users sent to this service. */
  service?: string;
  /** At most so many, the first of the list. */
  limit?: number;
}

/** What is told of a request, or a login, that is over. Times are in simulated seconds. */
export interface TraceSummary {
  /** Running number of requests and logins, from 0. A request whose user logs in first comes after the login. */
  number: number;
  /** When the first attempt was sent. */
  sent: number;
  /** When it was over. */
  ended: number;
  /** The time between. */
  latency: number;
  /** The service asked. */
  service: string;
  /** The group of the user. */
  group: string;
  /** Number of the user in the group. */
  user: number;
  is_read: boolean;
  is_login: boolean;
  /** Why it failed; empty if it succeeded. */
  cause: string;
  /** Attempts made. */
  attempts: number;
  /** Whether it was too long to be recorded in full: calls are missing, and the last span may stand for several. */
  is_cut: boolean;
}

/** All about a request, or a login, that is over. */
export interface RequestTrace extends TraceSummary {
  /**
   * Where its time went: by attempts and in order of time, the spans of a called service after that of the call.
   * Those of depth 0 follow one another without a gap from `sent` to `ended`, so they sum to the latency.
   */
  spans: Span[];
  /** From the failure of the request down to its root; empty if it succeeded. */
  causes: CauseLink[];
}

/** Some time of a request. */
export interface Span {
  /** 0 for what the user waits for, 1 for the calls that that waits for, and so on. */
  depth: number;
  /** Number of the visit within the trace, from 0: spans of one visit (an attempt, or a called service) have the same. */
  visit: number;
  /** The service visited. */
  service: string;
  /** Where, or on the way there or back. Empty: with the user; a cluster's name if the cluster had no node to ask. */
  component: string;
  /** What the service was at; `replicate` while a write waits for replicas, `retry` between two attempts. */
  step:
    | "connect"
    | "login"
    | "process"
    | "look_up"
    | "read"
    | "write"
    | "replicate"
    | "publish"
    | "call"
    | "answer"
    | "retry";
  /** What the time went into. */
  phase: Phase;
  start: number;
  /** Not before the start. Only what failed, and calls, may take no time. */
  end: number;
  /** How the operation failed, even if the service went on regardless; empty if it did not. */
  outcome: string;
}

/** A link in the chain of causes of a failure. */
export interface CauseLink {
  /** The service whose visit failed. */
  service: string;
  /** Where; empty if it did not get anywhere. */
  component: string;
  /** Why, as in the report. With `call_failed`, and with `timeout` during a call, the next link is of a called service. */
  cause: string;
  time: number;
}
