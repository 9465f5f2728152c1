//! What balancers know, and what they do when an instance does not answer.

use serde_json::{Value, json};
use web_service_model::simulation::{Simulation, TraceFilter};

use super::failures;
use crate::support::{instance, log, report, service, simulation, with};

/// A request every ten milliseconds to three instances, one of which cannot be reached from the 10th to the 40th second.
fn hung(changes: Value) -> Value {
    let config = json!({
        "duration": 60,
        "users": { "u": { "arrivals": { "gaps": 0.01 }, "targets": { "S": 1 } } },
        "network": { "partition_timeout": 1 },
        "services": { "S": { "instances": 3, "balancer": "smooth_round_robin", "service_time": "50ms" } },
        "faults": [{ "partition": { "between": ["balancer", "S-0"], "from": 10, "until": 40 } }],
    });
    with(config, json!({ "services": { "S": changes } }))
}

/// nginx's defaults: nobody fails, and those who found out are slower by the second that it takes to find out.
#[test]
fn nginx_finds_out_who_hangs_and_passes_on_what_it_has_failed() {
    let unaware = report(&hung(json!({})));
    assert_eq!(failures(&unaware), [("network", 1000)]);
    let aware = report(&hung(json!({ "knowledge": { "fails": {} }, "next_upstream": {} })));
    assert_eq!(failures(&aware), []);
    // A second's share at first, then one each time that it is tried again.
    let slower = service(&aware, "S").failures["network"];
    assert!((34..=37).contains(&slower), "{slower}");
    let max = aware.requests.latency.max.expect("somebody came");
    assert!((max - 1.05).abs() < 0.01, "{max}");
    assert_eq!(service(&aware, "S").ejections, Some(1), "one request at a time tries whether it is back");
}

/// Checks every two seconds, three of which must fail: nothing is asked there any more after some six seconds.
#[test]
fn checks_find_out_who_hangs() {
    let config = hung(json!({ "knowledge": { "checks": { "interval": 2, "timeout": 1, "rise": 2, "fall": 3 } } }));
    let mut simulation = simulation(&config);
    simulation.advance_to(60.0);
    let entries = log(&simulation, &["ejection"]);
    let told: Vec<(f64, &str)> = entries.iter().map(|entry| (entry.time, entry.detail.as_str())).collect();
    // The checks at 10, 12 and 14 s fail a second later each; those at 40 and 42 s are answered.
    assert_eq!(told, [(15.0, "the balancer takes it to be down"), (42.0, "the balancer asks it again")]);
    let found = simulation.report();
    let failed = found.requests.failed;
    assert!((165..=170).contains(&failed), "{failed}");
}

