//! JSON to configuration: strictly, and with every error at once.

use serde_json::Value;

use super::{
    error::{ConfigErrors, Problems},
    limits::TEXT_BYTES_MAX,
    path::{Path, Place},
    resolve::resolve,
    schema::Config,
    wire::{Reader, Wire},
};
use crate::{json, model::topology::Topology};

impl Config {
    /// Reads a configuration. Unknown fields, repeated keys and values of the wrong type are errors;
    /// whether the values make sense is for [`resolve()`] to say.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        let mut problems = Problems::default();
        let config = parse(&mut problems, text).map(|value| read(&mut problems, &value).0);
        problems.into_result()?;
        Ok(config.unwrap_or_default())
    }

    /// Reads a configuration that is JSON already, as strictly as [`Config::from_json`].
    pub fn from_value(value: Value) -> Result<Self, ConfigErrors> {
        let mut problems = Problems::default();
        let (config, _) = read(&mut problems, &value);
        problems.into_result()?;
        Ok(config)
    }
}

/// Reads a configuration and resolves it. Errors of both kinds come together: what can be read is
/// resolved even if something else can't be read.
pub fn load(text: &str) -> Result<(Config, Topology), ConfigErrors> {
    let mut problems = Problems::default();
    match parse(&mut problems, text) {
        Some(value) => load_value(problems, &value),
        None => Err(errors(problems)),
    }
}

/// The same for what is JSON already, with the problems that there are so far.
pub(super) fn load_value(mut problems: Problems, value: &Value) -> Result<(Config, Topology), ConfigErrors> {
    let (config, damaged) = read(&mut problems, value);
    if problems.is_full() {
        return Err(errors(problems));
    }
    match resolve(&config) {
        Err(found) => {
            for error in found.0 {
                if is_damaged(&damaged, &error.path) {
                    problems.refine(&error);
                } else {
                    problems.extend([error]);
                }
            }
            Err(errors(problems))
        }
        Ok(topology) => {
            problems.into_result()?;
            Ok((config, topology))
        }
    }
}

/// Reads something else that comes as JSON text, as strictly as a configuration.
pub(crate) fn read_json<T: Wire>(text: &str) -> Result<T, ConfigErrors> {
    read_json_within(text, TEXT_BYTES_MAX)
}

/// The same for a text of at most so many bytes.
pub(crate) fn read_json_within<T: Wire>(text: &str, bytes_max: usize) -> Result<T, ConfigErrors> {
    let mut problems = Problems::default();
    let value = parse_within(&mut problems, text, bytes_max);
    let read = value.map(|value| super::wire::read(&value, &Path::Root, &mut Reader::new(&mut problems)));
    problems.into_result()?;
    Ok(read.unwrap_or_else(T::blank))
}

/// What can be read, with defaults in the gaps, and where they are.
fn read(problems: &mut Problems, value: &Value) -> (Config, Vec<String>) {
    let mut reader = Reader::new(problems);
    let mut config = Config::default();
    config.read(value, &Path::Root, &mut reader);
    (config, reader.into_damaged())
}

/// Whether an error at this path may only be a consequence of what could not be read: the path leads to
/// such a place, or into it, or to something that holds it.
fn is_damaged(damaged: &[String], path: &str) -> bool {
    damaged.iter().any(|place| is_part(place, path) || is_part(path, place))
}

/// Whether the path leads to the whole or to a part of it.
fn is_part(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || whole.is_empty() || rest.starts_with(['.', '[']))
}

/// The errors, of which there are some.
pub(super) fn errors(problems: Problems) -> ConfigErrors {
    problems.into_result().err().unwrap_or(ConfigErrors(Vec::new()))
}

pub(super) fn parse(problems: &mut Problems, text: &str) -> Option<Value> {
    parse_within(problems, text, TEXT_BYTES_MAX)
}

fn parse_within(problems: &mut Problems, text: &str, bytes_max: usize) -> Option<Value> {
    if text.len() > bytes_max {
        let rule = format!("has {} bytes, too many (at most {bytes_max})", text.len());
        problems.report(&Path::Root, rule);
        return None;
    }
    // Some editors begin a file with a byte order mark, which JSON does not know.
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_ascii().is_empty() {
        problems.report(&Path::Root, "is empty (JSON is expected)");
        return None;
    }
    let mut twice = Vec::new();
    let parsed = json::parse(text, &mut |steps| twice.push(Place(steps).to_string()));
    for place in twice {
        problems.report(&place, "stands here twice");
    }
    parsed.inspect_err(|error| problems.report(&Path::Root, format!("is not JSON: {error}"))).ok()
}
