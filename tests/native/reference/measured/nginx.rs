//! nginx. A way of 1 ms there and as much back is what a request takes longer than the backend sleeps.

use web_service_model::reality::{Claim, Reason, Row, Run};

use super::{Measured, because, instance, latencies, look};

const HANDED_OVER: Reason = because(
    "handed-over",
    "Without a break between them requests take turns so that none meets both dead backends; whether one comes between the two \
     tries of another, and fails, depends on how many connections the kernel hands over at a time.",
);
/// nginx before three backends of 50 ms that get 60 requests a second for 60 s, and a patch of the service.
fn nginx(id: &'static str, title: &'static str, service: &str) -> Row {
    let config = r#"{
        "duration": 60,
        "users": { "u": { "arrivals": { "poisson": { "rate": 60 } }, "targets": { "S": 1 } } },
        "network": { "balancer_service": "1ms", "partition_timeout": 1 },
        "services": { "S": {
            "instances": 3, "balancer": "smooth_round_robin", "service_time": 0.05, "knowledge": { "fails": {} },
            "next_upstream": {}
        } }
    }"#;
    Row::new(id, "nginx 1.22.1", title, config)
        .but(format!(r#"{{ "services": {{ "S": {service} }} }}"#))
        .begins_within(1.0)
}

fn failed_at(names: &'static [&'static str]) -> impl Fn(&Run) -> f64 {
    move |run| names.iter().map(|name| instance(&run.report, name).failed as f64).sum()
}

/// The share of an instance in what was answered.
fn answered_by(name: &'static str) -> impl Fn(&Run) -> f64 {
    move |run| instance(&run.report, name).succeeded as f64 / run.report.requests.succeeded as f64
}

fn shares(row: Row, measured: &Measured) -> Row {
    row.claim(Claim::share("answered by A", measured.number("/shares/a"), answered_by("S-0")))
        .claim(Claim::share("answered by B", measured.number("/shares/b"), answered_by("S-1")))
        .claim(Claim::share("answered by C", measured.number("/shares/c"), answered_by("S-2")))
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![least_conn(), flaky(), weights_max_conns(), flaky_max_fails_3(), sinkhole_remedy()];
    rows.extend([
        two_dead(),
        two_dead_random(),
        two_hang(),
        two_workers(),
        two_workers_zone(),
        backup(),
        keepalive(),
        hash(),
    ]);
    rows
}

fn least_conn() -> Row {
    let measured = Measured::of("nginx-b-least-conn");
    let row = nginx(
        "nginx-b-least-conn",
        "least_conn, 20, 100 and 300 ms",
        r#"{ "balancer": "least_connections", "service_time": { "exponential": { "mean": 0.02 } } }"#,
    )
    .but(
        r#"{ "faults": [
        { "slow": { "component": "S-1", "factor": 5, "from": 0 } }, { "slow": { "component": "S-2", "factor": 15, "from": 0 } }
    ] }"#,
    );
    latencies(shares(row, &measured), &measured)
}

fn flaky() -> Row {
    let measured = Measured::of("nginx-o-flaky");
    let service = r#"{ "fail_prob": 0.005, "next_upstream": { "on": ["service_error"] } }"#;
    let row = nginx("nginx-o-flaky", "0.5 % of connections are broken, defaults", service).but(r#"{ "duration": 90 }"#);
    latencies(row.claim(Claim::share("failed", measured.share("/statuses/502"), Run::share_failed)), &measured)
}

fn weights_max_conns() -> Row {
    let measured = Measured::of("nginx-weights-max-conns");
    let row = nginx(
        "nginx-weights-max-conns",
        "least_conn with weights 4, 2, 1 and max_conns 3; 50, 100 and 200 ms",
        r#"{ "balancer": "least_connections", "weights": [4, 2, 1], "max_conns": 3,
            "service_time": { "exponential": { "mean": 0.05 } } }"#,
    )
    .but(
        r#"{ "duration": 90, "users": { "u": { "arrivals": { "poisson": { "rate": 80 } } } }, "faults": [
            { "slow": { "component": "S-1", "factor": 2, "from": 0 } }, { "slow": { "component": "S-2", "factor": 4, "from": 0 } }
        ] }"#,
    )
    .claim(Claim::share("failed", measured.share("/statuses/502"), Run::share_failed));
    latencies(shares(row, &measured), &measured)
}

