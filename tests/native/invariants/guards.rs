//! Systems made up at random whose instances guard themselves against too much work.
//!
//! (They are apart from `made_up::anything`, which the digests pin.)

use serde_json::{Value, json};
use web_service_model::engine::random::Stream;

use super::made_up;

/// Choices for guards, before those for the system.
const CHOICES: usize = 40;

/// A system in which anything can happen, and whose services have guards.
pub fn system(choices: &[u16]) -> Value {
    let (guards, rest) = choices.split_at(CHOICES.min(choices.len()));
    let mut config = made_up::anything(rest);
    let mut guards = guards.iter().copied().cycle();
    let mut below = |n: u16| guards.next().unwrap_or(0) % n;
    for (_, service) in config["services"].as_object_mut().expect("services") {
        guard(service, &mut below);
    }
    config
}

/// Other guards for all services of a running system.
pub fn change(config: &mut Value, hand: &mut Stream) {
    for (_, service) in config["services"].as_object_mut().expect("services") {
        guard(service, &mut |n| hand.below(n.into()) as u16);
    }
}

/// Gives a service some guards, and takes the others away.
fn guard(service: &mut Value, below: &mut impl FnMut(u16) -> u16) {
    let fields = service.as_object_mut().expect("an object");
    ["codel", "lifo_after", "admission", "scalability"].iter().for_each(|&guard| drop(fields.remove(guard)));
    if let Some(admission) = admission(below) {
        fields.insert("admission".to_owned(), admission);
    }
    match below(4) {
        0 => drop(fields.insert("scalability".to_owned(), json!({ "usl": { "sigma": 0.2, "kappa": 0.05 } }))),
        1 => drop(fields.insert("scalability".to_owned(), json!({ "table": [1, 0.7, 2, 0.3] }))),
        _ => {}
    }
    let somebody_waits = fields.get("workers").is_some() && service["discipline"] != "processor_sharing";
    if !somebody_waits {
        return;
    }
    match below(3) {
        0 => service["discipline"] = json!("adaptive_lifo"),
        1 => {
            service["discipline"] = json!("adaptive_lifo");
            service["lifo_after"] = json!([0.0, 0.5][usize::from(below(2))]);
        }
        _ => {}
    }
    if below(2) == 0 {
        let (target, interval) = ([0.005, 0.0][usize::from(below(2))], [0.1, 0.02][usize::from(below(2))]);
        service["codel"] = json!({ "target": target, "interval": interval });
    }
}

/// Who is let in, if not everybody.
fn admission(below: &mut impl FnMut(u16) -> u16) -> Option<Value> {
    let reserve = [0.0, 0.3][usize::from(below(2))];
    Some(match below(6) {
        0 => json!({ "concurrency": { "max": 1 + below(4), "reserve": reserve } }),
        1 => json!({ "rate": { "rate": 5 + below(20), "burst": 1 + below(4), "reserve": reserve } }),
        2 => json!({ "aimd": { "initial": 5, "min": 1, "max": 10, "timeout": 0.1, "reserve": reserve } }),
        3 => json!({ "gradient": { "initial": 5, "min": 1, "window": 0.1, "samples": 3, "queue": 1, "tolerance": 1 } }),
        _ => return None,
    })
}
