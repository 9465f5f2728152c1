//! Servers behind a balancer, with queues and outages.

use serde_json::{Value, json};
use web_service_model::config::schema::Config;

use super::{
    END, SYSTEMS, WARM_UP, differences, engine, naive,
    simulator::{self, Figures, Policy, Random, Service, System},
};

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

/// How the engine on one system differs from the naive simulator on another.
fn differ(engines: &System, naives: &System, seed: u64) -> Vec<String> {
    let naive = naive(|run| of_naive(&simulator::run(naives, WARM_UP, END, run)).to_vec(), seed);
    let mut wrong = differences(&FIGURES, &engine(&config(engines), &FIGURES, seed), &naive, seed);
    if !wrong.is_empty() {
        wrong.push(format!("{engines:?}"));
    }
    wrong
}

#[test]
fn the_engine_agrees_with_the_naive_simulator() {
    let of = |seed| {
        let system = random_system(seed);
        differ(&system, &system, seed)
    };
    let wrong: Vec<String> = (1..=SYSTEMS).flat_map(of).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The comparison must be able to fail: the same systems, but the engine's has 3 % more load, a failure in fifty more, or
/// outages that last longer by half.
#[test]
fn a_difference_is_found() {
    let system = |has_outages| (1..).map(random_system).find(|system| system.outages.is_some() == has_outages);
    let (steady, shaky) = (system(false).expect("one of them"), system(true).expect("one of them"));
    let longer = shaky.outages.map(|(up, down)| (up, 1.5 * down));
    let pairs = [
        (System { rate: 1.03 * steady.rate, ..steady.clone() }, &steady),
        (System { fail_prob: steady.fail_prob + 0.02, ..steady.clone() }, &steady),
        (System { outages: longer, ..shaky.clone() }, &shaky),
    ];
    for (other, system) in pairs {
        assert!(!differ(&other, system, 1).is_empty(), "{other:?}");
    }
}
