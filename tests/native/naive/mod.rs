//! The engine against a naive simulator that shares no code with it, on random small systems: queues, balancers and
//! outages (`servers`); impatient clients, held workers and pools, and all parts of a policy (`askers`). Both are run in
//! replications, and their means may differ by as much as chance explains. `rows` holds the naive simulator against theory, and
//! `exact` its breakers and limiters against the engine's, one decision after another.

mod askers;
mod clients;
mod exact;
mod flaws;
mod parts;
mod rows;
mod servers;
mod simulator;

use web_service_model::{
    config::schema::Config,
    experiment::{Model, Summary, seed_of},
};

/// Random systems of each kind.
const SYSTEMS: u64 = 24;
/// Replications of each, in both simulators.
const REPLICATIONS: u64 = 20;
const WARM_UP: f64 = 30.0;
const END: f64 = 330.0;
/// Standard errors by which means may differ: by chance one pair in a hundred thousand does.
const ERRORS: f64 = 5.5;

/// The values of some figures in each replication.
type Values = Vec<Vec<f64>>;

/// What the engine finds of the figures with these names.
fn engine(config: &Config, names: &[&str], seed: u64) -> Values {
    let model = Model::new(config).expect("a small system");
    let position = |name: &&str| model.names().iter().position(|other| other == name).expect("a figure of the report");
    let positions: Vec<usize> = names.iter().map(position).collect();
    let of = |number| {
        let values = model.run(seed_of(seed, number));
        positions.iter().map(|position| values[*position]).collect()
    };
    (0..REPLICATIONS).map(of).collect()
}

/// What the naive simulator finds.
fn naive(run: impl Fn(u64) -> Vec<f64>, seed: u64) -> Values {
    (0..REPLICATIONS).map(|number| run(1 + seed * 1_000 + number)).collect()
}

/// How the figures of both differ, with the seed of their system.
fn differences(names: &[&str], engine: &Values, naive: &Values, seed: u64) -> Vec<String> {
    let difference = |(figure, name): (usize, &&str)| {
        let a = Summary::of(engine.iter().map(|values| values[figure]));
        let b = Summary::of(naive.iter().map(|values| values[figure]));
        let (Some(mean_a), Some(mean_b), Some(sd_a), Some(sd_b)) = (a.mean, b.mean, a.sd, b.sd) else {
            return Some(format!("system {seed}, {name}: no value"));
        };
        let error = ((sd_a * sd_a + sd_b * sd_b) / REPLICATIONS as f64).sqrt();
        let is_off = (mean_a - mean_b).abs() > ERRORS * error + 1e-9;
        is_off.then(|| format!("system {seed}, {name}: {mean_a} and naively {mean_b}, error {error}"))
    };
    names.iter().enumerate().filter_map(difference).collect()
}
