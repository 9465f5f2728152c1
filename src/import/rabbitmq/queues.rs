//! Queues of a virtual host, with what their arguments and policies say.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Host, exchanges::Known, text};
use crate::{
    config::{
        limits::{
            BROKER_NODES_MAX, DELIVERY_LIMIT_MAX, DURATION_SECONDS_MAX, INTERVAL_SECONDS_MIN, MESSAGE_PRIORITY_MAX,
        },
        schema::{BrokerConfig, Overflow, QueueConfig, QueueType, Seconds},
    },
    import::{
        THINGS_MAX, blank,
        names::Names,
        notes::{Notes, shortened},
    },
};

/// Arguments of queues and keys of policies that play no part here.
const IDLE: [&str; 16] = [
    "expires",
    "queue-mode",
    "queue-version",
    "queue-master-locator",
    "queue-leader-locator",
    "max-in-memory-length",
    "max-in-memory-bytes",
    "delivery-limit-strategy",
    "dead-letter-worker-prefetch",
    "quorum-target-group-size",
    "target-group-size",
    "unlimited-nodes",
    "stream-max-segment-size-bytes",
    "initial-cluster-size",
    "ha-sync-batch-size",
    "federation-upstream-set",
];

/// Where a queue's dead letters go, as it is declared.
pub struct DeadLetters {
    pub line: usize,
    pub queue: String,
    pub exchange: String,
    pub key: Option<String>,
}

/// What a queue is told, and in which line, without the `x-` of arguments; they count more than a policy.
fn settings<'d>(
    host: &'d Host,
    line: usize,
    queue: &'d serde_json::Map<String, Value>,
) -> BTreeMap<&'d str, (usize, &'d Value)> {
    let arguments = queue.get("arguments").and_then(Value::as_object);
    let is_quorum = arguments.is_some_and(|arguments| arguments.get("x-queue-type") == Some(&Value::from("quorum")));
    let own_kind = if is_quorum { "quorum_queues" } else { "classic_queues" };
    let policy = host.policies.for_name(text(queue, "name"), &["queues", own_kind]);
    let mut found = BTreeMap::new();
    if let Some((line, definition)) = policy {
        found.extend(definition.iter().map(|(key, value)| (key.as_str(), (line, value))));
    }
    for (key, value) in arguments.into_iter().flatten() {
        found.insert(key.strip_prefix("x-").unwrap_or(key), (line, value));
    }
    found
}

/// Takes the queues over; what is known of their names, and where their dead letters go.
pub fn read(host: &Host, broker: &mut BrokerConfig, notes: &mut Notes) -> Known {
    let mut known = Known::default();
    let mut names = Names::default();
    for (line, queue) in host.list("queues") {
        let told = text(queue, "name");
        if broker.queues.len() >= THINGS_MAX {
            notes.say(format!("only the first {THINGS_MAX} queues are taken over"));
            break;
        }
        let settings = settings(host, line, queue);
        if settings.get("queue-type").is_some_and(|(_, kind)| *kind == "stream") {
            notes.at(line, format!("`{}` is a stream, which is not simulated", shortened(told)));
            continue;
        }
        let name = names.take(told);
        known.queues.insert(told.to_owned(), name.clone());
        let is_durable = queue.get("durable").and_then(Value::as_bool).unwrap_or(true);
        let config = queue_of(&settings, is_durable, notes);
        dead_letters(&settings, &name, &mut known);
        broker.queues.insert(name, config);
    }
    known
}

fn queue_of(settings: &BTreeMap<&str, (usize, &Value)>, is_durable: bool, notes: &mut Notes) -> QueueConfig {
    let is_quorum = settings.get("queue-type").is_some_and(|(_, kind)| *kind == "quorum");
    let mut queue = QueueConfig {
        kind: Some(if is_quorum { QueueType::Quorum } else { QueueType::Classic }),
        durable: is_durable || is_quorum,
        ..blank()
    };
    for (&key, &(line, value)) in settings {
        set(&mut queue, (key, value), is_quorum, line, notes);
    }
    // (Without a limit it does not matter, and with one the oldest goes first unless somebody says otherwise.)
    if queue.limit.is_some() && !settings.contains_key("overflow") {
        queue.overflow = Overflow::DropHead;
    }
    if queue.limit.is_none() {
        queue.overflow = Overflow::default();
    }
    queue
}