/// An instance that fails fast attracts traffic under least connections, until Envoy ejects it.
#[test]
fn a_black_hole_is_ejected() {
    let config = |knowledge: Value| {
        let knowledge = with(json!({ "next_upstream": { "on": ["service_error"], "tries": 1 } }), knowledge);
        json!({
            "duration": 100, "seed": 2,
            "users": { "u": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Web": 1 } } },
            "services": {
                "Web": { "service_time": 0, "calls": [{ "to": ["S"] }] },
                "S": with(json!({ "instances": 3, "balancer": "least_connections",
                    "service_time": { "exponential": { "mean": 0.1 } }, "fail_prob": 0.3 }), knowledge),
            },
        })
    };
    let found = report(&config(json!({ "knowledge": { "outliers": { "consecutive": 3, "max_share": 1 } } })));
    let service = service(&found, "S");
    assert!(service.ejections.is_some_and(|count| count > 3), "{:?}", service.ejections);
}

/// Those who wait at an instance that dies are passed on to the other one.
#[test]
fn who_waits_at_a_dying_instance_is_passed_on() {
    let config = |next: Value| {
        with(
            json!({
                "duration": 100,
                "users": { "u": { "arrivals": { "closed": { "users": 20, "think": 10 } }, "targets": { "Api": 1 } } },
                "services": { "Api": {
                    "instances": 2, "balancer": "smooth_round_robin", "workers": 1, "service_time": 3,
                } },
                "faults": [{ "crash": { "component": "Api-0", "at": 11, "recover_at": 99 } }],
            }),
            json!({ "services": { "Api": next } }),
        )
    };
    let told = report(&config(json!({})));
    assert_eq!(failures(&told), [("instance_down", 10)]);
    let passed_on = report(&config(json!({ "next_upstream": {} })));
    assert_eq!(failures(&passed_on), []);
    assert!(instance(&passed_on, "Api-1").succeeded > instance(&told, "Api-1").succeeded / 2);
}

/// A write that has begun is not repeated unless somebody says that it may be.
#[test]
fn a_write_that_has_begun_is_not_passed_on() {
    let config = |next: Value| {
        json!({
            "duration": 20,
            "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 }, "read_share": 0 } },
            "services": { "S": {
                "instances": 2, "balancer": "smooth_round_robin", "service_time": 0.5, "next_upstream": next,
            } },
            "faults": [{ "crash": { "component": "S-0", "at": 3.2 } }],
        })
    };
    let found = report(&config(json!({})));
    assert_eq!(failures(&found), [("instance_down", 1)]);
    let found = report(&config(json!({ "non_idempotent": true })));
    assert_eq!(failures(&found), []);
}

/// Three instances of three places each, without a queue: Erlang's loss formula for nine servers.
#[test]
fn who_finds_all_instances_full_is_refused() {
    let config = |more: Value| {
        let config = json!({
            "duration": 20_000, "warm_up": 10, "seed": 5,
            "users": { "u": { "arrivals": { "poisson": { "rate": 81 } }, "targets": { "S": 1 } } },
            "services": { "S": { "instances": 3, "max_conns": 3, "service_time": { "exponential": { "mean": 0.1 } } } },
        });
        with(config, json!({ "duration": 2000, "services": { "S": more } }))
    };
    let mut lost = 1.0;
    for servers in 1..=9 {
        lost = 8.1 * lost / (f64::from(servers) + 8.1 * lost);
    }
    for policy in ["weighted_random", "least_connections", "ip_hash", "bounded_hash", "peak_ewma"] {
        let found = report(&config(json!({ "balancer": policy })));
        let share = found.requests.failed as f64 / found.requests.total as f64;
        assert!((share - lost).abs() < 0.006, "{policy}: {share}, Erlang says {lost}");
        assert_eq!(service(&found, "S").turned_away, Some(found.requests.failed));
        assert_eq!(found.requests.failures["no_instance"], found.requests.failed);
    }
    let found = report(&config(json!({ "max_conns": null })));
    assert_eq!((found.requests.failed, service(&found, "S").turned_away), (0, None));
}

/// Of two instances one dies at 5 s, the other one at 10 s, both return at 15 s; the third one is a backup. Nobody fails, and it
/// works while the others are taken to be down. (With `fails`: `reference/nginx.rs`.)
#[test]
fn a_backup_takes_over_while_all_others_are_down() {
    let config = |knowledge: Value| {
        json!({
            "duration": 36, "seed": 3,
            "users": { "u": { "arrivals": { "poisson": { "rate": 60 } }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 3, "backups": 1, "balancer": "smooth_round_robin", "service_time": 0.05,
                "knowledge": knowledge, "next_upstream": {},
            } },
            "faults": [
                { "crash": { "component": "S-0", "at": 5, "recover_at": 15 } },
                { "crash": { "component": "S-1", "at": 10, "recover_at": 15 } },
            ],
        })
    };
    for (knowledge, least, most) in [(Value::Null, 250, 350), (json!({ "checks": { "interval": 1 } }), 300, 500)] {
        let found = report(&config(knowledge.clone()));
        let backup = instance(&found, "S-2").succeeded;
        assert_eq!(failures(&found), [], "{knowledge}");
        assert!((least..most).contains(&backup), "{knowledge}: {backup}");
    }
    // A backup is down too: nobody is left.
    let mut all = config(Value::Null);
    all["faults"][0]["crash"]["component"] = json!("S");
    assert!(failures(&report(&all)).iter().any(|&(cause, count)| cause == "no_instance" && count > 200));
}

/// An instance that comes back is not flooded. Half of the requests would be 25 a second; a slow start of 20 s from a tenth
/// gives it w / (1 + w) of 50 a second on average, which are ∫ over w from 0.1 to 1 and two seconds at 0.1.
#[test]
fn who_comes_back_starts_slowly() {
    let config = |slow: Value| {
        json!({
            "duration": 40, "warm_up": 20,
            "users": { "u": { "arrivals": { "gaps": 0.02 }, "targets": { "S": 1 } } },
            "services": { "S": { "instances": 2, "service_time": 0.01, "slow_start": slow, "balancer": "smooth_round_robin" } },
            "faults": [{ "crash": { "component": "S-1", "at": 10, "recover_at": 20 } }],
        })
    };
    let at_once = report(&config(Value::Null));
    assert!((499..=501).contains(&instance(&at_once, "S-1").total));
    let slowly = report(&config(json!(20)));
    let share = |warmth: f64| warmth - libm::log(1.0 + warmth);
    let expected = 50.0 * (2.0 * 0.1 / 1.1 + 20.0 * (share(1.0) - share(0.1)));
    let found = instance(&slowly, "S-1").total as f64;
    assert!((found - expected).abs() < 5.0, "{found}, {expected}");
}

/// Numbers of the balancer change while the run goes on; what has been chosen stays counted.
#[test]
fn the_balancers_numbers_change_while_the_run_goes_on() {
    let config = json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 } } },
        "services": { "S": { "instances": 2, "backups": 1, "service_time": 1 } },
    });
    let mut simulation = simulation(&config);
    let mut change = |until: f64, patch: Value| {
        simulation.advance_to(until);
        simulation.patch(&json!({ "services": { "S": patch } }).to_string()).expect("it can be changed");
    };
    change(10.0, json!({ "max_conns": 3 }));
    change(20.0, json!({ "balancer": "peak_ewma", "backups": 0 }));
    change(30.0, json!({ "balancer": "bounded_hash", "balance_factor": 1, "max_conns": 5 }));
    change(40.0, json!({ "balancer": "ip_hash", "balance_factor": null, "max_conns": 1, "slow_start": null }));
    change(50.0, json!({ "balancer": "least_connections", "max_conns": null, "slow_start": 5, "instances": 4 }));
    simulation.advance_to(100.0);
    let found = simulation.report();
    // Ten at a time come, so many are let in: all, six, six, ten, two, all.
    let refused = found.requests.failures["no_instance"];
    assert!((150..=170).contains(&refused), "{refused}");
    assert!(instance(&found, "S-3").succeeded > 100);
}

