//! `sweep`, `compare` and `merge`.

use std::{borrow::Cow, fs, path::PathBuf};

use serde_json::Value;

use super::{
    arguments::{CompareArguments, MergeArguments, SweepArguments},
    charts::Folder,
    configuration::Source,
    courses, experiment,
    failure::Failure,
    input, output, results, scenarios,
};
use crate::{
    config::ConfigError,
    experiment::{Axis, Part, Plan, course::MAIN, merge, part::MergeError},
};

/// Figures of a sweep if none is named.
const METRICS: [&str; 3] = ["requests.success_ratio", "requests.latency.mean", "requests.latency.p99"];

/// Runs two systems under common random numbers.
pub fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    let mut systems = experiment::systems(&[&arguments.a, &arguments.b], &arguments.experiment)?;
    // The same random numbers need the same seed.
    systems[1].seed = systems[0].seed;
    let mut plan = experiment::plan(systems, &arguments.experiment);
    plan.series.clone_from(&arguments.series);
    if arguments.charts.is_some() && plan.series.is_empty() {
        plan.series = MAIN.map(str::to_owned).to_vec();
    }
    // Before the run: better to hear of a folder that cannot be written now than after an hour.
    let folder = arguments.charts.as_deref().map(Folder::create).transpose()?;
    experiment::run(plan, &arguments.experiment, folder.as_ref())
}

/// Runs a system with different values at one or two places.
pub fn sweep(arguments: &SweepArguments) -> Result<(), Failure> {
    let Some(text) = plan_text(&arguments.input)? else {
        let mut plan =
            experiment::plan(experiment::systems(&[&arguments.input], &arguments.experiment)?, &arguments.experiment);
        plan.vary = axes(&arguments.vary)?;
        if plan.vary.is_empty() {
            return Err(Failure::Usage("nothing to vary: --vary PATH=FROM:TO:STEPS or PATH=A,B,C".into()));
        }
        if plan.metrics.is_empty() {
            plan.metrics = METRICS.map(str::to_owned).to_vec();
        }
        return experiment::run(plan, &arguments.experiment, None);
    };
    let mut plan = Plan::from_json(&text)?;
    let changes = Source { seed: arguments.experiment.seed, duration: arguments.experiment.duration };
    for config in &mut plan.systems {
        changes.apply(config)?;
        plan.seed = if arguments.experiment.seed.is_some() { config.seed } else { plan.seed };
    }
    experiment::apply(&mut plan, &arguments.experiment);
    if !arguments.vary.is_empty() {
        plan.vary = axes(&arguments.vary)?;
    }
    experiment::run(plan, &arguments.experiment, None)
}

/// The text of a file, if it holds a plan and not a configuration.
fn plan_text(name: &str) -> Result<Option<Cow<'static, str>>, Failure> {
    if let Some(text) = scenarios::experiment(name) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    if name == "-" {
        // Standard input can be read only once.
        return Ok(None);
    }
    let text = input::read(name)?;
    let is_plan = serde_json::from_str::<Value>(&text).is_ok_and(|value| value.get("systems").is_some());
    Ok(is_plan.then_some(text))
}

fn axes(texts: &[String]) -> Result<Vec<Axis>, Failure> {
    texts.iter().map(|text| axis(text).ok_or_else(|| wrong_axis(text))).collect()
}

fn wrong_axis(text: &str) -> Failure {
    Failure::Usage(format!("--vary {text}: is neither PATH=FROM:TO:STEPS nor PATH=A,B,C"))
}

/// Reads `path=from:to:steps` or `path=a,b,c`.
fn axis(text: &str) -> Option<Axis> {
    let (path, values) = text.split_once('=').filter(|(path, values)| !path.is_empty() && !values.is_empty())?;
    let path = path.to_owned();
    if let [from, to, steps] = values.split(':').collect::<Vec<_>>()[..] {
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        return Some(Axis {
            path,
            from: Some(from),
            to: Some(to),
            steps: Some(steps.parse().ok()?),
            values: Vec::new(),
        });
    }
    Some(Axis { path, values: values.split(',').map(value).collect(), ..Axis::default() })
}

/// A number, true, false, or a word.
fn value(text: &str) -> Value {
    let text = text.trim();
    serde_json::from_str::<Value>(text)
        .ok()
        .filter(|value| value.is_number() || value.is_boolean())
        .unwrap_or_else(|| text.into())
}

/// Puts parts together and prints the results of the whole.
pub fn merge_files(arguments: &MergeArguments) -> Result<(), Failure> {
    let read = |path: &PathBuf| -> Result<Part, Failure> {
        let text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
        Part::from_json(&text).map_err(|errors| {
            // A part is no configuration, so what is wrong with the whole of it is said of the file.
            let errors = errors.0.into_iter().map(|error| match error.path.is_empty() {
                true => ConfigError { path: path.display().to_string(), ..error }.to_string(),
                false => format!("{}: {error}", path.display()),
            });
            Failure::Usage(errors.collect::<Vec<_>>().join("\n"))
        })
    };
    let parts = arguments.files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let (plan, found) = merge(parts).map_err(|error| failure(error, &arguments.files))?;
    let runs = plan.replications * found.tables.len() as u64;
    if found.len() < runs {
        let word = format!("{} of {runs} runs are in these parts", found.len());
        if !arguments.partial {
            return Err(Failure::Usage(format!("{word}; --partial prints what there is")));
        }
        output::note(&word);
    }
    results::print(&plan, &found, arguments.json, arguments.csv.as_deref())?;
    let Some(path) = &arguments.charts else { return Ok(()) };
    if found.courses.is_empty() {
        return Err(Failure::Usage("these parts have no time series: `compare --series` records them".into()));
    }
    Folder::create(path)?.write_all(&courses::charts(&plan, &found))
}

/// What does not fit together, and in which file.
fn failure(error: MergeError, files: &[PathBuf]) -> Failure {
    match (error.part().and_then(|part| files.get(part)), error) {
        (_, MergeError::Plan(error)) => error.into(),
        (Some(file), error) => Failure::Usage(format!("{}: {error}", file.display())),
        (None, error) => Failure::Usage(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn axes_are_ranges_or_lists() {
        let range = axis("a.b=0.1:0.5:5").unwrap();
        assert_eq!((range.from, range.to, range.steps), (Some(0.1), Some(0.5), Some(5)));
        assert_eq!(axis("a=1,two,50ms,true").unwrap().values, [json!(1), json!("two"), json!("50ms"), json!(true)]);
        assert!(axis("a").is_none() && axis("=1").is_none() && axis("a=1:x:3").is_none());
    }
}
