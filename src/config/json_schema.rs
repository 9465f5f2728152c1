//! The JSON Schema of configurations, for editors and forms.

use serde_json::{Value, json};

use super::schema::Config;

/// The schema of a configuration, made from the types that read it: titles, docs, defaults, ranges and examples.
///
/// It is a little laxer than [`resolve()`](fn@super::resolve): a schema can't say that a name exists, say.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Config).to_value();
    if let Value::Object(fields) = &mut schema {
        fields.insert("$id".to_owned(), json!("schema.json"));
        fields.insert("title".to_owned(), json!("WebServiceModel scenario"));
        fields.insert("examples".to_owned(), json!([example()]));
    }
    schema
}

/// The smallest configuration that does something.
fn example() -> Value {
    json!({
        "duration": 60,
        "users": { "clients": { "arrivals": { "poisson": { "rate": 8 } }, "targets": { "Shop": 1 } } },
        "services": { "Shop": { "service_time": { "exponential": { "mean": "100ms" } }, "workers": 1 } }
    })
}
