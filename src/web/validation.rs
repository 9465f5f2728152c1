//! The check of the simulator against theory in JavaScript.

use std::cell::RefCell;

use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    validate::{Check, Finding, LEVEL, MORE, REPLICATIONS, Row, SEED, broken, rows},
    web::{
        clock, crash,
        error::{Code, Result, simple},
        seed::whole,
        value,
    },
};

#[wasm_bindgen(typescript_custom_section)]
const VALIDATION_TYPES: &str = include_str!("validation.d.ts");

/// The results of theory that the simulator can be checked against.
#[wasm_bindgen(js_name = validationRows, unchecked_return_type = "ValidationRows")]
pub fn validation_rows() -> Result<JsValue> {
    crash::begin()?;
    let all: Vec<Value> = rows().iter().map(row_to_json).collect();
    value::to_js(&json!({ "seed": SEED, "replications": REPLICATIONS, "more": MORE, "level": LEVEL, "rows": all }))
}

fn row_to_json(row: &Row) -> Value {
    let claims: Vec<Value> =
        row.claims.iter().map(|claim| json!({ "name": claim.name, "theory": claim.theory })).collect();
    json!({ "id": row.id, "title": row.title, "claims": claims })
}

/// The check of one row, done in slices.
#[wasm_bindgen(js_name = ValidationCheck)]
pub struct WebValidationCheck {
    inner: RefCell<Check>,
}

#[wasm_bindgen(js_class = ValidationCheck)]
impl WebValidationCheck {
    /// The check of the row of that id. A `broken` model is wrong on purpose: its services work 3 % slower than they
    /// say. Throws `bad_argument` if there is no such row.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "string")] id: &JsValue,
        seed: f64,
        broken: bool,
    ) -> Result<WebValidationCheck> {
        crash::begin()?;
        let id = value::string("the id of a row", id)?;
        let seed = whole("a seed", seed)?;
        let row = rows().into_iter().find(|row| row.id == id);
        let row = row.ok_or_else(|| simple(Code::BadArgument, &format!("there is no row `{id}`")))?;
        let check = if broken { broken::check(row, seed)? } else { Check::new(row, seed)? };
        Ok(Self { inner: RefCell::new(check) })
    }

    /// Works for at most so many milliseconds of wall time; says whether the check is finished.
    #[wasm_bindgen(js_name = advanceFor)]
    pub fn advance_for(&self, milliseconds: f64) -> Result<bool> {
        self.with(|check| clock::work_for(milliseconds, |events| check.advance(events)))
    }

    /// The share that is done, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> Result<f64> {
        self.with(|check| check.progress())
    }

    /// Whether a claim missed in the first replications, and further ones are being run.
    #[wasm_bindgen(getter, js_name = isSecondLook)]
    pub fn is_second_look(&self) -> Result<bool> {
        self.with(|check| check.is_second_look())
    }

    /// What the finished replications say, claim by claim. Before the end the intervals are wider.
    #[wasm_bindgen(unchecked_return_type = "ValidationFinding[]")]
    pub fn findings(&self) -> Result<JsValue> {
        let findings: Vec<Value> = self.with(|check| check.findings().iter().map(finding).collect())?;
        value::to_js(&findings)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Check) -> T) -> Result<T> {
        crash::check()?;
        let mut check = self.inner.try_borrow_mut().map_err(|_| crash::error("in an earlier call"))?;
        Ok(work(&mut check))
    }
}

fn finding(it: &Finding) -> Value {
    let number = |value: f64| value.is_finite().then_some(value);
    let missed = it.missed.map(|missed| {
        let (mean, half_width) = (number(missed.mean), number(missed.half_width));
        json!({ "mean": mean, "half_width": half_width, "verdict": missed.verdict.name() })
    });
    json!({
        "name": it.name,
        "theory": it.theory,
        "mean": number(it.mean),
        "half_width": number(it.half_width),
        "verdict": it.verdict.name(),
        "missed": missed,
    })
}
