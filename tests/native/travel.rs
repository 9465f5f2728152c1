//! Time travel: a run that is taken back goes on as it did, and its copies have nothing to do with it.

use web_service_model::simulation::Simulation;

use crate::{
    chaos::{ACTIONS, Player},
    digests::{made_up, texts},
    memory, scenarios,
};

/// What the texts of [`texts`] are.
const WHAT: [&str; 4] = ["report", "series", "log", "traces"];

#[track_caller]
fn same(one: &[String; 4], other: &[String; 4], when: &str) {
    for (what, (one, other)) in WHAT.iter().zip(one.iter().zip(other)) {
        // (Without printing both: they may be megabytes.)
        assert!(one == other, "{when}: the {what} differs");
    }
}

/// Plays from an action on to the end, and takes a snapshot after each action if asked to.
fn play_on(mut player: Player, simulation: &mut Simulation, from: u32, is_kept: bool) -> [String; 4] {
    let mut kept = Vec::new();
    for action in from..=ACTIONS {
        player.act(simulation, action);
        if is_kept {
            kept.push(simulation.snapshot());
        }
    }
    player.end(simulation);
    texts(simulation)
}

/// Whatever can be done to a run, to see whether another one notices.
fn ruin(simulation: &mut Simulation) {
    for component in simulation.components() {
        simulation.crash(&component.name, None).expect("a component");
    }
    let service = simulation.config().services.iter().next().expect("a service").0.to_owned();
    let patch = format!(r#"{{"services": {{"{service}": {{"fail_prob": 0.5}}}}, "window": 2}}"#);
    simulation.patch(&patch).expect("numbers may change");
    simulation.advance_to(f64::INFINITY);
}

#[test]
fn a_run_that_is_taken_back_goes_on_as_it_did() {
    for id in scenarios::all() {
        for (seed, half) in [(1, ACTIONS / 2), (2, ACTIONS / 4)] {
            let (mut player, mut simulation) = Player::new(&id, seed);
            (1..half).for_each(|action| player.act(&mut simulation, action));
            let snapshot = simulation.snapshot();
            let (here, mut forked, mut ruined) = (texts(&simulation), simulation.fork(), simulation.fork());
            assert_eq!((snapshot.now(), snapshot.events()), (simulation.now(), simulation.events()), "{id}");

            ruin(&mut ruined);
            same(&here, &texts(&simulation), &format!("{id}: the original of a copy that was ruined"));
            let expected = play_on(player.clone(), &mut simulation, half, false);
            assert!(expected[0] != here[0], "{id}: nothing has happened since");
            let forked = play_on(player.clone(), &mut forked, half, false);
            same(&expected, &forked, &format!("{id}: the copy"));
            // What came between must not matter: the run to the end, and the ruin.
            for run in [&mut simulation, &mut ruined] {
                run.restore(&snapshot);
                same(&here, &texts(run), &format!("{id}: back at the snapshot"));
                let again = play_on(player.clone(), run, half, true);
                same(&expected, &again, &format!("{id}: from the snapshot on"));
            }
        }
    }
}

#[test]
fn snapshots_change_nothing() {
    for id in scenarios::all() {
        let [without, with] = [false, true].map(|is_kept| {
            let (player, mut simulation) = Player::new(&id, 3);
            (play_on(player, &mut simulation, 1, is_kept), simulation.events())
        });
        same(&without.0, &with.0, &id);
        assert_eq!(without.1, with.1, "{id}: a snapshot is no event");
    }
}

#[test]
fn a_moment_is_reached_alike_in_one_go_and_from_a_snapshot() {
    for id in scenarios::all() {
        let text = scenarios::text(&id);
        let mut run = Simulation::from_json(&text).expect("a scenario");
        run.set_tracing(true);
        let step = run.duration() / 7.3;
        let mut kept = vec![run.snapshot()];
        for number in 1..=3 {
            // In the middle of things, now and then of several at one moment.
            run.advance_events(997, f64::from(number) * step);
            run.advance_to(f64::from(number) * step);
            run.advance_events(13, f64::INFINITY);
            kept.push(run.snapshot());
        }
        let mut scratch = run.fork();
        for moment in [2.9 * step, 0.0, 1.5 * step, 3.0 * step, 2.9 * step] {
            let nearest = kept.iter().rfind(|snapshot| snapshot.now() <= moment).expect("one of time 0");
            scratch.restore(nearest);
            scratch.advance_to(moment);
            let mut fresh = Simulation::from_json(&text).expect("a scenario");
            fresh.set_tracing(true);
            fresh.advance_to(moment);
            same(&texts(&fresh), &texts(&scratch), &format!("{id} at {moment}"));
            assert_eq!((fresh.now(), fresh.events()), (scratch.now(), scratch.events()), "{id} at {moment}");
        }
    }
}

#[test]
fn systems_made_up_at_random_can_be_taken_back() {
    for number in 0..100 {
        let mut run = made_up(number);
        let duration = run.duration();
        run.advance_to(duration * (0.1 + 0.008 * number as f64));
        let (snapshot, mut forked) = (run.snapshot(), run.fork());
        run.advance_to(f64::INFINITY);
        let expected = texts(&run);
        ruin(&mut run);
        run.restore(&snapshot);
        for again in [&mut run, &mut forked] {
            again.advance_to(f64::INFINITY);
            same(&expected, &texts(again), &format!("system {number}"));
        }
    }
}

/// Snapshots of the same moment that share the windows of the series, so that each has next to none for itself.
const SHARING: usize = 32;

#[test]
fn the_size_of_a_snapshot_is_about_what_it_allocates() {
    for id in scenarios::all() {
        let (mut player, mut run) = Player::new(&id, 1);
        for half in [0, ACTIONS / 2] {
            (1..=ACTIONS / 2).for_each(|action| player.act(&mut run, half + action));
            let before = memory::bytes();
            let kept: Vec<_> = (0..SHARING).map(|_| run.snapshot()).collect();
            let each = (memory::bytes() - before) as f64 / SHARING as f64;
            let size = kept[0].size() as f64;
            assert!((size - each).abs() < 0.05 * each + 10_000.0, "{id}: {size} bytes, allocated are {each}");
        }
    }
}
