//! Seeds, and whatever else JavaScript counts by integers.

use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Code, Result, simple};
use crate::config::limits::SEED_MAX;

/// A seed from the browser's (or node's) random generator: an integer from 0 to 2^53 - 1.
#[wasm_bindgen(js_name = randomSeed)]
pub fn random_seed() -> Result<f64> {
    let bits = getrandom::u64().map_err(|problem| simple(Code::NoRandomness, &problem.to_string()))?;
    // The upper 53 bits: every such integer is exact as a JavaScript number.
    Ok((bits >> 11) as f64)
}

/// A number that counts or names something.
pub fn whole(what: &str, number: f64) -> Result<u64> {
    if number >= 0.0 && number.fract() == 0.0 && number <= SEED_MAX as f64 {
        Ok(number as u64)
    } else {
        Err(simple(Code::BadArgument, &format!("{what} must be an integer from 0")))
    }
}
