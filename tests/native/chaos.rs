//! Whatever a user does at whatever moment: nothing panics (overflow checks are on), nothing is lost,
//! and doing the same again gives the same report.

use web_service_model::{engine::random::Stream, simulation::Simulation};

use crate::scenarios;

/// Actions in a run.
pub const ACTIONS: u32 = 60;

/// Somebody who plays with a scenario; everything he does follows from the seed.
#[derive(Clone)]
pub struct Player {
    id: String,
    seed: u64,
    hand: Stream,
    names: Vec<String>,
    step: f64,
}

impl Player {
    /// A player, and the run that he is to play with.
    pub fn new(id: &str, seed: u64) -> (Self, Simulation) {
        let mut simulation =
            Simulation::from_json(&scenarios::text(id)).unwrap_or_else(|errors| panic!("{id}: {errors}"));
        simulation.set_tracing(true);
        let hand = Stream::new(seed, id, "hand");
        let names = simulation.components().into_iter().map(|component| component.name).collect();
        let step = simulation.duration().min(120.0) / f64::from(ACTIONS);
        (Self { id: id.to_owned(), seed, hand, names, step }, simulation)
    }

    /// Lets some time pass, and does something.
    pub fn act(&mut self, simulation: &mut Simulation, action: u32) {
        let Self { id, seed, hand, names, step } = self;
        simulation.advance_to(f64::from(action) * *step * (0.5 + 0.5 * hand.uniform()));
        let name = &names[hand.below(names.len() as u64) as usize];
        match hand.below(6) {
            0 => drop(simulation.crash(name, None)),
            1 => drop(simulation.crash(name, Some(5.0 * hand.uniform()))),
            2 => drop(simulation.recover(name)),
            3 => drop(simulation.promote(name)),
            4 => drop(simulation.advance_events(hand.below(50), f64::INFINITY)),
            _ => change(simulation, hand, id, *seed),
        }
    }

    /// Lets the last of the time pass.
    pub fn end(&self, simulation: &mut Simulation) {
        simulation.advance_to(self.step * f64::from(ACTIONS) + 10.0);
    }
}

/// Runs a scenario while somebody plays with it.
pub fn play(id: &str, seed: u64) -> Simulation {
    let (mut player, mut simulation) = Player::new(id, seed);
    (1..=ACTIONS).for_each(|action| player.act(&mut simulation, action));
    player.end(&mut simulation);
    simulation
}

/// Changes a number of some service, of the network, or of the users.
fn change(simulation: &mut Simulation, hand: &mut Stream, id: &str, seed: u64) {
    let services: Vec<String> = simulation.config().services.iter().map(|(name, _)| name.to_owned()).collect();
    let service = &services[hand.below(services.len() as u64) as usize];
    let number = hand.uniform();
    let patch = match hand.below(5) {
        0 => format!(r#"{{"services": {{"{service}": {{"fail_prob": {number}}}}}}}"#),
        1 => format!(r#"{{"services": {{"{service}": {{"workers": {}}}}}}}"#, 1 + hand.below(20)),
        2 => format!(r#"{{"network": {{"loss": {}, "delay": {{"exponential": {{"mean": 0.001}}}}}}}}"#, number / 10.0),
        3 => r#"{"network": {"loss": 0, "delay": 0}, "faults": []}"#.to_owned(),
        _ => format!(
            r#"{{"services": {{"{service}": {{"balancer": "least_connections"}}}}, "duration": {}}}"#,
            100.0 + number
        ),
    };
    if let Err(error) = simulation.patch(&patch) {
        panic!("{id}, seed {seed}: {patch}: {error}");
    }
}

#[test]
fn playing_with_a_run_breaks_nothing() {
    for id in scenarios::all() {
        for seed in 1..=6 {
            let report = play(&id, seed).report();
            let requests = &report.requests;
            assert_eq!(requests.total, requests.succeeded + requests.failed, "{id}, seed {seed}");
            assert_eq!(requests.failures.values().sum::<u64>(), requests.failed, "{id}, seed {seed}");
            for (name, cluster) in report.db_clusters.iter() {
                assert!(cluster.lost_writes <= cluster.acknowledged_writes, "{id}, seed {seed}: {name}");
            }
            for (_, broker) in report.brokers.iter() {
                for (name, queue) in broker.queues.iter() {
                    let gone = queue.consumed + queue.dropped + queue.unacknowledged + queue.size.now as u64;
                    assert_eq!(queue.sent, gone, "{id}, seed {seed}: {name}");
                }
            }
        }
    }
}

#[test]
fn the_same_play_gives_the_same_report() {
    for id in ["coursework", "primary-failover", "broker-backlog"] {
        assert_eq!(play(id, 7).report(), play(id, 7).report(), "{id}");
    }
}
