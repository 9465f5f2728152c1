//! The configuration as it stands in JSON, one file for each noun.
//!
//! Every struct refuses unknown fields and gives every field a default, so a
//! reader of a configuration sees only what differs from the usual. What a
//! default cannot supply (a service time, say) is an `Option` here and is
//! demanded by `resolve`, which can then report all omissions at once.
//!
//! What a type says of itself is all there is: serde's derives read and write
//! it, and the JSON Schema derived of it is what a configuration is checked by
//! before (see the module `form`), so that every error is found at once.

mod admission;
mod auth;
mod broker;
mod cache;
mod database;
mod distribution;
mod endpoint;
mod exchange;
mod fault;
mod lifecycle;
mod network;
mod policy;
mod quantity;
mod queueing;
mod scalability;
mod service;
mod upstream;
mod users;

pub use admission::{AdmissionConfig, AimdConfig, ConcurrencyConfig, GradientConfig, RateConfig};
pub use auth::AuthConfig;
pub use broker::{BrokerConfig, BrokerKind, ConsumerConfig, OnFailure, Overflow, QueueConfig, QueueType, SyncConfig};
pub use cache::{
    ActiveExpireConfig, CacheConfig, CacheKind, EarlyRefreshConfig, Eviction, KeyedConfig, SingleFlightConfig,
};
pub use database::{
    CheckpointsConfig, ClusterKind, DbClusterConfig, DelayIn, FailoverConfig, FailoverStrategy, NodeReplicationConfig,
    PatroniConfig, Persistence, ReadYourWrites, Rejoin, ReplayConfig, ReplicationConfig, ReplicationMode,
    SynchronousCommit,
};
pub use distribution::{Branch, DistributionConfig, Shape, WeightedValue};
pub use endpoint::{BranchesStep, EndpointConfig, LookUpStep, MaybeStep, ReadStep, StepConfig, WriteStep};
pub use exchange::{BindingConfig, ExchangeConfig, ExchangeType};
pub use fault::{FaultConfig, InProgress, OutagesConfig};
pub use lifecycle::{
    AutoscalerConfig, DeploymentConfig, PausesConfig, ReleaseConfig, RollBackConfig, ScalingPolicyConfig,
    ScalingRulesConfig, ScalingTargets, SelectPolicy, WarmUpConfig,
};
pub use network::NetworkConfig;
pub use policy::{
    BreakerConfig, BreakerWindow, BulkheadConfig, CauseName, HedgeBudgetConfig, HedgeConfig, LimiterConfig, OnGivingUp,
    PolicyConfig, PolicyUse, RetryConfig,
};
pub use quantity::Seconds;
pub use queueing::CodelConfig;
pub use scalability::{ScalabilityConfig, UslConfig};
pub use service::{
    BalancerPolicy, BalancerQueueConfig, CacheUse, CacheWrites, CallConfig, CallKind, DatabaseUse, Discipline, Holds,
    OnCacheError, OnError, PoolConfig, PublishUse, ServiceConfig, ServiceKind,
};
pub use upstream::{ChecksConfig, FailsConfig, KnowledgeConfig, NextUpstreamConfig, Observe, OnErrors, OutliersConfig};
pub use users::{
    ArrivalsConfig, BackoffConfig, BurstyState, ClientConfig, Jitter, ProfilePoint, ProfileShape, RetriesConfig,
    RetryBudgetConfig, UsersConfig,
};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use crate::config::limits::SEED_MAX;

/// Components by name, in the order of the configuration, which is what reports and pages show.
pub type Named<T> = IndexMap<String, T>;

/// A whole system and how long to watch it: what a scenario file holds.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the JSON Schema of this format stands, for editors; ignored by the simulator.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Version of this format. Only 1 exists.
    #[schemars(range(min = 1, max = 1))]
    #[default = 1]
    pub format: u32,
    /// Short name of the scenario, the same in all languages; reports carry it.
    pub name: String,
    /// Title of the scenario, for people; no two languages are obligatory.
    pub title: Text,
    /// What to look for in the run, one paragraph.
    pub description: Text,
    /// Seed of every random number of the run: the same seed gives the same report. 0 to 2^53 - 1.
    #[schemars(range(max = SEED_MAX))]
    #[default = 1]
    pub seed: u64,
    /// Simulated time at which the run ends, sharp.
    #[default(Seconds(60.0))]
    pub duration: Seconds,
    /// Simulated time at which all statistics start anew, so that the empty start does not count.
    pub warm_up: Seconds,
    /// Width of a window of the time series. It doubles whenever a run outgrows its fixed number of windows.
    #[default(Seconds(1.0))]
    pub window: Seconds,
    /// Groups of users by name: who sends requests, when, and to what.
    pub users: Named<UsersConfig>,
    /// Times and losses of the network.
    pub network: NetworkConfig,
    /// The authorisation service, which handles a login before each request. Without it nobody logs in.
    pub auth: Option<AuthConfig>,
    /// Services by name.
    pub services: Named<ServiceConfig>,
    /// Database clusters by name.
    pub db_clusters: Named<DbClusterConfig>,
    /// Caches by name.
    pub caches: Named<CacheConfig>,
    /// Message brokers by name.
    pub brokers: Named<BrokerConfig>,
    /// Policies by name, for any place that has a `policy`: retries, circuit breakers, limits, timeouts, hedging.
    pub policies: Named<PolicyConfig>,
    /// Faults that happen at set times.
    pub faults: Vec<FaultConfig>,
}

/// A text in the languages of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}
