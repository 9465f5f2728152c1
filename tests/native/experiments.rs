//! Experiments: common random numbers, and what adding a component changes.

use serde_json::{Value, json};
use web_service_model::{
    cli::scenarios,
    experiment::{Comparison, Plan, Table, Verdict, compare, figures},
};

use crate::support::{report, with};

const REPLICATIONS: u64 = 10;

/// Compares the coursework with what becomes of it by some changes.
fn compared(changes: Value) -> Vec<(String, Comparison)> {
    let text = scenarios::text("coursework").expect("the scenario is there");
    let config: Value = serde_json::from_str(text).expect("it is JSON");
    let plan = json!({ "systems": [config, with(config.clone(), changes)], "replications": REPLICATIONS });
    let plan = Plan::from_json(&plan.to_string()).unwrap_or_else(|errors| panic!("{errors}"));
    let study = plan.study().unwrap_or_else(|error| panic!("{error}"));
    let mut results = study.results();
    for job in study.jobs(0..REPLICATIONS) {
        assert!(results.insert(job, study.run(job).expect("there is such a job")));
    }
    compare(&results.tables[0], &results.tables[1], 0.95)
}

/// The map shows what it is about: at some loads and lengths all runs recover, at others all stay stuck, and the higher
/// the load the shorter the outage that does it.
#[test]
fn the_metastability_map_has_two_regions() {
    let text = scenarios::experiment("metastability").expect("it is there");
    let mut plan: Plan = Plan::from_json(text).unwrap_or_else(|errors| panic!("{errors}"));
    plan.replications = 2;
    let study = plan.study().unwrap_or_else(|error| panic!("{error}"));
    let mut results = study.results();
    study.jobs(0..2).for_each(|job| assert!(results.insert(job, study.run(job).expect("there is such a job"))));
    let ratio = |table: &Table| table.summaries()[table.position("requests.success_ratio").expect("kept")].mean;
    let means: Vec<f64> = results.tables.iter().filter_map(ratio).collect();
    let columns: Vec<&[f64]> = means.chunks(plan.vary[1].values.len()).collect();
    let recovered = |column: &&[f64]| column.iter().filter(|mean| **mean > 0.99).count();
    let counts: Vec<usize> = columns.iter().map(recovered).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    let stuck = means.iter().filter(|mean| **mean < 0.05).count();
    assert!(counts.iter().sum::<usize>() >= means.len() / 4 && stuck >= means.len() / 4, "{means:?}");
}

