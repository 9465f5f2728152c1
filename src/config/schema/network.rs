//! The network between the tiers.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DistributionConfig, Seconds};
use crate::config::wire::object;

/// Times and losses of the network.
///
/// A request (or a login) from a user opens a connection, TCP then TLS, unless
/// it finds one kept alive. Every message between two tiers then takes a
/// one-way delay, to the callee and back again.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users_balancer: Option<DistributionConfig>,
    /// One-way delay between the balancer and a service instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balancer_service: Option<DistributionConfig>,
    /// One-way delay between a service instance and another one that it calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_service: Option<DistributionConfig>,
    /// One-way delay between a service instance and a database node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_database: Option<DistributionConfig>,
    /// One-way delay between a service instance and a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_cache: Option<DistributionConfig>,
    /// One-way delay between a service instance and a broker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_broker: Option<DistributionConfig>,
    /// Probability that a message between two tiers is lost. A lost message is sent again.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub loss: f64,
    /// Wait before a lost message is sent again; it doubles with each further loss of the same message.
    /// The default is Linux's smallest retransmission timeout.
    pub retransmit_after: Seconds,
    /// How often a message is sent again before the call fails with the cause `network`.
    pub retransmits_max: u32,
    /// How long a caller waits for somebody on the other side of a partition before the call fails.
    pub partition_timeout: Seconds,
}

object!(NetworkConfig {
    tcp,
    tls,
    keep_alive_prob,
    delay,
    users_balancer,
    balancer_service,
    service_service,
    service_database,
    service_cache,
    service_broker,
    loss,
    retransmit_after,
    retransmits_max,
    partition_timeout
});

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            tcp: DistributionConfig::constant(0.0),
            tls: DistributionConfig::constant(0.0),
            keep_alive_prob: 0.0,
            delay: DistributionConfig::constant(0.0),
            users_balancer: None,
            balancer_service: None,
            service_service: None,
            service_database: None,
            service_cache: None,
            service_broker: None,
            loss: 0.0,
            retransmit_after: Seconds(0.2),
            retransmits_max: 5,
            partition_timeout: Seconds(1.0),
        }
    }
}
