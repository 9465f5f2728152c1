//! The wire format: JSON in, a validated [`Topology`](crate::model::topology::Topology) out, or every error at once.
//!
//! Three shapes are kept apart: the *wire* structs of [`schema`] mirror the
//! JSON, [`resolve()`] checks them and turns names into ids, and the model runs
//! on the resolved topology only.

mod decode;
mod error;
pub mod limits;
mod near;
mod path;
mod resolve;
pub mod schema;

pub use decode::load;
pub use error::{ConfigError, ConfigErrors};
pub use resolve::resolve;
