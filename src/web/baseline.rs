//! Another simulation as an argument that may be left out.
//!
//! wasm-bindgen lends an object of ours to a function only where it must be there. So the function takes any object,
//! asks it to lend itself, and what it lends lies ready a moment later. What is no simulation cannot do that.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    simulation::Simulation,
    web::error::{Code, Result, simple},
};

/// A simulation that may be in several hands. Nobody holds it borrowed between two calls.
pub type Shared = Rc<RefCell<Simulation>>;

#[wasm_bindgen]
extern "C" {
    /// Another simulation; or whatever JavaScript took for one.
    #[wasm_bindgen(typescript_type = "Simulation")]
    pub type Baseline;

    #[wasm_bindgen(method, catch, structural, js_name = lend)]
    fn ask_to_lend(this: &Baseline) -> Result<(), JsValue>;
}

thread_local! {
    static LENT: Cell<Option<Shared>> = const { Cell::new(None) };
}

/// Puts a simulation where [`take`] finds it.
pub fn lend(simulation: &Shared) {
    LENT.set(Some(simulation.clone()));
}

/// The simulation behind an argument; `None` if there was none. Throws `bad_argument` if it is no simulation, or freed.
pub fn take(baseline: Option<Baseline>) -> Result<Option<Shared>> {
    let Some(baseline) = baseline else { return Ok(None) };
    LENT.set(None);
    let lent = baseline.ask_to_lend().ok().and_then(|()| LENT.take());
    lent.map(Some).ok_or_else(|| simple(Code::BadArgument, "the baseline is no simulation, or it was freed"))
}
