//! The authorisation service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{Discipline, DistributionConfig, OutagesConfig, Seconds};
use crate::config::limits::INSTANCES_MAX;

/// The authorisation service: handles a login before each request of a user.
///
/// A user with a session only pays for the handshakes. A user without one is
/// processed and gets a session with a certain probability. A failed login is
/// counted, and the user sends the request all the same.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// Its name in reports.
    #[default = "AuthService"]
    pub name: String,
    /// Number of instances, 1 to 1000; a login goes to any that is up, equally likely.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    #[default = 1]
    pub instances: u32,
    /// Processing time of a login by a user without a session.
    pub processing: DistributionConfig,
    /// Probability that such a login succeeds.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 1.0]
    pub success_prob: f64,
    /// How long a session lasts. Without it: for ever.
    pub session_ttl: Option<Seconds>,
    /// Logins that an instance processes at a time. Without it: any number.
    pub workers: Option<u32>,
    /// Logins that may wait at an instance. Without it: any number.
    pub queue_limit: Option<u32>,
    /// Who is served next.
    pub discipline: Discipline,
    /// Probability that the processing of a login fails with an error, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages of each instance. Without it: none.
    pub outages: Option<OutagesConfig>,
}
