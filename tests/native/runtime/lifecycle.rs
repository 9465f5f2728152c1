//! Instances that stand still now and then, warm up, come and go.

use serde_json::{Value, json};

use web_service_model::simulation::Simulation;

use super::{close, failures};
use crate::support::{finished, instance, log, poisson, regular, report, simulation, with};

/// A pause of half a second from 2.9 s on, and from 6.3 s on.
fn pauses() -> Value {
    json!({ "every": 2.9, "lasting": 0.5 })
}

#[test]
fn work_ends_so_much_later_and_who_comes_waits() {
    let server = json!({ "service_time": 0.4, "pauses": pauses() });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 8 })));
    // Who comes at the third second waits for four tenths of a second.
    simulation.advance_to(3.7);
    assert_eq!(simulation.report().requests.succeeded, 2);
    simulation.advance_to(3.85);
    let report = simulation.report();
    close(report.requests.latency.max, 0.8);
    close(report.requests.time_in["network"], 0.4 / 3.0);
    // Who came at the sixth has a tenth of his work left.
    simulation.advance_to(6.85);
    assert_eq!(simulation.report().requests.succeeded, 5);
    simulation.advance_to(8.0);
    let report = simulation.report();
    close(report.requests.latency.max, 0.9);
    let pauses = instance(&report, "Server-0").pauses.as_ref().expect("it has pauses");
    assert_eq!(pauses.count, 2);
    close(pauses.share, 1.0 / 8.0);
}

/// The answer of the database comes in the middle of a pause, and the timeout of a call, too.
#[test]
fn answers_and_impatience_are_noticed_afterwards() {
    let config = |policy: Value| {
        json!({
            "duration": 4,
            "users": { "clients": { "arrivals": { "gaps": 2.8 }, "targets": { "Front": 1 } } },
            "services": {
                "Front": { "service_time": 0, "calls": [{ "to": ["Back"], "policy": policy }], "pauses": pauses() },
                "Back": { "service_time": 0.3 },
            },
        })
    };
    let answered = report(&config(json!({})));
    close(answered.requests.latency.max, 0.6);
    let in_time = report(&config(json!({ "timeout": 0.4 })));
    assert_eq!(in_time.requests.succeeded, 1, "the answer was there before anybody looked at the clock");
    let late = report(&config(json!({ "timeout": 0.2 })));
    assert_eq!((late.requests.failed, late.requests.succeeded), (0, 1), "likewise");
    let slow = with(config(json!({ "timeout": 0.2 })), json!({ "services": { "Back": { "service_time": 0.7 } } }));
    let late = finished(&slow).report();
    assert_eq!(late.services["Front"].failed, 1);
    close(late.requests.failures.values().sum::<u64>() as f64, 1.0);
}

#[test]
fn shared_workers_stand_still_as_well() {
    let server = json!({ "service_time": 0.4, "workers": 1, "discipline": "processor_sharing", "pauses": pauses() });
    let report = report(&with(regular(1.0, server), json!({ "duration": 8 })));
    close(report.requests.latency.max, 0.9);
}

#[test]
fn a_crash_ends_a_pause_and_the_next_one_comes_after_the_recovery() {
    let server = json!({ "service_time": 0.4, "pauses": pauses() });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 20 })));
    simulation.advance_to(3.1);
    simulation.crash("Server", Some(0.5)).expect("there is one");
    // Who waited for the end of the pause is lost, and the others are served at once, until 6.5 s.
    simulation.advance_to(6.45);
    let report = simulation.report();
    assert_eq!((report.requests.succeeded, report.requests.failed), (5, 1));
    close(report.requests.latency.max, 0.4);
    simulation.advance_to(7.5);
    close(instance(&simulation.report(), "Server-0").pauses.as_ref().expect("it has pauses").share, 0.7 / 7.5);
}

/// It was taken away, and its pause never ended when it came back meanwhile: whoever asked it was held for ever.
#[test]
fn who_comes_back_in_a_pause_goes_on_at_its_end() {
    let server = json!({ "service_time": 0.01, "instances": 2, "pauses": { "every": 4.5, "lasting": 3 } });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 20 })));
    for (time, instances) in [(5.5, 1), (6.0, 2)] {
        simulation.advance_to(time);
        let patch = json!({ "services": { "Server": { "instances": instances } } });
        simulation.patch(&patch.to_string()).expect("it fits");
    }
    simulation.advance_to(20.0);
    let report = simulation.report();
    assert!(report.requests.succeeded >= 15, "{}", report.requests.succeeded);
    assert!(report.requests.latency.max.expect("somebody came") < 3.5);
}

