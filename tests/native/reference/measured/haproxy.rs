//! HAProxy. A way of 1 ms there and as much back is what a request takes longer than the server sleeps.

use web_service_model::reality::{Claim, Row, Run};

use super::{Measured, instance, latencies, look};

/// `retries 3` without `option redispatch`.
const RETRIES: &str = r#"{ "tries": 1, "retries": 3, "connect_only": true }"#;

fn haproxy(id: &'static str, title: &'static str, rate: u32, service: &str) -> Row {
    let config = format!(
        r#"{{
        "duration": 90,
        "users": {{ "u": {{ "arrivals": {{ "poisson": {{ "rate": {rate} }} }}, "targets": {{ "S": 1 }} }} }},
        "network": {{ "balancer_service": "1ms" }},
        "services": {{ "S": {{ "instances": 3, "balancer": "smooth_round_robin", "service_time": {{ "exponential": {{ "mean": 0.1 }} }} }} }}
    }}"#
    );
    Row::new(id, "HAProxy 2.6.12", title, config).but(format!(r#"{{ "services": {{ "S": {service} }} }}"#))
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        queue(),
        timeout_queue(),
        leastconn(),
        slowstart(),
        no_slowstart(),
        retries(),
        redispatch(),
        redispatch_1(),
        observe(),
    ]
}

fn queue() -> Row {
    let measured = Measured::of("haproxy-k-queue");
    let service = r#"{ "max_conns": 2, "balancer_queue": { "longest_wait": 60 } }"#;
    latencies(haproxy("haproxy-k-queue", "maxconn 2: the queue stands before the servers", 48, service), &measured)
}

fn timeout_queue() -> Row {
    let measured = Measured::of("haproxy-timeout-queue");
    let service = r#"{ "max_conns": 2, "balancer_queue": { "longest_wait": 0.3 } }"#;
    let row = haproxy("haproxy-timeout-queue", "maxconn 2, timeout queue 300ms, too many requests", 66, service);
    latencies(row.claim(Claim::share("failed", measured.share("/statuses/503"), Run::share_failed)), &measured)
}

fn leastconn() -> Row {
    let measured = Measured::of("haproxy-leastconn");
    let answered = |name: &'static str| move |run: &Run| run.share(instance(&run.report, name).succeeded);
    let row = haproxy(
        "haproxy-leastconn",
        "leastconn, maxconn 4; 50, 100 and 200 ms",
        100,
        r#"{ "max_conns": 4, "balancer_queue": { "longest_wait": 60 }, "balancer": "leastconn",
            "service_time": { "exponential": { "mean": 0.05 } } }"#,
    )
    .but(
        r#"{ "faults": [
        { "slow": { "component": "S-1", "factor": 2, "from": 0 } }, { "slow": { "component": "S-2", "factor": 4, "from": 0 } }
    ] }"#,
    )
    .claim(Claim::share("answered by A", measured.number("/shares/a"), answered("S-0")))
    .claim(Claim::share("answered by B", measured.number("/shares/b"), answered("S-1")))
    .claim(Claim::share("answered by C", measured.number("/shares/c"), answered("S-2")));
    latencies(row, &measured)
}

