//! The rows: one file for each product.

mod haproxy;
mod nginx;
mod postgres;
mod rabbit;
mod redis;

use super::{
    claim::Claim,
    row::{Reason, Row, or_nan},
    run::{Run, instance, queue},
};

/// All rows, in the order in which they are shown.
pub fn rows() -> Vec<Row> {
    let mut rows = nginx::rows();
    rows.extend(haproxy::rows());
    rows.extend(postgres::rows());
    rows.extend(rabbit::rows());
    rows.extend(redis::rows());
    rows
}

/// Times of a hundredth of the requests depend on who else is at work on a machine.
const BUSY_MACHINE: Reason = Reason {
    id: "busy-machine",
    text: "The machine on which it was measured had other things to do: the 95th percentile was high as well, though hardly \
           anybody had anything to wait for.",
};

/// The delay that was set is not the whole of it.
const PROXY: Reason = Reason {
    id: "proxy",
    text: "What the proxy between the two had not passed on is lost, and it held each write longer than the delay it was told.",
};
