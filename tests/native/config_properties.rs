//! Whatever comes in: no panic, and what passes once passes again and means the same.

use proptest::{prelude::*, sample::Index};
use serde_json::{Map, Value, json};
use web_service_model::config::{apply_patch, load, resolve, restart_reasons, schema::Config, warnings};

use crate::scenarios::{all, text};

/// Loads a text. If it is accepted, it is accepted again after it was written, and gives the same topology.
fn check(text: &str) {
    let Ok((config, topology)) = load(text) else {
        // The two steps alone must not panic either, whatever one of them lets through.
        let read = Config::from_json(text);
        let said = read.map(|config| (resolve(&config).is_ok(), warnings(&config)));
        assert!(said.is_err() || said.is_ok_and(|(runs, warnings)| runs || warnings.is_empty()));
        return;
    };
    let again = Config::from_json(&config.to_json_pretty()).expect("what was accepted is accepted again");
    assert_eq!(again, config);
    assert_eq!(warnings(&again), warnings(&config));
    let second = resolve(&again).expect("what was resolved is resolved again");
    assert_eq!(format!("{second:?}"), format!("{topology:?}"));
    assert_eq!(restart_reasons(&config, &again), []);
}

/// Any JSON, with the words of the format among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3_i32..20).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        (0.0..2.0).prop_map(|number: f64| json!(number)),
        "[a-z/.0-9 ]{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["50ms", "infs", "1e400s", "Shop", "DB/primary", "users", "fifo", "ignore"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop_oneof![
            "[a-zA-Z]{0,5}",
            prop::sample::select(vec![
                "users",
                "services",
                "db_clusters",
                "caches",
                "brokers",
                "faults",
                "auth",
                "network",
                "arrivals",
                "poisson",
                "rate",
                "targets",
                "instances",
                "weights",
                "service_time",
                "uniform",
                "exponential",
                "mean",
                "database",
                "name",
                "per_instance",
                "outages",
                "up",
                "down",
                "crash",
                "component",
                "at",
                "Shop",
                "DB",
                "calls",
                "to",
                "operation",
                "replicas",
                "queues",
                "consumers",
            ])
            .prop_map(str::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6).prop_map(|entries| Value::Object(Map::from_iter(entries))),
        ]
    })
}

/// Paths to all values inside of a value.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in inner {
        found.extend(pointers(value).into_iter().map(|rest| format!("/{key}{rest}")));
    }
    found
}

fn pick<'a>(index: &Index, list: &'a [String]) -> &'a str {
    index.get::<String>(list)
}

/// A change to a scenario.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Index, Value),
    Remove(Index),
    Copy(Index, Index),
    Scale(Index, f64),
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), any_json()).prop_map(|(at, value)| Mutation::Replace(at, value)),
        any::<Index>().prop_map(Mutation::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Copy(from, to)),
        (any::<Index>(), -2.0..3.0).prop_map(|(at, factor)| Mutation::Scale(at, factor)),
    ]
}

fn mutate(value: &mut Value, mutation: &Mutation) {
    let pointers = pointers(value);
    match mutation {
        Mutation::Replace(at, new) => {
            if let Some(slot) = value.pointer_mut(pick(at, &pointers)) {
                slot.clone_from(new);
            }
        }
        Mutation::Remove(at) => {
            let Some((holder, key)) = pick(at, &pointers).rsplit_once('/') else { return };
            match value.pointer_mut(holder) {
                Some(Value::Object(map)) => {
                    map.shift_remove(key);
                }
                Some(Value::Array(list)) => {
                    list.remove(key.parse().expect("an index"));
                }
                _ => {}
            }
        }
        Mutation::Copy(from, to) => {
            let copied = value.pointer(pick(from, &pointers)).cloned();
            if let (Some(copied), Some(slot)) = (copied, value.pointer_mut(pick(to, &pointers))) {
                *slot = copied;
            }
        }
        Mutation::Scale(at, factor) => {
            if let Some(slot) = value.pointer_mut(pick(at, &pointers))
                && let Some(number) = slot.as_f64()
            {
                let scaled = number * factor;
                *slot = if slot.is_u64() { json!(scaled as i64) } else { json!(scaled) };
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn letters_of_json(text in r#"[\[\]{}:,"0-9.eE+\-a-u \\]{0,80}"#) {
        check(&text);
    }

    #[test]
    fn json_of_any_shape(value in any_json()) {
        check(&value.to_string());
    }

    #[test]
    fn scenarios_with_changes(scenario in any::<Index>(), mutations in prop::collection::vec(any_mutation(), 1..4)) {
        let ids = all();
        let mut value: Value = serde_json::from_str(&text(pick(&scenario, &ids))).expect("JSON");
        mutations.iter().for_each(|mutation| mutate(&mut value, mutation));
        check(&value.to_string());
    }

    #[test]
    fn scenarios_cut_short(scenario in any::<Index>(), cut in any::<Index>()) {
        let ids = all();
        let text = text(pick(&scenario, &ids));
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        check(&text[..*cut.get(ends.as_slice())]);
    }

    #[test]
    fn patches(scenario in any::<Index>(), patch in any_json()) {
        let ids = all();
        let config = Config::from_json(&text(pick(&scenario, &ids))).expect("a scenario");
        if let Ok(patched) = apply_patch(&config, &patch.to_string()) {
            let _ = resolve(&patched);
            let _ = restart_reasons(&config, &patched);
        }
    }
}

#[test]
fn depth_is_bounded() {
    check(&"[".repeat(100_000));
    check(&"{\"a\":".repeat(100_000));
    check(&"{\"services\":{\"a\":{\"service_time\":".repeat(1000));
}

#[test]
fn size_is_bounded() {
    let errors = load(&" ".repeat(5_000_001)).expect_err("too long");
    assert_eq!(errors.to_string(), "configuration: has 5000001 bytes, too many (at most 5000000)");
}

/// The worst that fits: every element of a long list is wrong.
#[test]
fn many_errors_end_in_time() {
    let weights = "\"x\",".repeat(300_000);
    let errors = load(&format!("{{\"services\":{{\"a\":{{\"weights\":[{weights}0]}}}}}}")).expect_err("wrong");
    assert!(errors.0.len() <= 101, "{}", errors.0.len());
}

/// A long chain of calls must not exhaust the stack, nor may chains that double at each step exhaust anything.
#[test]
fn long_and_wide_calls_end_in_time() {
    let service = |i: usize, to: &str| (format!("S{i}"), json!({ "service_time": 0, "calls": [{ "to": [to, to] }] }));
    let mut services: Map<String, Value> = (0..900).map(|i| service(i, &format!("S{}", i + 1))).collect();
    services.insert("S900".to_owned(), json!({ "service_time": 0 }));
    let config = json!({
        "users": { "all": { "arrivals": { "poisson": { "rate": 1 } }, "targets": { "S0": 1 } } },
        "services": services,
    });
    let errors = load(&config.to_string()).expect_err("too many calls").to_string();
    // Where the thirteenth doubling is; not again for each of those before it.
    assert_eq!(
        errors,
        "services.S887.calls: lead to more than 10000 further requests for each one, through calls of calls"
    );
}
