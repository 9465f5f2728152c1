//! What all experiments have in common: the plan from the arguments, its jobs on all processors, results and parts.

use std::{fs, path::Path};

use super::{
    arguments::{ExperimentArguments, WarmUp},
    charts::Folder,
    configuration::Source,
    courses,
    failure::Failure,
    output, pool, results,
};
use crate::{
    config::schema::Config,
    experiment::{
        Next, NotSettled, Part, Pilots, Plan, PlanError, Results, Shard, Size, Study, Target, WarmUp as Settled,
        outcome::plain, settle::PILOTS,
    },
};

/// Level of the interval that a target is about.
const LEVEL: f64 = 0.95;
/// The most replications if the user says nothing but a target.
const REPLICATIONS_MAX: u64 = 10_000;
/// So many configurations are named in a note.
const NAMED_MAX: usize = 8;
/// With more events than this the user is told in advance.
const EVENTS_WORTH_A_WORD: f64 = 1e9;

/// The plan of an experiment on these systems.
pub fn plan(systems: Vec<Config>, arguments: &ExperimentArguments) -> Plan {
    let most = arguments.target_half_width.map_or(Plan::default().replications, |_| REPLICATIONS_MAX);
    let seed = systems.first().map_or(1, |config| config.seed);
    let mut plan = Plan { systems, seed, replications: arguments.replications.unwrap_or(most), ..Plan::default() };
    apply(&mut plan, arguments);
    plan
}

/// Changes a plan as the arguments say.
pub fn apply(plan: &mut Plan, arguments: &ExperimentArguments) {
    if let Some(replications) = arguments.replications {
        plan.replications = replications;
    }
    if !arguments.metric.is_empty() {
        plan.metrics.clone_from(&arguments.metric);
    }
    if !arguments.quantile.is_empty() {
        plan.quantiles.clone_from(&arguments.quantile);
    }
    if let Some(WarmUp::Seconds(seconds)) = arguments.warm_up {
        set_warm_up(plan, seconds);
    }
}

fn set_warm_up(plan: &mut Plan, seconds: f64) {
    plan.systems.iter_mut().for_each(|config| config.warm_up.0 = seconds);
}

/// Runs a plan, and prints or writes what came out.
pub fn run(mut plan: Plan, arguments: &ExperimentArguments, charts: Option<&Folder>) -> Result<(), Failure> {
    let target = target(arguments)?;
    let mut study = plan.study()?;
    let shard = arguments.shard.unwrap_or(Shard::ALL);
    let jobs = shard.of(study.jobs(0..plan.replications));
    let is_auto = matches!(arguments.warm_up, Some(WarmUp::Auto));
    let pilots = if is_auto { PILOTS * study.models.len() as u64 } else { 0 };
    announce(&study, jobs.len.saturating_add(pilots))?;
    pool::listen_for_cancel()?;
    if is_auto {
        settle(&mut plan, &study, arguments)?;
        study = plan.study()?;
    }
    let mut found = study.results();
    let word = match target {
        Some((target, metric)) => run_until(&study, target, metric, arguments, &mut found)?,
        None => {
            pool::run(&study, jobs, threads(arguments), arguments.json, &mut found);
            None
        }
    };
    if pool::is_cancelled() {
        output::note(&format_args!(
            "stopped: {} of {} runs are finished, and these are their results",
            found.len(),
            jobs.len
        ));
    }
    match arguments.shard {
        Some(shard) => write_part(Part::new(&plan, shard, &found), arguments.out.as_deref())?,
        None => results::print(&plan, &found, arguments.json, arguments.csv.as_deref())?,
    }
    if let Some(folder) = charts {
        folder.write_all(&courses::charts(&plan, &found))?;
    }
    word.map_or(Ok(()), |word| Err(Failure::Target(word)))?;
    if pool::is_cancelled() { Err(Failure::Cancelled) } else { Ok(()) }
}

/// Says how large an experiment is, if that is worth a word; refuses one that is absurd.
fn announce(study: &Study, runs: u64) -> Result<(), Failure> {
    let size = Size::of(study, runs).check().map_err(|error| Failure::Usage(error.to_string()))?;
    if size.events > EVENTS_WORTH_A_WORD {
        output::note(&size);
    }
    Ok(())
}

/// The warm-up that a single run needs.
pub fn settled(config: &Config) -> Result<f64, Failure> {
    let study = Plan { systems: vec![config.clone()], seed: config.seed, ..Plan::default() }.study()?;
    announce(&study, PILOTS + 1)?;
    Ok(study.models.iter().find_map(|model| model.settle(study.seed)).ok_or(NotSettled)?)
}

/// Finds the warm-up of a plan: the longest of its configurations'. Those that do not settle are named.
fn settle(plan: &mut Plan, study: &Study, arguments: &ExperimentArguments) -> Result<(), Failure> {
    let models = &study.models;
    let find = |at: usize| {
        let mut pilots = Pilots::new(&models[at], plan.seed);
        while !pool::is_cancelled() && !pilots.advance(pool::EVENTS_AT_A_TIME) {}
        pilots.warm_up()
    };
    let found = pool::each(models.len(), threads(arguments), arguments.json, find);
    if pool::is_cancelled() {
        output::note(&"stopped in the pilot runs, before the first run of the experiment");
        return Err(Failure::Cancelled);
    }
    let Settled { seconds, unsettled } = Settled::of(&found)?;
    output::note(&format_args!("warm-up: {seconds} s, by MSER-5 on pilot runs"));
    if !unsettled.is_empty() {
        let values = plan.values()?;
        let name = |at: &usize| match &values[*at][..] {
            [] => plan.systems[*at].name.clone(),
            values => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        };
        let mut names: Vec<String> = unsettled.iter().take(NAMED_MAX).map(name).collect();
        names.extend((unsettled.len() > NAMED_MAX).then(|| "…".to_owned()));
        output::note(&format_args!(
            "{} of {} configurations do not settle within the run (overloaded, perhaps); their figures depend on how long \
             is simulated: {}",
            unsettled.len(),
            models.len(),
            names.join("; ")
        ));
    }
    set_warm_up(plan, seconds);
    Ok(())
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
        pool::run(study, Shard::ALL.of(study.jobs(done..wanted)), threads(arguments), arguments.json, results);
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
            Next::NoValue => {
                return Ok(Some(format!("{metric} has too few values for an interval (replications: {done})")));
            }
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
            PlanError::Series(error) => Self::Usage(error.to_string()),
        }
    }
}

impl From<NotSettled> for Failure {
    fn from(error: NotSettled) -> Self {
        Self::Usage(error.to_string())
    }
}
