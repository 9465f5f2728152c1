//! The engine against a naive simulator that shares no code with it, on random small systems: queues, balancers and
//! outages; impatient clients, held workers and pools. Both are run in replications, and their means may differ by as much as chance explains.

mod clients;
mod simulator;

use serde_json::{Value, json};
use web_service_model::{
    config::schema::Config,
    experiment::{Model, Summary, seed_of},
};

use simulator::{Figures, Policy, Random, Service, System};

/// Random systems.
const SYSTEMS: u64 = 24;
/// Replications of each, in both simulators.
const REPLICATIONS: u64 = 12;
const WARM_UP: f64 = 30.0;
const END: f64 = 330.0;
/// Standard errors by which means may differ: by chance one pair in a hundred thousand does.
const ERRORS: f64 = 5.5;
/// What may be read off both.
const FIGURES: [&str; 4] =
    ["requests.rps", "requests.success_ratio", "requests.latency.mean", "services.Server.availability"];

/// A random small system.
fn random_system(seed: u64) -> System {
    let mut random = Random(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ 0x5851_f42d_4c95_7f2d);
    let instances = 1 + random.below(4);
    let workers = 1 + random.below(3);
    let policies = [Policy::WeightedRandom, Policy::LeastConnections, Policy::TwoChoices, Policy::RoundRobin];
    let policy = policies[random.below(4)];
    // Some policies are the same in both only among equals, and turns only if nobody is ever left out.
    let weight =
        |random: &mut Random| if policy == Policy::WeightedRandom { 1.0 + random.below(4) as f64 } else { 1.0 };
    let weights: Vec<f64> = (0..instances).map(|_| weight(&mut random)).collect();
    let mean = 0.05 + 0.3 * random.uniform();
    let service =
        if random.below(2) == 0 { Service::Exponential(mean) } else { Service::Uniform(0.5 * mean, 1.5 * mean) };
    let share = weights.iter().fold(0.0, |most: f64, weight| most.max(*weight)) / weights.iter().sum::<f64>();
    let load = 0.3 + 0.5 * random.uniform();
    let has_outages = policy != Policy::RoundRobin && random.below(2) == 0;
    // With outages a queue may be overloaded for a while, so it has an end.
    let queue_limit = (has_outages || random.below(2) == 0).then(|| random.below(6));
    System {
        rate: load * workers as f64 / mean / share,
        service,
        policy,
        weights,
        workers,
        queue_limit,
        fail_prob: if random.below(2) == 0 { 0.1 * random.uniform() } else { 0.0 },
        outages: has_outages.then(|| (5.0 + 10.0 * random.uniform(), 1.0 + 3.0 * random.uniform())),
    }
}

/// The same as a configuration.
fn config(system: &System) -> Config {
    let service_time = match system.service {
        Service::Exponential(mean) => json!({ "exponential": { "mean": mean } }),
        Service::Uniform(low, high) => json!({ "uniform": [low, high] }),
    };
    let policy = match system.policy {
        Policy::WeightedRandom => "weighted_random",
        Policy::LeastConnections => "least_connections",
        Policy::TwoChoices => "two_choices",
        Policy::RoundRobin => "smooth_round_robin",
    };
    let exponential = |mean: f64| json!({ "exponential": { "mean": mean } });
    let outages = system.outages.map(|(up, down)| json!({ "up": exponential(up), "down": exponential(down) }));
    let value: Value = json!({
        "duration": END,
        "warm_up": WARM_UP,
        "users": { "clients": { "arrivals": { "poisson": { "rate": system.rate } }, "targets": { "Server": 1 } } },
        "services": { "Server": {
            "instances": system.weights.len(), "weights": system.weights, "balancer": policy,
            "service_time": service_time, "workers": system.workers, "queue_limit": system.queue_limit,
            "fail_prob": system.fail_prob, "outages": outages,
        } },
    });
    Config::from_value(value).expect("a small system")
}

fn of_naive(figures: &Figures) -> [f64; 4] {
    let (answered, succeeded) = (figures.answered as f64, figures.succeeded as f64);
    [answered / (END - WARM_UP), succeeded / answered, figures.latency / succeeded, figures.up]
}

/// How the figures of both differ on a system that has that seed: those of the engine by their names, and those of the naive
/// simulator in each of its replications.
fn differences<const N: usize>(
    config: &Config,
    names: [&str; N],
    naive: impl Fn(u64) -> [f64; N],
    seed: u64,
) -> Vec<String> {
    let model = Model::new(config).expect("a small system");
    let position = |name: &str| model.names().iter().position(|other| other == name).expect("a figure of the report");
    let positions = names.map(position);
    let engine: Vec<Vec<f64>> = (0..REPLICATIONS).map(|number| model.run(seed_of(seed, number))).collect();
    let naive: Vec<[f64; N]> = (0..REPLICATIONS).map(|number| naive(1 + seed * 1_000 + number)).collect();
    let mut wrong = Vec::new();
    for (figure, name) in names.iter().enumerate() {
        let a = Summary::of(engine.iter().map(|values| values[positions[figure]]));
        let b = Summary::of(naive.iter().map(|values| values[figure]));
        let (Some(mean_a), Some(mean_b), Some(sd_a), Some(sd_b)) = (a.mean, b.mean, a.sd, b.sd) else {
            wrong.push(format!("{name}: no value (system {seed})"));
            continue;
        };
        let error = ((sd_a * sd_a + sd_b * sd_b) / REPLICATIONS as f64).sqrt();
        if (mean_a - mean_b).abs() > ERRORS * error + 1e-9 {
            let config = config.to_json_pretty();
            wrong.push(format!("{name}: {mean_a} and naively {mean_b}, error {error} (system {seed}: {config})"));
        }
    }
    wrong
}