/// C is killed at 5 s and back at 15 s.
fn returning(id: &'static str, title: &'static str, slow_start: &str) -> Row {
    let measured = Measured::of(id);
    let seconds = measured.numbers("/share_of_c_by_second", "");
    // The first of them is the tenth second.
    let mean =
        |since: usize, until: usize| seconds[since - 10..until - 10].iter().sum::<f64>() / (until - since) as f64;
    let share = |first: usize| {
        move |run: &Run| {
            let of = |number: usize| look(run, number, |report| instance(report, "S-2").succeeded as f64);
            let all = |number: usize| look(run, number, |report| report.requests.succeeded as f64);
            (of(first + 1) - of(first)) / (all(first + 1) - all(first))
        }
    };
    let row = haproxy(
        id,
        title,
        60,
        &format!(
            r#"{{ "max_conns": 20, "balancer_queue": {{ "longest_wait": 60 }}, "balancer": "leastconn", {slow_start}
            "next_upstream": {RETRIES}, "service_time": 0.2, "knowledge": {{ "checks": {{ "interval": 1, "timeout": "1ms", "fall": 2, "rise": 2 }} }} }}"#
        ),
    )
    .but(
        r#"{ "users": { "u": { "arrivals": { "poisson": { "rate": 60 } } } }, "duration": 45,
        "services": { "S": { "service_time": { "exponential": null, "constant": 0.2 } } },
        "faults": [{ "crash": { "component": "S-2", "at": 5, "recover_at": 15 } }] }"#,
    )
    .begins_within(1.0)
    .looked_at([20.2, 25.2, 30.2])
    .claim(Claim::seconds("used again after", measured.number("/used_again_s") - 15.0, |run| run.asked_again_after(15.0)).in_spread())
    .claim(Claim::share("failed", 1.0 - measured.number("/success"), Run::share_failed));
    let shares = [("share of C from 20 to 25 s", mean(20, 25), 0), ("share of C from 25 to 30 s", mean(25, 30), 1)];
    shares.into_iter().fold(row, |row, (name, measured, first)| row.claim(Claim::share(name, measured, share(first))))
}

fn slowstart() -> Row {
    returning("haproxy-slowstart", "leastconn with slowstart 15s", r#""slow_start": 15, "slow_start_in_steps": true,"#)
}

fn no_slowstart() -> Row {
    returning("haproxy-no-slowstart", "leastconn without slowstart", "")
}

/// C refuses connections, and nobody checks.
fn dead(id: &'static str, title: &'static str, service: &str) -> Row {
    let nobody_knows = r#"{ "duration": 30,
        "services": { "S": { "service_time": { "exponential": null, "constant": 0.05 }, "knowledge": { "fails": { "max_fails": 0 } } } },
        "faults": [{ "crash": { "component": "S-2", "at": 0 } }] }"#;
    haproxy(id, title, 60, service).but(nobody_knows)
}

fn retries() -> Row {
    let measured = Measured::of("haproxy-retries-3");
    let row = dead(
        "haproxy-retries-3",
        "retries 3, one of three is dead, no checks",
        &format!(r#"{{ "next_upstream": {RETRIES} }}"#),
    )
    // (The last of them have their answers after 33 s.)
    .but(
        r#"{ "duration": 34, "users": { "u": { "arrivals": { "poisson": null, "profile": {
            "points": [{ "at": 0, "rate": 60 }, { "at": 30, "rate": 0 }], "shape": "steps"
        } } } } }"#,
    )
    .traced()
    .claim(Claim::share("failed", measured.share("/statuses/503"), Run::share_failed));
    latencies(row, &measured).claim(Claim::seconds("who fails waits for", 3.0, Run::failing_takes))
}

fn redispatched(id: &'static str, title: &'static str) -> Row {
    let measured = Measured::of(id);
    latencies(dead(id, title, r#"{ "next_upstream": { "tries": 4, "connect_only": true } }"#).nobody_fails(), &measured)
}

fn redispatch() -> Row {
    redispatched("haproxy-redispatch", "retries 3, option redispatch: nobody waits")
}

fn redispatch_1() -> Row {
    redispatched("haproxy-redispatch-1", "retries 3, option redispatch 1: nobody waits")
}

/// (What answers with an error after its 50 ms is the database of one of them.)
fn observe() -> Row {
    let measured = Measured::of("haproxy-observe");
    let row = haproxy(
        "haproxy-observe",
        "observe layer7, error-limit 5, on-error mark-down; one answers 500",
        60,
        r#"{ "knowledge": { "checks": { "interval": 2, "timeout": 2, "fall": 3, "rise": 2, "observe": "layer7", "error_limit": 5,
            "on_error": "mark_down" } } }"#,
    )
    .but(
        r#"{ "services": { "S": { "service_time": { "exponential": null, "constant": 0.05 }, "database": { "name": "D", "per_instance": true } } },
        "db_clusters": { "D": { "operation": 0 } },
        "faults": [{ "fail": { "component": "D-2/0", "from": 0 } }] }"#,
    )
    .claim(Claim::share("failed", measured.share("/statuses/500"), Run::share_failed))
    .begins_within(2.0);
    latencies(row, &measured)
}
