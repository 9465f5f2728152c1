//! JSON to configuration: strictly, and with every error at once.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    error::{ConfigErrors, Problems},
    form::Form,
    kinds,
    limits::TEXT_BYTES_MAX,
    mend::Mender,
    path::Path,
    resolve::resolve,
    schema::Config,
    strict,
};
use crate::model::topology::Topology;

impl Config {
    /// Reads a configuration. Unknown fields, repeated keys and values of the wrong type are errors;
    /// whether the values make sense is for [`resolve()`] to say.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        read_text(text, TEXT_BYTES_MAX, read_config)
    }

    /// Reads a configuration that is JSON already, as strictly as [`Config::from_json`].
    pub fn from_value(value: Value) -> Result<Self, ConfigErrors> {
        let mut problems = Problems::default();
        let (config, _) = read_config(&mut problems, value);
        finish(problems, config)
    }
}

/// Reads a configuration and resolves it. Errors of both kinds come together: what can be read is
/// resolved even if something else can't be read.
pub fn load(text: &str) -> Result<(Config, Topology), ConfigErrors> {
    let mut problems = Problems::default();
    match parse(&mut problems, text, TEXT_BYTES_MAX) {
        Some(value) => load_value(problems, value),
        None => finish(problems, None),
    }
}

/// The same for what is JSON already, with the problems that there are so far.
pub(super) fn load_value(mut problems: Problems, value: Value) -> Result<(Config, Topology), ConfigErrors> {
    let (config, damaged) = read_config(&mut problems, value);
    let Some(config) = config.filter(|_| !problems.is_full()) else {
        return finish(problems, None);
    };
    match resolve(&config) {
        Ok(topology) => finish(problems, Some((config, topology))),
        Err(found) => {
            for error in found.0 {
                if is_damaged(&damaged, &error.path) {
                    problems.refine(&error);
                } else {
                    problems.extend([error]);
                }
            }
            finish(problems, None)
        }
    }
}

/// Reads something else that comes as JSON text, as strictly as a configuration.
pub(crate) fn read_json<T: DeserializeOwned + JsonSchema + 'static>(text: &str) -> Result<T, ConfigErrors> {
    read_json_within(text, TEXT_BYTES_MAX)
}

/// The same for a text of at most so many bytes.
pub(crate) fn read_json_within<T>(text: &str, bytes_max: usize) -> Result<T, ConfigErrors>
where
    T: DeserializeOwned + JsonSchema + 'static,
{
    read_text(text, bytes_max, read)
}

/// Reads a JSON text in that way.
fn read_text<T>(
    text: &str,
    bytes_max: usize,
    read: impl Fn(&mut Problems, Value) -> Read<T>,
) -> Result<T, ConfigErrors> {
    let mut problems = Problems::default();
    let value = parse(&mut problems, text, bytes_max);
    let read = value.and_then(|value| read(&mut problems, value).0);
    finish(problems, read)
}

/// What could be read, and the paths where it had to be mended.
type Read<T> = (Option<T>, Vec<String>);

/// The same for a configuration, whose components have the defaults of their kinds.
fn read_config(problems: &mut Problems, mut value: Value) -> Read<Config> {
    kinds::fill_in(&mut value);
    read(problems, value)
}

/// What can be read, with defaults or blanks in the gaps, and where they are.
fn read<T>(problems: &mut Problems, mut value: Value) -> Read<T>
where
    T: DeserializeOwned + JsonSchema + 'static,
{
    let damaged = mend::<T>(problems, &mut value);
    // What has been mended fits its schema, and can be read.
    let read = T::deserialize(&value).map_err(|error| problems.report(&Path::Root, error.to_string()));
    (read.ok(), damaged)
}

/// Reports what does not fit the schema, and puts defaults or blanks there. Returns where.
pub(super) fn mend<T: JsonSchema + 'static>(problems: &mut Problems, value: &mut Value) -> Vec<String> {
    let mut mender = Mender::new(problems);
    mender.mend_or_blank(&Form::of::<T>(), value, &Path::Root);
    mender.into_damaged()
}

/// What was read if nothing is wrong, else the errors.
pub(super) fn finish<T>(problems: Problems, read: Option<T>) -> Result<T, ConfigErrors> {
    problems.into_result()?;
    read.ok_or(ConfigErrors(Vec::new()))
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

/// The value of a text of at most so many bytes.
pub(super) fn parse(problems: &mut Problems, text: &str, bytes_max: usize) -> Option<Value> {
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
    let parsed = strict::parse(text, &mut twice);
    for place in twice {
        problems.report(&place, "stands here twice");
    }
    parsed.inspect_err(|error| problems.report(&Path::Root, format!("is not JSON: {error}"))).ok()
}
