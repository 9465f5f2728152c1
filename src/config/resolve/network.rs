//! The network.

use super::{Path, Problems};
use crate::{
    config::{limits::RETRANSMITS_MAX, schema::NetworkConfig},
    model::topology::Network,
};

pub(super) fn resolve(problems: &mut Problems, config: &NetworkConfig) -> Network {
    let root = Path::Root;
    let path = root.key("network");
    let delay = problems.distribution(&path.key("delay"), &config.delay);
    // In the order of `Hop`.
    let hops = [
        ("users_balancer", &config.users_balancer),
        ("balancer_service", &config.balancer_service),
        ("service_service", &config.service_service),
        ("service_database", &config.service_database),
        ("service_cache", &config.service_cache),
        ("service_broker", &config.service_broker),
    ];
    let delays = hops.map(|(key, own)| match own {
        Some(own) => problems.distribution(&path.key(key), own),
        None => delay.clone(),
    });
    Network {
        tcp: problems.distribution(&path.key("tcp"), &config.tcp),
        tls: problems.distribution(&path.key("tls"), &config.tls),
        keep_alive_prob: problems.probability(&path.key("keep_alive_prob"), config.keep_alive_prob),
        delays,
        loss: problems.probability(&path.key("loss"), config.loss),
        retransmit_after: problems.span(&path.key("retransmit_after"), config.retransmit_after),
        retransmits_max: problems.count(&path.key("retransmits_max"), config.retransmits_max, 0..=RETRANSMITS_MAX),
        partition_timeout: problems.span(&path.key("partition_timeout"), config.partition_timeout),
    }
}
