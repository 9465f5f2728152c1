//! How those at work slow each other down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

/// How requests that an instance processes at the same time slow each other down: by locks, caches and memory that they share.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ScalabilityConfig {
    /// By the Universal Scalability Law.
    Usl(UslConfig),
    /// As it was measured: the speed of a request alone, of each of two, of each of three, and so on, above 0, where 1 takes
    /// the processing time. More requests are as fast as the last entry says.
    Table(Vec<f64>),
}

/// The Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007): each of n requests is 1 + σ(n - 1) + κn(n - 1)
/// times slower than one alone.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UslConfig {
    /// σ, contention: the share of work that only one can do at a time. Alone it is Amdahl's law.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sigma: f64,
    /// κ, coherency: what each pair of requests costs each of them. Above 0, too many at a time do less than fewer.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub kappa: f64,
}
