//! What is wrong in a configuration.

use serde::Serialize;

/// One rule that is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{path}: {found} {rule}")]
pub struct ConfigError {
    /// Where.
    pub path: String,
    /// The value found.
    pub found: String,
    /// The rule.
    pub rule: String,
}

/// Everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl super::schema::Config {
    /// Reads a configuration.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        serde_json::from_str(text).map_err(|error| {
            ConfigErrors(vec![ConfigError { path: String::new(), found: String::new(), rule: error.to_string() }])
        })
    }
}
