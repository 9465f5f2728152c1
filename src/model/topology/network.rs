//! The network between the tiers.

use crate::engine::{distribution::Distribution, time::Duration};

/// A pair of tiers that exchange messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// Users and the balancer (and the authorisation service).
    UsersBalancer,
    /// The balancer and a service instance.
    BalancerService,
    /// Two service instances.
    ServiceService,
    /// A service instance and a database node.
    ServiceDatabase,
    /// A service instance and a cache.
    ServiceCache,
    /// A service instance and a broker.
    ServiceBroker,
}

/// Number of kinds of hops.
pub const HOPS: usize = 6;

/// The network.
#[derive(Clone, Debug)]
pub struct Network {
    /// Time of a TCP handshake.
    pub tcp: Distribution,
    /// Time of a TLS handshake.
    pub tls: Distribution,
    /// Probability that a connection is kept alive.
    pub keep_alive_prob: f64,
    /// One-way delays, by [`Hop`].
    pub delays: [Distribution; HOPS],
    /// Probability that a message is lost.
    pub loss: f64,
    /// Wait before the first retransmission; it doubles each time.
    pub retransmit_after: Duration,
    /// Retransmissions before the call fails.
    pub retransmits_max: u32,
    /// How long a caller waits for somebody beyond a partition.
    pub partition_timeout: Duration,
}
