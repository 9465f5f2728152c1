//! Changes of how many there are, and of what kind, in a configuration that runs.

use serde_json::{Value, json};
use web_service_model::{
    config::{resolve, schema::Config},
    engine::random::Stream,
    model::world::World,
};

use super::{balancing, contended, guards, queued, replicated};

/// Every entry of a map of the configuration.
fn entries<'c>(config: &'c mut Value, map: &str) -> impl Iterator<Item = &'c mut Value> {
    config.get_mut(map).and_then(Value::as_object_mut).into_iter().flatten().map(|(_, entry)| entry)
}

fn arrivals(hand: &mut Stream) -> Value {
    match hand.below(4) {
        0 => json!({ "poisson": { "rate": 20 } }),
        1 => json!({ "gaps": { "uniform": [0.01, 0.1] } }),
        2 => json!({ "closed": { "users": 1 + hand.below(20), "think": 0.2 } }),
        _ => json!({ "sequential": { "gap": { "exponential": { "mean": 0.1 } } } }),
    }
}

fn keyed(hand: &mut Stream) -> Value {
    let eviction = ["lru", "lfu", "random"][hand.below(3) as usize];
    json!({ "keys": 1 + hand.below(200), "capacity": 1 + hand.below(100), "eviction": eviction })
}

/// Changes one thing, or sometimes nothing.
fn change(config: &mut Value, hand: &mut Stream) {
    match hand.below(20) {
        0..=2 => entries(config, "services").for_each(|service| service["instances"] = (1 + hand.below(5)).into()),
        3 => entries(config, "db_clusters").for_each(|cluster| cluster["replicas"] = hand.below(5).into()),
        4 => {
            let disciplines = ["fifo", "lifo", "processor_sharing"];
            entries(config, "services")
                .for_each(|service| service["discipline"] = disciplines[hand.below(3) as usize].into());
        }
        5 => {
            for queue in entries(config, "brokers").flat_map(|broker| entries(broker, "queues")) {
                let consumers = queue["consumers"].as_array_mut().into_iter().flatten();
                consumers.for_each(|consumer| consumer["count"] = (1 + hand.below(4)).into());
            }
        }
        6 => entries(config, "users").for_each(|users| users["arrivals"] = arrivals(hand)),
        7 => {
            for cache in entries(config, "caches") {
                match hand.below(3) {
                    0 => (cache["hit_prob"], cache["keyed"]) = (json!(0.5), Value::Null),
                    _ => (cache["hit_prob"], cache["keyed"]) = (Value::Null, keyed(hand)),
                }
                let fields = cache.as_object_mut().expect("an object");
                fields.retain(|_, value| !value.is_null());
            }
        }
        8 | 9 => guards::change(config, hand),
        10 | 11 => balancing::change(config, hand),
        12 | 13 => contended::change(config, hand),
        14 | 15 => replicated::change(config, hand),
        16 | 17 => queued::change(config, hand),
        18 => config["window"] = (0.1 + 3.0 * hand.uniform()).into(),
        _ => {
            if let Some(auth) = config.get_mut("auth").filter(|auth| auth.is_object()) {
                auth["instances"] = (1 + hand.below(4)).into();
            }
        }
    }
}

/// Changes some things of a running system; what would not be valid together is left as it was.
/// Whether somebody came back.
pub fn scale(world: &mut World, config: &mut Value, hand: &mut Stream) -> bool {
    let mut changed = config.clone();
    (0..1 + hand.below(3)).for_each(|_| change(&mut changed, hand));
    let read = Config::from_json(&changed.to_string()).unwrap_or_else(|errors| panic!("{errors}\nin {changed}"));
    let Ok(topology) = resolve(&read) else { return false };
    let retired = |world: &World| world.topology().components.iter().map(|it| it.is_retired).collect::<Vec<_>>();
    let before = retired(world);
    world.change(topology, vec!["somebody scales".to_owned()], &|_| false);
    *config = changed;
    before.iter().zip(retired(world)).any(|(before, after)| *before && !after)
}

/// Crashes, recovers or promotes somebody.
pub fn tamper(world: &mut World, hand: &mut Stream) {
    let components: Vec<String> = {
        let topology = world.topology();
        topology.order.iter().map(|&id| topology.component_name(id).to_owned()).collect()
    };
    let name = &components[hand.below(components.len() as u64) as usize];
    let done = match hand.below(5) {
        0 => world.crash_by_user(name, Some(3.0 * hand.uniform())),
        1 => world.crash_by_user(name, None),
        2 | 3 => world.recover_by_user(name),
        // Not everybody can be promoted.
        _ => world.promote_by_user(name).or(Ok(())),
    };
    done.unwrap_or_else(|error| panic!("{error}"));
}