#[test]
fn checks_of_health_are_not_answered_in_a_pause() {
    let server = json!({
        "service_time": 0.01, "instances": 2, "pauses": { "every": 4.5, "lasting": 100 },
        "knowledge": { "checks": { "interval": 1, "timeout": 0.5, "fall": 2 } },
    });
    let mut simulation = simulation(&with(poisson(1.0, server), json!({ "duration": 20 })));
    simulation.advance_to(6.4);
    assert_eq!(simulation.report().services[0].ejections, Some(0));
    simulation.advance_to(6.6);
    assert_eq!(simulation.report().services[0].ejections, Some(2));
}

/// At a tenth of the way a step is taken with the mean speed of that step.
#[test]
fn who_comes_back_is_slow_at_first() {
    let server = json!({ "service_time": 0.1, "warm_up": { "lasting": 10, "speed": 0.5 } });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 20 })));
    simulation.advance_to(2.5);
    close(simulation.report().requests.latency.max, 0.1);
    simulation.crash("Server", Some(0.4)).expect("there is one");
    // The third begins at the speed of the first step, 0.525, and ends by it.
    simulation.advance_to(3.5);
    close(simulation.report().requests.latency.max, 0.1 / 0.525);
    // One that begins just before a step is done with two speeds.
    simulation.advance_to(13.0);
    close(simulation.report().requests.latency.max, 0.1 / 0.525);
    simulation.advance_to(20.0);
    let in_steps: f64 = (0..10).map(|step| 0.1 / (0.525 + 0.05 * f64::from(step))).sum();
    let mean = simulation.report().requests.latency.mean.expect("some came");
    assert!((mean * 19.0 - (0.1 * 9.0 + in_steps)).abs() < 0.02, "{mean}");
}

#[test]
fn a_warm_up_and_pauses_can_be_changed_while_it_runs() {
    let server = json!({ "service_time": 0.1 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 20 })));
    simulation.advance_to(5.5);
    let patch = json!({ "services": { "Server": { "pauses": { "every": 0.45, "lasting": 0.2 } } } });
    simulation.patch(&patch.to_string()).expect("it is a good one");
    simulation.advance_to(6.5);
    close(simulation.report().requests.latency.max, 0.25);
    let patch = json!({ "services": { "Server": { "pauses": null } } });
    simulation.patch(&patch.to_string()).expect("it is a good one");
    let before = instance(&simulation.report(), "Server-0").pauses.as_ref().map(|pauses| pauses.count);
    simulation.advance_to(20.0);
    assert_eq!(instance(&simulation.report(), "Server-0").pauses.as_ref().map(|pauses| pauses.count), before);
}

/// A hundred requests a second, of a tenth of a second each: ten workers are at work.
fn busy(server: Value) -> Value {
    regular(0.01, with(json!({ "service_time": 0.1, "workers": 10, "balancer": "least_connections" }), server))
}

/// Times and details of the entries of a kind.
fn told(simulation: &Simulation, kind: &str) -> Vec<(f64, String)> {
    log(simulation, &[kind]).into_iter().map(|entry| (entry.time, entry.detail)).collect()
}

#[test]
fn an_autoscaler_brings_up_as_many_as_the_target_asks_for() {
    // (In the interval in which they become ready the first one has had more to do.)
    let autoscaler = json!({ "target": { "utilisation": 0.25 }, "tolerance": 0.3 });
    let server = json!({ "autoscaler": autoscaler, "start_up": 20 });
    let mut simulation = simulation(&with(busy(server), json!({ "duration": 400 })));
    // One at all its workers asks for four at a quarter of theirs.
    simulation.advance_to(16.0);
    assert_eq!(told(&simulation, "scaling"), [(15.0, "4 instances are wanted, instead of 1".to_owned())]);
    assert_eq!(instance(&simulation.report(), "Server-1").state, "starting");
    assert_eq!(instance(&simulation.report(), "Server-4").state, "absent");
    simulation.advance_to(34.0);
    assert_eq!(instance(&simulation.report(), "Server-1").total, 0);
    simulation.advance_to(400.0);
    let report = simulation.report();
    assert_eq!(told(&simulation, "scaling").len(), 1, "four are right, and those on their way did not ask for more");
    let replicas = report.services[0].replicas.as_ref().expect("they come and go");
    assert_eq!((replicas.wanted.now, replicas.ready.now), (4.0, 4.0));
    close(replicas.ready.mean, (35.0 + 4.0 * 365.0) / 400.0);
    assert!((instance(&report, "Server-3").utilisation - 0.25).abs() < 0.05, "over the time it was there");
    close(instance(&report, "Server-3").availability, 1.0);
    assert_eq!(failures(&report), []);
}

