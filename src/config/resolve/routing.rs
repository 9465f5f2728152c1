//! Routing: to which queues a message leads that is published with a routing key, found out before anything runs.

use std::collections::BTreeSet;

use super::{Path, Problems, layout::Layout};
use crate::{
    config::{
        error::quoted,
        limits::{BINDINGS_MAX, ROUTING_KEY_BYTES_MAX},
        near::suggestion,
        schema::{BrokerConfig, ExchangeConfig, ExchangeType, PublishUse, QueueType},
    },
    model::topology::{BrokerId, QueueId},
};

/// Where a step publishes to.
pub(super) struct Target {
    pub broker: BrokerId,
    /// The queues that get the message, each once, in the order of the broker's list.
    pub queues: Vec<QueueId>,
    /// Whether an exchange has chosen them.
    pub is_routed: bool,
    /// Whether some of them are quorum queues.
    pub needs_quorum: bool,
}

/// Checks the exchanges of a broker.
pub(super) fn check(problems: &mut Problems, path: &Path, (name, config): (&str, &BrokerConfig)) {
    let list = path.key("exchanges");
    for (exchange, described) in config.exchanges.iter() {
        let path = list.key(exchange);
        let bindings = path.key("bindings");
        if described.bindings.len() > BINDINGS_MAX {
            let rule = format!("has {} entries, too many (at most {BINDINGS_MAX})", described.bindings.len());
            problems.report(&bindings, rule);
        }
        for (i, binding) in described.bindings.iter().take(BINDINGS_MAX).enumerate() {
            let path = bindings.index(i);
            check_key(problems, &path.key("routing_key"), &binding.routing_key);
            position_of_queue(problems, &path.key("queue"), (name, config), &binding.queue);
        }
        if let Some(alternate) = described.alternate.as_ref().filter(|it| !config.exchanges.contains_key(it.as_str())) {
            let known = suggestion(alternate, config.exchanges.keys());
            let rule = format!("is not an exchange of `{name}`{known}");
            problems.found(&path.key("alternate"), quoted(alternate), rule);
        }
    }
}

fn check_key(problems: &mut Problems, path: &Path, key: &str) {
    if key.len() > ROUTING_KEY_BYTES_MAX {
        problems.report(path, format!("is too long (at most {ROUTING_KEY_BYTES_MAX} bytes)"));
    }
}

fn position_of_queue(
    problems: &mut Problems,
    path: &Path,
    (name, config): (&str, &BrokerConfig),
    queue: &str,
) -> Option<usize> {
    let position = config.queues.get_index_of(queue);
    if position.is_none() {
        let known = suggestion(queue, config.queues.keys());
        problems.found(path, quoted(queue), format!("is not a queue of `{name}`{known}"));
    }
    position
}

/// Where a step publishes to: a queue, or all those to which an exchange leads.
pub(super) fn target(problems: &mut Problems, path: &Path, layout: &Layout, used: &PublishUse) -> Option<Target> {
    check_key(problems, &path.key("routing_key"), &used.routing_key);
    let brokers = &layout.config.brokers;
    let Some((place, name, broker)) = brokers.get_full(&used.broker) else {
        let known = suggestion(&used.broker, brokers.keys());
        problems.found(&path.key("broker"), quoted(&used.broker), format!("is not one of `brokers`{known}"));
        return None;
    };
    let before = brokers.iter().take_while(|(other, _)| *other != name);
    let first: usize = before.map(|(_, broker)| broker.queues.len()).sum();
    let queues = match (&used.queue, &used.exchange) {
        (Some(queue), None) => vec![position_of_queue(problems, &path.key("queue"), (name, broker), queue)?],
        (None, Some(exchange)) => {
            let known = broker.exchanges.contains_key(exchange.as_str());
            if !known {
                let known = suggestion(exchange, broker.exchanges.keys());
                let rule = format!("is not an exchange of `{name}`{known}");
                problems.found(&path.key("exchange"), quoted(exchange), rule);
                return None;
            }
            route(broker, exchange, &used.routing_key)
        }
        (Some(queue), Some(_)) => {
            problems.found(&path.key("queue"), quoted(queue), "stands beside an `exchange` (one of them)");
            return None;
        }
        (None, None) => {
            problems.report(path, "names neither a `queue` nor an `exchange`");
            return None;
        }
    };
    let needs_quorum = queues.iter().any(|&position| broker.queues[position].kind == Some(QueueType::Quorum));
    let queues = queues.into_iter().map(|position| QueueId((first + position) as u32)).collect();
    Some(Target { broker: BrokerId(place as u32), queues, is_routed: used.exchange.is_some(), needs_quorum })
}

