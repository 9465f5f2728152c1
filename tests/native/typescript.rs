//! The TypeScript declarations of a configuration name the fields that the JSON Schema names, and no others.

use std::collections::BTreeSet;

use serde_json::Value;
use web_service_model::config::json_schema;

const DECLARATIONS: &str = include_str!("../../src/web/config.d.ts");

/// Fields of an interface, in the spelling of TypeScript; `None` if there is no such interface.
fn declared(name: &str) -> Option<BTreeSet<String>> {
    let (_, rest) = DECLARATIONS.split_once(&format!("export interface {name} {{\n"))?;
    let (body, _) = rest.split_once("\n}")?;
    let field = |line: &str| line.trim().split_once(':').map(|(name, _)| name.trim_end_matches('?').to_owned());
    Some(body.lines().filter_map(field).collect())
}

/// Fields of an object of the schema; `None` if it is no struct.
fn described(definition: &Value) -> Option<BTreeSet<String>> {
    Some(definition.get("properties")?.as_object()?.keys().cloned().collect())
}

#[test]
fn the_interfaces_have_the_fields_of_the_schema() {
    let schema = json_schema();
    assert_eq!(declared("Config"), described(&schema), "Config");
    let definitions = schema["$defs"].as_object().expect("the schema has definitions");
    let mut compared = 0;
    for (name, definition) in definitions {
        // The branches of distributions are written inline in TypeScript.
        if let (Some(fields), false) = (described(definition), ["Branch", "WeightedValue"].contains(&name.as_str())) {
            assert_eq!(declared(name), Some(fields), "{name}");
            compared += 1;
        }
    }
    assert!(compared > 20, "only {compared} interfaces were compared");
}

#[test]
fn the_variants_of_the_schema_are_declared() {
    let schema = json_schema();
    for name in ["Shape", "ArrivalsConfig", "FaultConfig", "BreakerWindow", "StepConfig"] {
        let variants = schema["$defs"][name]["oneOf"].as_array().expect("an enum");
        for variant in variants {
            let key = variant["required"][0].as_str().expect("a variant has one key");
            assert!(DECLARATIONS.contains(&format!("{{ {key}: ")), "{name} {key}");
        }
    }
    let words = [
        "BalancerPolicy",
        "CallKind",
        "Discipline",
        "Eviction",
        "FailoverStrategy",
        "Holds",
        "InProgress",
        "Jitter",
        "OnFailure",
        "OnGivingUp",
        "Overflow",
        "Rejoin",
        "ReplicationMode",
    ];
    for name in words {
        let variants = schema["$defs"][name]["oneOf"].as_array().expect("an enum");
        for word in variants.iter().filter_map(|variant| variant["const"].as_str()) {
            assert!(DECLARATIONS.contains(&format!("\"{word}\"")), "{name} {word}");
        }
    }
}
