//! `run`: simulates, and prints and writes what came out.

use super::{
    arguments::{RunArguments, WarmUp},
    charts, experiment,
    failure::Failure,
    log_file, output, progress, summary,
};
use crate::{
    config::{self, schema::Config},
    simulation::Simulation,
};

/// Runs a simulation to its end, or many replications of it.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let experiment = &arguments.experiment;
    let mut systems = experiment::systems(&[&arguments.input], experiment)?;
    warn(&systems);
    if experiment.is_experiment() {
        return experiment::run(experiment::plan(systems, experiment), experiment, None);
    }
    if experiment.csv.is_some() {
        return Err(Failure::Usage(
            "--csv needs --replications (of a single run, --json is the report as data)".into(),
        ));
    }
    if experiment.jobs.is_some() {
        return Err(Failure::Usage("--jobs needs --replications (a single run takes one thread)".into()));
    }
    run_once(systems.remove(0), arguments)
}

/// Says on standard error what has no effect, so that the results stay what they are on standard output.
fn warn(systems: &[Config]) {
    for warning in systems.iter().flat_map(config::warnings) {
        output::note(&format_args!("warning: {warning}"));
    }
}

fn run_once(mut config: Config, arguments: &RunArguments) -> Result<(), Failure> {
    match arguments.experiment.warm_up {
        Some(WarmUp::Seconds(seconds)) => config.warm_up.0 = seconds,
        Some(WarmUp::Auto) => config.warm_up.0 = experiment::settled(&config)?,
        None => {}
    }
    let mut simulation = Simulation::new(config)?;
    // Before the run: better to hear of a folder that cannot be written now than after an hour.
    let folder = arguments.charts.as_deref().map(charts::Folder::create).transpose()?;
    let log = arguments.log.as_ref().map(log_file::LogFile::create).transpose()?;
    progress::run_to_end(&mut simulation, arguments.experiment.json);
    if let Some(folder) = folder {
        folder.write(&simulation)?;
    }
    if let Some(log) = log {
        log.write(&simulation)?;
    }
    let report = simulation.report();
    if arguments.experiment.json {
        output::print(&output::json(&report)?)
    } else {
        output::print(&summary::summary(&report, &simulation.config().title.en))
    }
}