fn flaky_max_fails_3() -> Row {
    let measured = Measured::of("nginx-flaky-max-fails-3");
    let row = nginx(
        "nginx-flaky-max-fails-3",
        "2 % of connections are broken, max_fails=3 fail_timeout=5s",
        r#"{ "fail_prob": 0.02, "next_upstream": { "on": ["service_error"] },
            "knowledge": { "fails": { "max_fails": 3, "fail_timeout": 5 } } }"#,
    )
    .but(r#"{ "duration": 180 }"#)
    .claim(Claim::share("failed", measured.share("/statuses/502"), Run::share_failed))
    .claim(Claim::count("connections broken", measured.number("/broken"), failed_at(&["S-0", "S-1", "S-2"])));
    latencies(row, &measured)
}

fn sinkhole_remedy() -> Row {
    let measured = Measured::of("nginx-sinkhole-remedy");
    let row = nginx(
        "nginx-sinkhole-remedy",
        "least_conn, one answers 500 at once, proxy_next_upstream http_500",
        r#"{ "balancer": "least_connections", "service_time": { "exponential": { "mean": 0.1 } },
            "next_upstream": { "on": ["service_error"] } }"#,
    )
    .but(r#"{ "duration": 66, "faults": [{ "fail": { "component": "S-2", "from": 0 } }] }"#)
    .nobody_fails()
    .claim(Claim::count("tries of the one", measured.number("/tries_of_c/count"), failed_at(&["S-2"])));
    latencies(row, &measured)
}

/// B and C refuse connections all the time, and nobody is ever marked.
const TWO_DEAD: &str = r#"{ "faults": [{ "crash": { "component": "S-1", "at": 0 } }, { "crash": { "component": "S-2", "at": 0 } }],
    "services": { "S": { "knowledge": { "fails": { "max_fails": 0 } }, "next_upstream": { "tries": 2 } } } }"#;

fn two_dead() -> Row {
    let measured = Measured::of("nginx-tries-2-two-dead");
    nginx("nginx-tries-2-two-dead", "proxy_next_upstream_tries 2, two of three dead, max_fails=0", "{}")
        .but(TWO_DEAD)
        .but(r#"{ "duration": 30 }"#)
        .claim(Claim::share("failed", measured.share("/statuses/502"), Run::share_failed))
        .known(HANDED_OVER)
        .mean(measured.seconds("/of_success/mean_ms"))
}

fn two_dead_random() -> Row {
    let measured = Measured::of("nginx-random-tries-2-two-dead");
    let row = nginx(
        "nginx-random-tries-2-two-dead",
        "random, proxy_next_upstream_tries 2, two of three dead, max_fails=0",
        r#"{ "balancer": "weighted_random" }"#,
    )
    .but(TWO_DEAD)
    .but(r#"{ "duration": 45 }"#)
    .claim(Claim::share("failed", measured.share("/statuses/502"), Run::share_failed).rule(1.0 / 3.0, 0.02));
    latencies(row, &measured)
}

fn two_hang() -> Row {
    let measured = Measured::of("nginx-next-timeout-two-hang");
    let row = nginx(
        "nginx-next-timeout-two-hang",
        "Two of three hang, proxy_read_timeout 400ms, proxy_next_upstream_timeout 600ms",
        r#"{ "knowledge": { "fails": { "max_fails": 0 } }, "next_upstream": { "timeout": 0.6 } }"#,
    )
    .but(
        r#"{ "network": { "partition_timeout": 0.4 }, "faults": [
            { "partition": { "between": ["balancer", "S-1"], "from": 0 } },
            { "partition": { "between": ["balancer", "S-2"], "from": 0 } }
        ] }"#,
    )
    .claim(Claim::share("failed", measured.share("/statuses/504"), Run::share_failed));
    latencies(row, &measured)
}

const C_IS_DEAD: &str = r#"{ "duration": 66, "faults": [{ "crash": { "component": "S-2", "at": 0 } }] }"#;

fn two_workers_zone() -> Row {
    let measured = Measured::of("nginx-two-workers-zone");
    nginx("nginx-two-workers-zone", "Two worker processes with a zone, one backend is dead", "{}")
        .but(C_IS_DEAD)
        .nobody_fails()
        .claim(Claim::count("tries of the dead one", measured.number("/tries_of_c/count"), failed_at(&["S-2"])))
        .mean(measured.seconds("/of_success/mean_ms"))
}

