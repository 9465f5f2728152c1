//! Who publishes and who consumes, which definitions do not say: a service with an endpoint for each key that leads somewhere, and a
//! consumer for each queue to which messages are published.

use std::collections::BTreeSet;

use super::exchanges::{Known, plain};
use crate::{
    config::schema::{
        BrokerConfig, Config, ConsumerConfig, EndpointConfig, ExchangeType, OnError, PolicyConfig, PublishUse,
        ServiceConfig, StepConfig,
    },
    import::{SERVICE_SECONDS, blank, names::Names, notes::Notes, service_time, users},
};

/// Most different messages that are published.
const MESSAGES_MAX: usize = 100;

/// Adds a publisher, its users, and the consumers of a broker.
pub fn add(
    config: &mut Config,
    name: &str,
    broker: &BrokerConfig,
    known: &Known,
    names: &mut Names,
    notes: &mut Notes,
) {
    let mut messages = messages(broker, known);
    if messages.len() > MESSAGES_MAX {
        notes.say(format!("of {} kinds of messages the first {MESSAGES_MAX} are published", messages.len()));
        messages.truncate(MESSAGES_MAX);
    }
    if messages.is_empty() {
        return;
    }
    let service = names.take(if name == "RabbitMQ" { "publisher" } else { name.trim_start_matches("RabbitMQ ") });
    let mut endpoint_names = Names::default();
    let mut targets = Vec::new();
    let mut described = ServiceConfig { service_time: service_time(), ..blank() };
    for (what, target) in messages {
        let endpoint = endpoint_names.take(&what);
        targets.push(format!("{service}.{endpoint}"));
        let publish = PublishUse { broker: name.to_owned(), ..target };
        let steps = vec![StepConfig::Process(service_time().unwrap_or_default()), StepConfig::Publish(publish)];
        described.endpoints.insert(endpoint, EndpointConfig { steps, ..blank() });
    }
    config.services.insert(service.clone(), described);
    config.users.insert(names.take(&format!("{service} users")), users(targets, PolicyConfig::default()));
}

/// A message to a queue, or an exchange, of a broker that is still to be named.
fn message(queue: Option<&str>, exchange: Option<&str>, key: &str) -> PublishUse {
    PublishUse {
        broker: String::new(),
        queue: queue.map(str::to_owned),
        exchange: exchange.map(str::to_owned),
        routing_key: key.to_owned(),
        priority: 0,
        ttl: None,
        persistent: true,
        confirms: true,
        on_error: OnError::Fail,
        policy: None,
    }
}

/// What is published, each with a name: to each exchange that leads somewhere and is not there for dead letters or for what leads
/// nowhere, with each of its keys; and straight to each queue to which none of them leads.
fn messages(broker: &BrokerConfig, known: &Known) -> Vec<(String, PublishUse)> {
    let letters: BTreeSet<&str> =
        known.dead_letters.iter().filter_map(|it| known.exchanges.get(&it.exchange)).map(String::as_str).collect();
    let alternates: BTreeSet<&str> = broker.exchanges.values().filter_map(|it| it.alternate.as_deref()).collect();
    let mut reached: BTreeSet<&str> = broker.queues.values().filter_map(|queue| queue.dead_letter.as_deref()).collect();
    let mut messages = Vec::new();
    for (name, exchange) in broker.exchanges.iter() {
        reached.extend(exchange.bindings.iter().map(|binding| binding.queue.as_str()));
        if letters.contains(name.as_str()) || alternates.contains(name.as_str()) {
            continue;
        }
        let mut keys = BTreeSet::new();
        for binding in &exchange.bindings {
            let key = match exchange.kind {
                ExchangeType::Direct => binding.routing_key.clone(),
                ExchangeType::Topic => plain(&binding.routing_key),
                ExchangeType::Fanout => String::new(),
            };
            if keys.insert(key.clone()) {
                let what = if key.is_empty() { name.clone() } else { format!("{name} {}", key.replace('.', " ")) };
                messages.push((what, message(None, Some(name), &key)));
            }
        }
    }
    let straight = broker.queues.keys().filter(|queue| !reached.contains(queue.as_str()));
    messages.extend(straight.map(|queue| (queue.replace('.', " "), message(Some(queue), None, ""))));
    messages
}

/// Gives a consumer to each queue, but for those that get dead letters.
pub fn add_consumers(broker: &mut BrokerConfig) {
    let letters: BTreeSet<String> = broker.queues.values().filter_map(|queue| queue.dead_letter.clone()).collect();
    for (_, queue) in broker.queues.iter_mut().filter(|(name, _)| !letters.contains(name.as_str())) {
        queue.consumers = vec![ConsumerConfig { service_time: service_time(), ..blank() }];
    }
}

/// Says what was made up.
pub fn tell(notes: &mut Notes) {
    notes.say(format!(
        "assumed: messages are persistent and confirmed; one consumer on each queue, with prefetch 1 and {} ms of work \
         (exponential) for a message, but none on queues that get dead letters",
        SERVICE_SECONDS * 1e3
    ));
}
