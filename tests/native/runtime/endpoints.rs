//! Endpoints: steps in any order, branches, calls that need only some answers, and what an endpoint reports.

use serde_json::{Value, json};

use super::{close, failures};
use crate::support::{cluster, report, service, with};

/// A request every second to an endpoint `Shop.page` of these steps.
fn page(steps: Value, more: Value) -> Value {
    let config = json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "Shop.page": 1 } } },
        "services": { "Shop": { "endpoints": { "page": { "steps": steps } } } },
    });
    with(config, more)
}

fn latency(config: &Value) -> f64 {
    report(config).requests.latency.mean.expect("somebody came")
}

#[test]
fn steps_are_done_in_their_order() {
    let more = json!({
        "services": { "Shop": { "database": { "name": "DB" } } },
        "db_clusters": { "DB": { "replicas": 0, "operation": 0.2 } },
    });
    let steps = json!([{ "process": 0.1 }, { "write": {} }, { "read": {} }, { "process": 0.05 }]);
    let found = report(&page(steps, more));
    close(found.requests.latency.mean, 0.1 + 0.2 + 0.2 + 0.05);
    let db = cluster(&found, "DB");
    assert_eq!((db.reads, db.writes), (found.requests.total, found.requests.total));
    let endpoint = service(&found, "Shop").endpoints.get("page").expect("it is declared");
    assert_eq!(endpoint.total, found.requests.total);
    close(endpoint.latency.mean, 0.55);
}

#[test]
fn branches_are_done_at_the_same_time() {
    let steps = json!([
        { "process": 0.1 },
        { "branches": { "of": [[{ "process": 0.2 }, { "process": 0.1 }], [{ "process": 0.05 }]] } },
        { "process": 0.1 },
    ]);
    close(latency(&page(steps, json!({}))), 0.1 + 0.3 + 0.1);
}

#[test]
fn a_branch_that_fails_fails_the_request_unless_nobody_minds() {
    let more = json!({
        "services": { "Shop": { "database": { "name": "DB" } } },
        "db_clusters": { "DB": { "replicas": 0, "operation": 0.2, "fail_prob": 1 } },
    });
    let steps = |on_error: &str| json!([{ "branches": { "of": [[{ "read": {} }], [{ "process": 0.3 }]], "on_error": on_error } }]);
    let found = report(&page(steps("fail"), more.clone()));
    assert_eq!(failures(&found), [("call_failed", found.requests.total)]);
    let found = report(&page(steps("ignore"), more));
    assert_eq!(failures(&found), []);
    close(found.requests.latency.mean, 0.3);
}

#[test]
fn steps_of_a_probability_are_done_so_often() {
    let steps = json!([{ "maybe": { "prob": 0.25, "steps": [{ "process": 0.4 }] } }]);
    let mean = latency(&page(steps, json!({ "duration": 20_000, "seed": 3 })));
    // Four standard errors are 0.005.
    assert!((mean - 0.1).abs() < 0.005, "{mean}");
}

#[test]
fn a_look_up_says_what_a_miss_leads_to() {
    let more = |prob: f64| {
        json!({
            "services": { "Shop": { "database": { "name": "DB" }, "cache": { "name": "Cache" } } },
            "db_clusters": { "DB": { "replicas": 0, "operation": 0.2 } },
            "caches": { "Cache": { "operation": 0.01, "hit_prob": prob } },
        })
    };
    let steps = json!([{ "look_up": { "miss": [{ "process": 0.05 }, { "read": {} }] } }, { "process": 0.1 }]);
    close(latency(&page(steps.clone(), more(1.0))), 0.01 + 0.1);
    close(latency(&page(steps, more(0.0))), 0.01 + 0.05 + 0.2 + 0.1);
    close(latency(&page(json!([{ "look_up": {} }]), more(0.0))), 0.01 + 0.2);
}