/// One line for three instances of two places each is M/M/6.
#[test]
fn a_line_at_the_balancer_is_one_line() {
    let found = report(&json!({
        "duration": 5000, "warm_up": 10,
        "users": { "u": { "arrivals": { "poisson": { "rate": 48 } }, "targets": { "S": 1 } } },
        "services": { "S": {
            "instances": 3, "max_conns": 2, "balancer": "least_connections", "balancer_queue": {},
            "service_time": { "exponential": { "mean": 0.1 } },
        } },
    }));
    let blocked = (1..=6).fold(1.0, |b, servers| 4.8 * b / (f64::from(servers) + 4.8 * b));
    let waits = blocked / (1.0 - 0.8 * (1.0 - blocked));
    let wait = waits / (60.0 - 48.0);
    let mean = found.requests.latency.mean.expect("somebody came");
    assert!((mean - 0.1 - wait).abs() < 0.004, "{mean}, theory says {}", 0.1 + wait);
    assert!((found.requests.time_in["queueing"] - wait).abs() < 0.004);
    let queue = service(&found, "S").balancer_queue.as_ref().expect("there is one");
    assert!((queue.mean - 48.0 * wait).abs() < 0.2, "{}", queue.mean);
    assert_eq!(found.requests.failed, 0);
}

/// Those who wait stay in the line when an instance dies; only the one that it was at is lost, and may be passed on.
#[test]
fn who_waits_at_the_balancer_does_not_die_with_an_instance() {
    let config = |more: Value| {
        let config = json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "closed": { "users": 20, "think": 10 } }, "targets": { "Api": 1 } } },
            "services": { "Api": {
                "instances": 2, "balancer": "smooth_round_robin", "workers": 1, "service_time": 3, "max_conns": 1,
                "balancer_queue": {},
            } },
            "faults": [{ "crash": { "component": "Api-0", "at": 11, "recover_at": 99 } }],
        });
        with(config, json!({ "services": { "Api": more } }))
    };
    assert_eq!(failures(&report(&config(json!({})))), [("instance_down", 1)]);
    // All are down for a while: who waits goes on waiting, and who comes then is refused.
    let mut all = config(json!({}));
    all["faults"][0]["crash"] = json!({ "component": "Api", "at": 11, "recover_at": 30 });
    let found = report(&all);
    assert!(failures(&found).iter().all(|&(cause, _)| cause == "instance_down" || cause == "no_instance"));
    assert!(instance(&found, "Api-0").succeeded > 20 && found.requests.latency.max.expect("some came") > 19.0);
}

