//! The class `Experiment` of JavaScript: a plan, its jobs, and the results of those that are done.
//!
//! Each Web Worker has an experiment of the same plan and runs jobs; the page has one that collects their figures.
//! What is large and seldom (size, outcome) goes out as JSON text.

use std::cell::RefCell;

use js_sys::Float64Array;
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::whole;
use crate::{
    config::wire::{object, words},
    experiment::{
        Next, Plan, Replication, Results, Size, Study, Target, Width,
        outcome::{self, LEVEL},
    },
    json,
    web::{
        clock, crash,
        error::{Code, WebServiceModelError, simple},
        value,
    },
};

#[wasm_bindgen(typescript_custom_section)]
const EXPERIMENT_TYPES: &str = include_str!("experiment.d.ts");

type Result<T> = std::result::Result<T, WebServiceModelError>;

/// How the width of an interval is measured.
#[derive(Clone, Copy, Default)]
enum Measure {
    #[default]
    Relative,
    Absolute,
}

words!(Measure { Relative = "relative", Absolute = "absolute" });

/// How narrow the interval of a figure shall be.
#[derive(Default)]
struct TargetOptions {
    metric: String,
    width: f64,
    measure: Measure,
    most: u64,
}

object!(TargetOptions { metric, width, measure, most });

struct Inner {
    plan: Plan,
    study: Study,
    results: Results,
    /// The job under way.
    running: Option<(u64, Replication)>,
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
        crash::watch();
        crash::check()?;
        let plan = Plan::from_json(&value::to_json(&plan)?)?;
        let study = plan.study()?;
        let results = study.results();
        Ok(Self { inner: RefCell::new(Inner { plan, study, results, running: None }) })
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
        value::json_to_js(&size)
    }

    /// Works on a job for at most so many milliseconds; its figures (NaN where one does not exist) as soon as it is
    /// done, `undefined` before. Another job than before gives up the one under way. Throws `bad_argument` if there is
    /// no such job.
    pub fn run(&self, job: f64, milliseconds: f64) -> Result<Option<Float64Array>> {
        let job = whole("the number of a job", job)?;
        self.with(|inner| inner.run(job, milliseconds))?
    }

    /// The warm-up, in seconds, that a configuration (by its number) needs, by MSER-5 on pilot runs, which take their
    /// time; `undefined` if it does not settle, as an overloaded system. Throws `bad_argument` if there is no such
    /// configuration.
    pub fn settle(&self, point: f64) -> Result<Option<f64>> {
        let point = whole("the number of a configuration", point)?;
        self.with(|inner| {
            let model = inner.study.models.get(point as usize);
            let model =
                model.ok_or_else(|| simple(Code::BadArgument, &format!("there is no configuration {point}")))?;
            Ok(model.settle(inner.study.seed))
        })?
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
        value::json_to_js(&next)
    }

    /// The results so far as JSON, the same text as `--json` prints on the command line.
    pub fn outcome(&self) -> Result<String> {
        self.with(|inner| json::pretty(&outcome::outcome(&inner.plan, &inner.results)) + "\n")
    }

    /// The results so far as a table for a spreadsheet: a row for each configuration.
    pub fn csv(&self) -> Result<String> {
        self.with(|inner| outcome::csv(&inner.plan, &inner.results))
    }

    /// Values of what is varied, for each configuration.
    #[wasm_bindgen(unchecked_return_type = "(number | string | boolean | null)[][]")]
    pub fn values(&self) -> Result<JsValue> {
        let points = self.with(|inner| inner.plan.points())??;
        value::json_to_js(&points.into_iter().map(|point| Value::from(point.values)).collect())
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
