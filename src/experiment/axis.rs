//! What is varied in a sweep: a place in the configuration and its values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use serde_with::skip_serializing_none;

use crate::config::{ConfigError, ConfigErrors, schema::Config};

/// The most values of an axis.
pub const VALUES_MAX: usize = 1_000;

/// A place in the configuration and the values it takes, listed or evenly spaced.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Axis {
    /// The place, as errors name it: `services.Shop.workers`, `faults[0].crash.recover_at`.
    pub path: String,
    /// Values, if they are listed.
    pub values: Vec<Value>,
    /// First of evenly spaced values.
    pub from: Option<f64>,
    /// Last of them.
    pub to: Option<f64>,
    /// How many of them.
    pub steps: Option<u32>,
}

impl Axis {
    /// The values.
    ///
    /// # Errors
    /// If there is none, or too many, or a range has no beginning, end or number of steps.
    pub fn points(&self) -> Result<Vec<Value>, ConfigErrors> {
        if !self.values.is_empty() {
            return if self.values.len() <= VALUES_MAX { Ok(self.values.clone()) } else { Err(self.too_many()) };
        }
        let (Some(from), Some(to), Some(steps)) = (self.from, self.to, self.steps) else {
            return Err(self.wrong("has no values (`values`, or `from`, `to` and `steps`)".into()));
        };
        if !from.is_finite() || !to.is_finite() {
            return Err(self.wrong("has an end that is no number (`from` and `to`)".into()));
        }
        match steps {
            0 => Err(self.wrong("has no values (`steps` is 0)".into())),
            1 => Ok(vec![number(from)]),
            _ if steps as usize > VALUES_MAX => Err(self.too_many()),
            _ => Ok((0..steps).map(|i| number(from + (to - from) * f64::from(i) / f64::from(steps - 1))).collect()),
        }
    }

    fn too_many(&self) -> ConfigErrors {
        self.wrong(format!("has too many values (at most {VALUES_MAX})"))
    }

    fn wrong(&self, rule: String) -> ConfigErrors {
        error(&self.path, rule)
    }
}

fn error(path: &str, rule: String) -> ConfigErrors {
    ConfigErrors(vec![ConfigError { path: path.to_owned(), found: None, rule }])
}

/// A number without the last digits that a division leaves behind; whole ones are integers, for fields that count.
fn number(value: f64) -> Value {
    let tidy = if value.abs() < 1e6 { libm::round(value * 1e9) / 1e9 } else { value };
    if tidy == libm::trunc(tidy) && tidy.abs() < 1e15 {
        return (tidy as i64).into();
    }
    Number::from_f64(tidy).map_or(Value::Null, Value::Number)
}

/// The configuration with other values at some places.
///
/// # Errors
/// If a path is none or leads nowhere, or what comes out cannot be read as a configuration.
pub fn with_values(config: &Config, changes: &[(&str, &Value)]) -> Result<Config, ConfigErrors> {
    // All fields, not only those that differ from their defaults: lists have their places, too.
    let mut value = config.to_full_value();
    for (path, change) in changes {
        let steps = steps(path).ok_or_else(|| error(path, "is not a path such as services.Shop.workers".into()))?;
        set(&mut value, &steps, change).map_err(|rule| error(path, rule))?;
    }
    Config::from_value(value)
}

/// A step on a path.
#[derive(Debug, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Reads a path: `a.b[2]["odd name"].c`.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (name, after) = quoted.split_once("\"]")?;
            steps.push(Step::Key(name.to_owned()));
            rest = after;
        } else if let Some(number) = rest.strip_prefix('[') {
            let (number, after) = number.split_once(']')?;
            steps.push(Step::Index(number.parse().ok()?));
            rest = after;
        } else {
            let name = if steps.is_empty() { rest } else { rest.strip_prefix('.')? };
            let end = name.find(['.', '[']).unwrap_or(name.len());
            if end == 0 {
                return None;
            }
            steps.push(Step::Key(name[..end].to_owned()));
            rest = &name[end..];
        }
    }
    (!steps.is_empty()).then_some(steps)
}

/// Puts a value at a place. Objects on the way are made if they are missing.
fn set(target: &mut Value, steps: &[Step], change: &Value) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else {
        *target = change.clone();
        return Ok(());
    };
    match step {
        Step::Key(key) => {
            if !target.is_object() {
                // A distribution or a number in a short form makes room for the long one.
                *target = Value::Object(Map::new());
            }
            match target.as_object_mut() {
                Some(fields) => set(fields.entry(key.as_str()).or_insert(Value::Null), rest, change),
                None => Ok(()),
            }
        }
        Step::Index(index) => {
            let length = target.as_array().map_or(0, Vec::len);
            match target.get_mut(index) {
                Some(item) => set(item, rest, change),
                None => Err(format!("leads nowhere: there is no number {index} in a list of {length}")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> Config {
        let text = r#"{
            "users": { "all": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop 1": 1 } } },
            "services": { "Shop 1": { "instances": 2, "base_latency": "10ms" } },
            "faults": [{ "crash": { "component": "Shop 1", "at": 3 } }] }"#;
        Config::from_json(text).unwrap()
    }

    fn error_of(path: &str, value: Value) -> String {
        with_values(&config(), &[(path, &value)]).unwrap_err().to_string()
    }

    #[test]
    fn values_are_put_in_their_places() {
        let changes = [
            ("users.all.arrivals.poisson.rate", &json!(70)),
            ("services[\"Shop 1\"].workers", &json!(3)),
            ("faults[0].crash.recover_at", &json!("4s")),
            ("network.tcp", &json!("5ms")),
        ];
        let changed = with_values(&config(), &changes).unwrap().to_value();
        assert_eq!(changed["users"]["all"]["arrivals"], json!({ "poisson": { "rate": 70.0 } }));
        assert_eq!(changed["services"]["Shop 1"]["workers"], 3);
        assert_eq!(changed["faults"][0]["crash"]["recover_at"], 4.0);
        assert!(!changed["network"]["tcp"].is_null());
    }

    #[test]
    fn wrong_paths_are_named() {
        assert_eq!(error_of("a..b", json!(1)), "a..b: is not a path such as services.Shop.workers");
        assert_eq!(
            error_of("faults[7].crash", json!(1)),
            "faults[7].crash: leads nowhere: there is no number 7 in a list of 1"
        );
        assert!(error_of("services[\"Shop 1\"].wrokers", json!(1)).contains("workers"));
        assert!(error_of("services[\"Shop 1\"].workers", json!("many")).starts_with("services[\"Shop 1\"].workers"));
    }

    #[test]
    fn ranges_are_evenly_spaced() {
        let axis = |from, to, steps| Axis { from: Some(from), to: Some(to), steps: Some(steps), ..Axis::default() };
        assert_eq!(axis(0.1, 0.9, 5).points().unwrap(), [json!(0.1), json!(0.3), json!(0.5), json!(0.7), json!(0.9)]);
        assert_eq!(axis(100.0, 200.0, 3).points().unwrap(), [json!(100), json!(150), json!(200)]);
        assert!(axis(0.0, 1.0, 0).points().is_err() && axis(0.0, 1.0, 1_000_000).points().is_err());
        assert!(Axis::default().points().unwrap_err().to_string().contains("has no values"));
    }
}
