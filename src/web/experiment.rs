//! The class `Experiment` of JavaScript: a plan, its jobs, and the results of those that are done.
//!
//! Each Web Worker has an experiment of the same plan and runs jobs; the page has one that collects their figures.
//! What is large and seldom (size, outcome) goes out as JSON text.

use std::cell::RefCell;

use js_sys::Float64Array;
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    experiment::{
        Next, Pilots, Plan, Replication, Results, Size, Study, Target, Width,
        outcome::{self, LEVEL},
    },
    options::{Measure, TargetOptions},
    web::{
        clock, crash,
        error::{Code, Result, simple},
        seed::whole,
        value,
    },
};

#[wasm_bindgen(typescript_custom_section)]
const EXPERIMENT_TYPES: &str = include_str!("experiment.d.ts");

struct Inner {
    plan: Plan,
    study: Study,
    results: Results,
    /// The job under way.
    running: Option<(u64, Replication)>,
    /// The pilot runs under way, and of which configuration.
    pilots: Option<(u64, Pilots)>,
}

/// An experiment: a checked plan, its jobs, and the figures of those that are done.
///
/// Jobs are numbered from 0: first the first replication of every configuration, then the second of every one. They do
/// not depend on each other, so anybody can run any of them.
#[wasm_bindgen(js_name = Experiment)]
pub struct WebExperiment {
    inner: RefCell<Inner>,
}

#[wasm_bindgen(js_class = Experiment)]
impl WebExperiment {
    /// Reads and checks a plan: an object, or JSON text. Throws `bad_config` with every error and its path.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Plan | string")] plan: JsValue) -> Result<WebExperiment> {
        crash::begin()?;
        let plan = Plan::from_json(&value::to_json(&plan)?)?;
        let study = plan.study()?;
        Ok(Self::of(plan, study))
    }

    /// The number of configurations.
    #[wasm_bindgen(getter)]
    pub fn points(&self) -> Result<f64> {
        self.with(|inner| inner.study.models.len() as f64)
    }

    /// The number of jobs: configurations times replications.
    #[wasm_bindgen(getter)]
    pub fn jobs(&self) -> Result<f64> {
        self.with(|inner| inner.study.jobs(0..inner.plan.replications).end as f64)
    }

    /// The number of jobs whose figures are here.
    #[wasm_bindgen(getter)]
    pub fn finished(&self) -> Result<f64> {
        self.with(|inner| inner.results.len() as f64)
    }

    /// Names of the figures of the first configuration.
    #[wasm_bindgen(getter)]
    pub fn metrics(&self) -> Result<Vec<String>> {
        self.with(|inner| inner.study.models.first().map(|model| model.names().to_vec()).unwrap_or_default())
    }

    /// How large the experiment is. Simulates a little to find out.
    #[wasm_bindgen(unchecked_return_type = "ExperimentSize")]
    pub fn size(&self) -> Result<JsValue> {
        let size = self.with(|inner| {
            let runs = inner.study.jobs(0..inner.plan.replications).end;
            let size = Size::of(&inner.study, runs);
            let refusal = size.check().err().map(|error| error.to_string());
            json!({ "runs": size.runs, "events": size.events, "bytes": size.bytes, "too_large": refusal })
        })?;
        value::to_js(&size)
    }

    /// Works on a job for at most so many milliseconds; its figures (NaN where one does not exist) as soon as it is
    /// done, `undefined` before. Another job than before gives up the one under way. Throws `bad_argument` if there is
    /// no such job.
    pub fn run(&self, job: f64, milliseconds: f64) -> Result<Option<Float64Array>> {
        let job = whole("the number of a job", job)?;
        self.with(|inner| inner.run(job, milliseconds))?
    }

    /// Works for at most so many milliseconds on the pilot runs of a configuration (by its number): the warm-up that it
    /// needs, in seconds, by MSER-5, as soon as they are over, or `null` if it does not settle, as an overloaded system;
    /// `undefined` before. Another configuration than before gives up the pilot runs under way. Throws `bad_argument` if
    /// there is no such configuration.
    #[wasm_bindgen(unchecked_return_type = "number | null | undefined")]
    pub fn settle(&self, point: f64, milliseconds: f64) -> Result<JsValue> {
        let point = whole("the number of a configuration", point)?;
        self.with(|inner| inner.settle(point, milliseconds))?
    }

    /// Puts in the figures of a job; says whether they fit.
    pub fn insert(&self, job: f64, figures: &Float64Array) -> Result<bool> {
        let job = whole("the number of a job", job)?;
        self.with(|inner| inner.results.insert(job, figures.to_vec()))
    }

    /// What comes next on the way to a narrow interval, after the replications that are finished.
    #[wasm_bindgen(unchecked_return_type = "NextReplications")]
    pub fn next(
        &self,
        #[wasm_bindgen(unchecked_param_type = "HalfWidthTarget")] target: js_sys::Object,
    ) -> Result<JsValue> {
        let options: TargetOptions = value::read_options("the target", Some(target))?;
        let next = self.with(|inner| inner.next(&options))??;
        value::to_js(&next)
    }

    /// The results so far as JSON, the same text as `--json` prints on the command line.
    pub fn outcome(&self) -> Result<String> {
        self.with(|inner| format!("{:#}\n", outcome::outcome(&inner.plan, &inner.results)))
    }

    /// The results so far as a table for a spreadsheet: a row for each configuration.
    pub fn csv(&self) -> Result<String> {
        self.with(|inner| outcome::csv(&inner.plan, &inner.results))
    }

    /// Values of what is varied, for each configuration.
    #[wasm_bindgen(unchecked_return_type = "(number | string | boolean | null)[][]")]
    pub fn values(&self) -> Result<JsValue> {
        let values = self.with(|inner| inner.plan.values())??;
        value::to_js(&values)
    }

    pub(super) fn of(plan: Plan, study: Study) -> Self {
        let results = study.results();
        Self { inner: RefCell::new(Inner { plan, study, results, running: None, pilots: None }) }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> Result<T> {
        crash::check()?;
        let mut inner = self.inner.try_borrow_mut().map_err(|_| crash::error("in an earlier call"))?;
        Ok(work(&mut inner))
    }
}

