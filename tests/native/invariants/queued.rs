//! Systems made up at random whose messages expire, come back, fail, go to dead letters, and travel far.
//!
//! (They are apart from `made_up::anything`, which the digests pin.)

use serde_json::{Value, json};
use web_service_model::engine::random::Stream;

use super::made_up;

/// Choices for queues, before those for the system.
const CHOICES: usize = 100;

/// A system in which anything can happen, and most of it to messages.
pub fn system(choices: &[u16]) -> Value {
    let (queued, rest) = choices.split_at(CHOICES.min(choices.len()));
    let mut config = made_up::anything(rest);
    let mut queued = queued.iter().copied().cycle();
    let below = &mut |n: u16| queued.next().unwrap_or(0) % n;
    let broker = &mut config["brokers"]["Broker"];
    broker["queues"]["dead"] = json!({ "consumers": [] });
    broker["heartbeat"] = json!([1.0, 5.0][usize::from(below(2))]);
    set(broker, "outages", (below(3) == 0).then(|| json!({ "up": 5, "down": 1 })));
    if below(2) == 0 {
        broker["queues"]["dead"]["consumers"] = json!([{ "service_time": 0.2, "count": 1 }]);
    }
    if broker["queues"]["q"]["consumers"] == json!([]) && below(2) == 0 {
        broker["queues"]["q"]["consumers"] = json!([{ "service": "A", "service_time": 0.05, "prefetch": below(5) }]);
    }
    spread(&mut config, below);
    fill(&mut config, below);
    if below(2) == 0 {
        let way = [json!(0.02), json!({ "exponential": { "mean": 0.05 } })];
        config["network"]["service_broker"] = way[usize::from(below(2))].clone();
    }
    for _ in 0..below(3) {
        let from = below(35);
        let fault = json!({ "partition": { "between": ["A", "Broker"], "from": from, "until": from + 1 + below(8) } });
        config["faults"].as_array_mut().expect("a list").push(fault);
    }
    config
}

/// Several nodes, with queues of both types and faults of their own; and exchanges.
fn spread(config: &mut Value, below: &mut impl FnMut(u16) -> u16) {
    let broker = &mut config["brokers"]["Broker"];
    let nodes = [1, 1, 3, 5][usize::from(below(4))];
    broker["nodes"] = json!(nodes);
    broker["between_nodes"] = json!([0.0, 0.01][usize::from(below(2))]);
    broker["election_time"] = json!(0.5 * f64::from(below(4)));
    broker["reconnect"] = json!(0.5 * f64::from(below(4)));
    let sync = json!({ "interval": 0.2 * f64::from(below(3)), "time": 0.01 * f64::from(below(3)) });
    set(broker, "sync", (below(3) == 0).then_some(sync));
    for queue in broker["queues"].as_object_mut().expect("an object").values_mut() {
        let kinds = [json!("classic"), json!("quorum"), json!("quorum")];
        set(queue, "type", kinds.get(usize::from(below(5))).cloned());
    }
    let has_exchange = below(3) == 0;
    let exchanges = json!({ "x": { "type": "topic", "bindings": [
        { "queue": "q", "routing_key": "a.#" }, { "queue": "dead", "routing_key": "*.b" },
    ] } });
    set(broker, "exchanges", has_exchange.then_some(exchanges));
    for _ in 0..below(3) {
        let from = below(35);
        let pair = [format!("Broker/{}", below(3)), format!("Broker/{}", 1 + below(2))];
        let fault = match below(2) {
            _ if nodes == 1 => continue,
            0 => json!({ "crash": { "component": pair[0], "at": from, "recover_at": from + 1 + below(8) } }),
            _ if pair[0] == pair[1] => continue,
            _ => json!({ "partition": { "between": pair, "from": from, "until": from + 1 + below(8) } }),
        };
        config["faults"].as_array_mut().expect("a list").push(fault);
    }
    for (_, service) in config.get_mut("services").and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(publish) = service.get_mut("publish").filter(|publish| publish.is_object())
            && has_exchange
            && below(3) > 0
        {
            set(publish, "queue", None);
            publish["exchange"] = json!("x");
            publish["routing_key"] = json!(["a", "a.b", "c.b", "c"][usize::from(below(4))]);
        }
    }
}

/// Other rules for all queues and consumers of a running system.
pub fn change(config: &mut Value, hand: &mut Stream) {
    fill(config, &mut |n| hand.below(n.into()) as u16);
}

fn fill(config: &mut Value, below: &mut impl FnMut(u16) -> u16) {
    for (_, service) in config.get_mut("services").and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(publish) = service.get_mut("publish").filter(|publish| publish.is_object()) {
            publish["priority"] = json!(below(4));
            let lives = [json!(0), json!(0.1), json!(2)];
            set(publish, "ttl", lives.get(usize::from(below(7))).cloned());
            publish["persistent"] = json!(below(4) > 0);
            publish["confirms"] = json!(below(3) > 0);
        }
    }
    let nodes = config.pointer("/brokers/Broker/nodes").and_then(Value::as_u64).unwrap_or(1) as u16;
    let Some(queues) = config.pointer_mut("/brokers/Broker/queues").and_then(Value::as_object_mut) else { return };
    let has_second = queues.contains_key("dead");
    for (name, queue) in queues {
        let target = if name == "q" { "dead" } else { "q" };
        set(queue, "dead_letter", (has_second && below(3) > 0).then(|| json!(target)));
        let lives = [json!(0), json!(0.1), json!(2)];
        set(queue, "message_ttl", lives.get(usize::from(below(5))).cloned());
        set(queue, "limit", (below(3) == 0).then(|| json!(1 + below(10))));
        queue["overflow"] = json!(["reject", "drop_head", "reject_publish_dlx"][usize::from(below(3))]);
        set(queue, "max_priority", (below(3) == 0).then(|| json!(1 + below(5))));
        set(queue, "delivery_limit", (below(3) == 0).then(|| json!(below(4))));
        queue["durable"] = json!(below(4) > 0);
        set(queue, "consumer_timeout", (below(4) == 0).then(|| json!(0.5 + f64::from(below(4)))));
        if queue.get("type") == Some(&json!("quorum")) {
            queue["durable"] = json!(true);
            set(queue, "max_priority", None);
            if queue["overflow"] == json!("reject_publish_dlx") {
                queue["overflow"] = json!("reject");
            }
        }
        for consumer in queue.get_mut("consumers").and_then(Value::as_array_mut).into_iter().flatten() {
            set(consumer, "node", (below(3) == 0).then(|| json!(below(nodes))));
            set(consumer, "fail_prob", (below(3) == 0).then(|| json!(0.2)));
            set(consumer, "poison", (below(3) == 0).then(|| json!(0.1)));
            consumer["on_failure"] = json!(["requeue", "reject"][usize::from(below(2))]);
        }
    }
}

fn set(object: &mut Value, field: &str, value: Option<Value>) {
    let fields = object.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(fields.insert(field.to_owned(), value)),
        None => drop(fields.remove(field)),
    }
}
