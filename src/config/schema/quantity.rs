//! Quantities with units.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

/// A span of time in seconds: a JSON number, or a string with a unit such as `"50ms"`.
///
/// Units: `ns`, `us` (or `µs`), `ms`, `s`, `min`, `h`, `d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

/// Units by name, as a multiple and a fraction of a second. Longer names stand first, so that `ms` is not read as `s`.
///
/// A fraction is a division, because 10 / 10^6 is the float nearest to 0.00001 and 10 × 0.000001 is not.
const UNITS: [(&str, f64, f64); 8] = [
    ("min", 60.0, 1.0),
    ("ns", 1.0, 1e9),
    ("us", 1.0, 1e6),
    ("µs", 1.0, 1e6),
    ("ms", 1.0, 1e3),
    ("s", 1.0, 1.0),
    ("h", 3600.0, 1.0),
    ("d", 86400.0, 1.0),
];

impl Seconds {
    /// Reads a number, or a string that is one with a unit. `None` if it is neither.
    pub(super) fn of(value: &Value) -> Option<Self> {
        value.as_f64().map(Self).or_else(|| Self::parse(value.as_str()?))
    }

    /// Reads a number with a unit, such as `"50ms"`. `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut units = UNITS.iter();
        let (number, times, parts) =
            units.find_map(|(unit, times, parts)| Some((text.strip_suffix(unit)?, times, parts)))?;
        let number: f64 = number.trim_end().parse().ok()?;
        let seconds = number * times / parts;
        // JSON could not write infinity back.
        seconds.is_finite().then_some(Self(seconds))
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = "a time (seconds, or a string with a unit such as \"50ms\")";
        Self::of(&Value::deserialize(deserializer)?).ok_or_else(|| Error::custom(format!("is not {kind}")))
    }
}

impl JsonSchema for Seconds {
    fn schema_name() -> Cow<'static, str> {
        "Seconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Seconds, or a string with a unit: ns, us, ms, s, min, h, d.",
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "type": "string", "pattern": r"^\s*[0-9.eE+-]+\s*(ns|us|µs|ms|s|min|h|d)\s*$" }
            ],
            "examples": [0.05, "50ms", "2s"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact() {
        let cases = [
            ("10us", 1e-5),
            ("7ms", 0.007),
            ("3 ns", 3e-9),
            ("1.5 s", 1.5),
            (" 2min ", 120.0),
            ("1e3µs", 0.001),
            ("2h", 7200.0),
            ("1d", 86400.0),
        ];
        for (text, seconds) in cases {
            assert_eq!(Seconds::parse(text), Some(Seconds(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "ms", "5", "5 parsecs", "nans", "infs", "1e400s", "5m s", "--5s"] {
            assert_eq!(Seconds::parse(text), None, "{text}");
        }
    }
}
