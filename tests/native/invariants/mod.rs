//! What is true of every run: conservation, Little's law, percentiles in order, slices that make no difference.
//!
//! The scenarios that ship and small configurations made up at random are
//! held to it.

mod balancing;
mod contended;
mod figures;
mod guards;
mod integrals;
pub mod made_up;
mod queued;
mod replicated;
mod scaled;
mod traces;

use std::{cell::RefCell, collections::BTreeMap, env};

use proptest::{
    collection::vec,
    num::u16,
    prelude::ProptestConfig,
    test_runner::{RngSeed, TestCaseError, TestError, TestRunner},
};
use serde_json::{Value, json};
use web_service_model::{
    cli::scenarios::EXPERIMENTS,
    config::{resolve, schema::Config},
    engine::{random::Stream, time::SimTime},
    experiment::Plan,
    model::{broker::Reason, world::World},
    report::{Edge, Report},
    validate::rows,
};

use crate::{
    scenarios,
    support::{finished, simulation, with},
};

/// Longest run of a scenario here; the rest of a long one shows nothing new.
const SECONDS_MAX: f64 = 120.0;
/// The same of the system of an experiment, where things happen more slowly.
const EXPERIMENT_SECONDS_MAX: f64 = 7_200.0;

/// The system of a configuration at time 0, and its duration.
#[track_caller]
fn world(config: &Value) -> World {
    let config = Config::from_json(&config.to_string()).unwrap_or_else(|errors| panic!("{errors}"));
    World::new(resolve(&config).unwrap_or_else(|errors| panic!("{errors}")), config.seed)
}

fn scenario(id: &str) -> Value {
    let mut config: Value = serde_json::from_str(&scenarios::text(id)).expect("JSON");
    let duration = config["duration"].as_f64().expect("a number").min(SECONDS_MAX);
    config["duration"] = duration.into();
    config
}

fn report(world: &World) -> Report {
    Report::new("", 0, world)
}

fn advance(world: &mut World, seconds: f64) {
    world.advance(SimTime::from_seconds(seconds), u64::MAX);
}

/// What is wrong, one line for each thing; good if there is none.
type Verdict = Result<(), String>;

fn verdict(wrong: &[String]) -> Verdict {
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Everything that must hold at any moment of a run.
fn check(world: &World) -> Verdict {
    let mut wrong = figures::wrong(world, &report(world));
    wrong.extend(integrals::wrong(world));
    wrong.extend(replicated::check(world).err());
    verdict(&wrong).map_err(|wrong| format!("at {} s:\n{wrong}", world.now().as_seconds()))
}

#[test]
fn in_every_scenario() {
    for id in scenarios::all() {
        let config = scenario(&id);
        let mut world = world(&config);
        let duration = config["duration"].as_f64().expect("a number");
        for part in 1..=7 {
            advance(&mut world, duration * f64::from(part) / 7.0);
            check(&world).unwrap_or_else(|wrong| panic!("{id} {wrong}"));
        }
    }
}

/// The systems of the experiments that come with the site, too, at both ends of what is varied there.
#[test]
fn in_every_experiment() {
    for (id, text) in EXPERIMENTS {
        let plan = Plan::from_json(text).unwrap_or_else(|errors| panic!("{id}: {errors}"));
        let points = plan.points().unwrap_or_else(|errors| panic!("{id}: {errors}"));
        for point in [&points[0], &points[points.len() / 2], &points[points.len() - 1]] {
            let mut world = World::new(resolve(&point.config).unwrap_or_else(|errors| panic!("{id}: {errors}")), 1);
            let duration = point.config.duration.0.min(EXPERIMENT_SECONDS_MAX);
            for part in 1..=3 {
                advance(&mut world, duration * f64::from(part) / 3.0);
                check(&world).unwrap_or_else(|wrong| panic!("{id} {:?} {wrong}", point.values));
            }
        }
    }
}

/// And those of the rows of theory.
#[test]
fn in_every_row_of_theory() {
    for row in rows() {
        let config = Config::from_json(&row.config).unwrap_or_else(|errors| panic!("{}: {errors}", row.id));
        let mut world = World::new(resolve(&config).unwrap_or_else(|errors| panic!("{}: {errors}", row.id)), 1);
        for part in 1..=3 {
            advance(&mut world, 20.0 * f64::from(part));
            check(&world).unwrap_or_else(|wrong| panic!("{} {wrong}", row.id));
        }
    }
}

/// Who is asked on an edge: a kind of component.
fn kind_of_edge(config: &Value, edge: &Edge) -> &'static str {
    let kinds = ["services", "db_clusters", "caches", "brokers"];
    kinds.into_iter().find(|kind| config[kind].get(&edge.to).is_some()).unwrap_or("nobody")
}

