//! The schema files: current, true to the scenarios, and strict where a schema can be.

use std::{env, fs, path::PathBuf};

use schemars::SchemaGenerator;
use serde_json::{Value, json};
use web_service_model::{
    config::{json_schema, schema::Config},
    experiment::Plan,
    options::{DrawOptions, LogFilterOptions, TargetOptions, TraceFilterOptions},
};

use crate::scenarios::{all, text};

/// Words of a schema that are for people, or for who writes a configuration. What is read has no use for them.
const ASIDE: [&str; 7] = ["title", "description", "default", "examples", "minimum", "maximum", "additionalProperties"];

/// Compares a file with what the types say; `UPDATE_SCHEMA=1 cargo test` writes it anew.
fn is_current(file: &str, current: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, current).expect("schema file");
    }
    let committed = fs::read_to_string(&path).expect("schema file");
    assert!(committed == current, "{file} is out of date: run `make schema`");
}

#[test]
fn the_schema_file_is_current() {
    is_current("www/schema.json", &format!("{:#}\n", json_schema()));
}

/// The schemas of all that the browser reads, by the names of their types.
#[test]
fn the_schemas_in_the_browsers_module_are_current() {
    let mut generator = SchemaGenerator::default();
    for schema in [
        generator.subschema_for::<Config>(),
        generator.subschema_for::<Plan>(),
        generator.subschema_for::<DrawOptions>(),
        generator.subschema_for::<LogFilterOptions>(),
        generator.subschema_for::<TraceFilterOptions>(),
        generator.subschema_for::<TargetOptions>(),
    ] {
        assert!(schema.get("$ref").is_some(), "it has a name: {schema:?}");
    }
    let definitions = generator.take_definitions(true).into_iter();
    let lines: Vec<String> = definitions.map(|(name, schema)| format!("\"{name}\": {}", bare(schema))).collect();
    is_current("src/config/schemas.json", &format!("{{\n{}\n}}\n", lines.join(",\n")));
}

/// Without what stands in it for people only.
fn bare(schema: Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(key, value)| !ASIDE.contains(&key.as_str()) || value.is_object());
            kept.map(|(key, value)| (key, bare(value))).collect()
        }
        Value::Array(list) => list.into_iter().map(bare).collect(),
        other => other,
    }
}

#[test]
fn every_scenario_fits_the_schema() {
    let schema = json_schema();
    for id in all() {
        let scenario = serde_json::from_str(&text(&id)).expect("JSON");
        assert_eq!(fault(&schema, &schema, &scenario), None, "{id}");
    }
    for example in schema["examples"].as_array().expect("examples") {
        assert_eq!(fault(&schema, &schema, example), None);
    }
}

