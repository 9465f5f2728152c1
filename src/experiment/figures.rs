//! A report as a list of numbers with dotted names: `requests.latency.p99`, `services.Shop.success_ratio`.
//!
//! The names are those of the report. Which there are depends on the system alone, not on what happened in the run:
//! causes of failure that did not occur are there with 0, and a figure that does not exist (the mean of nothing) is NaN.

use serde_json::{Map, Value};

use crate::{model::cause::Cause, report::Report};

/// Names of all figures of a report, in the order of [`values`].
pub fn names(report: &Report) -> Vec<String> {
    let mut names = Vec::new();
    walk(report, |name, _| names.push(name.to_owned()));
    names
}

/// All figures of a report.
pub fn values(report: &Report) -> Vec<f64> {
    let mut values = Vec::new();
    walk(report, |_, value| values.push(value));
    values
}

/// Tells the name and the value of each figure.
fn walk(report: &Report, tell: impl FnMut(&str, f64)) {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(report) else { return };
    // What was asked for is no figure.
    fields.shift_remove("seed");
    Walk { path: String::new(), tell }.fields(&fields);
}

struct Walk<F> {
    path: String,
    tell: F,
}

impl<F: FnMut(&str, f64)> Walk<F> {
    fn fields(&mut self, fields: &Map<String, Value>) {
        for (name, value) in fields {
            self.at(name, |walk| walk.value(value));
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(causes) if self.path.ends_with(".failures") && are_causes(causes) => self.failures(causes),
            Value::Object(fields) => self.fields(fields),
            Value::Number(number) => self.tell(number.as_f64()),
            Value::Null => self.tell(None),
            Value::Bool(_) | Value::String(_) | Value::Array(_) => {}
        }
    }

    /// Failures by cause, of which the report has only those that occurred.
    fn failures(&mut self, causes: &Map<String, Value>) {
        for name in Cause::ALL.map(Cause::name) {
            let count = causes.get(name).map_or(Some(0.0), Value::as_f64);
            self.at(name, |walk| walk.tell(count));
        }
    }

    /// Goes to a part and back.
    fn at(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        look(self);
        self.path.truncate(length);
    }

    fn tell(&mut self, value: Option<f64>) {
        (self.tell)(&self.path, value.unwrap_or(f64::NAN));
    }
}

/// Whether an object of that name is indeed about failures: a service may be called so.
fn are_causes(fields: &Map<String, Value>) -> bool {
    fields.keys().all(|name| Cause::ALL.iter().any(|cause| cause.name() == name))
}
