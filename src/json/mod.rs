//! JSON text: read exactly and strictly, written as serde_json writes it, byte for byte.
//!
//! serde_json's own reader and writer are made for any type, with number tables of their own, and were a tenth of the
//! page's download; a value is all that is needed here. Tests compare the two.

mod big;
mod decimal;
mod digits;
mod read;
mod show;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod write;

pub use decimal::parse as parse_number;
pub use digits::{fixed, plain, scientific};
pub use read::{JsonError, Step, parse};
pub(crate) use show::shown;
pub use show::{Show, map, object};
pub use write::{compact, pretty, quoted};
