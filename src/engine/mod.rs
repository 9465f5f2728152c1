//! The discrete-event core: time, future events, stations, random numbers. It knows nothing of web services.

pub mod arena;
pub mod codel;
pub mod distribution;
pub mod future_events;
pub mod random;
pub mod sharing;
pub mod station;
pub mod time;
pub mod usl;
