//! The system to simulate, resolved: names are ids, defaults are filled in, everything is valid.
//!
//! Components of a kind lie one after another in lists and refer to each other
//! by index, so that the model never looks up a name. Ids never change while a
//! run goes on, whatever comes and goes (see [`graft`](super::graft)).

mod admission;
mod broker;
mod cache;
mod component;
mod database;
mod edge;
mod endpoint;
mod fault;
mod ids;
mod lifecycle;
mod network;
mod policy;
mod service;
mod upstream;
mod users;

pub use admission::{Admission, AdmissionRule};
pub use broker::{Broker, CIRCLE_MAX, Consumer, Member, Overflow, Publication, Queue, QueueKind, Syncs};
pub use cache::{ActiveExpire, Cache, CacheContent, Criterion, Eviction, Keyed, Sampling};
pub use component::{Component, ComponentIds, ComponentKind, InProgress, Outages};
pub use database::{
    Checkpoints, Cluster, Failover, FailoverStrategy, Lease, Node, OwnDelays, Patience, Persistence, ReadYourWrites,
    Rejoin, Replication, WaitForReplicas,
};
pub use edge::{Asked, AskerId, EdgeEnds};
pub use endpoint::{Callee, Endpoint, Fork, Guard, Task};
pub use fault::{FaultAction, ScheduledFault, Side, Target};
pub use ids::{
    BrokerId, CacheId, CallId, ClusterId, ComponentId, ConsumerId, EdgeId, EndpointId, GroupId, InstanceId, MemberId,
    NodeId, PublicationId, QueueId, ServiceId,
};
pub use lifecycle::{Autoscaler, Deployment, Lifecycle, Metric, Pauses, Release, RollBack, WarmUp};
pub use network::{HOPS, Hop, Network};
pub use policy::{Breaker, BreakerWindow, Bulkhead, EdgePolicy, Hedge, HedgeAfter, Jitter, Limiter, OnGivingUp, Retry};
pub use service::{
    Auth, Balancing, CacheUse, Call, Called, DatabaseUse, Discipline, Holds, Instance, KeepAlive, Line, OnCacheError,
    OnError, Policy, Pool, PublishUse, Service, SlowStart, Told,
};
pub use upstream::{Knowledge, NextUpstream};
pub use users::{Arrivals, Users};

use std::collections::BTreeMap;

use super::plan::Step;
use crate::engine::{
    distribution::Distribution,
    time::{Duration, SimTime},
};

/// The whole system.
#[derive(Clone, Debug)]
pub struct Topology {
    /// When the run ends and how it is observed.
    pub run: Run,
    /// Groups of users.
    pub users: Vec<Users>,
    /// The network.
    pub network: Network,
    /// The authorisation service, if there is one.
    pub auth: Option<Auth>,
    /// Services; the authorisation service, if there is one, stands last.
    pub services: Vec<Service>,
    /// Instances of all services.
    pub instances: Vec<Instance>,
    /// What services can be asked for: for each of them one endpoint for reads and one for writes, without a name, and
    /// those that have been declared.
    pub endpoints: Vec<Endpoint>,
    /// Calls between services, and uses of stores under a policy; those of a service together.
    pub calls: Vec<Call>,
    /// Who asks whom under a policy. Filled in by [`Topology::list_edges`].
    pub edges: Vec<EdgeEnds>,
    /// Database clusters; a cluster with `per_instance` stands here once for each instance.
    pub clusters: Vec<Cluster>,
    /// Nodes of all clusters.
    pub nodes: Vec<Node>,
    /// Caches; a cache with `per_instance` stands here once for each instance.
    pub caches: Vec<Cache>,
    /// Brokers.
    pub brokers: Vec<Broker>,
    /// Nodes of all brokers, those of one broker together; each has at least one.
    pub members: Vec<Member>,
    /// Queues of all brokers, those of one broker together.
    pub queues: Vec<Queue>,
    /// Consumers of all queues; one entry for each single consumer.
    pub consumers: Vec<Consumer>,
    /// Everything that can break: all instances, then nodes, caches and brokers, each in the order of its list; then
    /// what has been added while the run went on.
    pub components: Vec<Component>,
    /// The component that each instance, node, cache and broker is.
    pub component_ids: ComponentIds,
    /// Components that have not been taken away, in the order in which a fresh run would have them.
    pub order: Vec<ComponentId>,
    /// What each name of a fault or of a user's action means.
    pub targets: BTreeMap<String, Target>,
    /// Faults at set times.
    pub faults: Vec<ScheduledFault>,
    /// Steps of all plans; services refer to ranges. Filled in by [`Topology::compile_plans`](super::plan).
    pub steps: Vec<Step>,
    /// Processing times of steps that have one of their own; filled in with the steps.
    pub times: Vec<Distribution>,
    /// Probabilities of steps; filled in with the steps.
    pub probs: Vec<f64>,
    /// Lists of steps that are done at the same time; filled in with the steps.
    pub forks: Vec<Fork>,
    /// Operations that are done under a policy; filled in with the steps.
    pub guards: Vec<Guard>,
    /// What is published in steps; filled in with the steps.
    pub publications: Vec<Publication>,
}

/// When the run ends and how it is observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The end.
    pub duration: SimTime,
    /// When the statistics start anew.
    pub warm_up: SimTime,
    /// Width of the first windows of the time series; above zero.
    pub window: Duration,
}
