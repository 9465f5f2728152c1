//! Systems made up at random whose stores have few connections, slow down when they are busy, and are asked by one for all.
//!
//! (They are apart from `made_up::anything`, which the digests pin.)

use serde_json::{Value, json};
use web_service_model::engine::random::Stream;

use super::made_up;

/// Choices for what is decided here, before those for the system.
const CHOICES: usize = 40;

/// A system in which anything can happen.
pub fn system(choices: &[u16]) -> Value {
    let (contention, rest) = choices.split_at(CHOICES.min(choices.len()));
    let mut config = made_up::guarded(rest);
    let mut contention = contention.iter().copied().cycle();
    contend(&mut config, &mut |n| contention.next().unwrap_or(0) % n);
    config
}

/// Other connections, and other ways to share them, for a running system.
pub fn change(config: &mut Value, hand: &mut Stream) {
    contend(config, &mut |n| hand.below(n.into()) as u16);
}

fn contend(config: &mut Value, below: &mut impl FnMut(u16) -> u16) {
    for (_, cache) in config.get_mut("caches").and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(keyed) = cache.get_mut("keyed") {
            let waits = [json!({}), json!({ "longest_wait": 0 }), json!({ "longest_wait": 0.05 })];
            set(keyed, "single_flight", waits.get(usize::from(below(5))).cloned());
        }
    }
    for (_, cluster) in config.get_mut("db_clusters").and_then(Value::as_object_mut).into_iter().flatten() {
        let speeds = [json!({ "usl": { "sigma": 0.2, "kappa": 0.05 } }), json!({ "table": [1, 0.7, 2, 0.3] })];
        set(cluster, "scalability", speeds.get(usize::from(below(3))).cloned());
    }
    for (_, service) in config.get_mut("services").and_then(Value::as_object_mut).into_iter().flatten() {
        for store in ["cache", "database"] {
            if let Some(used) = service.get_mut(store).filter(|used| used.is_object()) {
                set(used, "pool", pool(below));
            }
        }
        for call in service.get_mut("calls").and_then(Value::as_array_mut).into_iter().flatten() {
            let has_bulkhead =
                call.get("policy").is_some_and(|policy| policy.is_string() || policy.get("bulkhead").is_some());
            let pool = pool(below).filter(|_| !has_bulkhead);
            set(call, "pool", pool);
        }
    }
}

fn pool(below: &mut impl FnMut(u16) -> u16) -> Option<Value> {
    let waits = [0.0, 0.05, 30.0];
    (below(2) == 1).then(|| json!({ "size": 1 + below(3), "longest_wait": waits[usize::from(below(3))] }))
}

fn set(object: &mut Value, field: &str, value: Option<Value>) {
    let fields = object.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(fields.insert(field.to_owned(), value)),
        None => drop(fields.remove(field)),
    }
}
