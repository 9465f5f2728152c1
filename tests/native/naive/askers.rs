//! Clients under a policy, a server that may hold its workers, and a pool.

use serde_json::{Value, json};
use web_service_model::config::schema::Config;

use super::{
    END, SYSTEMS, Values, WARM_UP,
    clients::{self, System},
    differences, engine,
    flaws::Flaw,
    naive,
    parts::{Breaker, Budget, Bulkhead, Hedge, Limiter, Window},
    simulator::Random,
};

/// A system whose clients do nothing special, to be changed by those below.
const PLAIN: System = System {
    rate: 10.0,
    workers: 3,
    processing: 0.08,
    fail_prob: 0.1,
    holds: true,
    pool: Some(2),
    operation: 0.12,
    timeout: None,
    cancels: true,
    retries: 0,
    wait: 0.1,
    budget: None,
    breaker: None,
    limiter: None,
    bulkhead: None,
    hedge: None,
    flaw: None,
};

/// A random small system whose clients are impatient. Its servers have room for most of the retries.
fn impatient(seed: u64) -> System {
    let mut random = Random(seed.wrapping_mul(0x9fb2_1c65_1e98_df25) ^ 0x2545_f491_4f6c_dd1d);
    let workers = 1 + random.below(4);
    let (processing, operation) = (0.05 + 0.1 * random.uniform(), 0.05 + 0.2 * random.uniform());
    let holds = random.below(2) == 0;
    let pool = (random.below(3) > 0).then(|| 1 + random.below(4));
    let by_workers = workers as f64 / (processing + if holds { operation } else { 0.0 });
    let by_pool = pool.map_or(f64::INFINITY, |size| size as f64 / operation);
    let retries = random.below(3) as u32;
    let load = (0.4 + 0.5 * random.uniform()) / (1.0 + 0.4 * f64::from(retries));
    System {
        rate: load * by_workers.min(by_pool),
        workers,
        processing,
        fail_prob: if random.below(2) == 0 { 0.2 * random.uniform() } else { 0.0 },
        holds,
        pool,
        operation,
        timeout: (random.below(4) > 0).then(|| (1.0 + 3.0 * random.uniform()) * (processing + operation)),
        cancels: random.below(2) == 0,
        retries,
        wait: 0.05 + 0.2 * random.uniform(),
        ..PLAIN
    }
}

/// The same under random parts of a policy. Shares are such that they are often reached exactly.
fn guarded(seed: u64) -> System {
    let mut random = Random(seed.wrapping_mul(0xa24b_aed4_963e_e407) ^ 0x9fb2_1c65_1e98_df25);
    let system = impatient(seed + 1_000);
    let mean = system.processing + system.operation;
    let breaker = (random.below(3) > 0).then(|| breaker(&mut random, mean));
    let limiter = (random.below(2) == 0).then(|| Limiter {
        rate: (0.7 + 0.6 * random.uniform()) * system.rate,
        burst: 1.0 + 0.5 * random.below(8) as f64,
        longest_wait: if random.below(2) == 0 { 0.0 } else { 2.0 * random.uniform() / system.rate },
    });
    let bulkhead = (random.below(2) == 0).then(|| Bulkhead {
        max: 1 + random.below(system.workers + 2),
        waiting: random.below(4),
        longest_wait: (0.5 + 2.0 * random.uniform()) * mean,
    });
    let mut budget =
        |step: f64| Budget { ratio: step * (1 + random.below(4)) as f64, burst: (1 + random.below(5)) as f64 };
    let (retry_budget, hedge_budget) = (budget(0.0625), budget(0.125));
    let budget = (system.retries > 0 && random.below(2) == 0).then_some(retry_budget);
    let hedge = (random.below(2) == 0).then(|| Hedge { after: (0.3 + random.uniform()) * mean, budget: hedge_budget });
    System {
        rate: if hedge.is_some() { 0.7 * system.rate } else { system.rate },
        fail_prob: if breaker.is_some() || budget.is_some() { 0.5 * random.uniform() } else { system.fail_prob },
        budget,
        breaker,
        limiter,
        bulkhead,
        hedge,
        ..system
    }
}

