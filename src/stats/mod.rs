//! Statistics of a simulation: they know time, and nothing else.

pub mod headcount;
pub mod heat;
pub mod nano_sum;
pub mod recorder;
pub mod tally;
pub mod thinned;
pub mod time_weighted;
