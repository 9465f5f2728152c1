//! Single requests in the class `Simulation` of JavaScript.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    options::{TraceFilterOptions, TraceList},
    simulation::{TraceFilter, WhichTraces},
    web::{
        error::Result,
        simulation::{WebSimulation, number},
        value,
    },
};

#[wasm_bindgen(typescript_custom_section)]
const REQUEST_TYPES: &str = include_str!("requests.d.ts");

#[wasm_bindgen(js_class = Simulation)]
impl WebSimulation {
    /// Whether requests that begin now are traced: off at first. Tracing changes no result. It can be switched at any
    /// time; requests in flight are then not traced, and traces that are kept stay.
    #[wasm_bindgen(getter)]
    pub fn tracing(&self) -> Result<bool> {
        self.with(|simulation| simulation.is_tracing())
    }

    #[wasm_bindgen(setter)]
    #[allow(missing_docs)] // The getter's stand for both.
    pub fn set_tracing(&self, on: bool) -> Result<()> {
        self.with(|simulation| simulation.set_tracing(on))
    }

    /// Requests that began while too many others (4096) were being traced, and so are not.
    #[wasm_bindgen(getter)]
    pub fn untraced(&self) -> Result<f64> {
        self.with(|simulation| simulation.untraced() as f64)
    }

    /// Visits in progress, at most so many, the oldest first. Works without tracing.
    #[wasm_bindgen(js_name = inFlight, unchecked_return_type = "InFlight")]
    pub fn in_flight(&self, limit: f64) -> Result<JsValue> {
        number("a limit", limit)?;
        let visits = self.with(|simulation| simulation.in_flight(limit as usize))?;
        value::to_js(&visits)
    }

    /// Traced requests and logins that are over. Those kept are the slowest, the latest that failed, and the latest of
    /// all, 64 each; when the warm-up ends the slowest are chosen anew. Throws `unknown_component` if there is no
    /// service of that name.
    #[wasm_bindgen(unchecked_return_type = "TraceSummary[]")]
    pub fn traces(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "TraceFilter")] filter: Option<js_sys::Object>,
    ) -> Result<JsValue> {
        let TraceFilterOptions { which, service, limit } = value::read_options("the filter of the traces", filter)?;
        let which = match which {
            TraceList::Latest => WhichTraces::Latest,
            TraceList::Failed => WhichTraces::Failed,
            TraceList::Slowest => WhichTraces::Slowest,
        };
        let filter = TraceFilter { which, service, limit: limit.map(|limit| limit as usize) };
        let traces = self.with(|simulation| simulation.traces(&filter))??;
        value::to_js(&traces)
    }

    /// All about a request or a login, by its running number; undefined if it is not kept (any more).
    #[wasm_bindgen(unchecked_return_type = "RequestTrace | undefined")]
    pub fn trace(&self, #[wasm_bindgen(js_name = number)] wanted: f64) -> Result<JsValue> {
        number("the number of a request", wanted)?;
        let is_whole = wanted >= 0.0 && wanted.fract() == 0.0;
        match self.with(|simulation| simulation.trace(wanted as u64).filter(|_| is_whole))? {
            Some(trace) => value::to_js(&trace),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}