/// The remedies of the scenarios do what the texts promise, and the others what they warn of.
#[test]
fn remedies_help() {
    let expected = [("retry-storm", 0.42, 0.86), ("metastable", 0.35, 0.91), ("pool-sizing", 0.67, 0.93)];
    for (name, without, with) in expected {
        let text = scenarios::experiment(name).expect("it is there");
        let mut plan: Plan = Plan::from_json(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        (plan.replications, plan.series) = (3, Vec::new());
        let study = plan.study().unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut results = study.results();
        study.jobs(0..3).for_each(|job| assert!(results.insert(job, study.run(job).expect("there is such a job"))));
        let mean = |system: usize, metric: &str| {
            let table = &results.tables[system];
            table.summaries()[table.position(metric).expect("kept")].mean.expect("a value")
        };
        let found = [0, 1].map(|system| mean(system, "requests.success_ratio"));
        assert!((found[0] - without).abs() < 0.03 && (found[1] - with).abs() < 0.03, "{name}: {found:?}");
        if name == "retry-storm" {
            // Twenty-seven attempts for each request of the last ninety seconds; and hardly more than one.
            let [storm, calm] = [0, 1].map(|system| mean(system, "edges.Orders→Stock.attempts"));
            assert!(storm > 80.0 * 40.0 * 27.0 && calm < 1.1 * 150.0 * 40.0, "{storm} and {calm}");
        }
    }
}

/// An experiment that sweeps, run a few times at some of its values.
struct Swept {
    tables: Vec<Table>,
    values: Vec<Value>,
}

impl Swept {
    /// Runs the experiment of that name with these of the values of its axes, as all of them would take long.
    fn new(name: &str, values: &[Value]) -> Self {
        let text = scenarios::experiment(name).expect("it is there");
        let mut plan = Plan::from_json(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        for (axis, values) in plan.vary.iter_mut().zip(values) {
            let values = values.as_array().expect("a list");
            assert!(values.iter().all(|value| axis.values.contains(value)), "{name} has these: {values:?}");
            axis.values.clone_from(values);
        }
        plan.replications = 4;
        let values = plan.vary.last().expect("it is a sweep").values.clone();
        let study = plan.study().unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut results = study.results();
        study.jobs(0..4).for_each(|job| assert!(results.insert(job, study.run(job).expect("there is such a job"))));
        Self { tables: results.tables, values }
    }

    /// The mean of a figure for each value of the last axis, with the first value of the axis before it.
    fn means(&self, metric: &str) -> Vec<f64> {
        self.means_at(0, metric)
    }

    /// The same with another value of the axis before it.
    fn means_at(&self, row: usize, metric: &str) -> Vec<f64> {
        let tables = self.tables.iter().skip(row * self.values.len()).take(self.values.len());
        let mean = |table: &Table| table.summaries()[table.position(metric).expect("kept")].mean.expect("a value");
        tables.map(mean).collect()
    }
}

/// Too short a timeout is a storm of attempts, too long a one a queue; in between only the tail tells them apart.
#[test]
fn a_timeout_has_a_cliff_on_either_side() {
    let middle = Swept::new("timeouts", &[json!([0.1, 1, 2])]);
    assert!(middle.means("requests.success_ratio").iter().all(|ratio| *ratio > 0.99));
    let sides = Swept::new("timeouts", &[json!([0.03, 5, 10])]);
    let [short, long, longer] = sides.means("requests.success_ratio")[..] else { panic!("three values") };
    assert!(short < 0.001 && (0.88..0.98).contains(&long) && (0.5..0.62).contains(&longer), "{short} {long} {longer}");
    // Three attempts for each order, against hardly more than one.
    assert!(sides.means("edges.Shop→Pricing.attempts")[0] > 2.9 * 200.0 * 100.0);
    assert!(middle.means("edges.Shop→Pricing.attempts")[1] < 1.05 * 200.0 * 100.0);
    let tails = middle.means("requests.latency.p99");
    let expected = [0.25, 1.07, 2.07];
    assert!(tails.iter().zip(expected).all(|(tail, expected)| (tail - expected).abs() < 0.02), "{tails:?}");
}

/// A breaker that never opens costs pages, one that always does costs orders.
#[test]
fn the_threshold_of_a_breaker_has_its_best_in_between() {
    let swept = Swept::new("breaker-threshold", &[json!([20, 100]), json!([0.05, 0.2, 0.3, 1])]);
    let figure = |name: &str| swept.means_at(1, name);
    let goodput = figure("requests.goodput");
    assert!(goodput[1].min(goodput[2]) > goodput[0].max(goodput[3]) + 15.0, "{goodput:?}");
    let pages = figure("services.Shop.endpoints.page.success_ratio");
    assert!(pages[0] > 0.99 && pages[2] > 0.97 && (0.82..0.86).contains(&pages[3]), "{pages:?}");
    let orders = figure("services.Shop.endpoints.order.success_ratio");
    assert!(orders[0] < 0.25 && (0.69..0.75).contains(&orders[3]), "{orders:?}");
    let refused = figure("edges.Shop→Pricing.breaker.refused");
    assert!(refused.is_sorted_by(|a, b| a > b) && refused[3] == 0.0, "{refused:?}");
    // Of twenty calls a fifth fail by chance now and then, of a hundred hardly ever.
    let hasty = swept.means_at(0, "services.Shop.endpoints.order.success_ratio")[1];
    assert!(hasty < 0.5 && orders[1] > 0.58, "{hasty} {orders:?}");
}

/// Who looks again too soon pays with requests, who looks too seldom with instances that stand idle.
#[test]
fn a_fail_timeout_has_its_best_in_between() {
    let swept = Swept::new("fail-timeout", &[json!([0.5, 10, 160])]);
    let refused = swept.means("requests.failures.instance_down");
    assert!(refused[0] > 5.0 * refused[1] && refused[1] < 200.0, "{refused:?}");
    let full = swept.means("requests.failures.queue_full");
    assert!(full[2] > full[1] + 5000.0 && full[1] < full[0] + 1000.0, "{full:?}");
    let [soon, usual, seldom] = swept.means("requests.success_ratio")[..] else { panic!("three values") };
    assert!(usual > soon + 0.002 && usual > 0.99 && (0.85..0.96).contains(&seldom), "{soon} {usual} {seldom}");
}

/// A crash costs as long as the lease lasts, and a pause that is longer than that a false failover.
#[test]
fn a_lease_is_short_or_outlasts_pauses() {
    let swept = Swept::new("patroni-ttl", &[json!([20, 40, 120])]);
    // Six crashes; and of twelve pauses those which the lease does not outlast.
    assert_eq!(swept.means("db_clusters.DB.failovers"), [15.0, 11.0, 6.0]);
    let away = swept.means("db_clusters.DB.unavailable_seconds");
    let expected = [313.0, 574.0, 1187.0];
    assert!(away.iter().zip(expected).all(|(away, expected)| (away - expected).abs() < 5.0), "{away:?}");
    let lost = swept.means("db_clusters.DB.lost_writes");
    assert!(lost[0] > 400.0 && (150.0..320.0).contains(&lost[1]) && lost[2] < 30.0, "{lost:?}");
}

/// A sample of one is chance, five are nearly as good as all.
#[test]
fn few_samples_are_nearly_as_good_as_many() {
    let swept = Swept::new("eviction-samples", &[json!(["allkeys-lru", "allkeys-lfu"]), json!([1, 2, 5, 64])]);
    for (row, expected) in [[0.509, 0.541, 0.551, 0.553], [0.509, 0.601, 0.624, 0.635]].iter().enumerate() {
        let found = swept.means_at(row, "caches.Redis.hit_ratio");
        assert!(found.is_sorted_by(|a, b| a < b), "{found:?}");
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.004), "{found:?}");
    }
}

