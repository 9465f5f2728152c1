//! The wire format: JSON in, a validated [`Topology`](crate::model::topology::Topology) out, or every error at once.
//!
//! Three shapes are kept apart: the structs of [`schema`] mirror the JSON,
//! [`resolve()`] checks them and turns names into ids, and the model runs on the
//! resolved topology only.

mod decode;
mod diff;
mod encode;
mod error;
mod form;
mod json_schema;
mod kinds;
pub mod limits;
mod mend;
pub(crate) mod near;
#[cfg(any(target_arch = "wasm32", test))]
mod notations;
mod patch;
pub(crate) mod path;
mod resolve;
mod restart;
pub mod schema;
mod strict;
#[cfg(test)]
mod tests;

pub use decode::load;
pub(crate) use decode::{read_json, read_json_within};
pub use diff::changes;
pub use error::{ConfigError, ConfigErrors};
pub use json_schema::json_schema;
#[cfg(any(target_arch = "wasm32", test))]
pub(crate) use notations::read_json_with_notations;
pub use patch::{apply_patch, load_patched};
pub(crate) use resolve::route;
pub use resolve::{resolve, warnings};
pub use restart::restart_reasons;