/// Three services that take 0.1, 0.2 and 0.3 s: the first answer, two of three, all.
#[test]
fn a_call_may_need_only_some_answers() {
    let time = |seconds: f64| json!({ "service_time": seconds });
    let more = json!({ "services": { "A": time(0.1), "B": time(0.2), "C": time(0.3) } });
    for (need, took) in [(1, 0.1), (2, 0.2), (3, 0.3)] {
        let steps = json!([{ "call": { "to": ["A", "B", "C"], "need": need } }]);
        close(latency(&page(steps, more.clone())), took);
    }
    let failing = with(more, json!({ "services": { "A": { "fail_prob": 1 }, "B": { "fail_prob": 1 } } }));
    let call = |need: u32| json!([{ "call": { "to": ["A", "B", "C"], "need": need } }]);
    close(latency(&page(call(1), failing.clone())), 0.3);
    // Two of three are not to be had any more when the second one has failed.
    let found = report(&page(call(2), failing));
    assert_eq!(failures(&found), [("call_failed", found.requests.total)]);
}

/// A write that calls a service which reads: the call says itself what it is.
#[test]
fn a_call_says_whether_it_reads() {
    let config = |kind: Value| {
        let call = with(json!({ "to": ["User", "User", "User"] }), kind);
        json!({
            "duration": 100,
            "users": { "buyers": { "arrivals": { "gaps": 1 }, "targets": { "Orders": 1 }, "read_share": 0 } },
            "services": {
                "Orders": { "service_time": "1ms", "calls": [call] },
                "User": { "service_time": "1ms", "database": { "name": "UserDb" } },
            },
            "db_clusters": { "UserDb": { "operation": "1ms", "replicas": 1, "replica_read_share": 1 } },
        })
    };
    for (kind, expected) in
        [(json!({}), (297, 0)), (json!({ "kind": "write" }), (0, 297)), (json!({ "kind": "same" }), (0, 297))]
    {
        let found = report(&config(kind));
        let db = cluster(&found, "UserDb");
        assert_eq!((db.reads, db.writes), expected);
    }
}

/// A branch whose call is over leaves the calls of the others alone.
#[test]
fn branches_call_each_for_itself() {
    let time = |seconds: f64| json!({ "service_time": seconds });
    let more = json!({ "services": { "A": time(0.1), "B": time(0.2), "C": time(0.05) } });
    let steps = json!([{ "branches": { "of": [
        [{ "call": { "to": ["A", "B"], "need": 1 } }, { "call": { "to": ["C"] } }],
        [{ "call": { "to": ["B"] } }, { "process": 0.1 }],
    ] } }]);
    let found = report(&page(steps, more));
    close(found.requests.latency.mean, 0.3);
    // (The last request is on its way.)
    assert_eq!((found.requests.in_flight, found.requests.failed), (1, 0));
}

/// One thread serves a request to the end, its branches included.
#[test]
fn branches_work_with_the_worker_that_is_held() {
    let steps = json!([{ "process": 0.1 }, { "branches": { "of": [[{ "process": 0.2 }], [{ "process": 0.3 }]] } }]);
    let more = json!({ "services": { "Shop": { "workers": 1, "holds": "request" } } });
    close(latency(&page(steps, more)), 0.4);
}

/// What has been withdrawn is withdrawn in every branch.
#[test]
fn branches_end_with_the_request() {
    let steps = json!([
        { "process": 0.1 },
        { "branches": { "of": [[{ "process": 1 }, { "call": { "to": ["A"] } }], [{ "call": { "to": ["B"] } }]] } },
    ]);
    let more = json!({
        "users": { "u": { "policy": { "timeout": 0.5, "on_giving_up": "cancel" } } },
        "services": { "A": { "service_time": 0 }, "B": { "service_time": 0.2, "calls": [{ "to": ["A"] }] } },
    });
    let found = report(&page(steps, more));
    assert_eq!(failures(&found), [("timeout", found.requests.total)]);
    // B has called it once for each request; the other branch has not come so far.
    assert_eq!(service(&found, "A").total, found.requests.total);
}
