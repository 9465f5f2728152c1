//! Systems made up at random whose balancers choose in every way there is, and whose components answer with errors.
//!
//! (They are apart from `made_up::anything`, which the digests pin.)

use serde_json::{Map, Value, json};
use web_service_model::engine::random::Stream;

use super::made_up;

/// Choices for balancers and errors, before those for the system.
const CHOICES: usize = 40;
const POLICIES: [&str; 4] = ["ip_hash", "bounded_hash", "peak_ewma", "least_connections"];
/// What is decided here.
const FIELDS: [&str; 7] =
    ["balance_factor", "ewma_decay", "max_conns", "balancer_queue", "keep_alive", "backups", "slow_start"];

/// A system in which anything can happen.
pub fn system(choices: &[u16]) -> Value {
    let (balancing, rest) = choices.split_at(CHOICES.min(choices.len()));
    let mut config = made_up::anything(rest);
    let mut balancing = balancing.iter().copied().cycle();
    let mut below = |n: u16| balancing.next().unwrap_or(0) % n;
    for (_, service) in config["services"].as_object_mut().expect("services") {
        balance(service, &mut below);
    }
    let component = ["A", "A-0", "DB/primary", "Cache", "Broker"][usize::from(below(5))];
    let (prob, from) = ([1.0, 0.3][usize::from(below(2))], below(40));
    let fault = json!({ "fail": { "component": component, "prob": prob, "from": from, "until": from + 10 } });
    config["faults"].as_array_mut().expect("a list").push(fault);
    config
}

/// Other balancers for all services of a running system.
pub fn change(config: &mut Value, hand: &mut Stream) {
    for (_, service) in config["services"].as_object_mut().expect("services") {
        balance(service, &mut |n| hand.below(n.into()) as u16);
    }
}

/// Gives a service a balancer.
fn balance(service: &mut Value, below: &mut impl FnMut(u16) -> u16) {
    let fields = service.as_object_mut().expect("an object");
    FIELDS.iter().for_each(|&field| drop(fields.remove(field)));
    if below(3) > 0 {
        fields.insert("balancer".to_owned(), json!(POLICIES[usize::from(below(4))]));
    }
    let policy = fields.get("balancer").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut sometimes = |field: &str, value: Value, below: &mut dyn FnMut(u16) -> u16| {
        if below(2) == 1 {
            fields.insert(field.to_owned(), value);
        }
    };
    match policy.as_str() {
        "bounded_hash" => sometimes("balance_factor", json!([1.0, 3.0][usize::from(below(2))]), below),
        "peak_ewma" => sometimes("ewma_decay", json!([0.1, 60.0][usize::from(below(2))]), below),
        _ => {}
    }
    if policy != "ip_hash" {
        sometimes("slow_start", json!([1.0, 20.0][usize::from(below(2))]), below);
    }
    sometimes("keep_alive", json!(below(3)), below);
    sometimes("max_conns", json!(1 + below(4)), below);
    if fields.contains_key("max_conns") && below(3) > 0 {
        fields.insert("balancer_queue".to_owned(), queue(below));
    }
    let is_elastic = fields.contains_key("autoscaler") || fields.contains_key("deployments");
    if fields.get("instances").and_then(Value::as_u64) > Some(1) && below(3) == 0 && !is_elastic {
        fields.insert("backups".to_owned(), json!(1));
    }
}

fn queue(below: &mut impl FnMut(u16) -> u16) -> Value {
    let mut queue = Map::new();
    if below(2) == 1 {
        queue.insert("limit".to_owned(), json!(1 + below(5)));
    }
    if below(2) == 1 {
        queue.insert("longest_wait".to_owned(), json!([0.2, 0.0][usize::from(below(2))]));
    }
    Value::Object(queue)
}