/// The line has places, and those in it have a patience, and users who give up leave it.
#[test]
fn who_waits_at_the_balancer_may_be_too_many_lose_patience_or_give_up() {
    let config = |queue: Value, policy: Value| {
        json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 }, "policy": policy } },
            "services": { "S": { "instances": 2, "max_conns": 1, "service_time": 1, "balancer_queue": queue } },
        })
    };
    // Ten a second come, two a second are served.
    let found = report(&config(json!({ "limit": 3 }), json!({})));
    assert!(failures(&found).iter().all(|&(cause, _)| cause == "queue_full"));
    assert!((780..=810).contains(&found.requests.failed), "{}", found.requests.failed);
    assert_eq!(service(&found, "S").turned_away, Some(found.requests.failed));
    assert_eq!(service(&found, "S").balancer_queue.as_ref().expect("there is one").max, 3.0);
    let found = report(&config(json!({ "longest_wait": 0.95 }), json!({})));
    assert!(failures(&found).iter().all(|&(cause, _)| cause == "queue_timeout"));
    assert!((770..=800).contains(&found.requests.failed), "{}", found.requests.failed);
    let max = found.requests.latency.max.expect("somebody came");
    assert!(max < 1.951, "{max}");
    // Who gives up leaves his place, and so does who is late; of the others nobody knows, and the line grows and grows.
    let longest = |policy: Value| {
        let found = report(&config(json!({}), policy));
        assert!(found.requests.failed > 900, "the first in line has waited so long that he has no time left");
        service(&found, "S").balancer_queue.as_ref().expect("there is one").max
    };
    let told = longest(json!({ "timeout": 1.5, "on_giving_up": "cancel" }));
    assert!((14.0..=17.0).contains(&told), "{told}");
    let late = longest(json!({ "deadline": 1.5 }));
    assert!((14.0..=30.0).contains(&late), "{late}");
    let untold = longest(json!({ "timeout": 1.5 }));
    assert!((780.0..=820.0).contains(&untold), "{untold}");
}

/// The line is told in the places of visits and in traces, and changes while the run goes on.
#[test]
fn a_line_at_the_balancer_is_seen_and_changes() {
    let mut simulation = simulation(&json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "Web": 1 } } },
        "services": {
            "Web": { "service_time": 0, "calls": [{ "to": ["S"] }] },
            "S": { "max_conns": 1, "service_time": 1, "balancer_queue": {} },
        },
    }));
    simulation.set_tracing(true);
    simulation.advance_to(10.05);
    let waiting = |simulation: &Simulation| {
        let visits = simulation.in_flight(1000).visits.into_iter();
        visits.filter(|it| it.service == "S" && it.phase == "queueing" && it.place == "Web-0").count()
    };
    assert_eq!(waiting(&simulation), 90);
    simulation.patch(r#"{ "services": { "S": { "max_conns": 21 } } }"#).expect("it can be changed");
    simulation.advance_to(10.06);
    assert_eq!(waiting(&simulation), 70);
    simulation.patch(r#"{ "services": { "S": { "balancer_queue": null } } }"#).expect("it can be changed");
    simulation.advance_to(30.0);
    assert_eq!(waiting(&simulation), 0);
    let slowest = simulation.traces(&TraceFilter::default()).expect("nobody is asked for by name").into_iter();
    let slowest = slowest.max_by(|a, b| a.latency.total_cmp(&b.latency)).expect("some came");
    let trace = simulation.trace(slowest.number).expect("it is kept");
    let queueing: f64 =
        trace.spans.iter().filter(|span| span.phase == "queueing").map(|span| span.end - span.start).sum();
    assert!((queueing - (slowest.latency - 1.0)).abs() < 1e-6, "{queueing} of {}", slowest.latency);
}

/// A request that finds no idle connection pays a way there and back more: 10 ms here, beside 10 ms of its own and those to
/// the balancer. One at a time comes, but in the middle three at once.
#[test]
fn idle_connections_are_kept_and_others_made() {
    let config = |keep_alive: Value| {
        json!({
            "duration": 99.5,
            "users": {
                "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 } },
                "burst": { "arrivals": { "closed": { "users": 2, "think": 60 } }, "targets": { "S": 1 } },
            },
            "network": { "balancer_service": 0.005 },
            "services": { "S": { "service_time": 0.1, "keep_alive": keep_alive } },
            "faults": [{ "crash": { "component": "S", "at": 80.5, "recover_at": 80.6 } }],
        })
    };
    let made = |keep_alive: Value| {
        let found = report(&config(keep_alive));
        let max = found.requests.latency.max.expect("somebody came");
        (instance(&found, "S-0").connections_made, (max * 1e3).round())
    };
    assert_eq!(made(Value::Null), (None, 110.0));
    let all = report(&config(Value::Null)).requests.total;
    assert_eq!(made(json!(0)), (Some(all), 120.0), "every request makes one");
    // The first one, the two that come beside one another after a minute, and one after the crash.
    let (few, max) = made(json!(5));
    assert!(few.is_some_and(|few| (2..=5).contains(&few)) && max == 120.0, "{few:?}");
}

/// A call to a service pays it, too, and a crash closes what was kept.
#[test]
fn a_crash_closes_idle_connections() {
    let found = report(&json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "Web": 1 } } },
        "network": { "service_service": 0.005 },
        "services": {
            "Web": { "service_time": 0, "calls": [{ "to": ["S"] }] },
            "S": { "service_time": 0.1, "keep_alive": 1 },
        },
        "faults": [{ "crash": { "component": "S", "at": 50.5, "recover_at": 50.6 } }],
    }));
    assert_eq!(instance(&found, "S-0").connections_made, Some(2));
    let latency = &found.requests.latency;
    assert_eq!(latency.max.map(|max| (max * 1e3).round()), Some(120.0));
    assert!((latency.mean.expect("somebody came") - 0.1102).abs() < 2e-5, "{:?}", latency.mean);
}

