//! Groups of users: when their requests come, to whom, and what their clients do.

use rand_distr::weighted::WeightedAliasIndex;

use super::{Callee, EdgePolicy};
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
    pub targets: Vec<Callee>,
    /// Chooses a position in `targets`.
    pub target_weights: WeightedAliasIndex<f64>,
    /// Class of their requests, 0 being the highest.
    pub class: u8,
    /// Share of reads.
    pub read_share: f64,
    /// What their clients do so that a request succeeds all the same.
    pub policy: EdgePolicy,
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
