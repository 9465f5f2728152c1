//! Whatever the model does, also where no scenario leads, it goes on doing: systems made up at random, and scenarios that
//! somebody plays with, give what `tests/digests/` says, to the last digit.
//!
//! A golden report shows what has changed; a digest only that something has, but for hundreds of systems: calls, limits,
//! disciplines, partitions and patches that no scenario has. `make golden` writes the digests anew, and the columns say
//! what differs: a field that the report has got changes all of the first column, and nothing in the others.

use std::{env, fmt::Write, fs, hash::Hasher, path::PathBuf};

use fnv::FnvHasher;
use web_service_model::{
    engine::random::Stream,
    simulation::{LogFilter, Simulation, TraceFilter},
};

use crate::{chaos, invariants::made_up, scenarios, support::simulation};

/// Systems made up at random.
const SYSTEMS: u64 = 300;
/// Plays of each scenario.
const PLAYS: u64 = 6;
/// Choices that make up a system.
const CHOICES: usize = 250;

fn digest(text: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// All that a simulation tells: the report, the time series, the log, and the requests that were traced.
pub fn texts(simulation: &Simulation) -> [String; 4] {
    let report = simulation.report().to_json().expect("a report can be written");
    let names = simulation.series_names();
    let series: Vec<_> = names.iter().map(|name| (name, simulation.series(name))).collect();
    let log = simulation.log(&LogFilter::default());
    let summaries = simulation.traces(&TraceFilter::default()).expect("nobody is asked for by name");
    let traces: Vec<_> = summaries.iter().map(|summary| simulation.trace(summary.number)).collect();
    [report, format!("{series:?}"), format!("{log:?}"), format!("{summaries:?} {traces:?}")]
}

/// A digest of each of these texts.
fn digests(simulation: &Simulation) -> String {
    texts(simulation).map(|text| format!("{:016x}", digest(&text))).join(" ")
}

/// A system made up at random, at time 0.
pub fn made_up(number: u64) -> Simulation {
    let mut chance = Stream::new(number, "digests", "choices");
    let choices: Vec<u16> = (0..CHOICES).map(|_| chance.below(1 << 16) as u16).collect();
    let mut simulation = simulation(&made_up::anything(&choices));
    simulation.set_tracing(true);
    simulation
}

fn of_made_up(number: u64) -> String {
    let mut simulation = made_up(number);
    simulation.advance_to(f64::INFINITY);
    digests(&simulation)
}

/// A line for each run: its name, and its digests.
fn lines(mut runs: impl Iterator<Item = (String, String)>) -> String {
    let head = "run report series log traces\n".to_owned();
    runs.try_fold(head, |mut text, (name, digests)| writeln!(text, "{name} {digests}").map(|()| text)).expect("text")
}

/// Compares the lines with those that are kept, or keeps them.
fn check(file: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/digests").join(file);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(&path, found).expect("written");
        return;
    }
    let kept = fs::read_to_string(&path).expect("digests");
    let differing: Vec<String> = kept
        .lines()
        .zip(found.lines())
        .filter(|(kept, found)| kept != found)
        .map(|(kept, found)| format!("was {kept}\nis  {found}"))
        .collect();
    let how = "if that is meant: make golden";
    assert!(differing.is_empty(), "{} runs differ:\n{}\n{how}", differing.len(), differing.join("\n"));
    assert_eq!(kept.lines().count(), found.lines().count(), "{how}");
}

#[test]
fn of_systems_made_up_at_random() {
    check("made-up.txt", &lines((0..SYSTEMS).map(|number| (number.to_string(), of_made_up(number)))));
}

#[test]
fn of_scenarios_that_somebody_plays_with() {
    let runs = scenarios::all().into_iter().flat_map(|id| (1..=PLAYS).map(move |seed| (id.clone(), seed)));
    check("played.txt", &lines(runs.map(|(id, seed)| (format!("{id}#{seed}"), digests(&chaos::play(&id, seed))))));
}
