//! `run`: simulates, and prints and writes what came out.

use super::{
    arguments::{RunArguments, SEED_MAX, Seed},
    charts,
    failure::Failure,
    input, log_file, output, progress, summary,
};
use crate::{config, config::schema::Config, simulation::Simulation};

/// Runs a simulation to its end.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let mut simulation = Simulation::new(configuration(arguments)?)?;
    // Before the run: better to hear of a folder that cannot be written now than after an hour.
    let folder = arguments.charts.as_deref().map(charts::Folder::create).transpose()?;
    let log = arguments.log.as_ref().map(log_file::LogFile::create).transpose()?;
    progress::run_to_end(&mut simulation, arguments.json);
    if let Some(folder) = folder {
        folder.write(&simulation)?;
    }
    if let Some(log) = log {
        log.write(&simulation)?;
    }
    let report = simulation.report();
    if arguments.json {
        output::print(&output::json(&report)?)
    } else {
        output::print(&summary::summary(&report, &simulation.config().title.en))
    }
}

/// The configuration, with what the arguments change in it.
fn configuration(arguments: &RunArguments) -> Result<Config, Failure> {
    let (mut config, _) = config::load(&input::read(&arguments.input)?)?;
    if config.name.is_empty() {
        config.name = input::name(&arguments.input);
    }
    match arguments.seed {
        Some(Seed::Fixed(seed)) => config.seed = seed,
        Some(Seed::Random) => config.seed = random_seed()?,
        None => {}
    }
    if let Some(duration) = arguments.duration {
        config.duration.0 = duration;
    }
    Ok(config)
}

fn random_seed() -> Result<u64, Failure> {
    let seed = getrandom::u64().map_err(|error| Failure::Usage(format!("no random seed to be had: {error}")))?;
    Ok(seed & SEED_MAX)
}
