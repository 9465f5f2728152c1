//! What a balancer knows of the instances behind it, and what it does when one does not answer.

use crate::{
    engine::time::Duration,
    model::{
        cause::CauseSet,
        policy::{
            health_check::HealthCheck,
            outlier::{FailRule, OutlierRule},
        },
    },
};

/// How a balancer knows which instances are up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Knowledge {
    /// It knows at once.
    AtOnce,
    /// By requests that fail, as nginx does.
    Fails(FailRule),
    /// By requests that fail, as Envoy does.
    Outliers(OutlierRule),
    /// By asking them from time to time.
    Checks(HealthCheck),
}

/// What a balancer does with a request that an instance has failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextUpstream {
    /// After which causes another instance is asked. By these, too, a balancer learns who is down.
    pub on: CauseSet,
    /// How many instances are asked at most, at least 1.
    pub tries: u32,
    /// After how long no further one is asked; `None` is never.
    pub timeout: Option<Duration>,
    /// How long one of them is waited for; `None` is for ever.
    pub try_timeout: Option<Duration>,
    /// Whether a write is passed on that an instance may have begun with.
    pub non_idempotent: bool,
    /// Whether only what no instance has begun with is tried again.
    pub connect_only: bool,
    /// How often the same instance is asked again before another one is, or none.
    pub retries: u8,
    /// How long after a failure that is done; if there are such retries, another instance is asked as much later.
    pub retry_after: Duration,
}