/// A consumer is never idle if it is sent as many messages as it takes to hear of the first.
#[test]
fn the_prefetch_that_is_needed_grows_with_the_distance() {
    let swept = Swept::new("prefetch-distance", &[json!(["100us", "5ms", "25ms"]), json!([1, 2, 3, 4, 10, 100])]);
    let done = |row| swept.means_at(row, "brokers.Rabbit.queues.jobs.consumed");
    let all = 0.99 * 15_000.0;
    // (Of 150 a second for 100 seconds.)
    let enough: Vec<usize> = (0..3).map(|row| done(row).iter().take_while(|done| **done < all).count()).collect();
    assert_eq!(enough, [0, 1, 3], "prefetches of 1, 2 and 4");
    assert!((5200.0..5800.0).contains(&done(2)[0]), "{:?}", done(2));
    let p99 = swept.means_at(2, "brokers.Rabbit.queues.jobs.delivery.p99");
    assert!(p99[0] > 60.0 && p99[4] < 0.42 && p99[5] > p99[4] + 0.05, "{p99:?}");
    let [few, many] = [0, 5].map(|place| swept.means_at(0, "brokers.Rabbit.queues.jobs.redelivered")[place]);
    assert!(many > few, "{few} {many}");
    let waiting = swept.means_at(0, "brokers.Rabbit.queues.jobs.size.max");
    assert!(waiting[5] < waiting[0] / 3.0, "they wait at the consumers: {waiting:?}");
}

