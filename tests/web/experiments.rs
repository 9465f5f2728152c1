//! Experiments and the check against theory, as a Web Worker drives them.

use js_sys::{Float64Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_service_model::web::{
    WebExperiment as Experiment, WebPreparation as ExperimentPreparation, WebValidationCheck, validation_rows,
};

use super::{SHOP, code, get, number, ok};

fn plan(more: &str) -> JsValue {
    format!("{{ \"systems\": [{SHOP}], \"metrics\": [\"requests.latency.mean\"], \"replications\": 3 {more} }}").into()
}

/// Runs a job in slices so small that it takes several.
fn figures(experiment: &Experiment, job: f64) -> Float64Array {
    loop {
        if let Some(figures) = ok(experiment.run(job, 0.0)) {
            return figures;
        }
    }
}

#[wasm_bindgen_test]
fn an_experiment_collects_what_another_one_has_run() {
    let vary = r#", "vary": [{ "path": "services.Shop.workers", "values": [1, 2] }]"#;
    let [page, worker] = [(); 2].map(|()| ok(Experiment::new(plan(vary))));
    assert_eq!((ok(page.points()), ok(page.jobs())), (2.0, 6.0));
    assert_eq!(ok(page.metrics()), ["requests.latency.mean"]);
    for job in [5.0, 0.0, 3.0, 1.0, 4.0, 2.0] {
        assert!(ok(page.insert(job, &figures(&worker, job))));
    }
    assert!(!ok(page.insert(0.0, &Float64Array::new_with_length(2))));
    assert_eq!(ok(page.finished()), 6.0);
    let outcome = JSON::parse(&ok(page.outcome())).expect("it is JSON");
    let points = js_sys::Array::from(&get(&outcome, "points"));
    assert_eq!(points.length(), 2);
    assert_eq!(number(&points.get(1), "replications"), 3.0);
    assert!(ok(page.csv()).starts_with("services.Shop.workers,requests.latency.mean,"));
}

#[wasm_bindgen_test]
fn a_target_says_how_many_replications_are_next() {
    let experiment = ok(Experiment::new(plan("")));
    let target = |text: &str| JSON::parse(text).expect("JSON").unchecked_into::<Object>();
    let wanted = r#"{ "metric": "requests.latency.mean", "width": 0.5, "measure": "relative", "most": 3 }"#;
    assert_eq!(number(&ok(experiment.next(target(wanted))), "replications"), 3.0);
    (0..3).for_each(|job| assert!(ok(experiment.insert(job.into(), &figures(&experiment, job.into())))));
    assert_eq!(get(&ok(experiment.next(target(wanted))), "is"), "reached");
    let error = experiment.next(target(&wanted.replace("mean", "median"))).map(|_| JsValue::UNDEFINED);
    assert_eq!(code(error), "bad_argument");
    for width in ["0", "-1", "1e999"] {
        let Ok(target) = JSON::parse(&wanted.replace("0.5", width)) else { continue };
        assert_eq!(code(experiment.next(target.unchecked_into()).map(|_| JsValue::UNDEFINED)), "bad_argument");
    }
    let found = (0..10_000).map(|_| ok(experiment.settle(0.0, 0.0))).find(|found| !found.is_undefined());
    assert!(found.and_then(|seconds| seconds.as_f64()).is_some_and(|seconds| seconds < 20.0));
    assert_eq!(code(experiment.settle(1.0, 1.0)), "bad_argument");
}

#[wasm_bindgen_test]
fn an_experiment_is_made_ready_in_slices() {
    let vary = r#", "vary": [{ "path": "services.Shop.workers", "from": 1, "to": 100, "steps": 100 }]"#;
    let preparation = ok(ExperimentPreparation::new(plan(vary)));
    assert_eq!(code(preparation.experiment().map(|_| JsValue::UNDEFINED)), "bad_argument");
    let slices = (0..).take_while(|_| !ok(preparation.advance_for(0.0))).count();
    assert!(slices > 10, "{slices}");
    assert_eq!(ok(ok(preparation.experiment()).points()), 100.0);
    let bad = r#", "vary": [{ "path": "services.Shop.workers", "values": [1, 2, 3, 4, 5, -1] }]"#;
    let preparation = ok(ExperimentPreparation::new(plan(bad)));
    assert_eq!(code(preparation.advance_for(1000.0).map(JsValue::from)), "bad_config");
}

#[wasm_bindgen_test]
fn bad_plans_are_refused_with_their_places() {
    assert_eq!(code(Experiment::new(plan(r#", "replicas": 3"#)).map(|_| JsValue::UNDEFINED)), "bad_config");
    assert_eq!(
        code(
            Experiment::new(plan(r#", "vary": [{ "path": "services.Shop.wrokers", "values": [1] }]"#))
                .map(|_| JsValue::UNDEFINED)
        ),
        "bad_config"
    );
    let metric = plan("").as_string().expect("text").replace("latency.mean", "latency.median");
    assert_eq!(code(Experiment::new(metric.into()).map(|_| JsValue::UNDEFINED)), "bad_config");
    let experiment = ok(Experiment::new(plan("")));
    assert_eq!(code(experiment.run(-1.0, 1.0).map(|_| JsValue::UNDEFINED)), "bad_argument");
    let size = ok(experiment.size());
    assert!(number(&size, "runs") == 3.0 && number(&size, "events") > 1_000.0 && get(&size, "too_large").is_null());
    let huge = ok(Experiment::new(
        plan("").as_string().expect("text").replace("\"duration\": 20", "\"duration\": 1e9").into(),
    ));
    assert!(get(&ok(huge.size()), "too_large").is_string() || number(&ok(huge.size()), "events") > 1e9);
}

#[wasm_bindgen_test]
fn a_row_of_theory_is_checked_in_slices() {
    let rows = js_sys::Array::from(&get(&ok(validation_rows()), "rows"));
    assert!(rows.length() > 30);
    let check = ok(WebValidationCheck::new(&"k-of-n".into(), 3.0, false));
    let mut slices = 0;
    while !ok(check.advance_for(1.0)) {
        slices += 1;
    }
    assert!(slices > 0 && ok(check.progress()) == 1.0);
    let findings = js_sys::Array::from(&ok(check.findings()));
    assert!(findings.iter().all(|finding| get(&finding, "verdict") == "pass"));
    assert_eq!(
        code(WebValidationCheck::new(&"no such row".into(), 3.0, false).map(|_| JsValue::UNDEFINED)),
        "bad_argument"
    );
    assert_eq!(code(WebValidationCheck::new(&5.into(), 3.0, false).map(|_| JsValue::UNDEFINED)), "bad_argument");
}
