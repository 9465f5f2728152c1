//! Tests of the JavaScript boundary, run in a headless browser: `make test-wasm`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[path = "web/determinism.rs"]
mod determinism;

#[wasm_bindgen_test]
fn the_version_is_that_of_the_package() {
    assert_eq!(web_service_model::web::version(), env!("CARGO_PKG_VERSION"));
}
