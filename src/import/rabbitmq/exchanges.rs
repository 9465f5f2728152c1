//! Exchanges of a virtual host and their bindings.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Host, queues::DeadLetters, text};
use crate::{
    config::{
        limits::{BINDINGS_MAX, ROUTING_KEY_BYTES_MAX},
        route,
        schema::{BindingConfig, BrokerConfig, ExchangeConfig, ExchangeType},
    },
    import::{
        THINGS_MAX, blank,
        names::Names,
        notes::{Notes, shortened},
    },
};

/// Exchanges that each virtual host has, and that no definitions name.
const BUILT_IN: [(&str, ExchangeType); 3] =
    [("amq.direct", ExchangeType::Direct), ("amq.topic", ExchangeType::Topic), ("amq.fanout", ExchangeType::Fanout)];

/// What things are called here that are called otherwise there, and what is still to be said of them.
#[derive(Default)]
pub struct Known {
    pub queues: BTreeMap<String, String>,
    pub exchanges: BTreeMap<String, String>,
    pub dead_letters: Vec<DeadLetters>,
}

impl Known {
    /// The queues to which the dead letters of a queue may go.
    pub fn targets(&self, broker: &BrokerConfig, letters: &DeadLetters) -> Vec<String> {
        if letters.exchange.is_empty() {
            // (The default exchange leads to the queue that the key names; without one to where the message was.)
            let own = || self.queues.iter().find(|(_, name)| **name == letters.queue).map(|(told, _)| told.clone());
            let key = letters.key.clone().or_else(own).unwrap_or_default();
            return self.queues.get(&key).cloned().into_iter().collect();
        }
        let Some(exchange) = self.exchanges.get(&letters.exchange) else { return Vec::new() };
        let keys = match &letters.key {
            Some(key) => vec![key.clone()],
            None => keys_of(broker, &letters.queue),
        };
        let mut found: Vec<String> = Vec::new();
        for key in keys {
            for position in route(broker, exchange, &key) {
                let name = broker.queues.get_index(position).map(|(name, _)| name.clone());
                found.extend(name.filter(|name| !found.contains(name)));
            }
        }
        found
    }
}

/// The keys with which messages come to a queue; the empty one if nobody knows.
fn keys_of(broker: &BrokerConfig, queue: &str) -> Vec<String> {
    let bindings = broker.exchanges.values().flat_map(|exchange| &exchange.bindings);
    let mut keys: Vec<String> =
        bindings.filter(|binding| binding.queue == queue).map(|binding| plain(&binding.routing_key)).collect();
    keys.push(String::new());
    keys.dedup();
    keys
}

/// A key that fits the pattern of a topic's binding.
pub fn plain(pattern: &str) -> String {
    pattern.replace(['*', '#'], "any")
}

/// Takes the exchanges and the bindings over.
pub fn read(host: &Host, broker: &mut BrokerConfig, known: &mut Known, notes: &mut Notes) {
    let mut names = Names::default();
    for (line, exchange) in host.list("exchanges") {
        let told = text(exchange, "name");
        let kind = match text(exchange, "type") {
            "direct" => ExchangeType::Direct,
            "topic" => ExchangeType::Topic,
            "fanout" => ExchangeType::Fanout,
            other => {
                let (told, other) = (shortened(told), shortened(other));
                notes.at(line, format!("`{told}` is of the type `{other}`, which is not simulated"));
                continue;
            }
        };
        if broker.exchanges.len() >= THINGS_MAX {
            notes.say(format!("only the first {THINGS_MAX} exchanges are taken over"));
            break;
        }
        let name = names.take(told);
        known.exchanges.insert(told.to_owned(), name.clone());
        broker.exchanges.insert(name, ExchangeConfig { kind, ..blank() });
    }
    for (line, binding) in host.list("bindings") {
        add_binding(broker, known, &mut names, (line, binding), notes);
    }
    for (line, exchange) in host.list("exchanges") {
        add_alternate(host, broker, known, (line, exchange), notes);
    }
    broker.exchanges.values_mut().for_each(|exchange| exchange.bindings.truncate(BINDINGS_MAX));
}

fn add_binding(
    broker: &mut BrokerConfig,
    known: &mut Known,
    names: &mut Names,
    (line, binding): (usize, &serde_json::Map<String, Value>),
    notes: &mut Notes,
) {
    let (source, destination) = (text(binding, "source"), text(binding, "destination"));
    if source.is_empty() {
        return;
    }
    if text(binding, "destination_type") == "exchange" {
        let (source, destination) = (shortened(source), shortened(destination));
        return notes
            .at(line, format!("the binding from `{source}` to the exchange `{destination}` is not taken over"));
    }
    let built_in = BUILT_IN.iter().find(|(name, _)| *name == source && !known.exchanges.contains_key(source));
    if let Some(&(told, kind)) = built_in {
        let name = names.take(told);
        known.exchanges.insert(told.to_owned(), name.clone());
        broker.exchanges.insert(name, ExchangeConfig { kind, ..blank() });
    }
    let exchange = known.exchanges.get(source).and_then(|name| broker.exchanges.get_mut(name.as_str()));
    let (Some(exchange), Some(queue)) = (exchange, known.queues.get(destination)) else {
        let (source, destination) = (shortened(source), shortened(destination));
        return notes.at(line, format!("the binding from `{source}` to `{destination}` is left out with one of them"));
    };
    let key = text(binding, "routing_key");
    if key.len() > ROUTING_KEY_BYTES_MAX {
        return notes.at(line, "the routing key is too long");
    }
    let routing_key = if exchange.kind == ExchangeType::Fanout { String::new() } else { key.to_owned() };
    exchange.bindings.push(BindingConfig { queue: queue.clone(), routing_key });
}

fn add_alternate(
    host: &Host,
    broker: &mut BrokerConfig,
    known: &Known,
    (line, exchange): (usize, &serde_json::Map<String, Value>),
    notes: &mut Notes,
) {
    let told = text(exchange, "name");
    let own = exchange.get("arguments").and_then(|arguments| arguments.get("alternate-exchange")).map(|it| (line, it));
    let by_policy = || {
        let (line, definition) = host.policies.for_name(told, &["exchanges"])?;
        Some((line, definition.get("alternate-exchange")?))
    };
    let Some((line, alternate)) = own.or_else(by_policy) else { return };
    let alternate = alternate.as_str().unwrap_or_default();
    let described = known.exchanges.get(told).and_then(|name| broker.exchanges.get_mut(name.as_str()));
    match (described, known.exchanges.get(alternate)) {
        (Some(described), Some(name)) => described.alternate = Some(name.clone()),
        _ => notes.at(line, format!("there is no exchange `{}` for what leads nowhere", shortened(alternate))),
    }
}
