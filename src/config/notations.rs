//! Reading what has parts whose notation the schema does not tell, such as the colours of a chart's options: only their type
//! knows that they are wrong, so where they stand is found out while they are read.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::{
    decode::{finish, mend, parse},
    error::{ConfigErrors, Problems},
    limits::TEXT_BYTES_MAX,
    mend::shown,
};

/// Reads it from JSON text, as strictly as a configuration.
pub(crate) fn read_json_with_notations<T>(text: &str) -> Result<T, ConfigErrors>
where
    T: DeserializeOwned + JsonSchema + 'static,
{
    let mut problems = Problems::default();
    let read = parse(&mut problems, text, TEXT_BYTES_MAX).and_then(|mut value| {
        mend::<T>(&mut problems, &mut value);
        serde_path_to_error::deserialize(&value).map_err(|error| report_unfit(&mut problems, &value, &error)).ok()
    });
    finish(problems, read)
}

fn report_unfit(problems: &mut Problems, value: &Value, error: &serde_path_to_error::Error<serde_json::Error>) {
    let found = error.path().iter().try_fold(value, |value, step| match step {
        Segment::Seq { index } => value.get(index),
        Segment::Map { key } | Segment::Enum { variant: key } => value.get(key),
        Segment::Unknown => None,
    });
    problems.found(error.path(), shown(found.unwrap_or(value)), error.inner().to_string());
}
