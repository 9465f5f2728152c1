//! Errors on their way to JavaScript: everything that can go wrong becomes a `WebServiceModelError`.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::value;
use crate::{
    config::{ConfigError, ConfigErrors},
    experiment::PlanError,
    simulation::{ActionError, PatchError},
};

// A class of its own, so that a page can tell our errors from others, and a subclass of Error, so that it has a stack.
#[wasm_bindgen(module = "/src/web/error.js")]
extern "C" {
    /// A JavaScript `Error` with `code`, `errors` and `paths`.
    pub type WebServiceModelError;

    // Never called: it makes the module export the class. The same attribute on the type above would do that too, but
    // declare it `unknown` to TypeScript, and only a function can leave its declaration to `error.d.ts`.
    #[wasm_bindgen(reexport = "WebServiceModelError", js_name = WebServiceModelError, skip_typescript)]
    fn reexported();

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str, errors: JsValue) -> WebServiceModelError;
}

/// What every function that JavaScript calls returns.
pub type Result<T, E = WebServiceModelError> = std::result::Result<T, E>;

/// What went wrong, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The configuration breaks rules.
    BadConfig,
    /// The configuration is good, but the run in progress cannot take it over.
    NeedsRestart,
    /// No component has that name, or it cannot do what was asked for.
    UnknownComponent,
    /// The component is not a replica that is up.
    NotPromotable,
    /// No time series has that name.
    UnknownSeries,
    /// No histogram has that name.
    UnknownHistogram,
    /// No chart has that id.
    UnknownChart,
    /// An argument is not what it should be.
    BadArgument,
    /// The chart could not be drawn.
    CannotDraw,
    /// There is no random generator.
    NoRandomness,
    /// The simulator crashed, now or before; the module has to be loaded again.
    Crashed,
}

impl Code {
    /// The code as JavaScript sees it.
    fn name(self) -> &'static str {
        match self {
            Self::BadConfig => "bad_config",
            Self::NeedsRestart => "needs_restart",
            Self::UnknownComponent => "unknown_component",
            Self::NotPromotable => "not_promotable",
            Self::UnknownSeries => "unknown_series",
            Self::UnknownHistogram => "unknown_histogram",
            Self::UnknownChart => "unknown_chart",
            Self::BadArgument => "bad_argument",
            Self::CannotDraw => "cannot_draw",
            Self::NoRandomness => "no_randomness",
            Self::Crashed => "crashed",
        }
    }
}

/// An error that has nothing to do with a configuration.
pub fn simple(code: Code, message: &str) -> WebServiceModelError {
    WebServiceModelError::new(code.name(), message, js_sys::Array::new().into())
}

/// An error about fields of a configuration.
fn about_fields(code: Code, errors: &ConfigErrors) -> WebServiceModelError {
    let list = value::to_js(&errors.0).unwrap_or_else(|_| js_sys::Array::new().into());
    WebServiceModelError::new(code.name(), &errors.to_string(), list)
}

impl From<ConfigErrors> for WebServiceModelError {
    fn from(errors: ConfigErrors) -> Self {
        about_fields(Code::BadConfig, &errors)
    }
}

/// What is wrong at a place that the message itself does not name.
fn at(path: &str, rule: &impl ToString) -> WebServiceModelError {
    ConfigErrors(vec![ConfigError { path: path.to_owned(), found: None, rule: rule.to_string() }]).into()
}

impl From<PlanError> for WebServiceModelError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Bad(errors) => errors.into(),
            PlanError::Metric(error) => at("metrics", &error),
            PlanError::Series(error) => at("series", &error),
        }
    }
}

impl From<PatchError> for WebServiceModelError {
    fn from(error: PatchError) -> Self {
        match error {
            PatchError::Bad(errors) => errors.into(),
            PatchError::NeedsRestart(errors) => about_fields(Code::NeedsRestart, &errors),
        }
    }
}

impl From<ActionError> for WebServiceModelError {
    fn from(error: ActionError) -> Self {
        let code = match error {
            ActionError::UnknownComponent(_) => Code::UnknownComponent,
            ActionError::NotPromotable(_) => Code::NotPromotable,
            ActionError::BadTime(_) => Code::BadArgument,
        };
        simple(code, &error.to_string())
    }
}