/// The names of the figures are taken from a run that has not begun: whatever happens later must not add to them, or each
/// figure behind would stand under the name of another.
#[test]
fn what_happens_adds_no_figure() {
    let asked = json!({
        "duration": 5,
        "users": { "people": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
        "services": {
            "Shop": { "service_time": "1ms", "calls": [{ "to": ["Stock"], "policy": {
                "timeout": "10ms", "breaker": { "min_calls": 5 }, "bulkhead": {}, "fallback": "Spare"
            } }] },
            "Stock": { "service_time": "1s" },
            "Spare": { "service_time": "1ms" },
        },
    });
    // Dead letters that are not on disk, and a queue of a broker that has one.
    let job = json!({ "service_time": "1ms", "fail_prob": 0.5, "on_failure": "reject" });
    let letters = json!({ "jobs": { "dead_letter": "late", "consumers": [job] }, "late": { "dead_letter": "dead", "message_ttl": 1 }, "dead": {} });
    let told = |synced: Value| {
        json!({
            "name": "letters",
            "duration": 5,
            "users": { "people": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "service_time": "1ms", "publish": {
                "broker": "B", "queue": "jobs", "persistent": !synced.is_null(),
            } } },
            "brokers": { "B": { "publish": "1ms", "sync": synced, "queues": letters } },
        })
    };
    let of_the_program = scenarios::ALL.iter().map(|(_, text)| serde_json::from_str(text).expect("it is JSON"));
    for config in of_the_program.chain([asked, told(Value::Null), told(json!({}))]) {
        let names =
            |until: f64| figures::names(&report(&with(config.clone(), json!({ "warm_up": 0, "duration": until }))));
        assert_eq!(names(0.001), names(5.0), "{}", config["name"]);
    }
}

/// A component that nobody uses changes nothing at all, although it breaks now and then.
#[test]
fn adding_a_component_does_not_shift_the_streams_of_others() {
    let outages = json!({ "up": { "exponential": { "mean": 5 } }, "down": { "exponential": { "mean": 2 } } });
    let all = compared(json!({
        "caches": { "Another": { "operation": "5ms", "hit_prob": 0.5, "outages": outages } },
        "db_clusters": { "AnotherDB": { "replicas": 2, "operation": "5ms", "outages": outages } },
    }));
    let differs = |(name, it): &(String, Comparison)| {
        let is_same = it.verdict == Verdict::Same || it.verdict == Verdict::NoValue;
        (!is_same && name != "events").then(|| name.clone())
    };
    let different: Vec<String> = all.iter().filter_map(differs).collect();
    assert_eq!(different, [""; 0]);
    assert!(all.len() > 1_000);
}

/// A component that is used changes what it is used for: a second cache, in front of another database.
#[test]
fn a_component_that_is_used_changes_nothing_elsewhere() {
    let all = compared(json!({
        "services": { "PublicInfoService": { "cache": { "name": "PublicCache", "on_error": "fall_back" } } },
        "caches": { "PublicCache": { "operation": "5ms", "hit_prob": 0.9 } },
    }));
    let verdict = |name: &str| all.iter().find(|(other, _)| other == name).expect("a figure of the report").1.verdict;
    assert_eq!(verdict("services.PublicInfoService.latency.mean"), Verdict::Lower);
    for same in
        ["requests.total", "auth.succeeded", "services.PaymentService.latency.mean", "db_clusters.DataDB-0.lost_writes"]
    {
        assert_eq!(verdict(same), Verdict::Same, "{same}");
    }
    let requests = all.iter().find(|(name, _)| name == "requests.latency.mean").expect("a figure of the report");
    assert!(requests.1.variance_saved().expect("there is a difference") > 1.5, "{:?}", requests.1);
}
