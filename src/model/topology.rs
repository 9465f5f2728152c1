//! The system to simulate, resolved: names are ids, defaults are filled in, everything is valid.
//!
//! Components of a kind lie one after another in lists and refer to each other
//! by index, so that the model never looks up a name. Ids never change while a
//! run goes on, whatever comes and goes (see [`graft`](super::graft)).

use std::{collections::BTreeMap, ops::Range};

use rand_distr::weighted::WeightedAliasIndex;

use super::plan::Step;
use crate::engine::{
    distribution::Distribution,
    time::{Duration, SimTime},
};

/// Defines an index into one of the topology's lists.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in the list.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A group of users, in [`Topology::users`].
    GroupId
    /// A service, in [`Topology::services`].
    ServiceId
    /// A service instance, in [`Topology::instances`].
    InstanceId
    /// A database cluster, in [`Topology::clusters`].
    ClusterId
    /// A database node, in [`Topology::nodes`].
    NodeId
    /// A cache, in [`Topology::caches`].
    CacheId
    /// A broker, in [`Topology::brokers`].
    BrokerId
    /// A queue of a broker, in [`Topology::queues`].
    QueueId
    /// A consumer, in [`Topology::consumers`].
    ConsumerId
    /// A call to further services, in [`Topology::calls`].
    CallId
    /// Anything that can break, in [`Topology::components`].
    ComponentId
}

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
    /// Calls between services.
    pub calls: Vec<Call>,
    /// Database clusters; a cluster with `per_instance` stands here once for each instance.
    pub clusters: Vec<Cluster>,
    /// Nodes of all clusters.
    pub nodes: Vec<Node>,
    /// Caches; a cache with `per_instance` stands here once for each instance.
    pub caches: Vec<Cache>,
    /// Brokers.
    pub brokers: Vec<Broker>,
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
}

/// The component that something is, by kind and position in its list.
#[derive(Clone, Debug, Default)]
pub struct ComponentIds {
    instances: Vec<ComponentId>,
    nodes: Vec<ComponentId>,
    caches: Vec<ComponentId>,
    brokers: Vec<ComponentId>,
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

/// A group of users.
#[derive(Clone, Debug)]
pub struct Users {
    /// Name, unique among groups.
    pub name: String,
    /// When requests come.
    pub arrivals: Arrivals,
    /// Probability that an arrival is a user who was there before.
    pub reuse_prob: f64,
    /// How many users are remembered.
    pub max_users: u32,
    /// Services that the requests go to, and how often; at least one of positive weight.
    pub targets: Vec<ServiceId>,
    /// Chooses a position in `targets`.
    pub target_weights: WeightedAliasIndex<f64>,
    /// Share of reads.
    pub read_share: f64,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// Further attempts.
    pub retries: Option<Retries>,
}

/// When requests come. Rates are per second and finite, not negative.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// At a constant rate, independent of each other.
    Poisson {
        /// Rate.
        rate: f64,
    },
    /// A gap between two arrivals.
    Gaps(Distribution),
    /// Poisson, with a rate that alternates.
    Bursty {
        /// Rate and length of the states, the first one first.
        states: [(f64, Distribution); 2],
    },
    /// Poisson, with a rate that follows points.
    Profile {
        /// Times (strictly rising) and rates, at least one.
        points: Vec<(SimTime, f64)>,
        /// Whether the rate jumps at a point instead of moving in a line towards it.
        steps: bool,
        /// Whether the profile starts anew after its last point, which then is above time 0.
        repeat: bool,
    },
    /// Poisson, with a rate like a sine.
    Wave {
        /// Mean rate.
        mean: f64,
        /// Deviation, at most the mean.
        amplitude: f64,
        /// Period, above zero.
        period: Duration,
    },
    /// A fixed number of users who wait for their answers.
    Closed {
        /// Number of users.
        users: u32,
        /// Time between an answer and the next request.
        think: Distribution,
    },
    /// Logins one after another.
    Sequential {
        /// Time from the end of a login to the next arrival.
        gap: Distribution,
    },
}

