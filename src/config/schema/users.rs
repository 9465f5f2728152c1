//! Users: when they come, what they ask for, and how patient they are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, Named, PolicyUse, Seconds};
use crate::config::limits::{CLASSES_MAX, RETRIES_MAX, RETRY_BURST_MAX, RETRY_RATIO_MAX, USERS_REMEMBERED_MAX};

/// A group of users.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UsersConfig {
    /// When requests come.
    pub arrivals: Option<ArrivalsConfig>,
    /// Probability that an arrival is a user who was there before, uniformly chosen, and not a new one.
    /// (In a closed population each user keeps coming back, and this is not used.)
    #[schemars(range(min = 0.0, max = 1.0))]
    pub reuse_prob: f64,
    /// How many users are remembered; when there are more, a new user takes the place of the oldest. 1 to 10 000 000.
    #[schemars(range(min = 1, max = USERS_REMEMBERED_MAX))]
    #[default = 100_000]
    pub max_users: u32,
    /// Services and their weights: where the requests go.
    pub targets: Named<f64>,
    /// Share of reads (GET); the others are writes (POST).
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 1.0]
    pub read_share: f64,
    /// Class of their requests, 0 to 7, unless an endpoint has one of its own: where an instance serves by priority, 0 comes
    /// first.
    #[schemars(range(min = 0, max = CLASSES_MAX))]
    pub priority: u32,
    /// Timeout and retries, the short form of a `policy`: either this or that.
    pub client: ClientConfig,
    /// What their clients do so that a request succeeds all the same. Without it: nothing.
    pub policy: Option<PolicyUse>,
}

/// When requests come.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ArrivalsConfig {
    /// Independent of each other, at a constant rate.
    Poisson {
        /// Requests per second.
        rate: f64,
    },
    /// A gap of this distribution between two arrivals.
    Gaps(DistributionConfig),
    /// Poisson with a rate that jumps between two states: a two-state Markov-modulated process when both times are exponential.
    Bursty {
        /// The first state, in which it starts.
        calm: BurstyState,
        /// The second state.
        burst: BurstyState,
    },
    /// Poisson with a rate that follows a list of points.
    Profile {
        /// Points in order of time. Before the first and after the last the rate is theirs.
        points: Vec<ProfilePoint>,
        /// What happens between two points.
        #[serde(default)]
        shape: ProfileShape,
        /// Whether the profile starts anew after its last point.
        #[serde(default)]
        repeat: bool,
    },
    /// Poisson with a rate that swings around a mean like a sine: a day, say. It starts at the mean and rises.
    Wave {
        /// Mean rate, requests per second.
        mean: f64,
        /// Greatest deviation from the mean, at most the mean.
        amplitude: f64,
        /// Time of one swing.
        period: Seconds,
    },
    /// A fixed number of users, each of whom thinks, sends a request, and waits for its answer.
    Closed {
        /// Number of users, 1 to 1 000 000.
        users: u32,
        /// Time between an answer and that user's next request (and before the first).
        think: DistributionConfig,
    },
    /// One gateway logs users in one after another; each then sends a request on its own.
    Sequential {
        /// Time from the end of a login to the next arrival.
        gap: DistributionConfig,
    },
}

/// A state of bursty arrivals.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BurstyState {
    /// Requests per second in this state.
    pub rate: f64,
    /// How long the state lasts.
    pub time: DistributionConfig,
}

/// A point of a rate profile.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilePoint {
    /// When, counted from the start of the run (or of the repetition).
    pub at: Seconds,
    /// Requests per second.
    pub rate: f64,
}

/// What happens between two points of a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProfileShape {
    /// The rate changes in a straight line.
    #[default]
    Linear,
    /// The rate stays until the next point.
    Steps,
}

/// How patient a user's client is. By default it waits for ever and never tries again.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClientConfig {
    /// How long an attempt may take; then the client gives it up, while the servers go on working for it.
    pub timeout: Option<Seconds>,
    /// Further attempts after a failed one. A rejected request (401) is not tried again.
    pub retries: Option<RetriesConfig>,
}

/// Further attempts.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetriesConfig {
    /// How many, at the most, 1 to 100.
    #[schemars(range(min = 1, max = RETRIES_MAX))]
    #[default = 3]
    pub max: u32,
    /// The wait before an attempt.
    pub backoff: BackoffConfig,
    /// A bound on retries for the whole group. Without it: none.
    pub budget: Option<RetryBudgetConfig>,
}

/// Exponential backoff: before retry `n` (from 0) the wait is `min(max, base · factor^n)`, then jittered.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BackoffConfig {
    /// Wait before the first retry.
    #[default(Seconds(0.1))]
    pub base: Seconds,
    /// Growth from one retry to the next, at least 1.
    #[default = 2.0]
    pub factor: f64,
    /// Longest wait.
    #[default(Seconds(10.0))]
    pub max: Seconds,
    /// How chance changes the wait.
    pub jitter: Jitter,
}

/// How chance changes a wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Jitter {
    /// Not at all.
    None,
    /// Uniform between 0 and the wait.
    #[default]
    Full,
    /// Uniform between half the wait and the wait.
    Equal,
    /// Uniform between `base` and three times the wait before, at most `max`; `factor` has no effect.
    Decorrelated,
}

/// A retry budget: a bucket of tokens, one taken by each retry; without a token there is no retry.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetryBudgetConfig {
    /// Tokens that each first attempt adds: 0.1 allows a tenth as many retries as requests.
    #[schemars(range(min = 0.0, max = RETRY_RATIO_MAX))]
    #[default = 0.1]
    pub ratio: f64,
    /// Most tokens the bucket holds; it starts full.
    #[schemars(range(min = 0.0, max = RETRY_BURST_MAX))]
    #[default = 10.0]
    pub burst: f64,
}