/// Each worker is a balancer of its own.
fn two_workers() -> Row {
    let measured = Measured::of("nginx-two-workers");
    let worker = r#"{ "instances": 3, "balancer": "smooth_round_robin", "service_time": 0.05,
        "knowledge": { "fails": {} }, "next_upstream": {} }"#;
    nginx("nginx-two-workers", "Two worker processes without a zone, one backend is dead", "{}")
        .but(C_IS_DEAD)
        .but(format!(
            r#"{{ "services": {{ "T": {worker} }}, "users": {{ "u": {{ "targets": {{ "T": 1 }} }} }},
                "faults": [{{ "crash": {{ "component": "S-2", "at": 0 }} }}, {{ "crash": {{ "component": "T-2", "at": 0 }} }}] }}"#
        ))
        .nobody_fails()
        .claim(Claim::count("tries of the dead one", measured.number("/tries_of_c/count"), failed_at(&["S-2", "T-2"])))
        .mean(measured.seconds("/of_success/mean_ms"))
}

fn backup() -> Row {
    let measured = Measured::of("nginx-backup-max-fails-2");
    let answered = |name: &'static str| move |run: &Run| instance(&run.report, name).succeeded as f64;
    let again = measured.number("/primary_first_again_s") - 20.0;
    let row = nginx(
        "nginx-backup-max-fails-2",
        "A backup, max_fails=2 fail_timeout=5s",
        r#"{ "backups": 1, "knowledge": { "fails": { "max_fails": 2, "fail_timeout": 5 } } }"#,
    )
    .but(
        r#"{ "duration": 36, "faults": [
            { "crash": { "component": "S-0", "at": 5, "recover_at": 20 } }, { "crash": { "component": "S-1", "at": 8, "recover_at": 20 } }
        ] }"#,
    )
    .nobody_fails()
    .claim(Claim::count("answered by A", measured.number("/counts/a"), answered("S-0")).near(0.05))
    .claim(Claim::count("answered by B", measured.number("/counts/b"), answered("S-1")).near(0.05))
    .claim(Claim::count("answered by the backup", measured.number("/counts/c"), answered("S-2")).near(0.05))
    .claim(Claim::count("tries that failed", measured.number("/failed_tries"), failed_at(&["S-0", "S-1"])).give_or_take_one())
    .claim(Claim::seconds("used again after", again, |run| run.asked_again_after(20.0)).in_spread());
    latencies(row, &measured)
}

fn keepalive() -> Row {
    let measured = Measured::of("nginx-keepalive-2");
    let opened = |run: &Run| {
        let made = |name| instance(&run.report, name).connections_made.map_or(f64::NAN, |made| made as f64);
        ["S-0", "S-1", "S-2"].into_iter().map(made).sum::<f64>() / run.report.requests.total as f64
    };
    nginx(
        "nginx-keepalive-2",
        "keepalive 2, 50 ms, exponential",
        r#"{ "keep_alive": 2, "keep_alive_together": true, "service_time": { "exponential": { "mean": 0.05 } } }"#,
    )
    .claim(Claim::share(
        "requests that open a connection",
        measured.number("/share_of_requests_that_opened_one"),
        opened,
    ))
}

/// 3000 users come once, A is killed, and they come again. (Which they are is one draw here and there.)
fn hash() -> Row {
    fn before(run: &Run, name: &str) -> f64 {
        look(run, 0, |report| instance(report, name).succeeded as f64)
    }
    fn more(run: &Run, name: &str) -> f64 {
        instance(&run.report, name).succeeded as f64 - 2.0 * before(run, name)
    }
    let measured = Measured::of("nginx-hash-weights");
    nginx(
        "nginx-hash-weights",
        "hash with weights 3, 2 and 1, the first is killed",
        r#"{ "balancer": "hash", "weights": [3, 2, 1], "service_time": 0.001 }"#,
    )
    .but(r#"{ "users": { "u": { "arrivals": { "poisson": null, "closed": { "users": 3000, "think": { "uniform": [10, 14.8] } } } } } }"#)
    .but(r#"{ "duration": 29.9, "faults": [{ "crash": { "component": "S-0", "at": 16 } }] }"#)
    .looked_at([17.0])
    .begins_within(0.0)
    .nobody_fails()
    .claim(Claim::count("users of A", measured.number("/before/a"), |run| before(run, "S-0")).near(0.1))
    .claim(Claim::count("users of B", measured.number("/before/b"), |run| before(run, "S-1")).near(0.1))
    .claim(Claim::count("users of C", measured.number("/before/c"), |run| before(run, "S-2")).near(0.1))
    .claim(Claim::count("users of A who move to B", measured.number("/users_of_a_went_to/b"), |run| more(run, "S-1")).near(0.1))
    .claim(Claim::count("users of A who move to C", measured.number("/users_of_a_went_to/c"), |run| more(run, "S-2")).near(0.1))
    .claim(
        Claim::count("others who move", measured.number("/others_that_moved"), |run| {
            more(run, "S-1") + more(run, "S-2") - before(run, "S-0")
        })
        .always(0.0, 0.0),
    )
}
