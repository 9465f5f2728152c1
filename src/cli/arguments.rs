//! The arguments, as clap reads them. The doc comments here are the help text.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::schema::Seconds;

/// Simulates a microservice web system: users, services, databases, caches, a broker, and their failures.
#[derive(Debug, Parser)]
#[command(name = "web-service-model", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a simulation and print its report
    Run(RunArguments),
    /// Validate a configuration; every error is printed, one per line
    Check {
        /// A JSON file (`-` is standard input), or a built-in scenario
        file: String,
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
    /// Seed of the random numbers, 0 to 2^53 - 1, or `random`; without it, that of the configuration
    #[arg(long, value_name = "N|random", value_parser = seed, allow_hyphen_values = true)]
    pub seed: Option<Seed>,
    /// Simulated time at which the run ends: seconds, or with a unit such as 500ms or 2h
    #[arg(long, value_name = "S", value_parser = duration, allow_hyphen_values = true)]
    pub duration: Option<f64>,
    /// Print the report as JSON and nothing else
    #[arg(long)]
    pub json: bool,
    /// Write every chart as an SVG file into this folder
    #[arg(long, value_name = "DIR")]
    pub charts: Option<PathBuf>,
    /// Write the event log into this file: JSON lines (.jsonl, .json, .log) or a table (.csv)
    #[arg(long, value_name = "FILE", value_parser = log_file)]
    pub log: Option<LogPath>,
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

/// Seeds are numbers that JavaScript holds exactly, so that a run can be repeated in the browser.
pub const SEED_MAX: u64 = (1 << 53) - 1;

fn seed(text: &str) -> Result<Seed, String> {
    if text == "random" {
        return Ok(Seed::Random);
    }
    let seed = text.parse().ok().filter(|seed| *seed <= SEED_MAX);
    seed.map(Seed::Fixed).ok_or_else(|| format!("a whole number, 0 to {SEED_MAX}, or `random`"))
}

fn duration(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().or_else(|| Seconds::parse(text).map(|seconds| seconds.0));
    seconds
        .filter(|seconds| *seconds > 0.0 && seconds.is_finite())
        .ok_or_else(|| "seconds above 0, or a number with a unit such as 500ms, 2h".into())
}

fn log_file(text: &str) -> Result<LogPath, String> {
    let path = PathBuf::from(text);
    let format = match path.extension().and_then(|ending| ending.to_str()) {
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
        for wrong in ["0", "-1", "inf", "NaN", "soon", ""] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert!(seed("9007199254740991").is_ok());
        assert!(seed("9007199254740992").is_err() && seed("-1").is_err() && seed("1.5").is_err());
    }
}