impl Inner {
    fn run(&mut self, job: u64, milliseconds: f64) -> Result<Option<Float64Array>> {
        let begun = self.running.take().filter(|(number, _)| *number == job).map(|(_, replication)| replication);
        let replication = begun.or_else(|| self.study.start(job));
        let mut replication =
            replication.ok_or_else(|| simple(Code::BadArgument, &format!("there is no job {job}")))?;
        if clock::work_for(milliseconds, |events| replication.advance(events)) {
            return Ok(Some(Float64Array::from(&replication.values()[..])));
        }
        self.running = Some((job, replication));
        Ok(None)
    }

    fn settle(&mut self, point: u64, milliseconds: f64) -> Result<JsValue> {
        let begun = self.pilots.take().filter(|(number, _)| *number == point).map(|(_, pilots)| pilots);
        let model = self.study.models.get(point as usize);
        let pilots = begun.or_else(|| model.map(|model| Pilots::new(model, self.study.seed)));
        let mut pilots =
            pilots.ok_or_else(|| simple(Code::BadArgument, &format!("there is no configuration {point}")))?;
        if clock::work_for(milliseconds, |events| pilots.advance(events)) {
            return Ok(pilots.warm_up().map_or(JsValue::NULL, JsValue::from));
        }
        self.pilots = Some((point, pilots));
        Ok(JsValue::UNDEFINED)
    }

    fn next(&self, options: &TargetOptions) -> Result<Value> {
        let table = self.results.tables.first();
        let found = table.and_then(|table| Some((table, table.position(&options.metric)?)));
        let unknown = || simple(Code::BadArgument, &format!("there is no metric `{}`", options.metric));
        let (table, position) = found.ok_or_else(unknown)?;
        if !(options.width > 0.0 && options.width.is_finite()) {
            return Err(simple(Code::BadArgument, "the half-width must be a number above 0"));
        }
        let width = match options.measure {
            Measure::Relative => Width::Relative(options.width),
            Measure::Absolute => Width::Absolute(options.width),
        };
        let target = Target { width, level: LEVEL, most: options.most.max(1) };
        if table.is_empty() {
            return Ok(json!({ "is": "run", "replications": target.first() }));
        }
        Ok(match target.next(&table.column(position)) {
            Next::Run(replications) => json!({ "is": "run", "replications": replications }),
            Next::Reached => json!({ "is": "reached" }),
            Next::TooWide { half_width, wanted, needed } => {
                json!({ "is": "too_wide", "half_width": half_width, "wanted": wanted, "needed": needed })
            }
            Next::NoValue => json!({ "is": "no_value" }),
            Next::MeanIsZero => json!({ "is": "mean_is_zero" }),
        })
    }
}
