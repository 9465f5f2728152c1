//! How much of the time something works.

use super::{Row, System, of_cluster, of_server};
use crate::{
    model::topology::InstanceId,
    report::Report,
    validate::theory::{two_of_three, until_noticed},
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = one().collect();
    rows.extend([any(), k_of_n("k-of-n", 0.9, 1.6e6), k_of_n("k-of-n-99", 0.99, 1.6e8), without_primary(), checked()]);
    rows
}

fn breaking(rate: f64, instances: u32, up: &str, down: &str) -> String {
    let server = format!(
        r#""service_time": 0, "instances": {instances}, "outages": {{ "up": {{ {up} }}, "down": {{ {down} }} }}"#
    );
    System::poisson(rate, &server).config()
}

fn availability(report: &Report, _: f64) -> f64 {
    of_server(report, |server| server.availability)
}

fn answered(report: &Report, _: f64) -> f64 {
    report.requests.success_ratio.unwrap_or(f64::NAN)
}

/// Mean time up over mean time up and down, whatever their distributions.
fn one() -> impl Iterator<Item = Row> {
    let rows = [
        ("availability-uniform", r#""uniform": [1, 3]"#, r#""exponential": { "mean": 0.5 }"#, 0.8),
        ("availability-weibull", r#""weibull": { "shape": 2, "scale": 9.0270 }"#, r#""constant": 2"#, 0.8),
        (
            "availability-exponential",
            r#""exponential": { "mean": 9 }"#,
            r#""lognormal": { "mean": 1, "sd": 0.5 }"#,
            0.9,
        ),
    ];
    rows.into_iter().map(|(id, up, down, expected)| {
        Row::new(id, "Availability", 100_000.0, breaking(1.0, 1, up, down))
            .claim("A", expected, availability)
            .claim("answered", expected, answered)
    })
}

/// The balancer avoids the dead, so only all of n dead at once are noticed: 1 − (1 − A)^n.
fn any() -> Row {
    let config = breaking(1.0, 3, r#""exponential": { "mean": 6 }"#, r#""exponential": { "mean": 4 }"#);
    Row::new("availability-any", "Availability, 1 of 3", 200_000.0, config)
        .claim("A", 0.6, availability)
        .claim("1 of 3", 1.0 - 0.064, |report, _| of_server(report, |server| server.availability_any))
        .claim("answered", 1.0 - 0.064, answered)
}

/// At least two of three at a time. Its opposite is what is rare, so that is what must be right to 2 %. Repairs take a
/// second on average, so that the time up follows from the availability; hardly any request is needed.
fn k_of_n(id: &'static str, up: f64, seconds: f64) -> Row {
    let mean_up = format!(r#""exponential": {{ "mean": {} }}"#, up / (1.0 - up));
    let config = breaking(1e-4, 3, &mean_up, r#""exponential": { "mean": 1 }"#);
    Row::new(id, "Availability, 2 of 3", seconds, config)
        .warm_up(1_000.0)
        .watch(|world| {
            let instances = (0..3).map(|instance| world.topology().instance_component(InstanceId(instance)));
            if instances.filter(|component| world.health(*component).is_up()).count() >= 2 { 1.0 } else { 0.0 }
        })
        .claim("2 of 3", two_of_three(up), |_, seen| seen)
        .claim("fewer", 1.0 - two_of_three(up), |_, seen| 1.0 - seen)
}

/// So many crashes of a component, one every `cycle` seconds at moments that are spread evenly over an interval, each for half
/// of that time: members of the configuration's `faults`.
fn crashes(component: &str, count: u32, cycle: f64, interval: f64) -> String {
    // Multiples of the golden ratio are spread so.
    let crash = |crash: u32| {
        let at = f64::from(crash) * cycle + (f64::from(crash) * 0.618_034).fract() * interval;
        let recover_at = at + cycle / 2.0;
        format!(r#"{{ "crash": {{ "component": "{component}", "at": {at}, "recover_at": {recover_at} }} }}"#)
    };
    (1..=count).map(crash).collect::<Vec<String>>().join(",")
}

/// Requests that each of two instances has been asked, and the crashes of the second one.
fn pair(report: &Report) -> (u64, u64, f64) {
    let server = report.services.get("Server");
    let mut instances = server.into_iter().flat_map(|server| server.instances.values());
    let (Some(first), Some(second)) = (instances.next(), instances.next()) else { return (0, 0, f64::NAN) };
    (first.total, second.total, second.outages as f64)
}

/// Checks every 2 s, whose answer may take a second. While a dead instance is taken to be up half of the requests go there,
/// and fail; while a living one is taken to be dead, none does.
fn checked() -> Row {
    const CRASHES: u32 = 100;
    const CYCLE: f64 = 20.0;
    const RATE: f64 = 100.0;
    fn until_ejected(report: &Report, _: f64) -> f64 {
        let failed = report.requests.failures.get("instance_down").copied().unwrap_or(0);
        failed as f64 / pair(report).2 / (RATE / 2.0)
    }
    fn until_asked_again(report: &Report, _: f64) -> f64 {
        let (first, second, outages) = pair(report);
        (first - second) as f64 / outages / RATE + until_ejected(report, 0.0) - CYCLE / 2.0
    }
    let more = format!(r#""faults": [{}]"#, crashes("Server-1", CRASHES, CYCLE, 2.0));
    let server = r#""service_time": 0, "instances": 2, "balancer": "smooth_round_robin",
        "knowledge": { "checks": { "interval": 2, "timeout": 1, "rise": 2, "fall": 3 } }"#;
    let config = System { more: &more, ..System::poisson(RATE, server) }.config();
    Row::new("checks", "Health checks", 20.0 * CYCLE * f64::from(CRASHES + 2), config)
        .warm_up(0.0)
        .claim("until ejected", until_noticed(2.0, 3, 1.0), until_ejected)
        .approximate(0.003)
        .claim("until asked again", until_noticed(2.0, 2, 0.0), until_asked_again)
        .approximate(0.003)
}

/// A monitor that looks every 4 s finds a dead primary, and the promotion takes a second: without a primary for half an
/// interval and a second each time.
fn without_primary() -> Row {
    const CRASHES: u32 = 100;
    let more = format!(
        r#""faults": [{}], "db_clusters": {{ "DB": {{ "replicas": 1, "operation": 0,
            "failover": {{ "monitor_interval": 4, "on_write": false, "promotion_time": 1 }} }} }}"#,
        crashes("DB/primary", CRASHES, 40.0, 4.0)
    );
    let server = r#""service_time": 0, "database": { "name": "DB" }"#;
    let config = System { more: &more, ..System::poisson(1.0, server) }.config();
    Row::new("failover", "Failover", 20.0 * 40.0 * f64::from(CRASHES + 2), config)
        .warm_up(0.0)
        .claim("without a primary", 3.0, |report, _| {
            of_cluster(report, |db| db.unavailable_seconds / db.failovers as f64)
        })
        .approximate(0.005)
        .claim("failovers", f64::from(CRASHES), |report, _| of_cluster(report, |db| db.failovers as f64))
}
