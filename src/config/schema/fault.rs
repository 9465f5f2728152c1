//! Outages that come at random and faults that come at set times.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{DistributionConfig, Seconds};

/// Alternating times up and down. A component starts up.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutagesConfig {
    /// How long the component stays up.
    pub up: DistributionConfig,
    /// How long it then stays down.
    pub down: DistributionConfig,
    /// What becomes of the work that is under way when it goes down, also when somebody crashes it by hand.
    #[serde(default)]
    pub in_progress: InProgress,
}

/// What becomes of the work of a component that goes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InProgress {
    /// It is lost, as with a process that dies: whoever asked fails at once. Those whom the component has asked itself
    /// go on with their part. What an instance knew of others (breakers, retry budgets, limits) is lost with it.
    #[default]
    Lost,
    /// It is finished as if nothing had happened; only what comes later fails.
    Finished,
}

fn always() -> f64 {
    1.0
}

/// A fault at a set time.
///
/// Components are named as in the report: a service or one of its instances
/// (`Shop`, `Shop-0`), a database cluster, one of its nodes or whoever is its
/// primary at that moment (`OrdersDB`, `OrdersDB/1`, `OrdersDB/primary`), a
/// cache, a broker. Partitions also know `users` and `balancer`.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultConfig {
    /// The component stops and, later, works again.
    Crash {
        /// Which component.
        component: String,
        /// When it stops. If that is past when the fault is put into a run in progress, it stops at once where
        /// `recover_at` lies ahead, and else not at all.
        at: Seconds,
        /// When it works again. Without it: after a down-time drawn from its `outages`, if it has
        /// them, else not before somebody recovers it by hand.
        recover_at: Option<Seconds>,
        /// What becomes of the work that is under way.
        #[serde(default)]
        in_progress: InProgress,
    },
    /// Everything the component does takes longer for a while.
    Slow {
        /// Which component.
        component: String,
        /// Its times are multiplied by this, 0.001 to 1000. Work that is under way notices when it begins and when it ends;
        /// but from 100 on it is a stall, which holds what begins meanwhile for the whole of its time.
        factor: f64,
        /// When it becomes slow.
        from: Seconds,
        /// When it is itself again. Without it: never.
        until: Option<Seconds>,
    },
    /// The component answers what it is asked with errors for a while, at once: a bad release, a lost credential, a full disk.
    /// Replicas go on replicating, and consumers consuming.
    Fail {
        /// Which component.
        component: String,
        /// Probability that an operation fails, above 0. Several such faults go together.
        #[serde(default = "always")]
        #[schemars(range(min = 0.0, max = 1.0))]
        prob: f64,
        /// When it begins to fail.
        from: Seconds,
        /// When it is itself again. Without it: never.
        until: Option<Seconds>,
    },
    /// No message passes between two components for a while.
    Partition {
        /// The two sides.
        between: [String; 2],
        /// When the network parts.
        from: Seconds,
        /// When it heals. Without it: never.
        until: Option<Seconds>,
    },
}
