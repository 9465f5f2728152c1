//! WebServiceModel: a discrete-event simulator of a microservice web system.

#[cfg(target_arch = "wasm32")]
pub mod web;