fn breaker(random: &mut Random, mean: f64) -> Breaker {
    let window = match random.below(2) {
        0 => Window::Calls(2 + random.below(8)),
        _ => Window::Seconds(1 + random.below(3) as u32),
    };
    Breaker {
        window,
        min_calls: 1 + random.below(8),
        failure_share: 0.25 * (1 + random.below(3)) as f64,
        slow_share: 0.25 * (2 + random.below(3)) as f64,
        slow_after: (0.5 + 2.0 * random.uniform()) * mean,
        open_for: [0.2, 1.0, 4.0][random.below(3)] * mean,
        probes: 1 + random.below(4),
    }
}

/// The same as a configuration.
fn config(system: &System) -> Config {
    let exponential = |mean: f64| json!({ "exponential": { "mean": mean } });
    let pool = system.pool.map(|size| json!({ "size": size, "longest_wait": "1h" }));
    let value: Value = json!({
        "duration": END,
        "warm_up": WARM_UP,
        "users": { "clients": {
            "arrivals": { "poisson": { "rate": system.rate } }, "targets": { "Server": 1 }, "policy": policy(system),
        } },
        "services": { "Server": {
            "workers": system.workers, "service_time": exponential(system.processing), "fail_prob": system.fail_prob,
            "holds": if system.holds { "request" } else { "processing" },
            "database": { "name": "DB", "pool": pool },
        } },
        "db_clusters": { "DB": { "operation": exponential(system.operation) } },
    });
    Config::from_value(value).expect("a small system")
}

fn policy(system: &System) -> Value {
    let budget = |budget: Budget| json!({ "ratio": budget.ratio, "burst": budget.burst });
    let backoff = json!({ "base": system.wait, "factor": 1, "jitter": "none" });
    let retries = json!({ "max": system.retries, "backoff": backoff, "budget": system.budget.map(budget) });
    json!({
        "timeout": system.timeout,
        "retry": (system.retries > 0).then_some(retries),
        "on_giving_up": if system.cancels { "cancel" } else { "continue" },
        "breaker": system.breaker.map(|it| json!({
            "window": match it.window {
                Window::Calls(calls) => json!({ "calls": calls }),
                Window::Seconds(seconds) => json!({ "seconds": seconds }),
            },
            "min_calls": it.min_calls, "failure_share": it.failure_share, "slow_share": it.slow_share,
            "slow_after": it.slow_after, "open_for": it.open_for, "probes": it.probes,
        })),
        "limiter": system.limiter.map(|it| json!({
            "rate": it.rate, "burst": it.burst, "longest_wait": it.longest_wait,
        })),
        "bulkhead": system.bulkhead.map(|it| json!({
            "max": it.max, "waiting": it.waiting, "longest_wait": it.longest_wait,
        })),
        "hedge": system.hedge.map(|it| json!({ "after": it.after, "budget": budget(it.budget) })),
    })
}

