//! What is wrong with a configuration.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// One thing that is wrong: where it stands, what stands there, and the rule it breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigError {
    /// Where: `services.Shop.fail_prob`, `faults[2].crash.component`; empty for the whole configuration.
    pub path: String,
    /// The value found there, as JSON, shortened if it is long; `None` if the trouble is that there is none.
    pub found: Option<String>,
    /// The rule, so that it reads on from the value: `is too large (a probability, 0 to 1)`.
    pub rule: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let path = if self.path.is_empty() { "configuration" } else { &self.path };
        match &self.found {
            Some(found) => write!(f, "{path}: {found} {}", self.rule),
            None => write!(f, "{path}: {}", self.rule),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Everything that is wrong with a configuration; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    /// One error per line.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// A string as JSON, as errors show it.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Nobody reads more errors than this; the rest are only counted.
pub(crate) const ERRORS_MAX: usize = 100;

/// Collects errors on the way through a configuration.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    kept: Vec<ConfigError>,
    more: usize,
}

impl Problems {
    /// Something is missing, or wrong as a whole.
    pub fn report(&mut self, path: &dyn fmt::Display, rule: impl Into<String>) {
        self.push(path, None, rule.into());
    }

    /// A value breaks a rule.
    pub fn found(&mut self, path: &dyn fmt::Display, found: impl fmt::Display, rule: impl Into<String>) {
        self.push(path, Some(found.to_string()), rule.into());
    }

    fn push(&mut self, path: &dyn fmt::Display, found: Option<String>, rule: String) {
        if self.kept.len() < ERRORS_MAX {
            self.kept.push(ConfigError { path: path.to_string(), found, rule });
        } else {
            self.more += 1;
        }
    }

    /// How many errors there are so far.
    pub fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Whether so many errors are there that further ones are only counted.
    pub fn is_full(&self) -> bool {
        self.kept.len() == ERRORS_MAX
    }

    /// Takes over what somebody else found.
    pub fn extend(&mut self, errors: impl IntoIterator<Item = ConfigError>) {
        for error in errors {
            self.push(&error.path, error.found, error.rule);
        }
    }

    /// Takes over a rule for a number that its type cannot hold: the bounds of the field say more than those of the type.
    pub fn refine(&mut self, error: &ConfigError) {
        let is_bound = |rule: &str| rule.starts_with("is too ");
        let same = |kept: &&mut ConfigError| kept.path == error.path && is_bound(&kept.rule);
        if is_bound(&error.rule)
            && let Some(kept) = self.kept.iter_mut().find(same)
        {
            kept.rule.clone_from(&error.rule);
        }
    }

    /// What has been found, if it is nothing that keeps a configuration from running.
    pub fn into_warnings(mut self) -> Vec<ConfigError> {
        self.count_more("warnings");
        self.kept
    }

    /// Says how many are not listed.
    fn count_more(&mut self, what: &str) {
        if self.more > 0 {
            let rule = format!("has {} more {what}, not listed", self.more);
            self.kept.push(ConfigError { path: String::new(), found: None, rule });
        }
    }

    /// `Ok` if nothing is wrong.
    pub fn into_result(mut self) -> Result<(), ConfigErrors> {
        self.count_more("errors");
        if self.kept.is_empty() { Ok(()) } else { Err(ConfigErrors(self.kept)) }
    }
}
