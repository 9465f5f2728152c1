//! The discrete-event core: time, future events, stations, random numbers. It knows nothing of web services.

pub mod distribution;
pub mod random;
pub mod time;
