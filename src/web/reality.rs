//! The check of the simulator against what real products did, in JavaScript.

use std::cell::RefCell;

use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    reality::{Check, Row, SEED, json as as_json, rows},
    web::{
        clock, crash,
        error::{Code, Result, simple},
        seed::whole,
        value,
    },
};

#[wasm_bindgen(typescript_custom_section)]
const REALITY_TYPES: &str = include_str!("reality.d.ts");

/// The systems that somebody has measured, which the simulator can be checked against.
#[wasm_bindgen(js_name = realityRows, unchecked_return_type = "RealityRows")]
pub fn reality_rows() -> Result<JsValue> {
    crash::begin()?;
    let mut all = Vec::new();
    for row in rows() {
        all.push(row_to_json(&row)?);
    }
    value::to_js(&json!({ "seed": SEED, "rows": all }))
}

fn row_to_json(row: &Row) -> Result<Value> {
    let mut one = as_json::row(row);
    one["config"] = row.config()?.to_value();
    Ok(one)
}

/// The check of one row, done in slices.
#[wasm_bindgen(js_name = RealityCheck)]
pub struct WebRealityCheck {
    inner: RefCell<Check>,
}

#[wasm_bindgen(js_class = RealityCheck)]
impl WebRealityCheck {
    /// The check of the row of that id. Throws `bad_argument` if there is no such row.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "string")] id: &JsValue, seed: f64) -> Result<WebRealityCheck> {
        crash::begin()?;
        let id = value::string("the id of a row", id)?;
        let seed = whole("a seed", seed)?;
        let row = rows().into_iter().find(|row| row.id == id);
        let row = row.ok_or_else(|| simple(Code::BadArgument, &format!("there is no row `{id}`")))?;
        Ok(Self { inner: RefCell::new(Check::new(row, seed)?) })
    }

    /// Works for at most so many milliseconds of wall time; says whether the check is finished.
    #[wasm_bindgen(js_name = advanceFor)]
    pub fn advance_for(&self, milliseconds: f64) -> Result<bool> {
        let mut is_over = Ok(false);
        self.with(|check| {
            clock::work_for(milliseconds, |events| {
                is_over = check.advance(events);
                !matches!(is_over, Ok(false))
            })
        })?;
        Ok(is_over?)
    }

    /// The share that is done, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> Result<f64> {
        self.with(|check| check.progress())
    }

    /// What the finished replications say, claim by claim.
    #[wasm_bindgen(unchecked_return_type = "RealityFinding[]")]
    pub fn findings(&self) -> Result<JsValue> {
        let findings: Vec<Value> = self.with(|check| check.findings().iter().map(as_json::finding).collect())?;
        value::to_js(&findings)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Check) -> T) -> Result<T> {
        crash::check()?;
        let mut check = self.inner.try_borrow_mut().map_err(|_| crash::error("in an earlier call"))?;
        Ok(work(&mut check))
    }
}