/// A figure: its name in the report, and how the naive simulator has it. The latter gets the seconds that count.
type Figure = (&'static str, fn(&clients::Figures, &System) -> f64);

const SECONDS: f64 = END - WARM_UP;

const OF_ALL: &[Figure] = &[
    ("requests.rps", |it, _| it.answered as f64 / SECONDS),
    ("requests.success_ratio", |it, _| it.succeeded as f64 / it.answered as f64),
    ("requests.latency.mean", |it, _| it.latency / it.succeeded as f64),
    ("requests.attempts", |it, _| it.attempts as f64),
    ("requests.timeouts", |it, _| it.timeouts as f64),
    ("requests.failures.breaker_open", |it, _| it.refused[0] as f64),
    ("requests.failures.limited", |it, _| it.refused[1] as f64),
    ("requests.failures.bulkhead_full", |it, _| it.refused[2] as f64),
    ("services.Server.utilisation", |it, system| it.busy / SECONDS / system.workers as f64),
];
const OF_BREAKERS: &[Figure] = &[
    ("edges.clients→Server.breaker.open_seconds", |it, _| it.open),
    ("edges.clients→Server.breaker.half_open_seconds", |it, _| it.half_open),
];
const OF_BULKHEADS: &[Figure] = &[
    ("edges.clients→Server.bulkhead.inside.mean", |it, _| it.inside / SECONDS),
    ("edges.clients→Server.bulkhead.waiting.mean", |it, _| it.waiting / SECONDS),
];
const OF_HEDGES: &[Figure] = &[
    ("edges.clients→Server.hedges", |it, _| it.hedges as f64),
    ("edges.clients→Server.hedges_won", |it, _| it.hedges_won as f64),
];

/// What may be read off both.
fn figures(system: &System) -> Vec<Figure> {
    let parts = [
        (true, OF_ALL),
        (system.breaker.is_some(), OF_BREAKERS),
        (system.bulkhead.is_some(), OF_BULKHEADS),
        (system.hedge.is_some(), OF_HEDGES),
    ];
    parts.iter().filter(|(is_there, _)| *is_there).flat_map(|(_, figures)| figures.iter().copied()).collect()
}

/// A system and what the engine finds of it.
struct Known {
    seed: u64,
    system: System,
    names: Vec<&'static str>,
    values: Values,
}

impl Known {
    fn new(seed: u64, system: System) -> Self {
        let names: Vec<&str> = figures(&system).into_iter().map(|(name, _)| name).collect();
        let values = engine(&config(&system), &names, seed);
        Self { seed, system, names, values }
    }

    /// How the naive simulator differs from that if it runs another system.
    fn differences(&self, other: &System) -> Vec<String> {
        let of =
            |found: &clients::Figures| figures(&self.system).iter().map(|(_, of)| of(found, &self.system)).collect();
        let naive = naive(|run| of(&clients::run(other, WARM_UP, END, run)), self.seed);
        differences(&self.names, &self.values, &naive, self.seed)
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong = self.differences(&self.system);
        if !wrong.is_empty() {
            wrong.push(format!("{:?}", self.system));
        }
        wrong
    }
}

#[track_caller]
fn agree(systems: u64, system: fn(u64) -> System) {
    let wrong: Vec<String> = (1..=systems).flat_map(|seed| Known::new(seed, system(seed)).wrong()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_agrees_with_the_naive_simulator_of_impatient_clients() {
    agree(SYSTEMS, impatient);
}

#[test]
fn the_engine_agrees_with_the_naive_simulator_of_policies() {
    agree(2 * SYSTEMS, guarded);
}

/// Workers who are not held, clients who do not cancel or who wait longer, a larger pool: the comparison tells them apart.
#[test]
fn a_difference_of_clients_is_found() {
    let system = System { timeout: Some(0.4), retries: 2, ..PLAIN };
    let known = Known::new(1, system.clone());
    assert_eq!(known.wrong(), [""; 0]);
    let others = [
        System { holds: false, ..system.clone() },
        System { cancels: false, ..system.clone() },
        System { wait: 3.0 * system.wait, ..system.clone() },
        System { pool: Some(3), ..system },
    ];
    for other in others {
        assert!(!known.differences(&other).is_empty(), "{other:?}");
    }
}

/// Each small mistake shows in one of the random systems that were compared above, so it would not have gone unnoticed.
#[test]
fn flaws_are_found() {
    let mut unnoticed = Flaw::ALL.to_vec();
    for seed in 1..=2 * SYSTEMS {
        let known = Known::new(seed, guarded(seed));
        let flawed = |flaw| System { flaw: Some(flaw), ..known.system.clone() };
        unnoticed.retain(|flaw| known.differences(&flawed(*flaw)).is_empty());
        if unnoticed.is_empty() {
            return;
        }
    }
    panic!("{unnoticed:?}");
}
