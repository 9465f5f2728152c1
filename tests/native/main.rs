//! The native tests, one module for each subject. In the browser `tests/web.rs` runs instead.
#![cfg(not(target_arch = "wasm32"))]

mod config_errors;
mod config_patch;
mod config_properties;
mod json_schema;
mod scenarios;
