//! Systems made up at random whose balancers choose in every way there is, and whose components answer with errors.
//!
//! (They are apart from `made_up::anything`, which the digests pin.)

use serde_json::{Map, Value, json};
use web_service_model::engine::random::Stream;

use super::made_up;

/// Choices for balancers and errors, before those for the system.
const CHOICES: usize = 60;
const POLICIES: [&str; 6] = ["ip_hash", "bounded_hash", "peak_ewma", "least_connections", "leastconn", "hash"];
/// What is decided here.
const FIELDS: [&str; 11] = [
    "balance_factor",
    "ewma_decay",
    "max_conns",
    "balancer_queue",
    "keep_alive",
    "keep_alive_together",
    "backups",
    "slow_start",
    "slow_start_in_steps",
    "panic_threshold",
    "next_upstream",
];

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
        fields.insert("balancer".to_owned(), json!(POLICIES[usize::from(below(6))]));
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
    if !policy.ends_with("hash") || policy == "bounded_hash" {
        sometimes("slow_start", json!([1.0, 20.0][usize::from(below(2))]), below);
        sometimes("slow_start_in_steps", json!(true), below);
    }
    sometimes("keep_alive", json!(below(3)), below);
    sometimes("keep_alive_together", json!(true), below);
    sometimes("panic_threshold", json!(0.6), below);
    let next = json!({
        "tries": 1 + below(3), "retries": below(3), "retry_after": ([0.0, 0.2][usize::from(below(2))]), "connect_only": below(2) == 1,
        "try_timeout": ([Value::Null, json!(0.05), json!(1)][usize::from(below(3))]),
    });
    sometimes("next_upstream", next, below);
    sometimes("max_conns", json!(1 + below(4)), below);
    if fields.contains_key("max_conns") && below(3) > 0 {
        fields.insert("balancer_queue".to_owned(), queue(below));
    }
    if let Some(checks) = fields.get_mut("knowledge").and_then(|knowledge| knowledge.get_mut("checks")) {
        checks["observe"] = [Value::Null, json!("layer4"), json!("layer7")][usize::from(below(3))].clone();
        let is_observed = !checks["observe"].is_null();
        checks["error_limit"] = if is_observed { json!(1 + below(3)) } else { Value::Null };
        let consequences =
            ["fail_check", "sudden_death", "mark_down"].map(|it| if is_observed { json!(it) } else { Value::Null });
        checks["on_error"] = consequences[usize::from(below(3))].clone();
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
