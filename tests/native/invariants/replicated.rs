//! Systems made up at random whose databases replicate in every way, and whose primaries stand still, are cut off and forget.
//!
//! (They are apart from `made_up::anything`, which the digests pin.)

use serde_json::{Value, json};
use web_service_model::{engine::random::Stream, model::world::World};

use super::made_up;

/// Choices for what is decided here, before those for the system.
const CHOICES: usize = 80;

/// A system in which anything can happen.
pub fn system(choices: &[u16]) -> Value {
    let (own, rest) = choices.split_at(CHOICES.min(choices.len()));
    let mut config = made_up::anything(rest);
    let mut own = own.iter().copied().cycle();
    let mut below = |n| own.next().unwrap_or(0) % n;
    replicate(&mut config, &mut below);
    let nodes: Vec<String> = config["db_clusters"].as_object().into_iter().flatten().flat_map(nodes_of).collect();
    let faults = config["faults"].as_array_mut().expect("a list");
    for _ in 0..if nodes.len() > 1 { below(4) } else { 0 } {
        let from = f64::from(below(300)) / 10.0;
        let until = from + [0.5, 3.0, 12.0][usize::from(below(3))];
        let node = |below: &mut dyn FnMut(u16) -> u16| nodes[usize::from(below(nodes.len() as u16))].clone();
        let (a, b) = (node(&mut below), node(&mut below));
        faults.push(match below(2) {
            0 if a != b => json!({ "partition": { "between": [a, b], "from": from, "until": until } }),
            _ => json!({ "slow": { "component": a, "factor": 1000, "from": from, "until": until } }),
        });
    }
    config
}

fn nodes_of((name, cluster): (&String, &Value)) -> Vec<String> {
    (0..=cluster["replicas"].as_u64().unwrap_or(0)).map(|node| format!("{name}/{node}")).collect()
}

/// Other numbers of replication and failover, for a running system.
pub fn change(config: &mut Value, hand: &mut Stream) {
    replicate(config, &mut |n| hand.below(n.into()) as u16);
}

fn replicate(config: &mut Value, below: &mut impl FnMut(u16) -> u16) {
    let mut some = |values: &[Value]| values[usize::from(below(values.len() as u16))].clone();
    let short = json!({ "exponential": { "mean": 0.3 } });
    for (_, cluster) in config.get_mut("db_clusters").and_then(Value::as_object_mut).into_iter().flatten() {
        let own = json!({
            "persistence": some(&[json!("disk"), json!("disk"), json!("none")]),
            "replication": {
                "delay_in": some(&[json!("backlog"), json!("wire")]),
                "apply_delay": some(&[json!(0), json!(0.5), short.clone()]),
                "replay": some(&[json!({}), json!({ "workers": 1 }), json!({ "workers": 3, "time": 0.02 })]),
                "synchronous_commit": some(&[json!("remote_write"), json!("on"), json!("remote_apply")]),
            },
            "failover": {
                "patience": some(&[json!(0), json!(0.4), json!(3)]),
                "election_time": some(&[json!(0), short.clone()]),
                "clients_learn": some(&[json!(0), json!(2), short.clone()]),
                "demotion_time": some(&[json!(0), json!(4), short.clone()]),
            },
        });
        overlay(cluster, own);
        let chosen = json!({ "ttl": 3, "loop_wait": 1, "retry_timeout": 1, "synchronous_mode": true });
        let products = json!({
            "save_every": some(&[Value::Null, Value::Null, json!(1)]),
            "replication": {
                "synchronous_standby_names": some(&[Value::Null, Value::Null, json!("ANY 1 (*)"), json!("FIRST 1 (*)")]),
                "wal_sender_timeout": some(&[json!(60), json!(1)]),
                "wait": some(&[Value::Null, json!({}), json!({ "timeout": 0.2 })]),
                "min_replicas_to_write": some(&[json!(0), json!(0), json!(1)]),
                "min_replicas_max_lag": some(&[json!(0), json!(2)]),
                "nodes": some(&[json!([]), json!([{ "node": 0, "delay": 0.2, "apply_delay": 0.4 }])]),
            },
            "failover": {
                "patroni": some(&[Value::Null, json!({ "ttl": 3, "loop_wait": 1, "retry_timeout": 1 }), chosen]),
                "rewind_time": some(&[json!(0), json!(2)]),
            },
        });
        overlay(cluster, products);
        if !cluster["replication"]["acknowledgements"].is_null() {
            cluster["replication"]["synchronous_standby_names"] = Value::Null;
        }
        let is_sync =
            cluster["replication"]["mode"] == "sync" || cluster["failover"]["patroni"]["synchronous_mode"] == true;
        if is_sync || cluster["replicas"].as_u64().unwrap_or(0) == 0 {
            cluster["replication"]["wait"] = Value::Null;
        }
        if cluster["replicas"].as_u64().unwrap_or(0) == 0 {
            cluster["replication"]["min_replicas_to_write"] = json!(0);
        }
        // (One of several is to be all there is.)
        let wanted = [Value::Null, json!({ "sticky": 1 }), json!({ "up_to_date": {} }), json!({ "wait": 0.3 })];
        cluster["read_your_writes"] = some(&wanted);
        cluster["checkpoints"] = some(&[Value::Null, json!({ "every": 5, "lasting": 1, "factor": 3 })]);
    }
}

/// Takes fields over whole, two floors deep. (Two distributions merged into one are none.)
fn overlay(cluster: &mut Value, own: Value) {
    for (part, value) in own.as_object().expect("an object") {
        match value.as_object() {
            None => cluster[part] = value.clone(),
            Some(fields) => fields.iter().for_each(|(field, value)| cluster[part][field] = value.clone()),
        }
    }
}

/// What must hold of every database at any moment.
pub fn check(world: &World) -> Result<(), String> {
    for (id, cluster) in world.topology().clusters.iter().enumerate() {
        let log = world.clusters()[id].committed();
        for &node in &cluster.nodes {
            let feed = &world.nodes()[node.index()].feed;
            let positions = [feed.applied(), feed.received(world.now()), feed.shipped(), log];
            if !positions.is_sorted() {
                return Err(format!("{}: applied, received, shipped and committed: {positions:?}", cluster.name));
            }
        }
    }
    Ok(())
}
