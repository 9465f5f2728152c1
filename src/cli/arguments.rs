//! The arguments, as clap reads them. The doc comments here are the help text.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::PossibleValue};

use crate::{
    config::{
        limits::{DURATION_SECONDS_MAX, SEED_MAX, WINDOW_SECONDS_MIN},
        schema::Seconds,
    },
    experiment::{REPLICATIONS_MAX, Shard, Width, is_share},
    import::Product,
};

/// Simulates a microservice web system: users, services, databases, caches, a broker, and their failures.
#[derive(Debug, Parser)]
#[command(name = "web-service-model", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a simulation and print its report; with --replications, many times, and print means and intervals
    Run(RunArguments),
    /// Compare two configurations under common random numbers
    Compare(CompareArguments),
    /// Run a configuration with different values at one or two places
    Sweep(SweepArguments),
    /// Put parts of an experiment (--shard) together and print the results of the whole
    Merge(MergeArguments),
    /// Check the simulator against results of queueing and reliability theory; exit code 1 if one does not hold
    Validate(ValidateArguments),
    /// Check a configuration; every error is printed, one per line
    Check {
        /// A JSON file (`-` is standard input), or a built-in scenario
        file: String,
    },
    /// Print a configuration made of an nginx.conf, haproxy.cfg, patroni.yml, redis.conf, sentinel.conf or RabbitMQ's definitions (JSON); standard error has what was assumed or not understood
    Import {
        /// A configuration of nginx, HAProxy, Patroni, Redis or Sentinel, or definitions of RabbitMQ (`-` is standard input)
        file: String,
        /// The product that it was written for; without it, what it looks like
        #[arg(long)]
        from: Option<Product>,
    },
    /// List the built-in scenarios
    Scenarios,
    /// Print the JSON Schema of configurations
    Schema,
}

#[derive(Debug, Args)]
pub struct RunArguments {
    /// A JSON file (`-` is standard input), or a built-in scenario
    #[arg(value_name = "FILE|SCENARIO")]
    pub input: String,
    #[command(flatten)]
    pub experiment: ExperimentArguments,
    /// Write every chart as an SVG file into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["replications", "target_half_width"])]
    pub charts: Option<PathBuf>,
    /// Write the event log into this file: JSON lines (.jsonl, .json, .log) or a table (.csv)
    #[arg(long, value_name = "FILE", value_parser = log_file, conflicts_with_all = ["replications", "target_half_width"])]
    pub log: Option<LogPath>,
}

#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The first configuration: a JSON file or a built-in scenario
    #[arg(value_name = "A")]
    pub a: String,
    /// The second configuration
    #[arg(value_name = "B")]
    pub b: String,
    /// Write charts of both systems over time into this folder (SVG): means over the replications, with intervals
    #[arg(long, value_name = "DIR", conflicts_with = "shard")]
    pub charts: Option<PathBuf>,
    /// A time series to average over the first 200 replications, such as requests.latency_p99; with --charts, in place of the main ones
    #[arg(long, value_name = "NAME")]
    pub series: Vec<String>,
    #[command(flatten)]
    pub experiment: ExperimentArguments,
}

#[derive(Debug, Args)]
pub struct SweepArguments {
    /// A JSON file (a configuration or a whole experiment), a built-in scenario, or a built-in experiment
    #[arg(value_name = "FILE|SCENARIO|EXPERIMENT")]
    pub input: String,
    /// What to vary, once or twice: services.Shop.workers=1:9:5 (five values from 1 to 9), or ...=1,2,4
    #[arg(long, value_name = "PATH=VALUES")]
    pub vary: Vec<String>,
    #[command(flatten)]
    pub experiment: ExperimentArguments,
}

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Files that --shard has written
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Print the results as JSON and nothing else
    #[arg(long)]
    pub json: bool,
    /// Write the results as a table into this file: a row for each configuration, or for each figure of a comparison
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write charts over time into this folder, if the parts have series (`compare --series`)
    #[arg(long, value_name = "DIR")]
    pub charts: Option<PathBuf>,
    /// Print what there is even if runs are missing
    #[arg(long)]
    pub partial: bool,
}

#[derive(Debug, Args)]
pub struct ValidateArguments {
    /// Rows to check; without any, all
    #[arg(value_name = "ROW")]
    pub rows: Vec<String>,
    /// Check against what real products did, and not against theory
    #[arg(long)]
    pub reality: bool,
    /// Seed of the random numbers: what holds does so with any
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=SEED_MAX))]
    pub seed: Option<u64>,
    /// Threads; without it, as many as there are processors
    #[arg(long, value_name = "J", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub jobs: Option<u32>,
    /// Print the results as JSON and nothing else
    #[arg(long)]
    pub json: bool,
}

