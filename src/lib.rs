#![doc = include_str!("ARCHITECTURE.md")]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

pub mod chart;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod config;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod report;
pub mod simulation;
pub mod stats;
pub mod validate;

#[cfg(target_arch = "wasm32")]
pub mod web;