/// What HAProxy does without `option redispatch`: it asks the same server again, a second apart, and who waits for that is a
/// connection of that server. Nobody else is asked, and what had begun is lost.
#[test]
fn the_same_instance_is_asked_again_a_second_later() {
    let config = |next: Value| {
        json!({
            "duration": 30,
            "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 } } },
            "services": { "S": { "instances": 2, "balancer": "smooth_round_robin", "service_time": 0.25,
                "knowledge": { "fails": { "max_fails": 0 } }, "next_upstream": next } },
            // (They come at 1, 2, 3 ... s, and the first, third ... are the first one's.)
            "faults": [{ "crash": { "component": "S-0", "at": 5.1, "recover_at": 9.5 } }],
        })
    };
    let retries = json!({ "tries": 1, "retries": 3, "connect_only": true });
    let found = report(&config(retries.clone()));
    // That of 5 s had begun, that of 7 s comes through at 10 s, with the third further try.
    assert_eq!(failures(&found), [("instance_down", 1)]);
    assert!((found.requests.latency.max.expect("somebody") - 3.25).abs() < 0.01, "{:?}", found.requests.latency.max);
    let found = report(&with(config(retries), json!({ "services": { "S": { "next_upstream": { "retries": 2 } } } })));
    assert_eq!(failures(&found), [("instance_down", 2)]);
    // With `option redispatch` the last try is at another server, with what waits before it, too.
    let found = report(&config(json!({ "tries": 2, "retries": 1, "retry_after": 0.5, "connect_only": true })));
    assert_eq!(failures(&found), [("instance_down", 1)]);
    assert!((found.requests.latency.max.expect("somebody") - 1.25).abs() < 0.01, "{:?}", found.requests.latency.max);
    assert_eq!(instance(&found, "S-0").failed, 2, "those of 5 and 7 s, once each");
}

/// Who waits for his next try at a dead server is one of its connections, so that `leastconn` sends few others there.
#[test]
fn who_waits_for_another_try_counts_for_the_dead_instance() {
    let config = |next: Value| {
        json!({
            "duration": 60,
            "users": { "u": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 2, "balancer": "leastconn", "service_time": 0.1, "knowledge": { "fails": { "max_fails": 0 } },
                "next_upstream": next,
            } },
            "faults": [{ "crash": { "component": "S-0", "at": 0 } }],
        })
    };
    let share = |next: Value| {
        let found = report(&config(next));
        found.requests.failed as f64 / found.requests.total as f64
    };
    let (at_once, held) = (share(json!({ "tries": 1 })), share(json!({ "tries": 1, "retries": 3 })));
    assert!(at_once > 0.8 && held < 0.1, "{at_once}, {held}");
}

