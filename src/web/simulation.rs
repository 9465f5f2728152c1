//! The class `Simulation` of JavaScript.

use std::{cell::RefCell, rc::Rc};

use js_sys::Float64Array;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::HtmlCanvasElement;

use crate::{
    config,
    simulation::{ActionError, Simulation},
    web::{
        baseline::{self, Baseline, Shared},
        chart, clock, crash,
        error::{Code, Result, WebServiceModelError, simple},
        observation, value,
    },
};

// TypeScript's view of what crosses the boundary as plain objects. The sections stand in this file because it has code
// that is certainly used: the linker of a debug build leaves out a file that has none, and its sections with it.
#[wasm_bindgen(typescript_custom_section)]
const REPORT_TYPES: &str = include_str!("report.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const CHART_TYPES: &str = include_str!("chart.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const OBSERVATION_TYPES: &str = include_str!("observation.d.ts");

/// What JavaScript passes for a forgotten argument is not a number, and must not pass for one.
pub(super) fn number(what: &str, value: f64) -> Result<()> {
    if value.is_nan() { Err(simple(Code::BadArgument, &format!("{what} must be a number"))) } else { Ok(()) }
}

/// A simulation of a web system: give it a configuration, let time pass, ask what happened.
///
/// The module must be there first: `await init()`, or `initSync`. What is called before that throws a `TypeError`.
///
/// Call `free()` when it is not needed any more. What is called after that throws a plain `Error` without a `code`
/// ("null pointer passed to rust"): the object is empty then, and nothing of the simulator is asked.
#[wasm_bindgen(js_name = Simulation)]
pub struct WebSimulation {
    // All methods take `&self`: after a crash in the middle of a call a `&mut self` would stay borrowed for ever, and
    // wasm-bindgen's own complaint about that would come before ours. It is shared while it serves as a baseline.
    inner: Shared,
}

#[wasm_bindgen(js_class = Simulation)]
impl WebSimulation {
    /// Builds a system from a configuration: an object, or JSON text. Throws `bad_config` with every error at once.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config | string")] config: JsValue) -> Result<WebSimulation> {
        crash::begin()?;
        Ok(Self::of(Simulation::from_json(&value::to_json(&config)?)?))
    }

    /// Every error of a configuration (an object, or JSON text); an empty list if it is good.
    #[wasm_bindgen(unchecked_return_type = "ConfigError[]")]
    pub fn check(#[wasm_bindgen(unchecked_param_type = "Config | string")] config: JsValue) -> Result<JsValue> {
        crash::begin()?;
        let checked = value::to_json(&config).and_then(|text| config::load(&text));
        let errors = checked.err().map(|errors| errors.0).unwrap_or_default();
        value::to_js(&errors)
    }

    /// What has no effect in a configuration (an object, or JSON text), or contradicts itself, though it runs; an empty
    /// list if there is nothing, or if it has errors.
    #[wasm_bindgen(unchecked_return_type = "ConfigError[]")]
    pub fn warnings(#[wasm_bindgen(unchecked_param_type = "Config | string")] config: JsValue) -> Result<JsValue> {
        crash::begin()?;
        let read = value::to_json(&config).and_then(|text| config::load(&text));
        value::to_js(&read.map(|(config, _)| config::warnings(&config)).unwrap_or_default())
    }

    /// Simulated time that has passed, in seconds.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> Result<f64> {
        self.with(|simulation| simulation.now())
    }

    /// Simulated time at which the run ends, in seconds.
    #[wasm_bindgen(getter)]
    pub fn duration(&self) -> Result<f64> {
        self.with(|simulation| simulation.duration())
    }

    /// Whether the end has been reached.
    #[wasm_bindgen(getter)]
    pub fn finished(&self) -> Result<bool> {
        self.with(|simulation| simulation.is_finished())
    }

    /// Events handled so far.
    #[wasm_bindgen(getter)]
    pub fn events(&self) -> Result<f64> {
        self.with(|simulation| simulation.events() as f64)
    }

    /// Seed of the random numbers.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> Result<f64> {
        self.with(|simulation| simulation.config().seed as f64)
    }

    /// Simulates up to that time, in seconds, or to the end of the run. Throws `bad_argument` if it is not a number.
    #[wasm_bindgen(js_name = advanceTo)]
    pub fn advance_to(&self, seconds: f64) -> Result<()> {
        number("a time", seconds)?;
        self.with(|simulation| simulation.advance_to(seconds))
    }

    /// Simulates for so many milliseconds of wall time, and not beyond `untilSeconds` of simulated time. The clock is
    /// looked at every 256 events, so even without any time the run gets on a little.
    #[wasm_bindgen(js_name = advanceFor)]
    pub fn advance_for(
        &self,
        milliseconds: f64,
        #[wasm_bindgen(js_name = untilSeconds)] until_seconds: Option<f64>,
    ) -> Result<()> {
        number("a time", milliseconds)?;
        number("a time", until_seconds.unwrap_or_default())?;
        self.with(|simulation| {
            let until = until_seconds.unwrap_or(f64::INFINITY).min(simulation.duration());
            clock::advance_for(simulation, milliseconds, until);
        })
    }

    /// Handles so many events, or fewer if the run ends before; returns how many. Throws `bad_argument` if it is not told
    /// how many.
    #[wasm_bindgen(js_name = stepEvents)]
    pub fn step_events(&self, events: f64) -> Result<f64> {
        number("how many events", events)?;
        self.with(|simulation| {
            let end = simulation.duration();
            simulation.advance_events(events as u64, end) as f64
        })
    }

    /// Changes the configuration of the run in progress, by JSON Merge Patch (RFC 7396); returns what was
    /// changed, in words.
    ///
    /// Any number can be changed, also how many instances, replicas and consumers there are, and so can the kind of
    /// arrivals, the discipline, and what a cache holds. Instances that are taken away finish what they have; new
    /// replicas copy all writes before they serve. So components come and go: ask `components()` and `seriesNames()`
    /// again. A restart is needed by another seed, by things added or taken away by name, by another wiring, and by
    /// fewer replicas when the primary is one of those to go and nobody could take over.
    ///
    /// What would have to happen in the past does not: a crash, or the end of the warm-up. Slowness and partitions that
    /// should be under way begin at once, and so does a crash that is new in the list and whose `recover_at` lies ahead.
    /// An end of the run in the past is an end now.
    ///
    /// Throws `bad_config` or `needs_restart`; then nothing is changed.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn patch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Patch<Config> | string")] config: JsValue,
    ) -> Result<JsValue> {
        let patch = value::to_json(&config)?;
        let changed = self.with(|simulation| simulation.patch(&patch))??;
        value::to_js(&changed)
    }

    /// Takes a component down (or all of a service or cluster) for so many seconds; without a time, as long as its
    /// outages say, else until it is recovered by hand.
    pub fn crash(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] component: &JsValue,
        #[wasm_bindgen(js_name = forSeconds)] for_seconds: Option<f64>,
    ) -> Result<()> {
        let component = value::string("the name of a component", component)?;
        Ok(self.with(|simulation| simulation.crash(&component, for_seconds))??)
    }

    /// Brings a component up.
    pub fn recover(&self, #[wasm_bindgen(unchecked_param_type = "string")] component: &JsValue) -> Result<()> {
        let component = value::string("the name of a component", component)?;
        Ok(self.with(|simulation| simulation.recover(&component))??)
    }

    /// Makes a replica the primary of its cluster.
    pub fn promote(&self, #[wasm_bindgen(unchecked_param_type = "string")] node: &JsValue) -> Result<()> {
        let node = value::string("the name of a node", node)?;
        Ok(self.with(|simulation| simulation.promote(&node))??)
    }

    /// The report so far, as an object.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self) -> Result<JsValue> {
        let report = self.with(|simulation| simulation.report())?;
        value::to_js(&report)
    }

    /// The figures that a run is judged by, of its last so many seconds of simulated time: they do not depend on the speed of
    /// watching.
    #[wasm_bindgen(unchecked_return_type = "Recent")]
    pub fn recent(&self, seconds: f64) -> Result<JsValue> {
        number("a time", seconds)?;
        value::to_js(&self.with(|simulation| simulation.recent(seconds))?)
    }

    /// The report so far, as text: byte for byte what the command line's `--json` prints.
    #[wasm_bindgen(js_name = reportJson)]
    pub fn report_json(&self) -> Result<String> {
        self.with(|simulation| simulation.report().to_json())?
            .map_err(|_| simple(Code::BadArgument, "there is no JSON for this"))
    }

    /// Names of all time series.
    #[wasm_bindgen(js_name = seriesNames)]
    pub fn series_names(&self) -> Result<Vec<String>> {
        self.with(|simulation| simulation.series_names())
    }

    /// A time series: one value for each window of simulated time, NaN where there is none.
    pub fn series(&self, #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue) -> Result<Float64Array> {
        let name = &value::string("the name of a series", name)?;
        match self.with(|simulation| simulation.series(name))? {
            Some(series) => Ok(Float64Array::from(series.values.as_slice())),
            None => Err(unknown(Code::UnknownSeries, "series", name)),
        }
    }

    /// Start of the first window of the time series and width of a window, in seconds.
    ///
    /// The width doubles whenever a run outgrows its number of windows.
    #[wasm_bindgen(js_name = seriesWindow, unchecked_return_type = "SeriesWindow")]
    pub fn series_window(&self) -> Result<JsValue> {
        let window = self.with(|simulation| observation::series_window(simulation))?;
        value::to_js(&window)
    }

    /// Names of all histograms.
    #[wasm_bindgen(js_name = histogramNames)]
    pub fn histogram_names(&self) -> Result<Vec<String>> {
        self.with(|simulation| simulation.histogram_names())
    }

    /// A histogram, in at most so many bins of equal width: 1 to 1000.
    #[wasm_bindgen(unchecked_return_type = "Histogram")]
    pub fn histogram(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
        bins: f64,
    ) -> Result<JsValue> {
        let name = &value::string("the name of a histogram", name)?;
        number("how many bins", bins)?;
        match self.with(|simulation| simulation.histogram(name, bins as usize))? {
            Some(histogram) => value::to_js(&observation::Histogram::from(histogram)),
            None => Err(unknown(Code::UnknownHistogram, "histogram", name)),
        }
    }

    /// The state of every component.
    #[wasm_bindgen(unchecked_return_type = "ComponentState[]")]
    pub fn components(&self) -> Result<JsValue> {
        let components = self.with(|simulation| simulation.components())?;
        value::to_js(&components)
    }

    /// The event log, or the part of it that passes the filter. It is bounded: `dropped` says how much is gone. Throws
    /// `unknown_component` if the filter names none.
    #[wasm_bindgen(unchecked_return_type = "LogView")]
    pub fn log(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "LogFilter")] filter: Option<js_sys::Object>,
    ) -> Result<JsValue> {
        let filter = observation::log_filter(filter)?;
        let view = self.with(|simulation| {
            filter.component.as_ref().map_or(Ok(()), |name| simulation.check_component(name))?;
            Ok::<_, ActionError>(simulation.log(&filter))
        })??;
        value::to_js(&view)
    }

    /// What happened, for a time line, oldest first: of each class of events at most a few hundred marks over the whole run,
    /// each for a place in time, with the first entry there and how many there were. Unlike the log they go back to the
    /// beginning.
    #[wasm_bindgen(unchecked_return_type = "Mark[]")]
    pub fn marks(&self) -> Result<JsValue> {
        let marks = self.with(|simulation| simulation.marks())?;
        value::to_js(&marks)
    }

    /// Ids of all charts, in the order in which they are best shown.
    #[wasm_bindgen(unchecked_return_type = "ChartId[]")]
    pub fn charts() -> Vec<String> {
        chart::ids()
    }

    /// Draws a chart of the run so far on a canvas, whose size is in device pixels; returns where the plot stands and
    /// what the colours mean.
    ///
    /// With a baseline (another simulation, or this one) its lines are drawn behind, faint and dashed, and the axes
    /// cover both. Throws `unknown_series` if a chart of chosen series names one that there is not.
    #[wasm_bindgen(unchecked_return_type = "Drawing")]
    pub fn draw(
        &self,
        canvas: HtmlCanvasElement,
        #[wasm_bindgen(js_name = chartId, unchecked_param_type = "ChartId")] chart_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "DrawOptions")] options: Option<js_sys::Object>,
        #[wasm_bindgen(unchecked_optional_param_type = "Simulation | null")] baseline: Option<Baseline>,
    ) -> Result<JsValue> {
        let wanted = chart::Wanted::new(chart_id, options)?;
        self.look(baseline, |run, baseline| wanted.draw(run, baseline, canvas))
    }

    /// What a chart says at a place of its plot, for a tooltip: `x` and `y` are numbers on its axes, as
    /// `Drawing.plot` gives them.
    #[wasm_bindgen(unchecked_return_type = "Reading[]")]
    pub fn readings(
        &self,
        #[wasm_bindgen(js_name = chartId, unchecked_param_type = "ChartId")] chart_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "DrawOptions | undefined")] options: Option<js_sys::Object>,
        x: f64,
        y: f64,
        #[wasm_bindgen(unchecked_optional_param_type = "Simulation | null")] baseline: Option<Baseline>,
    ) -> Result<JsValue> {
        let wanted = chart::Wanted::new(chart_id, options)?;
        self.look(baseline, |run, baseline| wanted.readings(run, baseline, (x, y)))
    }

    /// The figures behind a chart, as plain numbers: those in view, without what is hidden.
    #[wasm_bindgen(unchecked_return_type = "ChartTable")]
    pub fn table(
        &self,
        #[wasm_bindgen(js_name = chartId, unchecked_param_type = "ChartId")] chart_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "DrawOptions")] options: Option<js_sys::Object>,
        #[wasm_bindgen(unchecked_optional_param_type = "Simulation | null")] baseline: Option<Baseline>,
    ) -> Result<JsValue> {
        let wanted = chart::Wanted::new(chart_id, options)?;
        self.look(baseline, |run, baseline| wanted.table(run, baseline))
    }

    /// Makes this simulation the baseline of the call in progress; not for others.
    #[doc(hidden)]
    #[wasm_bindgen(skip_typescript)]
    pub fn lend(&self) {
        baseline::lend(&self.inner);
    }

    /// The configuration as it is now, changes at run time included. What equals its default is left out.
    #[wasm_bindgen(unchecked_return_type = "Config")]
    pub fn config(&self) -> Result<JsValue> {
        let config = self.with(|simulation| simulation.config().to_value())?;
        value::to_js(&config)
    }

    /// The object that stands for a simulation.
    pub(super) fn of(simulation: Simulation) -> Self {
        Self { inner: Rc::new(RefCell::new(simulation)) }
    }

    /// Lets `work` use the simulation, unless a crash has left it in the middle of something.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Simulation) -> T) -> Result<T> {
        crash::check()?;
        let mut simulation = self.inner.try_borrow_mut().map_err(|_| crash::error("in an earlier call"))?;
        Ok(work(&mut simulation))
    }

    /// Lets `work` look at the simulation and at another one, which may be the same.
    fn look<T>(
        &self,
        baseline: Option<Baseline>,
        work: impl FnOnce(&Simulation, Option<&Simulation>) -> Result<T>,
    ) -> Result<T> {
        crash::check()?;
        let baseline = baseline::take(baseline)?;
        let crashed = |_| crash::error("in an earlier call");
        let simulation = self.inner.try_borrow().map_err(crashed)?;
        let other = baseline.as_ref().map(|baseline| baseline.try_borrow()).transpose().map_err(crashed)?;
        work(&simulation, other.as_deref())
    }
}

/// Says that nothing of this kind has that name.
fn unknown(code: Code, kind: &str, name: &str) -> WebServiceModelError {
    simple(code, &format!("there is no {kind} named \"{name}\""))
}
