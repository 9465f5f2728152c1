//! Many simulations: experiments, and the check of the simulator against theory.

mod experiment;
mod preparation;
mod validation;

pub use experiment::WebExperiment;
pub use preparation::WebPreparation;
pub use validation::{WebValidationCheck, validation_rows};

use crate::{
    config::limits::SEED_MAX,
    web::error::{Code, WebServiceModelError, simple},
};

/// A number that counts or names something.
fn whole(what: &str, number: f64) -> Result<u64, WebServiceModelError> {
    if number >= 0.0 && number.fract() == 0.0 && number <= SEED_MAX as f64 {
        Ok(number as u64)
    } else {
        Err(simple(Code::BadArgument, &format!("{what} must be an integer from 0")))
    }
}
