//! Files of other programs, in JavaScript.

use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    import::{Note, Product, import},
    web::{crash, error::Result, value},
};

#[wasm_bindgen(typescript_custom_section)]
const IMPORT_TYPES: &str = include_str!("import.d.ts");

/// Makes a configuration of a file of nginx, HAProxy, RabbitMQ (its definitions), Patroni, Redis or Sentinel. Which of them it
/// is its text says, or, where that leaves it open, its name.
#[wasm_bindgen(js_name = importConfig, unchecked_return_type = "Imported")]
pub fn import_config(
    #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
) -> Result<JsValue> {
    crash::begin()?;
    let (text, name) = (value::string("the text", text)?, value::string("the name of a file", name)?);
    let product = Product::of_file(&name, &text);
    let (config, notes) = match import(&text, product) {
        Ok(imported) => (imported.config.to_value(), imported.notes),
        Err(nothing) => (Value::Null, nothing.notes),
    };
    let notes: Vec<Value> = notes.iter().map(note_to_json).collect();
    value::to_js(&json!({ "product": product.name(), "config": config, "notes": notes }))
}

fn note_to_json(note: &Note) -> Value {
    json!({ "line": note.line, "text": note.text })
}