fn set(queue: &mut QueueConfig, (key, value): (&str, &Value), is_quorum: bool, line: usize, notes: &mut Notes) {
    let number = value.as_i64();
    let wrong =
        |notes: &mut Notes| notes.at(line, format!("`{key}`: `{}` means nothing here", shortened(&value.to_string())));
    match (key, number) {
        ("queue-type" | "dead-letter-exchange" | "dead-letter-routing-key", _) => {}
        ("message-ttl", Some(millis @ 0..)) => queue.message_ttl = Some(seconds(millis, 0.0)),
        ("consumer-timeout", Some(millis @ 1..)) => {
            queue.consumer_timeout = Some(seconds(millis, INTERVAL_SECONDS_MIN));
        }
        ("max-length", Some(limit @ 1..)) => queue.limit = Some(u32::try_from(limit).unwrap_or(u32::MAX)),
        ("max-priority", Some(priority @ 0..)) if !is_quorum => {
            queue.max_priority = u32::try_from(priority).unwrap_or(u32::MAX).min(MESSAGE_PRIORITY_MAX);
        }
        ("max-priority", _) if is_quorum => notes.at(line, "a quorum queue does not look at `max-priority`"),
        ("delivery-limit", Some(limit)) if is_quorum => {
            queue.delivery_limit = Some(u32::try_from(limit).unwrap_or(u32::MAX).min(DELIVERY_LIMIT_MAX));
        }
        ("delivery-limit", _) => notes.at(line, "a classic queue does not look at `delivery-limit`"),
        ("quorum-initial-group-size", Some(size @ 1..)) if is_quorum => {
            queue.members = Some(u32::try_from(size).unwrap_or(u32::MAX).min(BROKER_NODES_MAX));
        }
        ("overflow", _) => match value.as_str() {
            Some("drop-head") => queue.overflow = Overflow::DropHead,
            Some("reject-publish") => queue.overflow = Overflow::Reject,
            Some("reject-publish-dlx") if is_quorum => {
                notes.at(line, "a quorum queue knows no `reject-publish-dlx`; `reject-publish` is taken");
                queue.overflow = Overflow::Reject;
            }
            Some("reject-publish-dlx") => queue.overflow = Overflow::RejectPublishDlx,
            _ => wrong(notes),
        },
        ("max-length-bytes", _) => notes.at(line, "`max-length-bytes`: messages have no size here"),
        ("single-active-consumer", _) => {
            notes.at(line, "`single-active-consumer`: all consumers are active here; the queue gets one");
        }
        ("dead-letter-strategy", _) if value == "at-least-once" => {
            notes.at(line, "`at-least-once`: dead letters that find no room are lost here");
        }
        ("dead-letter-strategy", _) => {}
        ("ha-mode" | "ha-params" | "ha-sync-mode", _) => {
            notes.at(line, format!("`{key}`: classic queues have no mirrors, as since RabbitMQ 4.0"));
        }
        _ if IDLE.contains(&key) => notes.idle(line, key),
        ("message-ttl" | "consumer-timeout" | "max-length" | "max-priority" | "quorum-initial-group-size", _) => {
            wrong(notes);
        }
        _ => notes.at(line, format!("`{}` is not known", shortened(key))),
    }
}

fn seconds(millis: i64, least: f64) -> Seconds {
    Seconds((millis as f64 / 1e3).clamp(least, DURATION_SECONDS_MAX))
}

fn dead_letters(settings: &BTreeMap<&str, (usize, &Value)>, queue: &str, known: &mut Known) {
    let Some(&(line, exchange)) = settings.get("dead-letter-exchange") else { return };
    let key = settings.get("dead-letter-routing-key").and_then(|(_, key)| key.as_str()).map(str::to_owned);
    let exchange = exchange.as_str().unwrap_or_default().to_owned();
    known.dead_letters.push(DeadLetters { line, queue: queue.to_owned(), exchange, key });
}

/// Says of each queue where its dead letters go: to one queue of the broker.
pub fn lead_dead_letters(broker: &mut BrokerConfig, known: &Known, notes: &mut Notes) {
    for letters in &known.dead_letters {
        let targets = known.targets(broker, letters);
        let Some(first) = targets.first() else {
            let exchange = shortened(&letters.exchange);
            notes.at(letters.line, format!("dead letters lead nowhere (by `{exchange}`)"));
            continue;
        };
        if targets.len() > 1 {
            let rule =
                format!("dead letters lead to {} queues; here they go to `{}` only", targets.len(), shortened(first));
            notes.at(letters.line, rule);
        }
        if let Some(queue) = broker.queues.get_mut(letters.queue.as_str()) {
            queue.dead_letter = Some(first.clone());
        }
    }
}
