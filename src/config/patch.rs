//! Changing a configuration by a JSON Merge Patch (RFC 7396).

use serde_json::{Map, Value};

use super::{
    decode,
    error::{ConfigErrors, Problems},
    form::Form,
    kinds,
    limits::TEXT_BYTES_MAX,
    schema::Config,
};
use crate::model::topology::Topology;

/// The configuration with a JSON Merge Patch applied: an object changes the fields it names, `null` puts a
/// field back to its default (or takes a component away), anything else replaces what is there.
///
/// One thing is added to RFC 7396, so that a patch need not know what it replaces: a distribution or a kind of
/// arrivals that is patched with another kind is replaced as a whole.
pub fn apply_patch(config: &Config, merge_patch: &str) -> Result<Config, ConfigErrors> {
    let mut problems = Problems::default();
    let value = patched(&mut problems, config.to_value(), merge_patch);
    problems.into_result()?;
    Config::from_value(value.unwrap_or_default())
}

/// The same, resolved; what cannot be read and what makes no sense are reported together.
pub fn load_patched(config: &Config, merge_patch: &str) -> Result<(Config, Topology), ConfigErrors> {
    let mut problems = Problems::default();
    match patched(&mut problems, config.to_value(), merge_patch) {
        Some(value) => decode::load_value(problems, value),
        None => decode::finish(problems, None),
    }
}

fn patched(problems: &mut Problems, mut value: Value, merge_patch: &str) -> Option<Value> {
    let mut patch = decode::parse(problems, merge_patch, TEXT_BYTES_MAX)?;
    kinds::fill_in(&mut patch);
    merge(&mut value, patch, &Form::of::<Config>());
    Some(value)
}

/// Merges into a target of that form.
fn merge(target: &mut Value, patch: Value, form: &Form) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() || is_other_alternative(target, &patch, form) {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else {
        return;
    };
    for (key, change) in patch {
        if change.is_null() {
            fields.shift_remove(&key);
            continue;
        }
        let form = form.part(&key);
        merge(fields.entry(key).or_insert(Value::Null), change, form);
    }
}

/// Whether a patch names another alternative than the target is.
fn is_other_alternative(target: &Value, patch: &Map<String, Value>, form: &Form) -> bool {
    let only = |object: &Map<String, Value>| {
        let key = object.keys().next().filter(|_| object.len() == 1)?;
        form.alternatives()?.contains_key(key).then(|| key.clone())
    };
    match (target.as_object().and_then(only), only(patch)) {
        (Some(old), Some(new)) => old != new,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::config::schema::ServiceConfig;

    #[track_caller]
    fn check(target: Value, patch: Value, expected: Value) {
        check_of(&Form::Anything, target, patch, expected);
    }

    #[track_caller]
    fn check_of(form: &Form, target: Value, patch: Value, expected: Value) {
        let mut merged = target;
        merge(&mut merged, patch, form);
        assert_eq!(merged, expected);
    }

    /// The examples of appendix A of RFC 7396.
    #[test]
    fn the_examples_of_the_standard() {
        check(json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"}));
        check(json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"}));
        check(json!({"a": "b"}), json!({"a": null}), json!({}));
        check(json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"}));
        check(json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"}));
        check(json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]}));
        check(json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}}));
        check(json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]}));
        check(json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"]));
        check(json!({"a": "b"}), json!(["c"]), json!(["c"]));
        check(json!({"a": "foo"}), Value::Null, Value::Null);
        check(json!({"a": "foo"}), json!("bar"), json!("bar"));
        check(json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1}));
        check(json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"}));
        check(json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}}));
    }

    #[test]
    fn another_distribution_replaces_the_old_one() {
        check_of(
            &Form::of::<ServiceConfig>(),
            json!({"service_time": {"uniform": [1, 2]}}),
            json!({"service_time": {"exponential": {"mean": 1}}}),
            json!({"service_time": {"exponential": {"mean": 1}}}),
        );
        check_of(
            &Form::of::<Config>(),
            json!({"users": {"closed": {"reuse_prob": 1}}}),
            json!({"users": {"poisson": {"reuse_prob": 0}}}),
            json!({"users": {"closed": {"reuse_prob": 1}, "poisson": {"reuse_prob": 0}}}),
        );
    }
}
