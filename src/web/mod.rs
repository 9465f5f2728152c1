//! The boundary to JavaScript: bindings that delegate and decide nothing.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the simulator, as in Cargo.toml.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