/// HAProxy's `observe layer7`, `error-limit 5` and `on-error mark-down`, with checks that always go well, two of which bring the
/// server back: five errors every four seconds.
#[test]
fn errors_in_a_row_mark_an_instance_down_until_two_checks_go_well() {
    let checks = json!({ "interval": 2, "observe": "layer7", "error_limit": 5, "on_error": "mark_down" });
    let config = |checks: Value| {
        json!({
            "duration": 40,
            "users": { "u": { "arrivals": { "gaps": 0.05 }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 2, "balancer": "smooth_round_robin", "service_time": 0.001, "knowledge": { "checks": checks },
            } },
            "faults": [{ "fail": { "component": "S-1", "from": 0 } }],
        })
    };
    let found = report(&config(checks.clone()));
    assert_eq!(failures(&found), [("service_error", 50)]);
    assert_eq!(service(&found, "S").ejections, Some(10));
    let found = report(&config(with(checks.clone(), json!({ "observe": "layer4" }))));
    assert_eq!(failures(&found), [("service_error", 400)], "it can be reached");
    // As a failed check each time: three of them, ten errors each, before a check goes well, which none do in time.
    let found = report(&config(with(checks, json!({ "on_error": null, "error_limit": null }))));
    assert_eq!(failures(&found), [("service_error", 400)]);
}

/// Envoy's `healthy_panic_threshold`: when two of three are ejected all are asked again.
#[test]
fn a_balancer_that_believes_too_few_to_be_up_asks_all() {
    let config = |threshold: f64| {
        json!({
            "duration": 30,
            "users": { "u": { "arrivals": { "gaps": 0.02 }, "targets": { "S": 1 } } },
            "services": { "S": {
                "kind": "envoy", "instances": 3, "service_time": 0.01, "panic_threshold": threshold,
                "knowledge": { "outliers": { "max_share": 1 } }, "next_upstream": { "on": ["service_error"], "tries": 1 },
            } },
            "faults": [{ "fail": { "component": "S-1", "from": 0 } }, { "fail": { "component": "S-2", "from": 0 } }],
        })
    };
    let failed = |threshold| report(&config(threshold)).requests.failed;
    assert!((10..=12).contains(&failed(0.3)), "five each: {}", failed(0.3));
    assert!((990..=1000).contains(&failed(0.5)), "two thirds all the time: {}", failed(0.5));
}

/// nginx's `proxy_read_timeout`, for each try: who meets both that hang waits for it twice.
#[test]
fn a_balancer_waits_only_so_long_for_each_answer() {
    let config = |next: Value| {
        json!({
            "duration": 60,
            "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 3, "balancer": "smooth_round_robin", "service_time": 0.05, "next_upstream": next,
            } },
            "faults": [
                { "slow": { "component": "S-0", "factor": 100, "from": 0 } }, { "slow": { "component": "S-1", "factor": 60, "from": 0 } }
            ],
        })
    };
    let found = report(&config(json!({ "try_timeout": 0.4 })));
    assert_eq!(failures(&found), []);
    assert!((found.requests.latency.max.expect("somebody") - 0.85).abs() < 0.01, "{:?}", found.requests.latency.max);
    assert!(instance(&found, "S-0").total > 10, "what hangs goes on, and ends some time");
    let found = report(&config(json!({ "try_timeout": 0.4, "tries": 1 })));
    assert_eq!(failures(&found), [("timeout", 40)]);
    // (Nobody is asked any more after a third of a second.)
    let found = report(&config(json!({ "try_timeout": 0.4, "timeout": 0.3 })));
    assert_eq!(failures(&found), [("timeout", 40)]);
}

/// nginx's `keepalive` before many backends keeps few connections to each.
#[test]
fn idle_connections_to_all_together_are_fewer_than_to_each() {
    let config = |together: bool| {
        json!({
            "duration": 60,
            "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 4, "balancer": "smooth_round_robin", "service_time": 0.01, "keep_alive": 3, "keep_alive_together": together,
            } },
        })
    };
    let made = |together| {
        let found = report(&config(together));
        (0..4).filter_map(|number| instance(&found, &format!("S-{number}")).connections_made).sum::<u64>()
    };
    assert_eq!(made(false), 4);
    // Each is asked again when its connection has just made room.
    assert!((598..=600).contains(&made(true)), "{}", made(true));
}
