//! Experiments: what many runs say that one cannot.
//!
//! A *study* is a list of configurations, each to be run many times with different random numbers. Its jobs are
//! independent, and so are its results of who runs them: threads, Web Workers, machines. Nothing here knows of any of
//! them, reads a clock, or runs longer than it is told to.

pub mod axis;
pub mod comparison;
pub mod course;
pub mod figures;
pub mod model;
pub mod outcome;
pub mod part;
pub mod plan;
pub mod preparation;
pub mod sample;
pub mod selection;
pub mod settle;
pub mod size;
pub mod student;
pub mod study;
pub mod table;
pub mod target;
pub mod warm_up;

pub use axis::Axis;
pub use comparison::{Comparison, Verdict, compare};
pub use model::{Model, Replication, seed_of};
pub use outcome::outcome;
pub use part::{MergeError, Part, merge};
pub use plan::{Plan, PlanError, Point, REPLICATIONS_MAX, is_share};
pub use preparation::Preparation;
pub use sample::{Quantile, Summary};
pub use selection::{Selection, UnknownMetric};
pub use settle::{NotSettled, Pilots, WarmUp};
pub use size::{Size, TooLarge};
pub use study::{Jobs, Results, Shard, Study};
pub use table::Table;
pub use target::{Next, Target, Width};
