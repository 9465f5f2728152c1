//! Values across the boundary: configurations come in as JSON, reports go out as plain objects.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::JsValue;

use super::error::{Code, WebServiceModelError, simple};

/// A plain JavaScript object: no `Map`, no `BigInt`, `null` for what does not exist.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, WebServiceModelError> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| simple(Code::BadArgument, &error.to_string()))
}

/// JSON text of what JavaScript handed over: a string is taken as JSON already, anything else is turned into it.
pub fn to_json(value: &JsValue) -> Result<String, WebServiceModelError> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    let text = js_sys::JSON::stringify(value).map_err(|error| simple(Code::BadConfig, &not_json(&error)))?;
    // `JSON.stringify(undefined)` and of a function is undefined, which is no string.
    JsValue::from(text).as_string().ok_or_else(|| simple(Code::BadConfig, "the configuration is not an object"))
}

/// Why something could not be turned into JSON: a cycle, a BigInt, or a `toJSON` that throws.
fn not_json(error: &JsValue) -> String {
    let reason = js_sys::Error::from(error.clone()).message();
    format!("the configuration cannot be turned into JSON: {}", String::from(reason))
}
