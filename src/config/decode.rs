//! JSON to configuration.

use super::{
    error::{ConfigError, ConfigErrors},
    schema::Config,
};

impl Config {
    /// Reads a configuration, strictly.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| {
            let (path, rule) = (error.path().to_string(), error.inner().to_string());
            ConfigErrors(vec![ConfigError { path, found: None, rule }])
        })
    }
}