/// What all experiments understand.
#[derive(Debug, Args)]
pub struct ExperimentArguments {
    /// Seed of the random numbers, 0 to 2^53 - 1, or `random`; without it, that of the configuration
    #[arg(long, value_name = "N|random", value_parser = seed, allow_hyphen_values = true)]
    pub seed: Option<Seed>,
    /// Simulated time at which a run ends: seconds, or with a unit such as 500ms or 2h
    #[arg(long, value_name = "S", value_parser = duration, allow_hyphen_values = true)]
    pub duration: Option<f64>,
    /// Time at the start of a run that does not count: seconds, or `auto` (found by MSER-5 on pilot runs)
    #[arg(long, value_name = "S|auto", value_parser = warm_up, allow_hyphen_values = true)]
    pub warm_up: Option<WarmUp>,
    /// Print the results as JSON and nothing else
    #[arg(long)]
    pub json: bool,
    /// Independent runs; with --target-half-width, the most of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=REPLICATIONS_MAX))]
    pub replications: Option<u64>,
    /// Threads; without it, as many as there are processors
    #[arg(long, value_name = "J", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub jobs: Option<u32>,
    /// Run until half the 95 % interval of --metric is at most so wide; with % as a share of the mean
    #[arg(long, value_name = "X|X%", value_parser = width)]
    pub target_half_width: Option<Width>,
    /// A figure to keep, by its name in the report (requests.latency.p99) or the beginning of it (requests.*)
    #[arg(long, value_name = "NAME")]
    pub metric: Vec<String>,
    /// A quantile over the replications to give for each figure, with its interval: 0.5 is the median
    #[arg(long, value_name = "Q", value_parser = share)]
    pub quantile: Vec<f64>,
    /// Run only part I of N parts, and write it as a file for `merge`
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Where the part goes; without it, to standard output
    #[arg(long, value_name = "FILE", requires = "shard")]
    pub out: Option<PathBuf>,
    /// Write the results as a table into this file: a row for each configuration, or for each figure of a comparison
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    pub csv: Option<PathBuf>,
}

impl ExperimentArguments {
    /// Whether more than a single run is asked for.
    pub fn is_experiment(&self) -> bool {
        let wanted = self.shard.is_some() || !self.metric.is_empty() || !self.quantile.is_empty();
        self.replications.is_some() || self.target_half_width.is_some() || wanted
    }
}

impl ValueEnum for Product {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

/// How much of the start of a run does not count.
#[derive(Clone, Copy, Debug)]
pub enum WarmUp {
    /// So many seconds.
    Seconds(f64),
    /// As much as MSER-5 says.
    Auto,
}

/// Which seed is wanted.
#[derive(Clone, Copy, Debug)]
pub enum Seed {
    /// This one.
    Fixed(u64),
    /// Another at every run.
    Random,
}

/// Where the event log goes, and how.
#[derive(Clone, Debug)]
pub struct LogPath {
    pub path: PathBuf,
    pub format: LogFormat,
}

/// Formats of the event log.
#[derive(Clone, Copy, Debug)]
pub enum LogFormat {
    JsonLines,
    Csv,
}

fn seed(text: &str) -> Result<Seed, String> {
    if text == "random" {
        return Ok(Seed::Random);
    }
    let seed = text.parse().ok().filter(|seed| *seed <= SEED_MAX);
    seed.map(Seed::Fixed).ok_or_else(|| format!("a whole number, 0 to {SEED_MAX}, or `random`"))
}

/// Seconds, or a number with a unit.
fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().or_else(|| Seconds::parse(text).map(|seconds| seconds.0))
}

fn duration(text: &str) -> Result<f64, String> {
    let duration = seconds(text).filter(|seconds| (WINDOW_SECONDS_MIN..=DURATION_SECONDS_MAX).contains(seconds));
    duration.ok_or_else(|| "seconds, 0.001 to 1e9, or a number with a unit such as 500ms, 2h".into())
}

fn warm_up(text: &str) -> Result<WarmUp, String> {
    if text == "auto" {
        return Ok(WarmUp::Auto);
    }
    let warm_up = seconds(text).filter(|seconds| (0.0..=DURATION_SECONDS_MAX).contains(seconds));
    let rule = || "`auto`, seconds, 0 to 1e9, or a number with a unit such as 500ms, 2h".into();
    warm_up.map(WarmUp::Seconds).ok_or_else(rule)
}

fn width(text: &str) -> Result<Width, String> {
    let (number, is_share) = text.strip_suffix('%').map_or((text, false), |number| (number, true));
    let number: Option<f64> = number.trim().parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite());
    let number = number.ok_or("a number above 0, or a percentage such as 2%")?;
    Ok(if is_share { Width::Relative(number / 100.0) } else { Width::Absolute(number) })
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| is_share(*share));
    share.ok_or_else(|| "a number between 0 and 1, such as 0.95".into())
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    let valid = numbers.filter(|(index, count): &(u64, u64)| (1..=*count).contains(index));
    valid
        .map(|(index, count)| Shard { index: index - 1, count })
        .ok_or_else(|| "I/N with I from 1 to N, such as 2/4".into())
}

fn log_file(text: &str) -> Result<LogPath, String> {
    let path = PathBuf::from(text);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let format = match ending.as_deref() {
        Some("csv") => LogFormat::Csv,
        Some("jsonl" | "ndjson" | "json" | "log") => LogFormat::JsonLines,
        _ => return Err("a name that ends in .jsonl, .json or .log (JSON lines), or in .csv".into()),
    };
    Ok(LogPath { path, format })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn durations_have_units_and_seeds_have_bounds() {
        assert_eq!(duration("2h"), Ok(7200.0));
        assert_eq!(duration("0.5"), Ok(0.5));
        for wrong in ["0", "-1", "inf", "NaN", "soon", "", "1ns", "2e9"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert!(matches!(warm_up("0"), Ok(WarmUp::Seconds(0.0))) && matches!(warm_up("auto"), Ok(WarmUp::Auto)));
        assert!(warm_up("-1").is_err() && warm_up("inf").is_err());
        assert!(share("0.5") == Ok(0.5) && share("0").is_err() && share("1").is_err() && share("NaN").is_err());
        assert!(width("2%") == Ok(Width::Relative(0.02)) && width("0.1") == Ok(Width::Absolute(0.1)));
        assert!(shard("4/4") == Ok(Shard { index: 3, count: 4 }));
        assert!(width("0").is_err() && shard("0/4").is_err() && shard("5/4").is_err() && shard("1").is_err());
        assert!(seed("9007199254740991").is_ok());
        assert!(seed("9007199254740992").is_err() && seed("-1").is_err() && seed("1.5").is_err());
    }
}