/// Further attempts of a request.
#[derive(Clone, Debug)]
pub struct Retries {
    /// At most so many.
    pub max: u32,
    /// Wait before the first.
    pub base: Duration,
    /// Growth of the wait.
    pub factor: f64,
    /// Longest wait.
    pub longest: Duration,
    /// How chance changes the wait.
    pub jitter: Jitter,
    /// Tokens added by a first attempt, and most tokens held.
    pub budget: Option<(f64, f64)>,
}

/// How chance changes a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Uniform from 0 to the wait.
    Full,
    /// Uniform from half the wait to the wait.
    Equal,
}

/// A pair of tiers that exchange messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// Users and the balancer (and the authorisation service).
    UsersBalancer,
    /// The balancer and a service instance.
    BalancerService,
    /// Two service instances.
    ServiceService,
    /// A service instance and a database node.
    ServiceDatabase,
    /// A service instance and a cache.
    ServiceCache,
    /// A service instance and a broker.
    ServiceBroker,
}

/// Number of kinds of hops.
pub const HOPS: usize = 6;

/// The network.
#[derive(Clone, Debug)]
pub struct Network {
    /// Time of a TCP handshake.
    pub tcp: Distribution,
    /// Time of a TLS handshake.
    pub tls: Distribution,
    /// Probability that a connection is kept alive.
    pub keep_alive_prob: f64,
    /// One-way delays, by [`Hop`].
    pub delays: [Distribution; HOPS],
    /// Probability that a message is lost.
    pub loss: f64,
    /// Wait before the first retransmission; it doubles each time.
    pub retransmit_after: Duration,
    /// Retransmissions before the call fails.
    pub retransmits_max: u32,
    /// How long a caller waits for somebody beyond a partition.
    pub partition_timeout: Duration,
}

/// What is special about the authorisation service; the rest is an ordinary [`Service`].
#[derive(Clone, Debug)]
pub struct Auth {
    /// The service that handles logins.
    pub service: ServiceId,
    /// Probability that the login of a user without a session succeeds.
    pub success_prob: f64,
    /// How long a session lasts; `None` is for ever.
    pub session_ttl: Option<Duration>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name.
    pub name: String,
    /// Its instances, in ascending order; never empty.
    pub instances: Vec<InstanceId>,
    /// How the balancer chooses among them.
    pub policy: Policy,
    /// Processing time.
    pub service_time: Distribution,
    /// Workers of each instance; `None` is any number.
    pub workers: Option<u32>,
    /// Places to wait at each instance; `None` is any number.
    pub queue_limit: Option<u32>,
    /// Who is served next.
    pub discipline: Discipline,
    /// Whether a request without a session is rejected.
    pub requires_auth: bool,
    /// Probability that processing fails.
    pub fail_prob: f64,
    /// What a failed look-up in the cache leads to; `None` if there is no cache.
    pub cache: Option<OnCacheError>,
    /// How the database is used; `None` if there is none.
    pub database: Option<DatabaseUse>,
    /// Where each request publishes a message.
    pub publish: Option<(QueueId, OnError)>,
    /// Calls to further services, positions in [`Topology::calls`].
    pub calls: Range<u32>,
    /// Steps of a read, positions in [`Topology::steps`].
    pub read_plan: Range<u32>,
    /// Steps of a write, positions in [`Topology::steps`].
    pub write_plan: Range<u32>,
}

/// How a service uses its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseUse {
    /// What a failed read leads to.
    pub on_read_error: OnError,
    /// What a failed write leads to.
    pub on_write_error: OnError,
    /// How often a failed read is tried again.
    pub read_retries: u32,
}

/// How the balancer chooses an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// At random by weight.
    WeightedRandom,
    /// Smooth weighted round-robin.
    SmoothRoundRobin,
    /// Fewest requests in progress for the weight.
    LeastConnections,
    /// The less loaded of two.
    TwoChoices,
    /// By the user.
    UserHash,
}

