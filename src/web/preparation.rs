//! The class `ExperimentPreparation` of JavaScript: an experiment that is made ready in slices.

use std::cell::RefCell;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    experiment::{Plan, Preparation},
    web::{
        clock, crash,
        error::{Code, Result, simple},
        experiment::WebExperiment,
        value,
    },
};

/// Configurations between two looks at the clock: a millisecond of work or so.
const POINTS_PER_TURN: usize = 4;

/// An experiment that is being made ready: ten thousand configurations take seconds to be checked, and a page has to stay
/// awake meanwhile. Where that does not matter, `new Experiment(plan)` does the same at once.
#[wasm_bindgen(js_name = ExperimentPreparation)]
pub struct WebPreparation {
    plan: Plan,
    /// `None` once the experiment has been handed out.
    inner: RefCell<Option<Preparation>>,
}

#[wasm_bindgen(js_class = ExperimentPreparation)]
impl WebPreparation {
    /// Reads a plan: an object, or JSON text. Throws `bad_config` with every error and its path.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Plan | string")] plan: JsValue) -> Result<WebPreparation> {
        crash::begin()?;
        let plan = Plan::from_json(&value::to_json(&plan)?)?;
        let inner = RefCell::new(Some(Preparation::new(&plan)?));
        Ok(Self { plan, inner })
    }

    /// Works for at most so many milliseconds; says whether all is ready. Throws `bad_config` at the first configuration
    /// that is bad.
    #[wasm_bindgen(js_name = advanceFor)]
    pub fn advance_for(&self, milliseconds: f64) -> Result<bool> {
        crash::check()?;
        let mut outcome = Ok(true);
        if let Some(preparation) = self.inner.borrow_mut().as_mut() {
            clock::work_for(milliseconds, |_| {
                outcome = preparation.advance(POINTS_PER_TURN);
                !matches!(outcome, Ok(false))
            });
        }
        Ok(outcome?)
    }

    /// The experiment, once. Throws `bad_argument` if it is not ready.
    pub fn experiment(&self) -> Result<WebExperiment> {
        crash::check()?;
        let not_ready = || simple(Code::BadArgument, "the experiment is not ready: advanceFor says when it is");
        let ready = self.inner.borrow_mut().take_if(|preparation| matches!(preparation.advance(0), Ok(true)));
        Ok(WebExperiment::of(self.plan.clone(), ready.ok_or_else(not_ready)?.study()))
    }
}
