//! The network between the tiers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, Seconds};

/// Times and losses of the network.
///
/// A request (or a login) from a user opens a connection, TCP then TLS, unless
/// it finds one kept alive. Every message between two tiers then takes a
/// one-way delay, to the callee and back again.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkConfig {
    /// Time of a TCP handshake.
    pub tcp: DistributionConfig,
    /// Time of a TLS handshake.
    pub tls: DistributionConfig,
    /// Probability that a connection is kept alive, so that neither handshake is needed.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub keep_alive_prob: f64,
    /// One-way delay between two tiers, where nothing below says otherwise.
    pub delay: DistributionConfig,
    /// One-way delay between users and the balancer (and the authorisation service).
    pub users_balancer: Option<DistributionConfig>,
    /// One-way delay between the balancer and a service instance.
    pub balancer_service: Option<DistributionConfig>,
    /// One-way delay between a service instance and another one that it calls.
    pub service_service: Option<DistributionConfig>,
    /// One-way delay between a service instance and a database node.
    pub service_database: Option<DistributionConfig>,
    /// One-way delay between a service instance and a cache.
    pub service_cache: Option<DistributionConfig>,
    /// One-way delay between a service instance and a broker.
    pub service_broker: Option<DistributionConfig>,
    /// Probability that a message between two tiers is lost. A lost message is sent again.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub loss: f64,
    /// Wait before a lost message is sent again; it doubles with each further loss of the same message.
    /// The default is Linux's smallest retransmission timeout.
    #[default(Seconds(0.2))]
    pub retransmit_after: Seconds,
    /// How often a message is sent again before the call fails with the cause `network`.
    #[default = 5]
    pub retransmits_max: u32,
    /// How long a caller waits for somebody on the other side of a partition before the call fails.
    #[default(Seconds(1.0))]
    pub partition_timeout: Seconds,
}