/// Positions of the queues to which a message leads. Where an exchange leads nowhere its alternate has its turn, unless that has
/// had it already.
pub(crate) fn route(broker: &BrokerConfig, exchange: &str, key: &str) -> Vec<usize> {
    let mut next = Some(exchange);
    let mut seen = BTreeSet::new();
    while let Some(exchange) = next.filter(|&exchange| seen.insert(exchange)) {
        let Some(described) = broker.exchanges.get(exchange) else { break };
        let found: BTreeSet<usize> = bound(described, key).filter_map(|it| broker.queues.get_index_of(it)).collect();
        if !found.is_empty() {
            return found.into_iter().collect();
        }
        next = described.alternate.as_deref();
    }
    Vec::new()
}

/// Names of the queues to which an exchange leads by itself.
fn bound<'c>(exchange: &'c ExchangeConfig, key: &'c str) -> impl Iterator<Item = &'c str> {
    let kind = exchange.kind;
    let fits = move |pattern: &str| match kind {
        ExchangeType::Direct => pattern == key,
        ExchangeType::Topic => matches(pattern, key),
        ExchangeType::Fanout => true,
    };
    exchange.bindings.iter().filter(move |binding| fits(&binding.routing_key)).map(|binding| binding.queue.as_str())
}

/// Whether a routing key is of the form that a topic's binding asks for. (An empty key is one empty word, as in RabbitMQ.)
fn matches(pattern: &str, key: &str) -> bool {
    let words: Vec<&str> = key.split('.').collect();
    // Whether the part of the pattern up to here fits the first so many words, for each number of them.
    let mut fits = vec![false; words.len() + 1];
    fits[0] = true;
    for part in pattern.split('.') {
        let mut next = vec![false; words.len() + 1];
        for count in 0..=words.len() {
            next[count] = match part {
                "#" => fits[count] || (count > 0 && next[count - 1]),
                "*" => count > 0 && fits[count - 1],
                word => count > 0 && fits[count - 1] && words[count - 1] == word,
            };
        }
        fits = next;
    }
    fits[words.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::{BindingConfig, Named, QueueConfig};

    #[test]
    fn topics_are_patterns_of_words() {
        for (pattern, key, expected) in [
            ("a.b", "a.b", true),
            ("a.b", "a.c", false),
            ("a.*", "a.b", true),
            ("a.*", "a", false),
            ("a.*", "a.b.c", false),
            ("*.b", "a.b", true),
            ("#", "", true),
            ("#", "a.b.c", true),
            ("a.#", "a", true),
            ("a.#", "a.b.c", true),
            ("a.#", "ab", false),
            ("#.c", "c", true),
            ("#.c", "a.b.c", true),
            ("#.c", "a.b", false),
            ("a.#.c", "a.c", true),
            ("a.#.c", "a.x.y.c", true),
            ("#.*", "a", true),
            ("*.#", "a", true),
            ("*.#.*", "a", false),
            ("#.b.#", "a.b.b.c", true),
            ("*", "", true),
            ("*", "a.b", false),
            ("a*", "ab", false),
            ("a..b", "a..b", true),
            ("a.*.b", "a..b", true),
        ] {
            assert_eq!(matches(pattern, key), expected, "{pattern} {key}");
        }
        // Many signs for any number of words take no longer than there are words to try.
        assert!(matches(&["#"; 127].join("."), &["a"; 127].join(".")));
    }

    fn exchange(kind: ExchangeType, bindings: &[(&str, &str)], alternate: Option<&str>) -> ExchangeConfig {
        let binding = |&(queue, key): &(&str, &str)| BindingConfig { queue: queue.into(), routing_key: key.into() };
        ExchangeConfig { kind, bindings: bindings.iter().map(binding).collect(), alternate: alternate.map(Into::into) }
    }

    #[test]
    fn a_message_goes_to_each_queue_once_or_to_the_alternate() {
        let queues = ["a", "b", "c"].into_iter().map(|name| (name.to_owned(), QueueConfig::default()));
        let exchanges = [
            (
                "direct",
                exchange(ExchangeType::Direct, &[("b", "x"), ("a", "x"), ("b", "x"), ("c", "y")], Some("other")),
            ),
            ("other", exchange(ExchangeType::Topic, &[("c", "z.#"), ("c", "*")], Some("direct"))),
            ("all", exchange(ExchangeType::Fanout, &[("c", "ignored"), ("a", "")], None)),
            ("nobody", exchange(ExchangeType::Fanout, &[], None)),
        ];
        let broker = BrokerConfig {
            queues: queues.collect::<Named<_>>(),
            exchanges: exchanges.into_iter().map(|(name, exchange)| (name.to_owned(), exchange)).collect(),
            ..BrokerConfig::default()
        };
        assert_eq!(route(&broker, "direct", "x"), [0, 1]);
        assert_eq!(route(&broker, "direct", "y"), [2]);
        assert_eq!(route(&broker, "direct", "z.1.2"), [2], "by the alternate");
        assert_eq!(route(&broker, "direct", "u.v"), [0; 0], "round in a circle, but once only");
        assert_eq!(route(&broker, "all", "anything"), [0, 2]);
        assert_eq!(route(&broker, "nobody", "x"), [0; 0]);
    }
}
