//! The native tests, one module for each subject. In the browser `tests/web.rs` runs instead.
#![cfg(not(target_arch = "wasm32"))]

mod chaos;
mod chart_parts;
mod charts;
mod cli;
mod config_errors;
mod config_patch;
mod config_properties;
mod config_warnings;
mod digests;
mod experiments;
mod fake;
mod golden;
mod import;
mod invariants;
mod json_schema;
mod judging;
mod layering;
mod memory;
mod naive;
mod page_texts;
mod readme;
mod reference;
mod remedies;
mod runtime;
mod scenarios;
mod sequences;
mod support;
mod theory;
mod travel;
mod typescript;
