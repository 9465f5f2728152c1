//! Why the program ends early, and with which exit code.

use std::{fmt, io, path::Path, process::ExitCode};

use crate::config::ConfigErrors;

/// Why the program ends early.
#[derive(Debug)]
pub enum Failure {
    /// The configuration is bad.
    Configuration(ConfigErrors),
    /// The program was called wrongly, or a file cannot be read or written.
    Usage(String),
    /// The simulator does not agree with theory.
    Invalid(String),
    /// An experiment ended before its interval was narrow enough.
    Target(String),
    /// The user pressed Ctrl-C; what was finished has been printed.
    Cancelled,
    /// Whoever read the output has had enough; that is their right.
    NobodyReads,
}

impl Failure {
    /// What went wrong with a file.
    pub fn file(path: &Path, error: &io::Error) -> Self {
        Self::Usage(format!("{}: {error}", path.display()))
    }

    /// Says on standard error what went wrong, and gives the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Configuration(errors) => {
                super::output::note(&errors);
                ExitCode::from(1)
            }
            Self::Usage(message) => {
                super::output::note(&format_args!("error: {message}"));
                ExitCode::from(2)
            }
            Self::Invalid(message) => {
                super::output::note(&message);
                ExitCode::from(1)
            }
            Self::Target(message) => {
                super::output::note(&message);
                ExitCode::from(3)
            }
            Self::Cancelled => ExitCode::from(130),
            Self::NobodyReads => ExitCode::SUCCESS,
        }
    }
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        Self::Configuration(errors)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Configuration(errors) => errors.fmt(f),
            Self::Usage(message) | Self::Target(message) | Self::Invalid(message) => f.write_str(message),
            Self::Cancelled => f.write_str("cancelled"),
            Self::NobodyReads => f.write_str("nobody reads the output"),
        }
    }
}
