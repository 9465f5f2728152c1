//! The state of what edges, balancers and servers do so that questions are answered, and so that it does no harm: a file
//! for each part.
//!
//! Each of them is a machine of its own: it is told what happens and when, and answers. It schedules nothing, draws
//! from the stream that it is handed, and allocates only when it is made or its numbers change. The numbers of an edge stand
//! in [`EdgePolicy`](super::topology::EdgePolicy); those of what servers and balancers do stand beside their machines.

pub mod aimd;
pub mod backoff;
pub mod breaker;
pub mod gradient;
pub mod health_check;
pub mod hedge;
pub mod hpa;
pub mod limiter;
pub mod outlier;
pub mod peak_ewma;
pub mod percentile;
pub mod tokens;
pub mod window;
