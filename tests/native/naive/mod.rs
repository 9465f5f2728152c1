//! The engine against a naive simulator that shares no code with it, on random small systems: queues, balancers and
//! outages. Both are run in replications, and their means may differ by as much as chance explains.

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

/// How the two differ on a system.
fn differences(seed: u64) -> Vec<String> {
    let system = random_system(seed);
    let model = Model::new(&config(&system)).expect("a small system");
    let position = |name: &str| model.names().iter().position(|other| other == name).expect("a figure of the report");
    let positions = FIGURES.map(position);
    let engine: Vec<Vec<f64>> = (0..REPLICATIONS).map(|number| model.run(seed_of(seed, number))).collect();
    let naive: Vec<[f64; 4]> = (0..REPLICATIONS)
        .map(|number| of_naive(&simulator::run(&system, WARM_UP, END, 1 + seed * 1_000 + number)))
        .collect();
    let mut wrong = Vec::new();
    for (figure, name) in FIGURES.iter().enumerate() {
        let a = Summary::of(engine.iter().map(|values| values[positions[figure]]));
        let b = Summary::of(naive.iter().map(|values| values[figure]));
        let (Some(mean_a), Some(mean_b), Some(sd_a), Some(sd_b)) = (a.mean, b.mean, a.sd, b.sd) else {
            wrong.push(format!("{name}: no value (system {seed})"));
            continue;
        };
        let error = ((sd_a * sd_a + sd_b * sd_b) / REPLICATIONS as f64).sqrt();
        if (mean_a - mean_b).abs() > ERRORS * error + 1e-9 {
            wrong.push(format!("{name}: {mean_a} and naively {mean_b}, error {error} (system {seed}: {system:?})"));
        }
    }
    wrong
}

#[test]
fn the_engine_agrees_with_the_naive_simulator() {
    let wrong: Vec<String> = (1..=SYSTEMS).flat_map(differences).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
