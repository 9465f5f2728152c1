//! A simulation that is looked at while it runs: the class `Simulation`, its charts, its requests.

mod baseline;
mod chart;
mod observation;
mod requests;
mod simulation;

pub use baseline::Baseline;
pub use simulation::WebSimulation;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::web::error::{Code, WebServiceModelError, simple};

/// A seed from the browser's (or node's) random generator: an integer from 0 to 2^53 - 1.
#[wasm_bindgen(js_name = randomSeed)]
pub fn random_seed() -> Result<f64, WebServiceModelError> {
    let bits = getrandom::u64().map_err(|problem| simple(Code::NoRandomness, &problem.to_string()))?;
    // The upper 53 bits: every such integer is exact as a JavaScript number.
    Ok((bits >> 11) as f64)
}
