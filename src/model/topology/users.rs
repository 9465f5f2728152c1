//! Groups of users: when their requests come, to whom, and what their clients do.

use rand_distr::weighted::WeightedAliasIndex;

use super::ServiceId;
use crate::engine::{
    distribution::Distribution,
    time::{Duration, SimTime},
};

/// A group of users.
#[derive(Clone, Debug)]
pub struct Users {
    /// Name, unique among groups.
    pub name: String,
    /// When requests come.
    pub arrivals: Arrivals,
    /// Probability that an arrival is a user who was there before.
    pub reuse_prob: f64,
    /// How many users are remembered.
    pub max_users: u32,
    /// Services that the requests go to, and how often; at least one of positive weight.
    pub targets: Vec<ServiceId>,
    /// Chooses a position in `targets`.
    pub target_weights: WeightedAliasIndex<f64>,
    /// Share of reads.
    pub read_share: f64,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// Further attempts.
    pub retries: Option<Retries>,
}

/// When requests come. Rates are per second and finite, not negative.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// At a constant rate, independent of each other.
    Poisson {
        /// Rate.
        rate: f64,
    },
    /// A gap between two arrivals.
    Gaps(Distribution),
    /// Poisson, with a rate that alternates.
    Bursty {
        /// Rate and length of the states, the first one first.
        states: [(f64, Distribution); 2],
    },
    /// Poisson, with a rate that follows points.
    Profile {
        /// Times (strictly rising) and rates, at least one.
        points: Vec<(SimTime, f64)>,
        /// Whether the rate jumps at a point instead of moving in a line towards it.
        steps: bool,
        /// Whether the profile starts anew after its last point, which then is above time 0.
        repeat: bool,
    },
    /// Poisson, with a rate like a sine.
    Wave {
        /// Mean rate.
        mean: f64,
        /// Deviation, at most the mean.
        amplitude: f64,
        /// Period, above zero.
        period: Duration,
    },
    /// A fixed number of users who wait for their answers.
    Closed {
        /// Number of users.
        users: u32,
        /// Time between an answer and the next request.
        think: Distribution,
    },
    /// Logins one after another.
    Sequential {
        /// Time from the end of a login to the next arrival.
        gap: Distribution,
    },
}

/// Further attempts of a request.
#[derive(Clone, Debug)]
pub struct Retries {
    /// At most so many.
    pub max: u32,
    /// Wait before the first.
    pub base: Duration,
    /// Growth of the wait.
    pub factor: f64,
    /// Longest wait.
    pub longest: Duration,
    /// How chance changes the wait.
    pub jitter: Jitter,
    /// Tokens added by a first attempt, and most tokens held.
    pub budget: Option<(f64, f64)>,
}

/// How chance changes a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Uniform from 0 to the wait.
    Full,
    /// Uniform from half the wait to the wait.
    Equal,
}