/// That attempts end one way or the other means something only if they do: at every kind of component some succeed, fail, are
/// given up, and are under way.
#[test]
fn attempts_end_in_every_way_at_every_kind_of_component() {
    let found: RefCell<BTreeMap<&str, [u64; 4]>> = RefCell::default();
    let add = |config: &Value| {
        let mut world = world(config);
        advance(&mut world, 20.0);
        for edge in report(&world).edges.values() {
            let counts = [edge.succeeded, edge.failed, edge.given_up, edge.in_flight];
            let mut found = found.borrow_mut();
            let sums = found.entry(kind_of_edge(config, edge)).or_default();
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        Ok(())
    };
    for_made_up(200, made_up::guarded, add);
    scenarios::all().iter().try_for_each(|id| add(&scenario(id))).unwrap_or_else(|wrong: String| panic!("{wrong}"));
    let found = found.into_inner();
    assert_eq!(found.keys().copied().collect::<Vec<&str>>(), ["brokers", "caches", "db_clusters", "services"]);
    assert!(found.values().flatten().all(|count| *count > 0), "{found:?}");
}

/// The same of messages: in those systems they end in every way there is, and go to the dead letters for every reason.
#[test]
fn messages_end_in_every_way() {
    let found: RefCell<[u64; 13]> = RefCell::default();
    for_made_up(200, queued::system, |config| {
        let mut world = world(config);
        advance(&mut world, 40.0);
        for state in world.queues() {
            let counts = state.counts;
            let letters = [Reason::Expired, Reason::Rejected, Reason::MaxLen, Reason::DeliveryLimit];
            let [expired, rejected, maxlen, over_limit] = letters.map(|reason| counts.dead_letters.of(reason));
            let ends =
                [counts.consumed, counts.dropped, counts.expired, counts.rejected, counts.over_limit, counts.lost];
            let more = [counts.redelivered, counts.timeouts, counts.elections, expired, rejected, maxlen, over_limit];
            let all = ends.into_iter().chain(more);
            found.borrow_mut().iter_mut().zip(all).for_each(|(sum, count)| *sum += count);
        }
        Ok(())
    });
    assert!(found.borrow().iter().all(|count| *count > 0), "{found:?}");
}

#[test]
fn traces_add_up_in_every_scenario() {
    for id in scenarios::all() {
        traces::check(&scenario(&id), 5).unwrap_or_else(|wrong| panic!("{id} {wrong}"));
    }
}

/// The same run in one go, in slices of time, and in slices of events.
fn check_slices(config: &Value) -> Verdict {
    let duration = config["duration"].as_f64().expect("a number");
    let mut whole = world(config);
    advance(&mut whole, f64::INFINITY);
    let whole = report(&whole);

    let mut times = world(config);
    let mut step = 0;
    while times.now() < SimTime::from_seconds(duration) {
        step += 1;
        // (A look at the report on the way must not change anything either.)
        if step % 50 == 0 {
            assert!(report(&times).events <= whole.events);
        }
        advance(&mut times, f64::from(step) * duration / 997.0);
    }
    if report(&times) != whole {
        return Err("slices of time make a difference".to_owned());
    }

    let mut events = world(config);
    let mut size = 1;
    while events.advance(SimTime::from_seconds(f64::INFINITY), size) == size {
        size = size * 5 % 1009 + 1;
    }
    if report(&events) != whole {
        return Err("slices of events make a difference".to_owned());
    }
    Ok(())
}

#[test]
fn slices_make_no_difference_to_a_scenario() {
    for id in scenarios::all().iter().filter(|id| !id.contains('/')) {
        check_slices(&scenario(id)).unwrap_or_else(|wrong| panic!("{id}: {wrong}"));
    }
}

/// Several things happen at the last moment of a run (a window ends, monitors look). Who advances until the run is
/// finished, as the page and the command line do, must not miss any of them.
#[test]
fn a_run_is_finished_when_everything_has_happened() {
    let config = scenario("coursework");
    let whole = finished(&config);
    for events in [1, 2, 7, 1000] {
        let mut simulation = simulation(&config);
        let mut frame = 0;
        while !simulation.is_finished() {
            frame += 1;
            simulation.advance_events(events, f64::from(frame) * 0.016);
        }
        assert_eq!(simulation.events(), whole.events(), "{events} events at a time");
        assert!(simulation.report() == whole.report());
    }
}

/// Holds made-up configurations to a property; a failure prints the smallest one found. They are the same each time,
/// unless `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others and more.
#[track_caller]
fn for_made_up(cases: u32, make_up: fn(&[u16]) -> Value, property: impl Fn(&Value) -> Verdict) {
    let usual = ProptestConfig::default();
    let config = ProptestConfig {
        cases: if env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { cases },
        rng_seed: if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed },
        failure_persistence: None,
        ..usual
    };
    let outcome = TestRunner::new(config).run(&vec(u16::ANY, 250), |choices| {
        let config = make_up(&choices);
        property(&config).map_err(|wrong| TestCaseError::fail(format!("{wrong}\nin {config}")))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

fn check_parts(config: &Value) -> Verdict {
    let mut world = world(config);
    for part in 1..=4 {
        advance(&mut world, f64::from(part) * 10.0);
        check(&world)?;
    }
    Ok(())
}

#[test]
fn in_systems_made_up_at_random() {
    for_made_up(200, made_up::anything, check_parts);
}

#[test]
fn in_systems_made_up_with_policies_on_stores() {
    for_made_up(200, made_up::guarded, check_parts);
}

#[test]
fn in_systems_made_up_at_random_with_guards() {
    let all = [guards::system, balancing::system, contended::system, replicated::system, queued::system];
    for make_up in all {
        for_made_up(200, make_up, |config| {
            let mut world = world(config);
            for part in 1..=4 {
                advance(&mut world, f64::from(part) * 10.0);
                check(&world)?;
            }
            traces::check(config, 8)
        });
    }
}

#[test]
fn traces_add_up_in_systems_made_up_at_random() {
    for_made_up(200, made_up::anything, |config| traces::check(config, 8));
}

#[test]
fn traces_add_up_in_systems_made_up_with_policies_on_stores() {
    for_made_up(200, made_up::guarded, |config| traces::check(config, 8));
}

/// Whatever somebody does to a running system: crash, recover and promote whom he likes, and change numbers.
#[test]
fn in_systems_that_somebody_tampers_with() {
    for_made_up(100, made_up::anything, tampered);
    for_made_up(100, balancing::system, tampered);
    for_made_up(100, contended::system, tampered);
    for_made_up(200, replicated::system, tampered);
    for_made_up(100, queued::system, tampered);
}

#[test]
fn in_systems_with_policies_on_stores_that_somebody_tampers_with() {
    for_made_up(100, made_up::guarded, tampered);
}

fn tampered(config: &Value) -> Verdict {
    let mut world = world(config);
    world.set_tracing(true);
    let names: Vec<String> = world.topology().components.iter().map(|component| component.name.clone()).collect();
    // Chance enough: the configuration was made up.
    let mut chance = config.to_string().len();
    for step in 1..=60 {
        advance(&mut world, f64::from(step) * 0.67);
        chance = chance * 31 % 65_537;
        let name = &names[chance / 8 % names.len()];
        match chance % 8 {
            0 | 1 => world.crash_by_user(name, Some(chance as f64 % 5.0)).map_err(|error| error.to_string())?,
            2 => world.crash_by_user(name, None).map_err(|error| error.to_string())?,
            3 | 4 => world.recover_by_user(name).map_err(|error| error.to_string())?,
            // Not everybody can be promoted.
            5 => drop(world.promote_by_user(name)),
            _ => change(&mut world, config, chance)?,
        }
        check(&world).map_err(|wrong| format!("after step {step} {wrong}"))?;
        let mut wrong = traces::wrong(&world);
        wrong.extend(traces::wrong_places(&world));
        verdict(&wrong).map_err(|wrong| format!("after step {step} {wrong}"))?;
    }
    Ok(())
}

/// Changes numbers of a running system.
fn change(world: &mut World, config: &Value, chance: usize) -> Verdict {
    let probability = (chance % 10) as f64 / 20.0;
    let changes = json!({
        "services": { "A": { "fail_prob": probability, "weights": [1 + chance % 3] } },
        "db_clusters": { "DB": { "fail_prob": probability, "replica_read_share": probability } },
        "caches": { "Cache": { "fail_prob": probability } },
        "network": { "loss": probability / 4.0 },
        "faults": [],
    });
    let config = Config::from_json(&with(config.clone(), changes).to_string()).map_err(|errors| errors.to_string())?;
    let topology = resolve(&config).map_err(|errors| errors.to_string())?;
    world.change(topology, vec!["somebody tampers".to_owned()], &|_| false);
    Ok(())
}

/// The figures of who comes back begin anew, so what requests spent there before is not to be found any more.
fn check_scaled(world: &World, has_returned: bool) -> Verdict {
    match has_returned {
        true => verdict(&figures::wrong(world, &report(world))),
        false => check(world),
    }
}

/// A run in which somebody changes how many there are and of what kind, and who is up; all follows from the seed.
fn scaled(config: &Value, seed: u64, step: f64, check: fn(&World, bool) -> Verdict) -> Result<World, String> {
    let mut config = config.clone();
    config["faults"] = json!([]);
    let mut world = world(&config);
    let mut hand = Stream::new(seed, "hand", "");
    let mut has_returned = false;
    for part in 1..=40 {
        advance(&mut world, f64::from(part) * step);
        match hand.below(3) {
            0 => scaled::tamper(&mut world, &mut hand),
            _ => has_returned |= scaled::scale(&mut world, &mut config, &mut hand),
        }
        check(&world, has_returned).map_err(|wrong| format!("after change {part} {wrong}\nnow {config}"))?;
    }
    advance(&mut world, 45.0 * step);
    check(&world, has_returned)?;
    Ok(world)
}

#[test]
fn in_scenarios_that_somebody_scales() {
    for id in scenarios::all() {
        let config = scenario(&id);
        for seed in 1..=3 {
            let step = config["duration"].as_f64().expect("a number").min(60.0) / 45.0;
            scaled(&config, seed, step, check_scaled).unwrap_or_else(|wrong| panic!("{id}, seed {seed} {wrong}"));
        }
    }
}

#[test]
fn in_systems_made_up_at_random_that_somebody_scales() {
    for_made_up(100, made_up::anything, scales);
    for_made_up(100, guards::system, scales);
    for_made_up(100, balancing::system, scales);
    for_made_up(100, contended::system, scales);
    for_made_up(100, replicated::system, scales);
    for_made_up(100, queued::system, scales);
}

/// The same changes give the same report, and harm nothing.
fn scales(config: &Value) -> Verdict {
    let seed = config.to_string().len() as u64;
    let one = scaled(config, seed, 0.9, check_scaled)?;
    // (What is the same need not be looked at twice.)
    let other = scaled(config, seed, 0.9, |_, _| Ok(()))?;
    let same = report(&one) == report(&other);
    if same { Ok(()) } else { Err("the same changes give another report".to_owned()) }
}

#[test]
fn slices_make_no_difference_to_systems_made_up_at_random() {
    for_made_up(50, made_up::anything, check_slices);
    for_made_up(50, made_up::guarded, check_slices);
    for_made_up(50, queued::system, check_slices);
}

/// When nothing fails and everything has been answered, what stations were busy is what requests spent, exactly.
#[test]
fn littles_law_is_exact_in_systems_that_have_emptied() {
    for_made_up(200, made_up::calm, |config| {
        let mut world = world(config);
        advance(&mut world, f64::INFINITY);
        check(&world)?;
        assert!(report(&world).requests.total > 0, "nobody came");
        verdict(&integrals::inexact(&world))
    });
}
