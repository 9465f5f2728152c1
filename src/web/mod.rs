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
mod observation;
mod requests;
mod simulation;
mod validation;
mod value;

pub use baseline::Baseline;
pub use experiment::WebExperiment;
pub use simulation::WebSimulation;
pub use validation::{WebValidationCheck, validation_rows};

use error::{Code, WebServiceModelError};
use wasm_bindgen::prelude::wasm_bindgen;

/// Version of the simulator, as in its Cargo.toml.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A seed from the browser's (or node's) random generator: an integer from 0 to 2^53 - 1.
#[wasm_bindgen(js_name = randomSeed)]
pub fn random_seed() -> Result<f64, WebServiceModelError> {
    let bits = getrandom::u64().map_err(|problem| error::simple(Code::NoRandomness, &problem.to_string()))?;
    // The upper 53 bits: every such integer is exact as a JavaScript number.
    Ok((bits >> 11) as f64)
}
