//! What differs between two configurations, in words.

use serde_json::Value;

use super::{path::Path, schema::Config};

/// The fields in which two configurations differ: `services.Shop.fail_prob: 0.05 → 0.5`.
/// A field that is at its default on one side shows as `default` there.
pub fn changes(old: &Config, new: &Config) -> Vec<String> {
    let mut found = Vec::new();
    compare(&Path::Root, Some(&old.to_value()), Some(&new.to_value()), &mut found);
    found
}

fn compare(path: &Path, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<String>) {
    if old == new {
        return;
    }
    if let (Some(Value::Object(a)), Some(Value::Object(b))) = (old, new) {
        for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
            compare(&path.key(key), a.get(key), b.get(key), found);
        }
        return;
    }
    let shown = |value: Option<&Value>| value.map_or_else(|| "default".to_owned(), Value::to_string);
    found.push(format!("{path}: {} → {}", shown(old), shown(new)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_changed_field_is_named_once() {
        let read = |text: &str| Config::from_json(text).expect("reads");
        let old = read(r#"{"duration": 10, "services": {"Shop": {"base_latency": 0.1}}}"#);
        let new = read(r#"{"duration": 20, "services": {"Shop": {"base_latency": 0.1, "fail_prob": 0.5}}}"#);
        assert_eq!(changes(&old, &new), ["duration: 10.0 → 20.0", "services.Shop.fail_prob: default → 0.5"]);
        assert!(changes(&new, &new).is_empty());
    }
}
