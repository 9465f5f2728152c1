//! A discrete-event simulator of a microservice web system, in the browser and on the command line.
//!
//! A queue with one server (M/M/1), half of whose time is taken, in ten lines:
//!
//! ```
//! use web_service_model::simulation::Simulation;
//!
//! let mut simulation = Simulation::from_json(r#"{
//!     "duration": 100000,
//!     "users": { "all": { "arrivals": { "poisson": { "rate": 0.5 } }, "targets": { "Server": 1 } } },
//!     "services": { "Server": { "workers": 1, "service_time": { "exponential": { "mean": 1 } } } }
//! }"#)?;
//! simulation.advance_to(simulation.duration());
//! let mean = simulation.report().requests.latency.mean.expect("somebody came");
//! assert!((mean - 2.0).abs() < 0.1, "1 / (μ − λ) = 2 seconds, not {mean}");
//! # Ok::<(), web_service_model::config::ConfigErrors>(())
//! ```
//!
//! [`Simulation`](simulation::Simulation) is where to begin: it takes a configuration (JSON, as [`Config`](config::schema::Config)
//! describes it), goes on as far as it is told, can be changed and broken on the way, and gives a [`Report`](report::Report),
//! time series, a log and single requests. [`experiment`] runs many of them for means with confidence intervals, comparisons
//! and sweeps, [`validate`] has the results of queueing theory that the simulator is checked against, [`reality`] what real
//! products did, and [`chart`] draws.
//! The same configuration and seed give the same report everywhere. The program of the same name is `cli`; from JavaScript
//! it is an npm package.
#![doc = include_str!("ARCHITECTURE.md")]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

pub mod chart;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod config;
pub mod engine;
pub mod experiment;
pub mod import;
pub mod model;
pub mod options;
pub mod reality;
pub mod report;
pub mod simulation;
pub mod stats;
pub mod validate;

#[cfg(target_arch = "wasm32")]
pub mod web;
