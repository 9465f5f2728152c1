//! Reading on after an error.
//!
//! serde stops at the first error. So the offending value is taken out, or
//! replaced by something harmless, and the whole is read again, until it can be
//! read. List elements are replaced and never taken out, so that the numbers in
//! later paths are those of the user's text.

use serde_json::{Value, json};

use super::{
    place::{Place, Step},
    strict::Strict,
    wording::Complaint,
};
use crate::config::{error::Problems, schema::Config};

/// Readings of one configuration, times its length in bytes: what a page's user can wait for.
const EFFORT: usize = 100_000_000;
/// Readings of one configuration, however short.
const READINGS_MAX: usize = 3_000;

/// What could be read.
pub(super) struct Salvaged {
    /// The readable part, with defaults in the gaps; `None` if nothing sensible is left.
    pub config: Option<Config>,
    /// Where something was taken out or replaced.
    damaged: Vec<String>,
}

impl Salvaged {
    /// Whether an error at this path may only be a consequence of what was taken out: the path leads to
    /// such a place, or into it, or to something that holds it.
    pub fn is_damaged(&self, path: &str) -> bool {
        self.damaged.iter().any(|place| is_part(place, path) || is_part(path, place))
    }
}

/// Whether the path leads to the whole or to a part of it.
fn is_part(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || whole.is_empty() || rest.starts_with(['.', '[']))
}

/// Reads what can be read and reports the rest.
pub(super) fn salvage(problems: &mut Problems, mut value: Value) -> Salvaged {
    let mut readings = (EFFORT / value.to_string().len().max(1)).clamp(10, READINGS_MAX);
    let mut damaged = Vec::new();
    let mut result = read(&value);
    while let Err(complaint) = result {
        complaint.report(problems, &value);
        damaged.push(complaint.place().to_string());
        let repaired = if problems.is_full() { None } else { repair(&mut value, &complaint, &mut readings) };
        let Some(next) = repaired else {
            return Salvaged { config: None, damaged };
        };
        result = next;
    }
    Salvaged { config: result.ok(), damaged }
}

fn read(value: &Value) -> Result<Config, Complaint> {
    serde_path_to_error::deserialize(Strict(value))
        .map_err(|error| Complaint::new(Place::of(error.path()), &error.inner().to_string(), value))
}

/// Changes the place of the complaint, or what it is a part of, until the complaint is gone.
/// Returns the next reading.
fn repair(value: &mut Value, complaint: &Complaint, readings: &mut usize) -> Option<Result<Config, Complaint>> {
    let mut place = complaint.place().clone();
    loop {
        let (parent, step) = place.split()?;
        let holder = parent.get_mut(value)?.clone();
        for change in changes(step, place.is_named_entry()) {
            *readings = readings.checked_sub(1)?;
            if !apply(parent.get_mut(value)?, step, change) {
                continue;
            }
            let next = read(value);
            match &next {
                Err(still) if still.place().is_related(&place) => *parent.get_mut(value)? = holder.clone(),
                _ => return Some(next),
            }
        }
        place = parent;
    }
}

/// What to put in the place of something wrong, harmless first; `None` takes it out. A named thing is
/// better kept as an empty one, for others refer to it.
fn changes(step: &Step, is_named_entry: bool) -> impl Iterator<Item = Option<Value>> {
    let removal = (matches!(step, Step::Key(_)) && !is_named_entry).then_some(None);
    let replacements = [
        json!({}),
        json!(0),
        json!("?"),
        json!([]),
        json!(["?", "?"]),
        json!([0, 0]),
        json!({ "rate": 0, "time": 0 }),
        json!({ "at": 0, "rate": 0 }),
        json!({ "to": [] }),
        json!({ "weight": 1, "mean": 0 }),
        json!({ "value": 0 }),
        json!({ "crash": { "component": "?", "at": 0 } }),
    ];
    removal.into_iter().chain(replacements.map(Some))
}

/// Makes a change; `false` if it can't be made or changes nothing.
fn apply(holder: &mut Value, step: &Step, change: Option<Value>) -> bool {
    match (holder, step, change) {
        (Value::Object(object), Step::Key(key), None) => object.shift_remove(key).is_some(),
        (Value::Object(object), Step::Key(key), Some(new)) => {
            object.insert(key.clone(), new);
            true
        }
        (Value::Array(list), Step::Index(index), Some(new)) => list.get_mut(*index).map(|slot| *slot = new).is_some(),
        _ => false,
    }
}
