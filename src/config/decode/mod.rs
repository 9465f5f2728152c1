//! JSON to configuration: strictly, and with every error at once.

mod json;
mod place;
mod salvage;
mod strict;
mod wording;

use serde_json::Value;

use super::{
    error::{ConfigErrors, Problems},
    limits::TEXT_BYTES_MAX,
    path::Path,
    resolve::resolve,
    schema::Config,
};
use crate::model::topology::Topology;
use salvage::salvage;

impl Config {
    /// Reads a configuration. Unknown fields, repeated keys and values of the wrong type are errors;
    /// whether the values make sense is for [`resolve()`] to say.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        let mut problems = Problems::default();
        let salvaged = parse(&mut problems, text).map(|value| salvage(&mut problems, value));
        problems.into_result()?;
        Ok(salvaged.and_then(|salvaged| salvaged.config).unwrap_or_default())
    }

    /// Reads a configuration that is JSON already, as strictly as [`Config::from_json`].
    pub fn from_value(value: Value) -> Result<Self, ConfigErrors> {
        let mut problems = Problems::default();
        let salvaged = salvage(&mut problems, value);
        problems.into_result()?;
        Ok(salvaged.config.unwrap_or_default())
    }
}

/// Reads a configuration and resolves it. Errors of both kinds come together: what can be read is
/// resolved even if something else can't be read.
pub fn load(text: &str) -> Result<(Config, Topology), ConfigErrors> {
    let mut problems = Problems::default();
    let Some(value) = parse(&mut problems, text) else {
        return Err(errors(problems));
    };
    let salvaged = salvage(&mut problems, value);
    let Some(config) = &salvaged.config else {
        return Err(errors(problems));
    };
    match resolve(config) {
        Err(found) => {
            let independent = found.0.into_iter().filter(|error| !salvaged.is_damaged(&error.path));
            problems.extend(independent);
            Err(errors(problems))
        }
        Ok(topology) => {
            problems.into_result()?;
            Ok((salvaged.config.unwrap_or_default(), topology))
        }
    }
}

/// The errors, of which there are some.
fn errors(problems: Problems) -> ConfigErrors {
    problems.into_result().err().unwrap_or(ConfigErrors(Vec::new()))
}

pub(super) fn parse(problems: &mut Problems, text: &str) -> Option<Value> {
    if text.len() > TEXT_BYTES_MAX {
        let rule = format!("has {} bytes, too many (at most {TEXT_BYTES_MAX})", text.len());
        problems.report(&Path::Root, rule);
        return None;
    }
    // Some editors begin a file with a byte order mark, which JSON does not know.
    json::parse(problems, text.trim_start_matches('\u{feff}'))
}
