//! The boundary to JavaScript: bindings that delegate and decide nothing.
//!
//! A configuration comes in as JSON, whatever JavaScript hands over, and is read strictly.
//! Reports go out as plain objects, series as copied `Float64Array`s, and every error as one class,
//! `WebServiceModelError`, with a `code`.

mod baseline;
mod chart;
mod clock;
mod crash;
mod error;
mod experiment;
mod import;
mod observation;
mod preparation;
mod reality;
mod requests;
mod seed;
mod simulation;
mod snapshot;
mod validation;
mod value;

pub use baseline::Baseline;
pub use experiment::WebExperiment;
pub use import::import_config;
pub use preparation::WebPreparation;
pub use reality::{WebRealityCheck, reality_rows};
pub use seed::random_seed;
pub use simulation::WebSimulation;
pub use snapshot::WebSnapshot;
pub use validation::{WebValidationCheck, validation_rows};

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
