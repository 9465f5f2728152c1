//! Values across the boundary: configurations and options come in as JSON, reports go out as plain objects.

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::error::{Code, Result, WebServiceModelError, simple};
use crate::config::{self, ConfigError, ConfigErrors};

/// A plain JavaScript object: no `Map`, no `BigInt`, `null` for what does not exist.
pub fn to_js(value: &impl Serialize) -> Result<JsValue> {
    let no_json = || simple(Code::BadArgument, "there is no JSON for this");
    // By way of JSON, which has `null` for what is not finite, where JavaScript would get `NaN`.
    let json = serde_json::to_value(value).map_err(|_| no_json())?;
    json.serialize(&Serializer::json_compatible()).map_err(|_| no_json())
}

#[wasm_bindgen(module = "/src/web/json.js")]
extern "C" {
    /// JSON text, or `undefined` if there is none; throws an `Error` if the value cannot be turned into JSON.
    #[wasm_bindgen(catch, js_name = toJson)]
    fn to_json_text(value: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/web/shown.js")]
extern "C" {
    fn shown(value: &JsValue) -> String;
}

/// The error that an argument, `what`, is not what it should be.
pub fn is_not(kind: &str, what: &str, value: &JsValue) -> WebServiceModelError {
    simple(Code::BadArgument, &format!("{what}: {} is not {kind}", shown(value)))
}

/// A text that JavaScript handed over. (The bindings take a number for the place of a text in memory, if they are told that
/// it is one.)
pub fn string(what: &str, value: &JsValue) -> Result<String> {
    value.as_string().ok_or_else(|| is_not("a string", what, value))
}

/// JSON text of a configuration that JavaScript handed over: a string is taken as JSON already, anything else is
/// turned into it. What cannot be is a mistake of the configuration as a whole.
pub fn to_json(value: &JsValue) -> Result<String, ConfigErrors> {
    let wrong = |rule| ConfigErrors(vec![ConfigError { path: String::new(), found: None, rule }]);
    text(value).map_err(wrong)
}

/// JSON text of a value, or what is wrong with it.
fn text(value: &JsValue) -> Result<String, String> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    let text = to_json_text(value).map_err(|error| not_json(&error))?;
    // There is no JSON for `undefined` or a function.
    text.as_string().ok_or_else(|| "is not an object".into())
}

/// Options that JavaScript handed over, read as strictly as a configuration; `what` names them if something is wrong.
pub fn read_options<T>(what: &str, options: Option<js_sys::Object>) -> Result<T>
where
    T: Default + DeserializeOwned + JsonSchema + 'static,
{
    let Some(options) = options else {
        return Ok(T::default());
    };
    let text = text(&options.into()).map_err(|rule| simple(Code::BadArgument, &format!("{what} {rule}")))?;
    config::read_json_with_notations(&text).map_err(|mut errors| {
        for error in &mut errors.0 {
            let within = if error.path.is_empty() { "" } else { ": " };
            error.path = format!("{what}{within}{}", error.path);
        }
        simple(Code::BadArgument, &errors.to_string())
    })
}

/// Why something could not be turned into JSON: a cycle, a BigInt, or a `toJSON` that throws.
fn not_json(error: &JsValue) -> String {
    let reason = js_sys::Error::from(error.clone()).message();
    format!("cannot be turned into JSON: {}", String::from(reason))
}
