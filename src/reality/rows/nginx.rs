//! nginx with one worker process, its defaults but for what is said, and three backends that work by sleeping. A way of 0.4 ms
//! there and as much back is what a request took longer than the backend slept.

use super::{BUSY_MACHINE, Claim, Reason, Row, Run, instance};

const NGINX: &str = "nginx 1.22.1";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![least_conn(), random_two(), sinkhole(), refused(), killed_get(), killed_post()];
    rows.extend([hung(), swallowed(), all_refuse(), broken_connections(), backup(), hash(), max_conns()]);
    rows
}

/// nginx's defaults before three backends, and a patch of the service.
fn nginx(id: &'static str, title: &'static str, service: &str) -> Row {
    let defaults = r#"{
        "users": { "u": { "arrivals": { "poisson": { "rate": 60 } }, "targets": { "S": 1 } } },
        "network": { "balancer_service": "0.4ms", "partition_timeout": 1 },
        "services": { "S": {
            "instances": 3, "balancer": "smooth_round_robin", "service_time": 0.05, "knowledge": { "fails": {} },
            "next_upstream": {}
        } }
    }"#;
    Row::new(id, NGINX, title, defaults).but(format!(r#"{{ "services": {{ "S": {service} }} }}"#))
}

/// Requests a second.
fn rate(rate: u32) -> String {
    format!(r#"{{ "users": {{ "u": {{ "arrivals": {{ "poisson": {{ "rate": {rate} }} }} }} }} }}"#)
}

fn share_of(name: &'static str) -> impl Fn(&Run) -> f64 {
    move |run| run.share(instance(&run.report, name).map_or(0, |instance| instance.total))
}

/// Requests that an instance failed.
fn failed_at(name: &'static str) -> impl Fn(&Run) -> f64 {
    move |run| run.instance(name, |instance| instance.failed as f64)
}

fn shares(row: Row, [a, b, c]: [f64; 3]) -> Row {
    row.claim(Claim::share("share of A", a, share_of("S-0")))
        .claim(Claim::share("share of B", b, share_of("S-1")))
        .claim(Claim::share("share of C", c, share_of("S-2")))
}

/// Backends of 20, 100 and 300 ms on average.
fn unequal(row: Row) -> Row {
    row.how("Poisson, 60 requests a second for 60 s; backends A, B and C of 20, 100 and 300 ms on average, exponential").but(
        r#"{ "duration": 60, "services": { "S": { "service_time": { "exponential": { "mean": 0.02 } } } }, "faults": [
            { "slow": { "component": "S-1", "factor": 5, "from": 0 } },
            { "slow": { "component": "S-2", "factor": 15, "from": 0 } }
        ] }"#,
    )
}

