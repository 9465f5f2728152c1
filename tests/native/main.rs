//! Native tests, in one binary: linking is what takes time.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod charts;
mod fake;
