//! serde's messages in the words of whoever writes a configuration.

use serde_json::Value;

use super::place::{Place, Step};
use crate::config::{error::Problems, near::suggestion};

/// Longest value that an error shows.
const SHOWN_CHARS_MAX: usize = 60;

/// What serde complains about.
#[derive(Debug)]
pub(super) enum Complaint {
    /// A field that is not known, and those that are.
    UnknownField { place: Place, known: Vec<String> },
    /// A field that has no default and is not there.
    MissingField { place: Place },
    /// A value that does not fit.
    BadValue { place: Place, rule: String },
}

impl Complaint {
    /// Understands a message.
    pub fn new(place: Place, message: &str, value: &Value) -> Self {
        if let Some(field) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            return Self::MissingField { place: place.key(field) };
        }
        let (subject, expected) = split_expected(message);
        if let Some(field) = subject.strip_prefix("unknown field `").and_then(|rest| rest.strip_suffix('`')) {
            // serde may or may not have stepped into the field already.
            let outer = place.split().filter(|(_, last)| **last == Step::Key(field.to_owned()));
            let place = match outer {
                Some(_) if place.get(value).is_some() && place.key(field).get(value).is_none() => place,
                _ => place.key(field),
            };
            return Self::UnknownField { place, known: quoted(expected) };
        }
        if let Some(variant) = subject.strip_prefix("unknown variant `").and_then(|rest| rest.strip_suffix('`')) {
            let known = quoted(expected);
            let names = suggestion(variant, known.iter().map(String::as_str));
            let is_object = place.get(value).is_some_and(Value::is_object);
            let rule = if is_object {
                format!("has the unknown key `{variant}`{names}")
            } else {
                format!("is unknown{names}")
            };
            return Self::BadValue { place, rule };
        }
        let is_ours = message.starts_with("is ") || message.starts_with("has ");
        let rule = match expected {
            _ if is_ours => message.to_owned(),
            "" => format!("is wrong: {message}"),
            _ => format!("is not {}", kind(expected)),
        };
        Self::BadValue { place: place.existing(value), rule }
    }

    /// Where the trouble is.
    pub const fn place(&self) -> &Place {
        match self {
            Self::UnknownField { place, .. } | Self::MissingField { place } | Self::BadValue { place, .. } => place,
        }
    }

    /// Tells the user.
    pub fn report(&self, problems: &mut Problems, value: &Value) {
        match self {
            Self::UnknownField { place, known } => {
                let (_, field) = place.split().unzip();
                let field = match field {
                    Some(Step::Key(field)) => field.as_str(),
                    _ => "",
                };
                let names = suggestion(field, known.iter().map(String::as_str));
                problems.report(place, format!("is an unknown field{names}"));
            }
            Self::MissingField { place } => problems.report(place, "is missing"),
            Self::BadValue { place, rule } => match place.get(value) {
                Some(found) => problems.found(place, shown(found), rule.as_str()),
                None => problems.report(place, rule.as_str()),
            },
        }
    }
}

/// A message's subject, and what was expected instead.
fn split_expected(message: &str) -> (&str, &str) {
    let (at, mark) = match (message.rfind(", expected "), message.rfind(", there are no ")) {
        (Some(at), _) => (at, ", expected "),
        (None, Some(at)) => (at, ", there are no "),
        (None, None) => return (message, ""),
    };
    (&message[..at], &message[at + mark.len()..])
}

/// Names between backticks.
fn quoted(list: &str) -> Vec<String> {
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A kind of value, in words.
fn kind(expected: &str) -> String {
    match expected {
        "f64" => "a number".to_owned(),
        "u32" => format!("a whole number from 0 to {}", u32::MAX),
        "u64" => "a whole number, 0 or more".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        _ => match expected.split_once(' ') {
            Some(("struct" | "struct variant", _)) => "an object".to_owned(),
            _ => list_of(expected).unwrap_or_else(|| expected.to_owned()),
        },
    }
}

/// `an array of length 2` and the like.
fn list_of(expected: &str) -> Option<String> {
    let length = expected.strip_prefix("an array of length ")?;
    Some(format!("a list of {length} values"))
}

/// A value as JSON on one line, shortened if it is long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