#[test]
fn an_autoscaler_takes_away_who_is_not_needed_for_five_minutes() {
    for (metric, target) in [("utilisation", 0.5), ("concurrency", 5.0), ("rate", 50.0)] {
        let server = json!({ "instances": 5, "autoscaler": { "target": { metric: target } } });
        let mut simulation = simulation(&with(busy(server), json!({ "duration": 400 })));
        simulation.advance_to(400.0);
        let entries = told(&simulation, "scaling");
        assert_eq!(entries, [(300.0, "2 instances are wanted, instead of 5".to_owned())], "{metric}");
        let states: Vec<&str> = (0..5).map(|i| instance(&simulation.report(), &format!("Server-{i}")).state).collect();
        assert_eq!(states, ["up", "up", "absent", "absent", "absent"], "{metric}");
        assert_eq!(failures(&simulation.report()), []);
    }
}

#[test]
fn a_rolling_update_replaces_one_after_another_and_nobody_notices() {
    let deployment = json!({ "at": 10, "release": { "factor": 2 } });
    let server = json!({ "instances": 3, "deployments": [deployment], "start_up": 5 });
    let mut simulation = simulation(&with(busy(server), json!({ "duration": 60 })));
    simulation.advance_to(9.9);
    close(simulation.report().requests.latency.max, 0.1);
    simulation.advance_to(60.0);
    let begun: Vec<f64> = log(&simulation, &["presence"])
        .iter()
        .filter(|entry| entry.detail == "starts up")
        .map(|entry| entry.time)
        .collect();
    assert_eq!(begun.len(), 3);
    // The next one begins when the one before is ready and an old one has gone, a moment later.
    assert!(begun.iter().zip([10.0, 15.0, 20.0]).all(|(time, least)| (least..least + 0.2).contains(time)), "{begun:?}");
    let report = simulation.report();
    let replicas = report.services[0].replicas.as_ref().expect("they come and go");
    assert_eq!((replicas.release, replicas.rolling, replicas.ready.max), (1, false, 3.0));
    assert_eq!(failures(&report), []);
    close(report.requests.latency.max, 0.2);
    assert_eq!(told(&simulation, "deployment").len(), 2);
}

#[test]
fn a_bad_release_is_taken_back() {
    let deployment = json!({
        "at": 10, "surge": 0, "unavailable": 1, "release": { "fail_prob": 1 },
        "roll_back": { "failure_share": 0.5, "interval": 5, "min_calls": 10 },
    });
    let server = json!({ "instances": 3, "deployments": [deployment], "start_up": 2 });
    let mut simulation = simulation(&with(busy(server), json!({ "duration": 60 })));
    simulation.advance_to(60.0);
    let details: Vec<String> = told(&simulation, "deployment").into_iter().map(|(_, detail)| detail).collect();
    assert_eq!(
        details,
        [
            "release 1 begins to take over",
            "too many requests fail: back to release 0",
            "all instances are of release 0"
        ]
    );
    let report = simulation.report();
    assert!(report.requests.failed > 50 && report.requests.failed < 500, "{}", report.requests.failed);
    let before = report.requests.failed;
    simulation.advance_to(60.0);
    assert_eq!(simulation.report().requests.failed, before);
}

#[test]
fn what_is_left_when_the_grace_is_over_is_lost() {
    let deployment = json!({ "at": 5, "surge": 1 });
    let server = json!({ "service_time": 100, "instances": 1, "deployments": [deployment], "grace": 10 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 30 })));
    simulation.advance_to(14.5);
    assert_eq!(instance(&simulation.report(), "Server-0").state, "draining");
    assert_eq!(failures(&simulation.report()), []);
    simulation.advance_to(16.0);
    let report = simulation.report();
    assert_eq!((instance(&report, "Server-0").state, instance(&report, "Server-1").state), ("absent", "up"));
    let lost = failures(&report);
    assert!(lost == [("instance_down", 4)] || lost == [("instance_down", 5)], "{lost:?}");
}

