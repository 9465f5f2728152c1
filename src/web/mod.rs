//! The boundary to JavaScript: bindings that delegate and decide nothing.
//!
//! A configuration comes in as JSON, whatever JavaScript hands over, and is read strictly.
//! Reports go out as plain objects, series as copied `Float64Array`s, and every error as one class,
//! `WebServiceModelError`, with a `code`.
//!
//! The site has two modules of it, each with the simulator inside: one with the features `page` for a simulation that is
//! looked at, one with `lab` for experiments and validation, which are loaded only by whoever asks for them.

mod clock;
mod crash;
mod error;
#[cfg(feature = "lab")]
mod lab;
#[cfg(feature = "page")]
mod page;
mod value;

#[cfg(feature = "lab")]
pub use lab::{WebExperiment, WebPreparation, WebValidationCheck, validation_rows};
#[cfg(feature = "page")]
pub use page::{Baseline, WebSimulation, random_seed};

use wasm_bindgen::prelude::wasm_bindgen;

// TypeScript's view of what crosses the boundary as plain objects.
#[wasm_bindgen(typescript_custom_section)]
const CONFIG_TYPES: &str = include_str!("config.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const ERROR_TYPES: &str = include_str!("error.d.ts");

/// Version of the simulator, as in its Cargo.toml.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
