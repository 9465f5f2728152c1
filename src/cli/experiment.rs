//! What all experiments have in common: the plan from the arguments, its jobs on all processors, results and parts.

use std::{fs, path::Path};

use super::{
    arguments::{ExperimentArguments, WarmUp},
    configuration::Source,
    failure::Failure,
    output, pool, results,
};
use crate::{
    config::schema::Config,
    experiment::{Next, Part, Plan, PlanError, Results, SettleError, Shard, Size, Study, Target, warm_up_of},
};

/// Level of the interval that a target is about.
const LEVEL: f64 = 0.95;
/// The most replications if the user says nothing but a target.
const REPLICATIONS_MAX: u64 = 10_000;
/// With more events than this the user is told in advance.
const EVENTS_WORTH_A_WORD: f64 = 1e9;

/// The plan of an experiment on these systems.
pub fn plan(systems: Vec<Config>, arguments: &ExperimentArguments) -> Result<Plan, Failure> {
    let most = arguments.target_half_width.map_or(Plan::default().replications, |_| REPLICATIONS_MAX);
    let seed = systems.first().map_or(1, |config| config.seed);
    let mut plan = Plan { systems, seed, replications: arguments.replications.unwrap_or(most), ..Plan::default() };
    apply(&mut plan, arguments)?;
    Ok(plan)
}

/// Changes a plan as the arguments say.
pub fn apply(plan: &mut Plan, arguments: &ExperimentArguments) -> Result<(), Failure> {
    if let Some(replications) = arguments.replications {
        plan.replications = replications;
    }
    if !arguments.metric.is_empty() {
        plan.metrics.clone_from(&arguments.metric);
    }
    if !arguments.quantile.is_empty() {
        plan.quantiles.clone_from(&arguments.quantile);
    }
    let seconds = match arguments.warm_up {
        None => return Ok(()),
        Some(WarmUp::Seconds(seconds)) => seconds,
        Some(WarmUp::Auto) => {
            let found = plan.systems.iter().map(|config| warm_up_of(config, plan.seed));
            let longest = found.collect::<Result<Vec<f64>, SettleError>>()?.into_iter().fold(0.0, f64::max);
            output::note(&format_args!("warm-up: {longest} s, by MSER-5 on pilot runs"));
            longest
        }
    };
    plan.systems.iter_mut().for_each(|config| config.warm_up.0 = seconds);
    Ok(())
}

/// Runs a plan, and prints or writes what came out.
pub fn run(plan: &Plan, arguments: &ExperimentArguments) -> Result<(), Failure> {
    let study = plan.study()?;
    let shard = arguments.shard.unwrap_or(Shard::ALL);
    let jobs: Vec<u64> = study.jobs(0..plan.replications).filter(|job| shard.has(*job)).collect();
    let size = Size::of(&study, jobs.len() as u64).check().map_err(|error| Failure::Usage(error.to_string()))?;
    if size.events > EVENTS_WORTH_A_WORD {
        output::note(&size);
    }
    pool::listen_for_cancel()?;
    let mut found = study.results();
    let word = match target(arguments)? {
        Some((target, metric)) => run_until(&study, target, metric, arguments, &mut found)?,
        None => {
            pool::run(&study, &jobs, threads(arguments), arguments.json, &mut found);
            None
        }
    };
    if pool::is_cancelled() {
        output::note(&format_args!(
            "stopped: {} of {} runs are finished, and these are their results",
            found.len(),
            jobs.len()
        ));
    }
    match arguments.shard {
        Some(shard) => write_part(Part::new(plan, shard, &found), arguments.out.as_deref())?,
        None => results::print(plan, &found, arguments.json, arguments.csv.as_deref())?,
    }
    word.map_or(Ok(()), |word| Err(Failure::Target(word)))?;
    if pool::is_cancelled() { Err(Failure::Cancelled) } else { Ok(()) }
}

fn threads(arguments: &ExperimentArguments) -> usize {
    arguments.jobs.map_or_else(pool::processors, |jobs| jobs as usize)
}

/// What is asked of the interval, and of which figure.
fn target(arguments: &ExperimentArguments) -> Result<Option<(Target, &str)>, Failure> {
    let Some(width) = arguments.target_half_width else { return Ok(None) };
    let [metric] = arguments.metric.as_slice() else {
        return Err(Failure::Usage("--target-half-width needs exactly one --metric".into()));
    };
    if arguments.shard.is_some() {
        let rule = "--target-half-width cannot be used with --shard: a part does not know the others' values";
        return Err(Failure::Usage(rule.into()));
    }
    let most = arguments.replications.unwrap_or(REPLICATIONS_MAX);
    Ok(Some((Target { width, level: LEVEL, most }, metric)))
}

/// Runs replications until the interval is narrow enough; says why if it never is.
fn run_until(
    study: &Study,
    target: Target,
    metric: &str,
    arguments: &ExperimentArguments,
    results: &mut Results,
) -> Result<Option<String>, Failure> {
    let position = results.tables.first().and_then(|table| table.position(metric));
    let position =
        position.ok_or_else(|| Failure::Usage(format!("--metric {metric}: the target needs a single metric")))?;
    let (mut done, mut wanted) = (0, target.first());
    loop {
        let jobs: Vec<u64> = study.jobs(done..wanted).collect();
        pool::run(study, &jobs, threads(arguments), arguments.json, results);
        if pool::is_cancelled() {
            return Ok(None);
        }
        done = wanted;
        wanted = match target.next(&results.tables[0].column(position)) {
            Next::Run(more) => more,
            Next::Reached => return Ok(None),
            Next::TooWide { half_width, wanted, needed } => {
                let needs =
                    if needed < 1e9 { format!("about {needed:.0} would do") } else { "it is out of reach".into() };
                return Ok(Some(format!(
                    "{metric}: the half-width is {half_width:.3e} after {done} replications, not {wanted:.3e}; {needs}"
                )));
            }
            Next::NoValue => return Ok(Some(format!("{metric} has no value in {done} replications, so no interval"))),
            Next::MeanIsZero => {
                return Ok(Some(format!("the mean of {metric} is 0: a half-width cannot be a share of it")));
            }
        };
    }
}

fn write_part(part: Part, path: Option<&Path>) -> Result<(), Failure> {
    let text = part.to_json();
    match path {
        Some(path) => fs::write(path, text).map_err(|error| Failure::file(path, &error)),
        None => output::print(&text),
    }
}

/// The systems of an experiment that runs as it is.
pub fn systems(sources: &[&str], arguments: &ExperimentArguments) -> Result<Vec<Config>, Failure> {
    let source = Source { seed: arguments.seed, duration: arguments.duration };
    sources.iter().map(|input| source.read(input)).collect()
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Bad(errors) => Self::Configuration(errors),
            PlanError::Metric(error) => Self::Usage(error.to_string()),
        }
    }
}

impl From<SettleError> for Failure {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::Bad(errors) => Self::Configuration(errors),
            SettleError::NotSettled => Self::Usage(error.to_string()),
        }
    }
}