#[test]
fn where_nobody_is_nothing_breaks() {
    let server =
        json!({ "outages": { "up": 7, "down": 1 }, "autoscaler": { "target": { "utilisation": 1 }, "max": 3 } });
    let mut simulation = simulation(&with(busy(server), json!({ "duration": 100 })));
    simulation.advance_to(3.0);
    simulation.crash("Server", Some(1.0)).expect("there is one");
    simulation.recover("Server").expect("there is one");
    simulation.crash("Server-2", None).expect("nobody is there, and nothing happens");
    let report = simulation.report();
    assert_eq!((instance(&report, "Server-0").state, instance(&report, "Server-2").state), ("up", "absent"));
    simulation.advance_to(100.0);
    assert_eq!(instance(&simulation.report(), "Server-2").outages, 0);
}

#[test]
fn an_autoscaler_can_be_changed_while_it_runs() {
    let server = json!({ "autoscaler": { "target": { "rate": 50 }, "max": 4 } });
    let mut simulation = simulation(&with(busy(server), json!({ "duration": 200 })));
    simulation.advance_to(20.0);
    let ready = |simulation: &Simulation| {
        simulation.report().services[0].replicas.as_ref().map(|replicas| replicas.ready.now as u32)
    };
    assert_eq!(ready(&simulation), Some(2));
    let patch = |server: Value| json!({ "services": { "Server": server } }).to_string();
    simulation.patch(&patch(json!({ "autoscaler": { "target": { "rate": 10 } } }))).expect("a good patch");
    simulation.advance_to(40.0);
    assert_eq!(ready(&simulation), Some(4), "no more than that");
    simulation.patch(&patch(json!({ "autoscaler": { "max": 20 } }))).expect("a good patch");
    simulation.advance_to(50.0);
    assert_eq!(ready(&simulation), Some(8), "twice as many at the most");
    simulation.patch(&patch(json!({ "instances": 3 }))).expect("a good patch");
    assert_eq!(ready(&simulation), Some(3), "as many as somebody says");
    simulation.patch(&patch(json!({ "autoscaler": null }))).expect("a good patch");
    simulation.advance_to(200.0);
    let report = simulation.report();
    assert_eq!(report.services[0].instances.len(), 3);
    assert!(report.services[0].replicas.is_none());
    // What is recorded over time goes on in its column.
    let seconds = |name: &str| simulation.series(name).expect("it is recorded").values;
    let served = seconds("services.Server.succeeded");
    assert!(served[70..].iter().all(|rate| (rate - 100.0).abs() < 20.0), "{:?}", &served[70..]);
    assert!(seconds("requests.succeeded")[70..].iter().all(|rate| (rate - 100.0).abs() < 20.0));
}

#[test]
fn what_an_autoscaler_does_is_the_same_whenever_the_figures_begin() {
    let server = json!({ "autoscaler": { "target": { "utilisation": 0.25 }, "max": 30 }, "start_up": 5 });
    let course = |warm_up: f64| {
        let config = with(busy(server.clone()), json!({ "duration": 200, "warm_up": warm_up }));
        told(&finished(&config), "scaling")
    };
    assert!(!course(0.0).is_empty());
    assert_eq!(course(0.0), course(30.0));
    assert_eq!(course(0.0), course(52.3));
}

#[test]
fn a_rollout_goes_on_though_one_is_down() {
    let deployment = json!({ "at": 10, "surge": 1 });
    let server = json!({ "instances": 3, "deployments": [deployment], "start_up": 2 });
    let mut simulation = simulation(&with(busy(server), json!({ "duration": 60 })));
    simulation.advance_to(5.0);
    simulation.crash("Server-0", None).expect("there is one");
    simulation.advance_to(60.0);
    let report = simulation.report();
    let replicas = report.services[0].replicas.as_ref().expect("they come and go");
    assert_eq!((replicas.release, replicas.rolling, replicas.ready.now), (1, false, 3.0));
}

#[test]
fn who_takes_a_place_does_not_answer_for_whoever_was_there() {
    let deployment = json!({ "at": 5, "release": { "fail_prob": 0 }, "roll_back": { "interval": 2, "min_calls": 1 } });
    let server =
        json!({ "service_time": 100, "instances": 2, "deployments": [deployment], "grace": 1, "start_up": 0.5 });
    let slow = json!({ "network": { "delay": 1 } });
    let simulation = finished(&with(with(regular(0.2, server), slow), json!({ "duration": 40 })));
    let details: Vec<String> = told(&simulation, "deployment").into_iter().map(|(_, detail)| detail).collect();
    assert_eq!(details, ["release 1 begins to take over", "all instances are of release 1"]);
}
