//! The simulator against results of queueing and reliability theory.
//!
//! Each test runs independent replications from fixed seeds, with the warm-up
//! removed, and asks that the theoretical value lie in the 99 % confidence
//! interval, and that the interval be narrow enough to mean something.

mod availability;
mod networks;
mod stations;
mod statistics;
mod storage;
