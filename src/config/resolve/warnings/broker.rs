//! Warnings about what brokers, exchanges and publishers say in vain.

use super::{Path, Problems, within};
use crate::config::{
    error::quoted,
    resolve::Number,
    schema::{
        BrokerConfig, Config, DistributionConfig, ExchangeType, OnError, PolicyUse, PublishUse, QueueConfig, QueueType,
    },
};

pub(super) fn check(warnings: &mut Problems, config: &Config) {
    for (name, broker) in config.brokers.iter() {
        within("brokers", name, |path| check_broker(warnings, path, broker));
    }
}

fn check_broker(warnings: &mut Problems, path: &Path, broker: &BrokerConfig) {
    let is_quorum = |queue: &QueueConfig| queue.kind == Some(QueueType::Quorum);
    let has_typed = broker.nodes > 1 || broker.queues.values().any(|queue| queue.kind.is_some());
    let usual = BrokerConfig::default();
    let is_spread = broker.nodes > 1 && broker.queues.values().any(is_quorum);
    let mut unless =
        |is_used: bool, field: &str, (now, usual): (&DistributionConfig, &DistributionConfig), rule: &str| {
            if !is_used && now != usual {
                warnings.report(&path.key(field), rule);
            }
        };
    let rule = "has no effect: no quorum queue is at several nodes";
    unless(is_spread, "between_nodes", (&broker.between_nodes, &usual.between_nodes), rule);
    // (A kind has its own, whether there are elections or not.)
    unless(is_spread || broker.kind.is_some(), "election_time", (&broker.election_time, &usual.election_time), rule);
    let closes = has_typed || broker.queues.values().any(|queue| queue.consumer_timeout.is_some());
    unless(
        closes,
        "reconnect",
        (&broker.reconnect, &usual.reconnect),
        "has no effect: the broker never closes a connection",
    );
    for (name, queue) in broker.queues.iter().filter(|(_, queue)| !is_quorum(queue)) {
        if let Some(members) = queue.members {
            let path = path.key("queues");
            let rule = "has no effect: only a quorum queue has several members";
            warnings.found(&path.key(name).key("members"), members, rule);
        }
    }
    for (name, exchange) in broker.exchanges.iter().filter(|(_, exchange)| exchange.kind == ExchangeType::Fanout) {
        for (i, binding) in exchange.bindings.iter().enumerate().filter(|(_, it)| !it.routing_key.is_empty()) {
            let path = path.key("exchanges");
            let path = path.key(name);
            let rule = "has no effect: a `fanout` exchange does not look at it";
            warnings.found(&path.key("bindings").index(i).key("routing_key"), quoted(&binding.routing_key), rule);
        }
    }
}

/// What a publisher says in vain.
pub(super) fn check_publish(warnings: &mut Problems, path: &Path, config: &Config, used: &PublishUse) {
    let Some(broker) = config.brokers.get(&used.broker) else { return };
    let exchange = used.exchange.as_ref().and_then(|name| broker.exchanges.get(name));
    let looks_at_key = exchange.is_some_and(|exchange| exchange.kind != ExchangeType::Fanout);
    if !used.routing_key.is_empty() && !looks_at_key {
        let rule = match exchange {
            Some(_) => "has no effect: a `fanout` exchange does not look at it",
            None => "has no effect: the message goes straight to a queue",
        };
        warnings.found(&path.key("routing_key"), quoted(&used.routing_key), rule);
    }
    if !used.confirms {
        check_unconfirmed(warnings, path, used);
    }
    let Some(queue) = used.queue.as_ref().and_then(|name| broker.queues.get(name)) else { return };
    if !used.persistent && queue.kind == Some(QueueType::Quorum) {
        let rule = "has no effect: a quorum queue writes all messages to disk";
        warnings.found(&path.key("persistent"), false, rule);
    }
    if !used.persistent && !queue.durable {
        warnings.found(&path.key("persistent"), false, "has no effect: the queue is not durable");
    }
    if let (Some(own), Some(of_queue)) = (used.ttl, queue.message_ttl)
        && own > of_queue
    {
        let rule = format!("has no effect: the `message_ttl` of the queue ({}) is shorter", Number(of_queue.0));
        warnings.found(&path.key("ttl"), Number(own.0), rule);
    }
}

fn check_unconfirmed(warnings: &mut Problems, path: &Path, used: &PublishUse) {
    if used.on_error == OnError::Ignore {
        let rule = "has no effect: without `confirms` publishing never fails";
        warnings.found(&path.key("on_error"), quoted("ignore"), rule);
    }
    if let Some(PolicyUse::Own(policy)) = &used.policy
        && policy.limiter.is_none()
        && policy.bulkhead.is_none()
    {
        let rule = "has no effect: without `confirms` publishing never fails, and takes no time";
        warnings.report(&path.key("policy"), rule);
    }
}