/// Who is served next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discipline {
    /// First in, first out.
    Fifo,
    /// Last in, first out.
    Lifo,
    /// All at once, each more slowly.
    ProcessorSharing,
}

/// What a failed step leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The request fails.
    Fail,
    /// The request goes on.
    Ignore,
}

/// What a failed look-up leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCacheError {
    /// The request fails.
    Fail,
    /// The database is read.
    FallBack,
}

/// A service instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The service.
    pub service: ServiceId,
    /// Weight in the balancer; at least one instance of a service has a positive one.
    pub weight: f64,
    /// The cluster it reads and writes; present if the service uses a database.
    pub cluster: Option<ClusterId>,
    /// The cache it asks; present if the service uses one.
    pub cache: Option<CacheId>,
}

/// A call to further services.
#[derive(Clone, Debug)]
pub struct Call {
    /// The services called, all at once; never empty, never the authorisation service, never in a cycle.
    pub to: Vec<ServiceId>,
    /// Probability that the call is made.
    pub prob: f64,
    /// What a failed call leads to.
    pub on_error: OnError,
}

/// A database cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Name.
    pub name: String,
    /// Its nodes, never none; the first is the first primary.
    pub nodes: Vec<NodeId>,
    /// Whether it stands for Redis rather than PostgreSQL; only shown.
    pub is_redis: bool,
    /// Time of an operation.
    pub operation: Distribution,
    /// Probability that an operation fails.
    pub fail_prob: f64,
    /// Connections of each node; `None` is any number.
    pub connections: Option<u32>,
    /// Places to wait for a connection; `None` is any number.
    pub queue_limit: Option<u32>,
    /// Probability that a read goes to a replica.
    pub replica_read_share: f64,
    /// When a write is answered.
    pub replication: Replication,
    /// Time from a commit until a replica starts to apply the write.
    pub replication_delay: Distribution,
    /// How a dead primary is replaced.
    pub failover: Failover,
}

/// When a write is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replication {
    /// After the primary.
    Async,
    /// After so many live replicas, or all of them.
    Sync(Option<u32>),
}

/// How a dead primary is replaced.
#[derive(Clone, Debug)]
pub struct Failover {
    /// Which replica becomes the primary.
    pub strategy: FailoverStrategy,
    /// All nodes (positions within the cluster), the most wanted first; used with `Priority`.
    pub priority: Vec<u32>,
    /// Time between two looks of the monitor, above zero.
    pub monitor_interval: Duration,
    /// Whether a write that finds the primary dead starts it.
    pub on_write: bool,
    /// Time of a promotion.
    pub promotion_time: Distribution,
}

/// Which replica becomes the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailoverStrategy {
    /// Any that is up.
    Random,
    /// The one that lacks the fewest writes.
    MostCaughtUp,
    /// The first of a list.
    Priority,
    /// None.
    None,
}

/// A database node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its cluster.
    pub cluster: ClusterId,
}

/// A cache.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Name.
    pub name: String,
    /// Time of a look-up.
    pub operation: Distribution,
    /// Probability that a look-up fails.
    pub fail_prob: f64,
    /// Look-ups at a time; `None` is any number.
    pub connections: Option<u32>,
    /// What makes a hit.
    pub content: CacheContent,
}

/// What makes a look-up a hit.
#[derive(Clone, Debug)]
pub enum CacheContent {
    /// Chance.
    HitProb(f64),
    /// The keys it holds.
    Keyed {
        /// Chooses the key of a read, 0 being the most popular.
        popularity: WeightedAliasIndex<f64>,
        /// Number of different keys.
        keys: u32,
        /// Number of keys that fit.
        capacity: u32,
        /// How long a key stays; `None` is for ever.
        ttl: Option<Duration>,
        /// Which key leaves.
        eviction: Eviction,
    },
}

/// Which key leaves a full cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// Least recently used.
    Lru,
    /// Least frequently used.
    Lfu,
    /// Any.
    Random,
}

