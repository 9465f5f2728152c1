//! Faults at set times.

use super::{ClusterId, ComponentId, InProgress};
use crate::engine::time::SimTime;

/// What a name means in a fault or an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// These components.
    Components(Vec<ComponentId>),
    /// Whoever are the primaries of these clusters at that moment (`NAME/primary`).
    Primaries(Vec<ClusterId>),
}

/// A side of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// The users.
    Users,
    /// The balancer.
    Balancer,
    /// Components.
    Target(Target),
}

/// A fault at a set time.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledFault {
    /// When.
    pub at: SimTime,
    /// What.
    pub action: FaultAction,
}

/// What happens at a set time.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultAction {
    /// The target stops. `until` is when it works again; `None` is after a down-time of its outages, if it has them.
    Crash {
        /// Who.
        target: Target,
        /// When it works again.
        until: Option<SimTime>,
        /// What becomes of its work.
        in_progress: InProgress,
    },
    /// The target's times are multiplied, until `until` if there is one.
    Slow {
        /// Who.
        target: Target,
        /// By how much, above zero.
        factor: f64,
        /// When it is itself again.
        until: Option<SimTime>,
    },
    /// The target's operations fail at once, until `until` if there is one.
    Fail {
        /// Who.
        target: Target,
        /// With this probability, above zero.
        prob: f64,
        /// When it is itself again.
        until: Option<SimTime>,
    },
    /// No message passes between the sides, until `until` if there is one.
    Partition {
        /// The sides.
        between: [Side; 2],
        /// When the network heals.
        until: Option<SimTime>,
    },
}