fn least_conn() -> Row {
    let row =
        nginx("nginx-least-conn", "least_conn: the fast backend gets most", r#"{ "balancer": "least_connections" }"#);
    shares(unequal(row), [0.6537, 0.2387, 0.1076]).mean(0.06747).p99(0.6961)
}

fn random_two() -> Row {
    let row = nginx("nginx-random-two", "random two least_conn: the better of two", r#"{ "balancer": "two_choices" }"#);
    shares(unequal(row), [0.564, 0.2996, 0.1364]).mean(0.08363).p99(0.8435)
}

/// An answer 500 is no failure in nginx's eyes.
fn sinkhole() -> Row {
    let service = r#"{ "balancer": "least_connections", "service_time": { "exponential": { "mean": 0.1 } } }"#;
    nginx("nginx-sinkhole", "least_conn: a backend that answers 500 at once attracts the requests", service)
        .how("Poisson, 60 requests a second for 40 s; 100 ms on average, exponential; the third backend answers 500 after a millisecond")
        .but(
            r#"{ "duration": 40, "network": { "balancer_service": "0.5ms" },
                "faults": [{ "fail": { "component": "S-2", "from": 0 } }] }"#,
        )
        .claim(Claim::share("answered 500", 0.732, Run::share_failed))
        .mean(0.10039)
        .p99(0.4379)
}

/// It was tried at 0.13, 10.44, 21.37, 32.36, 43.35, 54.39 and 65.33 s.
fn refused() -> Row {
    nginx("nginx-refused", "A backend refuses connections: who tries it goes elsewhere", "{}")
        .how("Poisson, 50 requests a second for 66 s; 50 ms; the third backend refuses all connections")
        .but(rate(50))
        .but(r#"{ "duration": 66, "faults": [{ "crash": { "component": "S-2", "at": 0 } }] }"#)
        .begins_within(1.0)
        .nobody_fails()
        .claim(
            Claim::count("tries of the dead one", 7.0, |run| {
                run.instance("S-2", |it| it.failures.get("instance_down").copied().unwrap_or(0) as f64)
            })
            .always(5.0, 9.0)
            .rule(7.0, 0.03),
        )
        .mean(0.0535)
        .known(BUSY_MACHINE)
        .p99(0.1092)
        .known(BUSY_MACHINE)
}

/// The third backend is killed with 3 requests at it, and comes back.
fn killed(id: &'static str, title: &'static str) -> Row {
    nginx(id, title, r#"{ "service_time": 0.2 }"#)
        .but(r#"{ "duration": 45, "faults": [{ "crash": { "component": "S-2", "at": 10, "recover_at": 25 } }] }"#)
        .begins_within(1.0)
}

fn killed_get() -> Row {
    killed("nginx-killed-get", "A backend is killed: its GETs go elsewhere")
        .how("Poisson, 60 GETs a second for 45 s; 200 ms; the third backend is killed at 10 s, with 3 requests at it, and back at 25 s")
        .nobody_fails()
        .claim(Claim::count("requests that met the dead one", 4.0, failed_at("S-2")))
        .claim(Claim::seconds("used again after", 6.21, |run| run.asked_again_after(25.0) - 0.2008).in_spread().always(5.0, 12.0))
        .mean(0.2063)
        .p99(0.278)
        .known(BUSY_MACHINE)
}

fn killed_post() -> Row {
    killed("nginx-killed-post", "A backend is killed: the POSTs it was at fail")
        .how("Poisson, 60 POSTs a second for 45 s; 200 ms; the third backend is killed at 10 s, with 3 requests at it, and back at 25 s")
        .but(r#"{ "users": { "u": { "read_share": 0 } } }"#)
        .claim(Claim::count("failed", 3.0, |run| run.report.requests.failed as f64))
        .claim(Claim::count("requests that met the dead one", 4.0, failed_at("S-2")))
        .mean(0.20645)
        .p99(0.282)
        .known(BUSY_MACHINE)
}

/// The third backend is there and does not answer. (The rule apart: 23.5 ± 2.7 for one, 22.5 ± 2.7 for the other.)
fn silent(id: &'static str, title: &'static str, [from, until]: [u32; 2], [late, rule]: [f64; 2]) -> Row {
    nginx(id, title, "{}")
        .but(format!(
            r#"{{ "duration": {until},
                "faults": [{{ "partition": {{ "between": ["balancer", "S-2"], "from": {from} }} }}] }}"#
        ))
        .begins_within(1.0)
        .nobody_fails()
        .claim(Claim::count("requests that were late", late, failed_at("S-2")).rule(rule, 0.05))
}

fn hung() -> Row {
    const NOISE: Reason = Reason {
        id: "between",
        text: "0.83 % of the requests waited for the timeout of a second. Where that are less than 1 %, the 99th percentile is \
               the noise of the machine; here it is 51 ms, or 1051 ms where more came in the first second.",
    };
    silent("nginx-hung", "A backend hangs: some wait for the read timeout", [5, 46], [23.0, 23.5])
        .how("Poisson, 60 requests a second for 46 s; 50 ms; proxy_read_timeout 1 s; from 5 s on the third backend does not answer")
        .mean(0.0612)
        .p99(0.141)
        .known(NOISE)
}

fn swallowed() -> Row {
    silent("nginx-swallowed", "A backend swallows SYNs: some wait for the connect timeout", [0, 35], [24.0, 22.5])
        .how("Poisson, 60 requests a second for 35 s; 50 ms; proxy_connect_timeout 1 s; the third backend cannot be reached")
        .mean(0.06233)
        .p99(1.0507)
}

/// (The rule apart: 30.1 ± 1.3 % fail.)
fn all_refuse() -> Row {
    nginx("nginx-all-refuse", "All backends refuse for 5 s: 502 for longer than that", r#"{ "service_time": 0.02 }"#)
        .how("Poisson, 60 requests a second for 35 s; 20 ms; all three backends refuse connections from 5 to 10 s")
        .but(r#"{ "duration": 35, "faults": [{ "crash": { "component": "S", "at": 5, "recover_at": 10 } }] }"#)
        .begins_within(1.0)
        .claim(Claim::share("failed", 593.0 / 2096.0, Run::share_failed).rule(0.301, 0.05))
        .claim(Claim::share("no live upstreams", 588.0 / 2096.0, |run| run.share(run.failed_by("no_instance"))))
        .claim(Claim::count("tried, and failed", 5.0, |run| run.failed_by("instance_down") as f64).give_or_take_one())
        .claim(
            Claim::seconds("first answer after", 5.26, |run| run.asked_again_after(10.0)).in_spread().always(5.0, 6.2),
        )
        .mean(0.02133)
        .p99(0.031)
        .known(BUSY_MACHINE)
}

/// (The rule apart, for 90 s: 36 ± 9 % fail.)
fn broken_connections() -> Row {
    let service = r#"{ "fail_prob": 0.005, "next_upstream": { "on": ["service_error"] } }"#;
    let broken = |run: &Run| ["S-0", "S-1", "S-2"].map(|name| failed_at(name)(run)).iter().sum();
    nginx("nginx-flaky", "Each backend breaks one connection in 200, and soon all are out", service)
        .how("Poisson, 60 requests a second for 90 s; 50 ms; each backend breaks 0.5 % of its connections")
        .but(r#"{ "duration": 90 }"#)
        .claim(Claim::share("failed", 2293.0 / 5364.0, Run::share_failed).rule(0.36, 0.08))
        .claim(Claim::count("connections broken", 18.0, broken))
        .mean(0.05082)
        .p99(0.0528)
}

/// A answered 149 + 772 requests, B 155 + 295 + 472, the backup 1 + 282 + 34.
fn backup() -> Row {
    let answered = |name: &'static str| move |run: &Run| run.instance(name, |instance| instance.succeeded as f64);
    nginx("nginx-backup", "A backup takes over, and works a little longer", r#"{ "backups": 1 }"#)
        .how("Poisson, 60 requests a second for 36 s; 50 ms; A is killed at 5 s, B at 10 s, both are back at 15 s; C is a backup")
        .but(
            r#"{ "duration": 36, "faults": [
                { "crash": { "component": "S-0", "at": 5, "recover_at": 15 } },
                { "crash": { "component": "S-1", "at": 10, "recover_at": 15 } }
            ] }"#,
        )
        .begins_within(1.0)
        .nobody_fails()
        .claim(Claim::count("answered by A", 921.0, answered("S-0")).near(0.05))
        .claim(Claim::count("answered by B", 922.0, answered("S-1")).near(0.05))
        .claim(Claim::count("answered by the backup", 317.0, answered("S-2")).near(0.05))
        .claim(Claim::seconds("the backup works longer by", 0.64, |run| run.asked_again_after(15.0)).in_spread())
        .claim(Claim::count("passed on", 4.0, |run| failed_at("S-0")(run) + failed_at("S-1")(run)))
        .mean(0.05077)
        .p99(0.054)
}

/// Everybody comes at some time from 10 to 14.8 s, and again from 20 to 29.7 s. The 213 users of B went to the others, 113 and
/// 100 of them, after one had met the dead one, and nobody else moved. (Names have other hashes here, and of 213 two standard
/// deviations are a fifth of the half.)
fn hash() -> Row {
    /// What an instance had answered before B was killed.
    fn before(run: &Run, name: &str) -> f64 {
        run.looks.first().and_then(|report| instance(report, name)).map_or(f64::NAN, |it| it.succeeded as f64)
    }
    /// What it had to do with users of others.
    fn more(run: &Run, name: &str) -> f64 {
        run.instance(name, |instance| instance.succeeded as f64) - 2.0 * before(run, name)
    }
    let at_first = |name: &'static str| move |run: &Run| before(run, name);
    let moved = |run: &Run| more(run, "S-0") + more(run, "S-2") - before(run, "S-1");
    nginx(
        "nginx-hash",
        "hash: only users of the dead backend move",
        r#"{ "balancer": "user_hash", "service_time": 0.001 }"#,
    )
    .how("600 users come once, then B is killed, and each comes once more; hash by the user")
    .but(r#"{ "users": { "u": { "arrivals": { "closed": { "users": 600, "think": { "uniform": [10, 14.8] } } } } } }"#)
    .but(r#"{ "duration": 29.9, "faults": [{ "crash": { "component": "S-1", "at": 16 } }] }"#)
    .looked_at([17.0])
    .nobody_fails()
    .claim(Claim::count("users of A", 191.0, at_first("S-0")).near(0.05))
    .claim(Claim::count("users of B", 213.0, at_first("S-1")).near(0.05))
    .claim(Claim::count("users of C", 196.0, at_first("S-2")).near(0.05))
    .claim(Claim::count("users of B who move to A", 113.0, |run| more(run, "S-0")).near(0.2).always(61.0, 600.0))
    .claim(Claim::count("users of B who move to C", 100.0, |run| more(run, "S-2")).near(0.2).always(61.0, 600.0))
    .claim(Claim::count("others who move", 0.0, moved).always(0.0, 0.0))
    .claim(Claim::count("requests that met the dead one", 1.0, failed_at("S-1")).always(1.0, 2.0))
    .claim(Claim::count("requests", 1200.0, |run| run.report.requests.total as f64).always(1200.0, 1200.0))
}

/// 16 to 17 % were refused (for how long is not said; a minute here). Erlang's formula says 18.2 %: a connection is taken on the
/// way, too, which makes 8.16 erlangs.
fn max_conns() -> Row {
    let service = r#"{ "max_conns": 3, "service_time": { "exponential": { "mean": 0.1 } } }"#;
    nginx("nginx-max-conns", "max_conns: full backends are passed over", service)
        .how("Poisson, 81 requests a second; 100 ms on average, exponential; max_conns=3 at each of three backends")
        .but(rate(81))
        .but(r#"{ "duration": 60 }"#)
        .claim(Claim::share("refused", 0.165, Run::share_failed).in_spread().rule(0.1816, 0.02))
}
