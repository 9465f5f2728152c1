//! The command line: runs and checks configurations without a browser.
//!
//! Exit codes: 0, 1 for a bad configuration, for one in which `import` finds nothing and for a result that is neither as
//! theory says nor as was measured, 2 for wrong usage (an unreadable file and an unknown scenario are wrong usage too), 3 for a target that was not
//! reached, 130 after Ctrl-C.

mod arguments;
mod charts;
mod check;
mod configuration;
mod courses;
mod experiment;
mod failure;
mod import;
mod input;
mod log_file;
mod output;
mod pool;
mod progress;
mod reality;
mod results;
mod run;
pub mod scenarios;
mod summary;
mod sweep;
mod table;
mod validate;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;

/// Does what the arguments of the process say.
pub fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Compare(arguments) => sweep::compare(&arguments),
        Command::Sweep(arguments) => sweep::sweep(&arguments),
        Command::Merge(arguments) => sweep::merge_files(&arguments),
        Command::Validate(arguments) => validate::validate(&arguments),
        Command::Check { file } => check::check(&file),
        Command::Import { file, from } => import::import(&file, from),
        Command::Scenarios => list_scenarios(),
        Command::Schema => print_schema(),
    };
    result.err().map_or(ExitCode::SUCCESS, Failure::report)
}

fn list_scenarios() -> Result<(), Failure> {
    let mut table = table::Table::new(&["scenario", "title"]);
    for (name, text) in scenarios::ALL {
        let config = crate::config::schema::Config::from_json(text)?;
        table.row(vec![name.to_string(), config.title.en]);
    }
    output::print(&table.plain())
}

fn print_schema() -> Result<(), Failure> {
    output::print(&output::json(&crate::config::json_schema())?)
}
