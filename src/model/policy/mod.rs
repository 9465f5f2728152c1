//! The state of what an edge does so that its questions are answered, and so that it does no harm: a file for each part.
//!
//! Each of them is a machine of its own: it is told what happens and when, and answers. It schedules nothing, draws
//! from the stream that it is handed, and allocates only when it is made or its numbers change. The numbers stand in
//! [`EdgePolicy`](super::topology::EdgePolicy).

pub mod backoff;
pub mod breaker;
pub mod hedge;
pub mod limiter;
pub mod percentile;
pub mod tokens;
pub mod window;
