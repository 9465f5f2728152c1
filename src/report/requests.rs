//! What became of users' requests.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Latency;

/// Requests of users. A request still in flight at the end is in none of the counts but `in_flight`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requests {
    /// Requests answered or given up.
    pub total: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed, after all retries.
    pub failed: u64,
    /// `succeeded / total`.
    pub success_ratio: Option<f64>,
    /// Requests begun per second: the load that is offered.
    pub offered: f64,
    /// `total` per second.
    pub rps: f64,
    /// `succeeded` per second.
    pub goodput: f64,
    /// How many tries arrive at the end of a chain of calls for each one that would without retries and hedges: the largest
    /// product, along any chain, of tries by first tries; `null` before the first request.
    pub amplification: Option<f64>,
    /// Requests in flight at the end.
    pub in_flight: u64,
    /// Attempts made, first ones included.
    pub attempts: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Attempts that the client gave up because they took too long.
    pub timeouts: u64,
    /// Of succeeded requests, from the moment the request is first sent to its answer.
    pub latency: Latency,
    /// Of all requests, until their users knew what came of them: an answer, an error, or that they gave up. So who waited in
    /// vain counts with the time that it took.
    pub response: Latency,
    /// Where the time of a succeeded request went, in seconds on average; the sum is the mean latency.
    pub time_in: BTreeMap<&'static str, f64>,
    /// Failed requests by cause (that of the last attempt).
    pub failures: BTreeMap<&'static str, u64>,
}

/// Requests of a group of users, without logins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Users {
    /// Requests answered or given up.
    pub total: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed, after all retries.
    pub failed: u64,
    /// `succeeded / total`.
    pub success_ratio: Option<f64>,
    /// `succeeded` per second.
    pub goodput: f64,
    /// Of succeeded requests.
    pub latency: Latency,
    /// Of all requests, until their users knew what came of them.
    pub response: Latency,
    /// Failed requests by cause (that of the last attempt).
    pub failures: BTreeMap<&'static str, u64>,
}
