//! Tests of the JavaScript boundary, run in a headless browser: `make test-wasm`.
#![cfg(target_arch = "wasm32")]

#[path = "web/determinism.rs"]
mod determinism;

use js_sys::{Array, Float64Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_service_model::web::{Baseline, WebSimulation as Simulation, random_seed, version};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

wasm_bindgen_test_configure!(run_in_browser);

const COURSEWORK: &str = include_str!("../www/scenarios/coursework.json");

/// A small system: one service with a few workers, under a steady stream of requests.
const SHOP: &str = r#"{
    "name": "shop",
    "seed": 7,
    "duration": 20,
    "users": { "all": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
    "services": { "Shop": { "instances": 2, "base_latency": "10ms", "workers": 4 } }
}"#;

#[wasm_bindgen_test]
fn the_version_is_that_of_the_package() {
    assert_eq!(version(), env!("CARGO_PKG_VERSION"));
}

#[wasm_bindgen_test]
fn a_configuration_is_an_object_or_text() {
    let from_text = simulation(SHOP);
    let object = JSON::parse(SHOP).expect("the test's JSON reads");
    let from_object = ok(Simulation::new(object));
    for simulation in [&from_text, &from_object] {
        ok(simulation.advance_to(5.0));
    }
    assert_eq!(ok(from_text.report_json()), ok(from_object.report_json()));
    assert_eq!(ok(from_text.seed()), 7.0);
}

#[wasm_bindgen_test]
fn time_passes_by_simulated_time_by_events_and_by_wall_time() {
    let simulation = simulation(SHOP);
    ok(simulation.advance_to(5.0));
    assert_eq!(ok(simulation.now()), 5.0);
    let before = ok(simulation.events());
    assert_eq!(ok(simulation.step_events(10.0)), 10.0);
    assert_eq!(ok(simulation.events()), before + 10.0);
    ok(simulation.advance_for(1000.0, Some(8.0)));
    assert_eq!(ok(simulation.now()), 8.0);
    ok(simulation.advance_for(10_000.0, None));
    assert!(ok(simulation.finished()));
    assert_eq!(ok(simulation.now()), ok(simulation.duration()));
    // At the end nothing more happens.
    assert_eq!(ok(simulation.step_events(10.0)), 0.0);
}

#[wasm_bindgen_test]
fn a_slice_of_wall_time_ends() {
    let busy = SHOP.replace("50 }", "100000 }").replace("\"duration\": 20", "\"duration\": 100000");
    let simulation = simulation(&busy);
    let begin = now_ms();
    ok(simulation.advance_for(20.0, None));
    let took = now_ms() - begin;
    assert!(!ok(simulation.finished()) && ok(simulation.now()) > 0.0);
    assert!((20.0..200.0).contains(&took), "took {took} ms");
}

#[wasm_bindgen_test]
fn the_report_is_a_plain_object_and_the_same_as_text() {
    let simulation = simulation(COURSEWORK);
    ok(simulation.advance_to(50.0));
    let report = ok(simulation.report());
    let text = ok(simulation.report_json());
    assert!(get(&report, "scenario").is_string());
    assert!(number(&get(&report, "requests"), "total") > 100.0);
    assert!(get(&get(&report, "services"), "PaymentService").is_object(), "maps are objects, not Maps");
    let parsed = JSON::parse(&text).expect("the text is JSON");
    assert_eq!(JSON::stringify(&parsed).expect("an object"), JSON::stringify(&report).expect("an object"));
    assert!(text.ends_with("}\n"));
}

#[wasm_bindgen_test]
fn equal_seeds_give_equal_reports() {
    let run = |config: &str| {
        let simulation = simulation(config);
        ok(simulation.advance_to(50.0));
        ok(simulation.report_json())
    };
    assert_eq!(run(COURSEWORK), run(COURSEWORK));
    assert_ne!(run(SHOP), run(&SHOP.replace("\"seed\": 7", "\"seed\": 8")));
}

#[wasm_bindgen_test]
fn series_are_float64_arrays() {
    let simulation = simulation(SHOP);
    ok(simulation.advance_to(10.0));
    let names = ok(simulation.series_names());
    assert!(!names.is_empty());
    let window = ok(simulation.series_window());
    assert_eq!((number(&window, "start"), number(&window, "width")), (0.0, 1.0));
    for name in names {
        let series: Float64Array = ok(simulation.series(&name.as_str().into()));
        assert!(series.length() >= 10, "{name}");
    }
    assert_eq!(code(simulation.series(&"no such".into()).map(JsValue::from)), "unknown_series");
}

#[wasm_bindgen_test]
fn histograms_count() {
    let simulation = simulation(SHOP);
    ok(simulation.advance_to(10.0));
    let names = ok(simulation.histogram_names());
    let histogram = ok(simulation.histogram(&names[0].as_str().into(), 20.0));
    let counts: Array = get(&histogram, "counts").unchecked_into();
    assert!((1..=20).contains(&counts.length()));
    assert!(number(&histogram, "width") > 0.0);
    assert_eq!(code(simulation.histogram(&"no such".into(), 20.0)), "unknown_histogram");
}

#[wasm_bindgen_test]
fn a_bad_configuration_is_refused_with_all_its_errors() {
    let bad = SHOP.replace("\"workers\": 4", "\"workers\": 0, \"fail_prob\": 2");
    let error = err(Simulation::new(JsValue::from(bad.as_str())).map(|_| JsValue::NULL));
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(get(&error, "name"), JsValue::from("WebServiceModelError"));
    assert_eq!(get(&error, "code"), JsValue::from("bad_config"));
    let paths: Array = get(&error, "paths").unchecked_into();
    let paths: Vec<String> = paths.iter().filter_map(|path| path.as_string()).collect();
    assert!(paths.iter().any(|path| path == "services.Shop.fail_prob"), "{paths:?}");
    assert!(paths.iter().any(|path| path == "services.Shop.workers"), "{paths:?}");
    assert!(!get(&error, "stack").is_undefined());
    let listed: Array = ok(Simulation::check(JsValue::from(bad.as_str()))).unchecked_into();
    assert_eq!(listed.length() as usize, paths.len());
    let good: Array = ok(Simulation::check(JsValue::from(SHOP))).unchecked_into();
    assert_eq!(good.length(), 0);
}

#[wasm_bindgen_test]
fn nonsense_is_a_bad_configuration_too() {
    let cycle = Object::new();
    Reflect::set(&cycle, &"me".into(), &cycle).expect("an object takes a field");
    let nonsense = [JsValue::UNDEFINED, JsValue::NULL, JsValue::from(5), JsValue::from("{"), cycle.into()];
    for value in nonsense {
        let what = format!("{value:?}");
        assert_eq!(code(Simulation::new(value).map(|_| JsValue::NULL)), "bad_config", "{what}");
    }
}

#[wasm_bindgen_test]
fn the_run_takes_over_a_change_or_says_that_it_needs_a_restart() {
    let simulation = simulation(SHOP);
    ok(simulation.advance_to(5.0));
    let changed: Array = ok(simulation.patch(r#"{"services": {"Shop": {"fail_prob": 0.5}}}"#.into())).unchecked_into();
    assert_eq!(changed.length(), 1);
    let services = get(&ok(simulation.config()), "services");
    assert_eq!(number(&get(&services, "Shop"), "fail_prob"), 0.5);
    let restart = err(simulation.patch(r#"{"services": {"Shop": {"fail_prob": 0.1}}, "seed": 5}"#.into()));
    assert_eq!(get(&restart, "code"), JsValue::from("needs_restart"));
    let paths: Array = get(&restart, "paths").unchecked_into();
    assert_eq!(paths.get(0), JsValue::from("seed"));
    assert_eq!(code(simulation.patch(r#"{"duration": -1}"#.into())), "bad_config");
    ok(simulation.advance_to(10.0));
}

#[wasm_bindgen_test]
fn a_run_is_taken_back_to_a_snapshot_and_forked() {
    let run = simulation(COURSEWORK);
    ok(run.advance_to(10.0));
    ok(run.crash(&"PaymentDB-0/0".into(), None));
    let snapshot = ok(run.snapshot());
    assert_eq!((snapshot.now(), snapshot.events()), (10.0, ok(run.events())));
    assert!((10_000.0..10_000_000.0).contains(&snapshot.size()), "{}", snapshot.size());

    let here = ok(run.report_json());
    let (forked, ruined) = (ok(run.fork()), ok(snapshot.fork()));
    ok(ruined.patch(r#"{"services": {"PaymentService": {"fail_prob": 1}}}"#.into()));
    ok(ruined.advance_to(50.0));
    assert_eq!(ok(run.report_json()), here, "what is done to a fork does not touch the original");
    ok(run.advance_to(50.0));
    let end = ok(run.report_json());
    assert_ne!(ok(ruined.report_json()), end);
    for again in [run, forked, ruined] {
        ok(again.restore(&snapshot));
        assert_eq!((ok(again.now()), ok(again.report_json())), (10.0, here.clone()));
        ok(again.advance_to(50.0));
        assert_eq!(ok(again.report_json()), end);
    }
}

#[wasm_bindgen_test]
fn components_crash_and_recover_and_the_log_knows() {
    let simulation = simulation(COURSEWORK);
    ok(simulation.advance_to(1.0));
    ok(simulation.crash(&"PaymentService-0".into(), None));
    assert_eq!(state(&simulation, "PaymentService-0"), "down");
    ok(simulation.recover(&"PaymentService-0".into()));
    assert_eq!(state(&simulation, "PaymentService-0"), "up");
    let filter = JSON::parse(r#"{"kinds": ["crash", "recover"], "component": "PaymentService-0"}"#);
    let filter: Object = filter.expect("the test's JSON reads").unchecked_into();
    let view = ok(simulation.log(Some(filter)));
    let entries: Array = get(&view, "entries").unchecked_into();
    assert_eq!(entries.length(), 2);
    assert_eq!(number(&view, "dropped"), 0.0);
    let error = err(simulation.crash(&"Nobody".into(), None).map(|()| JsValue::NULL));
    assert_eq!(get(&error, "code"), JsValue::from("unknown_component"));
    assert_eq!(code(simulation.promote(&"PaymentService-0".into()).map(|()| JsValue::NULL)), "not_promotable");
    assert_eq!(code(simulation.crash(&"RabbitMQ".into(), Some(-1.0)).map(|()| JsValue::NULL)), "bad_argument");
}

#[wasm_bindgen_test]
fn marks_are_plain_objects() {
    let run = simulation(COURSEWORK);
    ok(run.advance_to(10.0));
    ok(run.crash(&"PaymentDB-0/0".into(), None));
    let marks: Array = ok(run.marks()).unchecked_into();
    let crash =
        marks.iter().find(|mark| get(mark, "class") == "fault" && number(mark, "time") == 10.0).expect("a mark");
    assert_eq!((get(&crash, "kind"), get(&crash, "component")), ("crash".into(), "PaymentDB-0/0".into()));
    assert_eq!(number(&crash, "count"), 1.0);
}

#[wasm_bindgen_test]
fn a_wrong_filter_of_the_log_is_refused() {
    let simulation = simulation(SHOP);
    let filter: Object = JSON::parse(r#"{"kind": "crash"}"#).expect("the test's JSON reads").unchecked_into();
    assert_eq!(code(simulation.log(Some(filter))), "bad_argument");
}

#[wasm_bindgen_test]
fn a_filter_of_the_log_that_is_none_is_called_that() {
    let simulation = simulation(SHOP);
    let three: Object = JsValue::from(3).unchecked_into();
    let error = err(simulation.log(Some(three)));
    assert_eq!(get(&error, "code"), JsValue::from("bad_argument"));
    let message = get(&error, "message").as_string().expect("a message");
    assert!(message.starts_with("the filter of the log: 3 is ") && !message.contains("configuration"), "{message}");
    let nobody: Object = JSON::parse(r#"{"component": "nope"}"#).expect("the test's JSON reads").unchecked_into();
    assert_eq!(code(simulation.log(Some(nobody))), "unknown_component");
}

#[wasm_bindgen_test]
fn a_number_that_json_does_not_know_is_called_by_its_name() {
    let config = JSON::parse(SHOP).expect("the test's JSON reads");
    Reflect::set(&config, &"duration".into(), &f64::NAN.into()).expect("an object takes a field");
    let error = err(Simulation::new(config).map(|_| JsValue::NULL));
    let message = get(&error, "message").as_string().expect("a message");
    assert!(message.contains("duration: \"NaN\""), "{message}");
}

#[wasm_bindgen_test]
fn requests_are_traced_and_seen_in_flight() {
    let simulation = simulation(SHOP);
    assert!(!ok(simulation.tracing()));
    ok(simulation.set_tracing(true));
    ok(simulation.advance_to(5.0));
    assert!(ok(simulation.tracing()));
    assert_eq!(ok(simulation.untraced()), 0.0);
    let in_flight = ok(simulation.in_flight(200.0));
    let visits: Array = get(&in_flight, "visits").unchecked_into();
    assert_eq!(number(&in_flight, "total"), f64::from(visits.length()));
    for visit in visits.iter() {
        assert_eq!(get(&visit, "service"), JsValue::from("Shop"));
        assert!(number(&visit, "since") <= 5.0 && get(&visit, "phase").is_string() && get(&visit, "to").is_string());
    }
    let filter: Object = JSON::parse(r#"{"which": "slowest", "service": "Shop", "limit": 3}"#)
        .expect("the test's JSON reads")
        .unchecked_into();
    let traces: Array = ok(simulation.traces(Some(filter))).unchecked_into();
    assert_eq!(traces.length(), 3);
    let wanted = number(&traces.get(0), "number");
    let trace = ok(simulation.trace(wanted));
    assert_eq!(number(&trace, "number"), wanted);
    let spans: Array = get(&trace, "spans").unchecked_into();
    let length: f64 = spans.iter().map(|span| number(&span, "end") - number(&span, "start")).sum();
    assert!((length - number(&trace, "latency")).abs() < 1e-9 && length > 0.0);
    let causes: Array = get(&trace, "causes").unchecked_into();
    assert_eq!(causes.length(), 0);
    assert!(ok(simulation.trace(1e9)).is_undefined() && ok(simulation.trace(0.5)).is_undefined());
    assert_eq!(code(simulation.trace(f64::NAN)), "bad_argument");
    let nobody: Object = JSON::parse(r#"{"service": "nope"}"#).expect("the test's JSON reads").unchecked_into();
    assert_eq!(code(simulation.traces(Some(nobody))), "unknown_component");
    let wrong: Object = JSON::parse(r#"{"which": "quickest"}"#).expect("the test's JSON reads").unchecked_into();
    assert_eq!(code(simulation.traces(Some(wrong))), "bad_argument");
}

#[wasm_bindgen_test]
fn every_chart_is_drawn_on_a_canvas() {
    let simulation = simulation(COURSEWORK);
    ok(simulation.advance_to(50.0));
    for id in Simulation::charts() {
        let canvas = canvas(400, 300);
        let drawing = ok(simulation.draw(canvas.clone(), &id.as_str().into(), None, None));
        let plot = get(&drawing, "plot");
        assert!(number(&plot, "right") > number(&plot, "left") && number(&plot, "right") <= 400.0, "{id}");
        assert!(has_ink(&canvas), "{id}");
        let legend: Array = get(&drawing, "legend").unchecked_into();
        // Nobody ever waits in this system, so the chart of queues has nothing to say.
        let empty = get(&drawing, "empty").as_bool().expect("a truth value");
        assert_eq!(empty, id == "queue-length", "{id}");
        assert!(empty || legend.length() > 0, "{id}");
    }
    let error = code(simulation.draw(canvas(10, 10), &"pie".into(), None, None));
    assert_eq!(error, "unknown_chart");
}

#[wasm_bindgen_test]
fn a_canvas_that_is_no_element_is_called_that() {
    let simulation = simulation(SHOP);
    let create: Function = get(&js_sys::global(), "OffscreenCanvas").unchecked_into();
    let offscreen = Reflect::construct(&create, &Array::of2(&400.into(), &300.into())).expect("a canvas");
    let error = err(simulation.draw(offscreen.unchecked_into(), &"rps".into(), None, None));
    assert_eq!(get(&error, "code"), JsValue::from("bad_argument"));
    let message = get(&error, "message").as_string().expect("a message");
    assert_eq!(message, "the canvas: [object OffscreenCanvas] is not an HTMLCanvasElement of this page");
}

#[wasm_bindgen_test]
fn charts_take_the_style_and_the_words_of_the_page() {
    let simulation = simulation(COURSEWORK);
    ok(simulation.advance_to(10.0));
    let options = |text: &str| -> Object { JSON::parse(text).expect("the test's JSON reads").unchecked_into() };
    let drawing = ok(simulation.draw(canvas(400, 300), &"rps".into(), Some(options(r##"{
        "style": { "series": ["#ff0000", "rgb(0, 0, 255)"], "pixel_ratio": 2, "decoration": "axes_only", "background": null },
        "texts": { "words": { "succeeded": "успешные" } }
    }"##)), None));
    let legend: Array = get(&drawing, "legend").unchecked_into();
    assert_eq!(get(&legend.get(0), "name"), JsValue::from("успешные"));
    let wrong = simulation.draw(canvas(400, 300), &"rps".into(), Some(options(r#"{ "colour": "red" }"#)), None);
    assert_eq!(code(wrong), "bad_argument");
}

#[wasm_bindgen_test]
fn charts_tell_their_figures_and_take_another_run_as_baseline() {
    let options = |text: &str| -> Option<Object> { Some(JSON::parse(text).expect("JSON").unchecked_into()) };
    let (run, other) = (simulation(COURSEWORK), simulation(COURSEWORK));
    ok(run.advance_to(10.0));
    ok(other.advance_to(50.0));
    let baseline = |simulation: &JsValue| -> Option<Baseline> { Some(simulation.clone().unchecked_into()) };
    let other = JsValue::from(other);
    let drawing = ok(run.draw(canvas(400, 300), &"rps".into(), None, baseline(&other)));
    assert_eq!(number(&get(&drawing, "plot"), "x_max"), 50.0);
    assert_eq!(get(&drawing, "time_axis"), JsValue::TRUE);
    let readings: Array = ok(run.readings(&"rps".into(), None, 5.0, 0.0, baseline(&other))).unchecked_into();
    assert_eq!(get(&readings.get(2), "name"), JsValue::from("succeeded (baseline)"));
    let table = ok(run.table(&"rps".into(), options(r#"{ "zoom": [2, 6], "hidden": ["failed"] }"#), None));
    let (columns, rows): (Array, Array) =
        (get(&table, "columns").unchecked_into(), get(&table, "rows").unchecked_into());
    assert_eq!((columns.length(), rows.length()), (3, 4));
    let unknown = run.draw(canvas(400, 300), &"custom".into(), options(r#"{ "series": ["requests.lost"] }"#), None);
    assert_eq!(code(unknown), "unknown_series");
    let no_simulation = baseline(&Object::new());
    assert_eq!(code(run.draw(canvas(400, 300), &"rps".into(), None, no_simulation)), "bad_argument");
    // A simulation may be compared with itself.
    let run = JsValue::from(run);
    let draw = Reflect::get(&run, &"draw".into()).expect("a method").unchecked_into::<Function>();
    let arguments = Array::of4(&canvas(400, 300), &"rps".into(), &JsValue::UNDEFINED, &run);
    ok(draw.apply(&run, &arguments));
}

#[wasm_bindgen_test]
fn seeds_are_integers_that_javascript_holds_exactly() {
    let (one, other) = (ok(random_seed()), ok(random_seed()));
    for seed in [one, other] {
        assert!((0.0..9_007_199_254_740_992.0).contains(&seed) && seed.fract() == 0.0);
    }
    assert_ne!(one, other);
}

fn simulation(config: &str) -> Simulation {
    ok(Simulation::new(JsValue::from(config)))
}

/// The value, or a failed test with the error's message.
fn ok<T, E: Into<JsValue>>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{:?}", js_sys::Error::from(error.into()).message()))
}

fn err<E: Into<JsValue>>(result: Result<JsValue, E>) -> JsValue {
    match result {
        Ok(value) => panic!("no error, but {value:?}"),
        Err(error) => error.into(),
    }
}

fn code<E: Into<JsValue>>(result: Result<JsValue, E>) -> String {
    get(&err(result), "code").as_string().expect("a code is a string")
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object has fields")
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or_else(|| panic!("{name} is no number"))
}

fn state(simulation: &Simulation, name: &str) -> String {
    let components: Array = ok(simulation.components()).unchecked_into();
    let component = components.iter().find(|component| get(component, "name") == name);
    get(&component.expect("the component exists"), "state").as_string().expect("a state is a string")
}

fn canvas(width: u32, height: u32) -> HtmlCanvasElement {
    let document = get(&js_sys::global(), "document");
    let create: js_sys::Function = get(&document, "createElement").unchecked_into();
    let canvas: HtmlCanvasElement = create.call1(&document, &"canvas".into()).expect("a canvas").unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    canvas
}

/// Whether anything but transparent pixels is on the canvas.
fn has_ink(canvas: &HtmlCanvasElement) -> bool {
    let context = canvas.get_context("2d").ok().flatten().expect("a context");
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let read: js_sys::Function = get(&context, "getImageData").unchecked_into();
    let area = Array::of4(&0.into(), &0.into(), &canvas.width().into(), &canvas.height().into());
    let image = read.apply(&context, &area).expect("an image");
    let bytes: js_sys::Uint8ClampedArray = get(&image, "data").unchecked_into();
    bytes.to_vec().chunks(4).any(|pixel| pixel[3] > 0)
}

fn now_ms() -> f64 {
    let performance = get(&js_sys::global(), "performance");
    let now: js_sys::Function = get(&performance, "now").unchecked_into();
    now.call0(&performance).ok().and_then(|time| time.as_f64()).expect("a time")
}

#[path = "web/experiments.rs"]
mod experiments;
