//! Redis 7.0.15: what is no row of `reality`.

use serde_json::{Value, json};

use super::{
    mean, replicated,
    rows::{holds_too, row},
};
use crate::support::{report, with};

/// A cluster of one master and two replicas under Sentinel, with a write every 20 ms of a client that keeps the first address.
fn sentinel(fault: Value) -> Value {
    json!({
        "duration": 60,
        "users": { "w": { "arrivals": { "gaps": 0.02 }, "targets": { "Api": 1 }, "read_share": 0 } },
        "services": { "Api": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } } },
        "db_clusters": { "R": {
            "kind": "redis", "replicas": 2, "operation": 0,
            "failover": {
                "strategy": "most_caught_up", "monitor_interval": 0.1, "on_write": false, "patience": 1,
                "election_time": { "uniform": [0.2, 0.4] }, "clients_learn": 1000, "demotion_time": 10,
            },
        } },
        "faults": [fault],
    })
}

/// Whatever becomes of what the master is at when it is killed.
#[test]
fn a_master_that_comes_back_takes_writes_until_it_is_told() {
    let crash = r#"{ "component": "R/0", "at": 10, "recover_at": 20, "in_progress": "finished" }"#;
    holds_too(&row("sentinel-killed"), &format!(r#"{{ "faults": [{{ "crash": {crash} }}] }}"#));
}

/// The master is away for 2 s, and patience is 3 s: 0 failovers, 2.0 s without a master. A promotion that has begun is called
/// off as well.
#[test]
fn a_failover_is_called_off_when_the_master_is_back() {
    let blip = json!({ "crash": { "component": "R/0", "at": 20.03, "recover_at": 22.03 } });
    for failover in [
        json!({ "patience": 3, "election_time": 1.5 }),
        json!({ "patience": 0, "election_time": 0, "promotion_time": { "uniform": [4.3, 4.7] } }),
        json!({ "patience": 0, "election_time": 0, "promotion_time": 1.5, "monitor_interval": 3 }),
    ] {
        let config = with(sentinel(blip.clone()), json!({ "db_clusters": { "R": { "failover": failover } } }));
        let found = report(&config);
        let cluster = &found.db_clusters["R"];
        assert_eq!((cluster.failovers, cluster.lost_writes), (0, 0));
        assert!((cluster.unavailable_seconds - 2.0).abs() < 1e-6, "{}", cluster.unavailable_seconds);
    }
    // If it stays away, it takes 3 s until that is believed, and an election: about 4.5 s.
    let patience = json!({ "patience": 3, "election_time": { "uniform": [1.3, 1.7] } });
    let dead = json!({ "crash": { "component": "R/0", "at": 20.03, "recover_at": 50 } });
    let config = with(sentinel(dead), json!({ "db_clusters": { "R": { "failover": patience } } }));
    let found = replicated(&config, |report| report.db_clusters["R"].unavailable_seconds);
    assert!((mean(&found) - 4.57).abs() < 0.1, "{}", mean(&found));
}

/// The master is cut off from both replicas and from the application for 20 s: the others replace it. What an application on its
/// own side writes meanwhile it acknowledges, and all of that is lost.
#[test]
fn an_isolated_master_is_replaced_and_what_it_takes_is_lost() {
    let config = |with_client_inside: bool| {
        let mut cut = vec![["R/0", "R/1"], ["R/0", "R/2"], ["Api", "R/0"]];
        if with_client_inside {
            cut.extend([["Inside", "R/1"], ["Inside", "R/2"]]);
        }
        let partition = |between: [&str; 2]| json!({ "partition": { "between": between, "from": 20, "until": 40 } });
        let gaps = |target: &str| json!({ "arrivals": { "gaps": 0.01 }, "targets": { target: 1 }, "read_share": 0 });
        json!({
            "duration": 60,
            "users": { "w": gaps("Api"), "i": gaps("Inside") },
            "services": {
                "Api": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } },
                "Inside": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } },
            },
            "db_clusters": { "R": {
                "kind": "redis", "replicas": 2, "operation": "1ms",
                "failover": { "strategy": "most_caught_up", "monitor_interval": 1, "promotion_time": 1 },
            } },
            "faults": cut.into_iter().map(partition).collect::<Vec<_>>(),
        })
    };
    let found = report(&config(true));
    let cluster = &found.db_clusters["R"];
    assert_eq!(cluster.failovers, 1);
    assert!((1.0..=2.1).contains(&cluster.unavailable_seconds), "{}", cluster.unavailable_seconds);
    // Both wrote to it for up to 2 s, and one of them for the rest of the 20.
    assert!((1900..=2010).contains(&cluster.lost_writes), "{}", cluster.lost_writes);
    let (api, inside) = (&found.services["Api"], &found.services["Inside"]);
    assert!(inside.failed == 0 && api.failed > 90 && api.failed < 220, "{} {}", api.failed, inside.failed);
}