#[test]
fn what_is_written_without_defaults_fits_the_schema() {
    use web_service_model::config::schema::Config;
    let schema = json_schema();
    for id in all() {
        let config = Config::from_json(&text(&id)).expect("a scenario");
        assert_eq!(fault(&schema, &schema, &config.to_value()), None, "{id}");
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let schema = json_schema();
    let shop = |fields: Value| json!({ "services": { "Shop": fields } });
    let bad = [
        json!([]),
        json!({ "seeed": 1 }),
        json!({ "seed": -1 }),
        json!({ "seed": 1.5 }),
        json!({ "duration": "long" }),
        json!({ "duration": -1 }),
        shop(json!({ "instances": 0 })),
        shop(json!({ "instances": "3" })),
        shop(json!({ "fail_prob": 1.5 })),
        shop(json!({ "discipline": "fofi" })),
        shop(json!({ "service_time": { "unifrom": [1, 2] } })),
        shop(json!({ "service_time": { "uniform": [1] } })),
        shop(json!({ "service_time": { "uniform": [1, 2], "constant": 1 } })),
        shop(json!({ "service_time": { "exponential": {} } })),
        shop(json!({ "database": {} })),
        shop(json!({ "outages": { "up": 1 } })),
        json!({ "users": { "a": { "arrivals": { "poisson": { "rate": "8" } } } } }),
        json!({ "faults": [{ "crush": {} }] }),
    ];
    for config in bad {
        assert!(fault(&schema, &schema, &config).is_some(), "accepted: {config}");
    }
}

/// Every field says what it is for.
#[test]
fn every_property_has_a_description() {
    fn walk(path: &str, schema: &Value) {
        let Some(object) = schema.as_object() else { return };
        for (name, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_alternative = object.get("required") == Some(&json!([name])) && object.len() <= 5;
            let is_described = property.get("description").is_some() || property.get("$ref").is_some();
            assert!(is_alternative || is_described, "{path}.{name}");
        }
        for (key, inner) in object {
            walk(&format!("{path}.{key}"), inner);
            inner.as_array().into_iter().flatten().for_each(|inner| walk(&format!("{path}.{key}[]"), inner));
        }
    }
    walk("", &json_schema());
}

/// Why a value does not fit a schema; `None` if it does. It knows the keywords that our schema uses and
/// stumbles over any other, so that it can't pass what it does not understand. (The crates that know them
/// all take minutes to compile.)
fn fault(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    let Value::Object(keywords) = schema else {
        return (schema == &json!(false)).then(|| format!("{value} is not allowed"));
    };
    keywords.iter().find_map(|(keyword, rule)| {
        let fits = |rule: &Value, value: &Value| fault(root, rule, value).is_none();
        let is_good = match keyword.as_str() {
            "$ref" => {
                let place = rule.as_str().and_then(|place| place.strip_prefix('#')).expect("a local reference");
                return fault(root, root.pointer(place).expect("what is referred to"), value);
            }
            "properties" => {
                return rule.as_object().into_iter().flatten().find_map(|(name, rule)| {
                    value.get(name).and_then(|value| fault(root, rule, value)).map(|why| format!("{name}: {why}"))
                });
            }
            "additionalProperties" => {
                let listed = keywords.get("properties");
                let others = value.as_object().into_iter().flatten();
                let mut others = others.filter(|(name, _)| listed.and_then(|listed| listed.get(name)).is_none());
                return others.find_map(|(name, value)| fault(root, rule, value).map(|why| format!("{name}: {why}")));
            }
            "items" => {
                let first = keywords.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
                value.as_array().into_iter().flatten().skip(first).all(|value| fits(rule, value))
            }
            "anyOf" => rule.as_array().is_some_and(|rules| rules.iter().any(|rule| fits(rule, value))),
            "oneOf" => rule.as_array().is_some_and(|rules| rules.iter().filter(|rule| fits(rule, value)).count() == 1),
            "required" => rule
                .as_array()
                .into_iter()
                .flatten()
                .all(|name| !value.is_object() || name.as_str().is_some_and(|name| value.get(name).is_some())),
            "type" => match rule {
                Value::Array(types) => types.iter().any(|kind| is_of_type(kind, value)),
                kind => is_of_type(kind, value),
            },
            "enum" => rule.as_array().is_some_and(|values| values.contains(value)),
            "const" => rule == value,
            "minimum" => value.as_f64().zip(rule.as_f64()).is_none_or(|(value, least)| value >= least),
            "maximum" => value.as_f64().zip(rule.as_f64()).is_none_or(|(value, most)| value <= most),
            "minItems" => value.as_array().zip(rule.as_u64()).is_none_or(|(list, least)| list.len() as u64 >= least),
            "maxItems" => value.as_array().zip(rule.as_u64()).is_none_or(|(list, most)| list.len() as u64 <= most),
            "pattern" => value.as_str().is_none_or(|text| text.trim().starts_with(|c: char| c.is_ascii_digit())),
            "$schema" | "$id" | "$defs" | "title" | "description" | "default" | "examples" | "format" => true,
            other => panic!("unknown keyword {other}"),
        };
        (!is_good).then(|| format!("{value} breaks {keyword}: {rule}"))
    })
}

fn is_of_type(kind: &Value, value: &Value) -> bool {
    match kind.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        other => panic!("unknown type {other}"),
    }
}
