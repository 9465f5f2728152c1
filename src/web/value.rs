//! Values across the boundary: configurations and options come in as JSON, reports go out as plain objects.
//!
//! What goes out is a JSON value first, which reports are anyway when they are written as text: so the code that takes
//! a report apart exists once.

use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::JsValue;

use super::error::{Code, WebServiceModelError, simple};
use crate::config::{self, wire::Wire};

/// A plain JavaScript object: no `Map`, no `BigInt`, `null` for what does not exist.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, WebServiceModelError> {
    let value = serde_json::to_value(value).map_err(|_| simple(Code::BadArgument, "there is no JSON for this"))?;
    json_to_js(&value)
}

/// JSON as JavaScript sees it.
pub fn json_to_js(value: &Value) -> Result<JsValue, WebServiceModelError> {
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

/// Options that JavaScript handed over, read as strictly as a configuration; `what` names them if something is wrong.
pub fn read_options<T: Wire>(what: &str, options: Option<js_sys::Object>) -> Result<T, WebServiceModelError> {
    let Some(options) = options else {
        return Ok(T::blank());
    };
    config::read_json(&to_json(&options.into())?)
        .map_err(|errors| simple(Code::BadArgument, &format!("{what}: {errors}")))
}

/// Why something could not be turned into JSON: a cycle, a BigInt, or a `toJSON` that throws.
fn not_json(error: &JsValue) -> String {
    let reason = js_sys::Error::from(error.clone()).message();
    format!("the configuration cannot be turned into JSON: {}", String::from(reason))
}