/// A broker.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Name.
    pub name: String,
    /// Its queues, positions in [`Topology::queues`].
    pub queues: Range<u32>,
    /// Time to publish.
    pub publish: Distribution,
    /// Probability that publishing fails.
    pub fail_prob: f64,
}

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Name.
    pub name: String,
    /// Its broker.
    pub broker: BrokerId,
    /// Messages that may wait; `None` is any number.
    pub limit: Option<u32>,
    /// Whether a message that finds the queue full pushes out the oldest instead of being refused.
    pub drop_head: bool,
    /// Its consumers.
    pub consumers: Vec<ConsumerId>,
}

/// One consumer.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The queue it consumes.
    pub queue: QueueId,
    /// The instance it belongs to, if it belongs to one.
    pub instance: Option<InstanceId>,
    /// Time to consume a message.
    pub service_time: Distribution,
    /// Messages it may hold; `None` is any number, else at least 1.
    pub prefetch: Option<u32>,
    /// Whether it has been taken away, and may only finish what it is at.
    pub is_retired: bool,
}

/// Something that can break.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name, unique: `Shop-0`, `OrdersDB/1`, a cache's or a broker's name.
    pub name: String,
    /// What it is.
    pub kind: ComponentKind,
    /// Alternating times up and down.
    pub outages: Option<Outages>,
    /// Whether it has been taken away. Its place is kept for what is still under way there, for the record, and for its
    /// return; nothing new comes to it.
    pub is_retired: bool,
}

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentKind {
    /// A service instance.
    Instance(InstanceId),
    /// A database node.
    Node(NodeId),
    /// A cache.
    Cache(CacheId),
    /// A broker.
    Broker(BrokerId),
}

/// Alternating times up and down; not both always zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Outages {
    /// Time up.
    pub up: Distribution,
    /// Time down.
    pub down: Distribution,
}

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
    /// No message passes between the sides, until `until` if there is one.
    Partition {
        /// The sides.
        between: [Side; 2],
        /// When the network heals.
        until: Option<SimTime>,
    },
}

impl Topology {
    /// Fills in which component each instance, node, cache and broker is.
    pub fn number_components(&mut self) {
        let mut ids = ComponentIds {
            instances: vec![ComponentId(0); self.instances.len()],
            nodes: vec![ComponentId(0); self.nodes.len()],
            caches: vec![ComponentId(0); self.caches.len()],
            brokers: vec![ComponentId(0); self.brokers.len()],
        };
        for (id, component) in self.components.iter().enumerate() {
            let place = match component.kind {
                ComponentKind::Instance(instance) => &mut ids.instances[instance.index()],
                ComponentKind::Node(node) => &mut ids.nodes[node.index()],
                ComponentKind::Cache(cache) => &mut ids.caches[cache.index()],
                ComponentKind::Broker(broker) => &mut ids.brokers[broker.index()],
            };
            *place = ComponentId(id as u32);
        }
        self.component_ids = ids;
    }

    /// The component that an instance is.
    #[inline]
    pub fn instance_component(&self, instance: InstanceId) -> ComponentId {
        self.component_ids.instances[instance.index()]
    }

    /// The component that a node is.
    #[inline]
    pub fn node_component(&self, node: NodeId) -> ComponentId {
        self.component_ids.nodes[node.index()]
    }

    /// The component that a cache is.
    #[inline]
    pub fn cache_component(&self, cache: CacheId) -> ComponentId {
        self.component_ids.caches[cache.index()]
    }

    /// The component that a broker is.
    #[inline]
    pub fn broker_component(&self, broker: BrokerId) -> ComponentId {
        self.component_ids.brokers[broker.index()]
    }

    /// Whether a cluster has been taken away, with the instance that it belonged to.
    pub fn is_cluster_retired(&self, cluster: ClusterId) -> bool {
        let first = self.clusters[cluster.index()].nodes.first();
        first.is_some_and(|&node| self.components[self.node_component(node).index()].is_retired)
    }

    /// Name of a component.
    pub fn component_name(&self, component: ComponentId) -> &str {
        &self.components[component.index()].name
    }
}