#[test]
fn the_engine_agrees_with_the_naive_simulator() {
    let of = |seed| {
        let system = random_system(seed);
        let naive = |run| of_naive(&simulator::run(&system, WARM_UP, END, run));
        differences(&config(&system), FIGURES, naive, seed)
    };
    let wrong: Vec<String> = (1..=SYSTEMS).flat_map(of).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What may be read off both of impatient clients.
const FIGURES_OF_CLIENTS: [&str; 6] = [
    "requests.rps",
    "requests.success_ratio",
    "requests.latency.mean",
    "requests.attempts",
    "requests.timeouts",
    "services.Server.utilisation",
];

/// A random small system whose clients are impatient. Its servers have room for most of the retries.
fn random_clients(seed: u64) -> clients::System {
    let mut random = Random(seed.wrapping_mul(0x9fb2_1c65_1e98_df25) ^ 0x2545_f491_4f6c_dd1d);
    let workers = 1 + random.below(4);
    let (processing, operation) = (0.05 + 0.1 * random.uniform(), 0.05 + 0.2 * random.uniform());
    let holds = random.below(2) == 0;
    let pool = (random.below(3) > 0).then(|| 1 + random.below(4));
    let by_workers = workers as f64 / (processing + if holds { operation } else { 0.0 });
    let by_pool = pool.map_or(f64::INFINITY, |size| size as f64 / operation);
    let retries = random.below(3) as u32;
    let load = (0.4 + 0.5 * random.uniform()) / (1.0 + 0.4 * f64::from(retries));
    clients::System {
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
    }
}

/// The same as a configuration.
fn config_of_clients(system: &clients::System) -> Config {
    let exponential = |mean: f64| json!({ "exponential": { "mean": mean } });
    let backoff = json!({ "base": system.wait, "factor": 1, "jitter": "none" });
    let retry = (system.retries > 0).then(|| json!({ "max": system.retries, "backoff": backoff }));
    let pool = system.pool.map(|size| json!({ "size": size, "longest_wait": "1h" }));
    let value: Value = json!({
        "duration": END,
        "warm_up": WARM_UP,
        "users": { "clients": {
            "arrivals": { "poisson": { "rate": system.rate } }, "targets": { "Server": 1 },
            "policy": {
                "timeout": system.timeout, "retry": retry,
                "on_giving_up": if system.cancels { "cancel" } else { "continue" },
            },
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

/// How the engine on one system differs from the naive simulator on another.
fn differences_of_clients(engine: &clients::System, naive: &clients::System, seed: u64) -> Vec<String> {
    let naive = |run| {
        let found = clients::run(naive, WARM_UP, END, run);
        let (answered, succeeded) = (found.answered as f64, found.succeeded as f64);
        [
            answered / (END - WARM_UP),
            succeeded / answered,
            found.latency / succeeded,
            found.attempts as f64,
            found.timeouts as f64,
            found.busy / (END - WARM_UP) / naive.workers as f64,
        ]
    };
    differences(&config_of_clients(engine), FIGURES_OF_CLIENTS, naive, seed)
}

#[test]
fn the_engine_agrees_with_the_naive_simulator_of_clients() {
    let of = |seed| {
        let system = random_clients(seed);
        differences_of_clients(&system, &system, seed)
    };
    let wrong: Vec<String> = (1..=SYSTEMS).flat_map(of).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Workers who are not held, clients who do not cancel or who wait longer, a larger pool: the comparison tells them apart.
#[test]
fn a_difference_of_clients_is_found() {
    let system = clients::System {
        rate: 10.0,
        workers: 3,
        processing: 0.08,
        fail_prob: 0.1,
        holds: true,
        pool: Some(2),
        operation: 0.12,
        timeout: Some(0.4),
        cancels: true,
        retries: 2,
        wait: 0.1,
    };
    assert_eq!(differences_of_clients(&system, &system, 1), [""; 0]);
    let others = [
        clients::System { holds: false, ..system.clone() },
        clients::System { cancels: false, ..system.clone() },
        clients::System { wait: 2.0 * system.wait, ..system.clone() },
        clients::System { pool: Some(3), ..system.clone() },
    ];
    for other in others {
        assert!(!differences_of_clients(&other, &system, 1).is_empty(), "{system:?} and {other:?}");
    }
}

/// The comparison must be able to fail: the same systems, but the engine's has a tenth more load.
#[test]
fn a_difference_is_found() {
    let system = random_system(3);
    let more = System { rate: 1.1 * system.rate, ..system.clone() };
    let rate = |system: &System| of_naive(&simulator::run(system, WARM_UP, END, 9))[0];
    assert!(rate(&more) > 1.05 * rate(&system));
    let model = Model::new(&config(&more)).expect("a small system");
    let position = model.names().iter().position(|name| name == FIGURES[0]).expect("a figure of the report");
    assert!(model.run(1)[position] > 1.05 * rate(&system));
}
