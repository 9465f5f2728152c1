//! Services, their instances, and what their steps lead to when they fail.

use std::ops::Range;

use super::{
    Admission, Asked, CacheId, CallId, Callee, ClusterId, EdgePolicy, EndpointId, InstanceId, Knowledge, Lifecycle,
    NextUpstream, Publication, ServiceId,
};
use crate::engine::{codel::Codel, distribution::Distribution, time::Duration, usl::Scalability};

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
    pub balancing: Balancing,
    /// How it knows who of them is up.
    pub knowledge: Knowledge,
    /// Where requests wait while all instances are full; `None` is nowhere.
    pub line: Option<Line>,
    /// Idle connections that are kept; `None` is always enough.
    pub keep_alive: Option<KeepAlive>,
    /// What it does when one of them fails a request.
    pub next_upstream: NextUpstream,
    /// Processing time.
    pub service_time: Distribution,
    /// Whom each instance lets in; `None` is everybody.
    pub admission: Option<Admission>,
    /// Workers of each instance; `None` is any number.
    pub workers: Option<u32>,
    /// How those in process slow each other down; `None` is not at all.
    pub scalability: Option<Scalability>,
    /// Places to wait at each instance; `None` is any number.
    pub queue_limit: Option<u32>,
    /// How long somebody waits for a worker; `None` is for ever.
    pub longest_wait: Option<Distribution>,
    /// How long a worker belongs to a request.
    pub holds: Holds,
    /// Who is served next.
    pub discipline: Discipline,
    /// What drops those who have waited; `None` is nothing.
    pub codel: Option<Codel>,
    /// How its instances begin, and what keeps them from their work.
    pub lifecycle: Lifecycle,
    /// Whether a request without a session is rejected.
    pub requires_auth: bool,
    /// Probability that processing fails.
    pub fail_prob: f64,
    /// How the cache is used; `None` if there is none.
    pub cache: Option<CacheUse>,
    /// How the database is used; `None` if there is none.
    pub database: Option<DatabaseUse>,
    /// Where each request publishes a message.
    pub publish: Option<PublishUse>,
    /// Calls to further services, and uses of stores under a policy, positions in [`Topology::calls`](super::Topology::calls).
    pub calls: Range<u32>,
    /// What a read asks for that names nothing.
    pub read: EndpointId,
    /// What a write asks for that names nothing.
    pub write: EndpointId,
}

impl Service {
    /// An instance's bit in a set of instances. (Beyond the 64th, instances share bits.)
    pub fn bit_of(&self, instance: InstanceId) -> u64 {
        self.instances.binary_search(&instance).map_or(0, |place| 1 << (place % 64))
    }
}

/// How a service uses its cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheUse {
    /// Name of the cache, or what those of its instances have in common.
    pub name: String,
    /// What a failed look-up leads to.
    pub on_error: OnCacheError,
    /// The connections of each instance; `None` is any number.
    pub pool: Option<Pool>,
    /// Under which policy, if under one.
    pub call: Option<CallId>,
    /// How long after it has been told to the cache something is written to the database, if that comes later.
    pub flush_after: Duration,
}

/// What a cache is told of what is written to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing: it is noted only that what it holds is outdated.
    Nothing,
    /// That it must forget the key.
    Forget,
    /// What has been written.
    Value,
    /// What is to be written, before the database hears of it.
    First,
}

/// How a service publishes messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishUse {
    /// What, and where to.
    pub publication: Publication,
    /// What a failure leads to.
    pub on_error: OnError,
    /// Under which policy, if under one.
    pub call: Option<CallId>,
}

/// How a service uses its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUse {
    /// Name of the cluster, or what those of its instances have in common.
    pub name: String,
    /// What a failed read leads to.
    pub on_read_error: OnError,
    /// What a failed write leads to.
    pub on_write_error: OnError,
    /// How often a failed read is tried again.
    pub read_retries: u32,
    /// Connections that each instance keeps to it; `None` is any number.
    pub pool: Option<Pool>,
    /// Under which policy, if under one.
    pub call: Option<CallId>,
}

/// Connections that an instance keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// So many, at least 1.
    pub size: u32,
    /// How long somebody waits for one; `None` is for ever.
    pub longest_wait: Option<Duration>,
}

/// How long a worker belongs to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// While it is processed.
    Processing,
    /// From when its processing begins until it is answered.
    Request,
}

/// Numbers by which the balancer chooses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balancing {
    /// Among those who may be asked.
    pub policy: Policy,
    /// Requests that an instance is given at a time; `None` is any number.
    pub max_conns: Option<u32>,
    /// How long the weight of an instance grows that has come back, or is new, above zero; `None` is no time.
    pub slow_start: Option<SlowStart>,
    /// The share of the instances that must be believed to be up; if fewer are, all are asked. 0 is never.
    pub panic_threshold: f64,
}

/// How an instance that has come back is asked more and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlowStart {
    /// How long that takes, above 0.
    pub lasts: Duration,
    /// Whether in sixteenths, by whole seconds, and what it is given at a time grows too, as at HAProxy.
    pub is_stepwise: bool,
}

/// Idle connections that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepAlive {
    /// So many.
    pub most: u32,
    /// Whether to all instances together, and not to each.
    pub is_together: bool,
}

/// Where requests wait at a balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Places; `None` is any number.
    pub limit: Option<u32>,
    /// How long somebody waits; `None` is for ever.
    pub longest_wait: Option<Duration>,
}

impl Balancing {
    /// At random by weight.
    pub const USUAL: Self =
        Self { policy: Policy::WeightedRandom, max_conns: None, slow_start: None, panic_threshold: 0.0 };
}

/// How the balancer chooses an instance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy {
    /// At random by weight.
    WeightedRandom,
    /// Smooth weighted round-robin.
    SmoothRoundRobin,
    /// Fewest requests in progress for the weight.
    LeastConnections,
    /// The same, this one counted.
    Leastconn,
    /// The less loaded of two.
    TwoChoices,
    /// By the user.
    UserHash,
    /// By the user's address, as nginx does.
    IpHash,
    /// By the user's name, as nginx does.
    Hash,
    /// By the user, with a bound on everybody's load.
    BoundedHash {
        /// So many times the mean load, at least 1.
        factor: f64,
    },
    /// The one of two that will take less time, by how long its answers took.
    PeakEwma {
        /// How fast earlier times are forgotten, above zero.
        decay: Duration,
    },
}

/// Who is served next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discipline {
    /// First in, first out.
    Fifo,
    /// Last in, first out.
    Lifo,
    /// First in, first out, until the queue has not been empty for so long; then last in, first out, until it is.
    AdaptiveLifo(Duration),
    /// The highest class first, and within a class first in, first out; work in progress is not interrupted.
    Priority,
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
    /// Whether it is asked only when no other one can be.
    pub is_backup: bool,
    /// The cluster it reads and writes; present if the service uses a database.
    pub cluster: Option<ClusterId>,
    /// The cache it asks; present if the service uses one.
    pub cache: Option<CacheId>,
}

/// What the instances of a service ask others for: further services, or a store under a policy.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who is asked.
    pub to: Called,
    /// So many of them must answer with success, at least 1; the call ends when they have, and the others are given up.
    pub need: u32,
    /// Whether it reads or writes; `None` is whatever the caller was asked to do.
    pub is_read: Option<bool>,
    /// Probability that the call is made.
    pub prob: f64,
    /// What a failed call leads to.
    pub on_error: OnError,
    /// What is done so that those called answer all the same; it says the same of a failed call.
    pub policy: EdgePolicy,
}

/// Who is asked by a [`Call`].
#[derive(Clone, Debug)]
pub enum Called {
    /// Services, all at once; never empty, never the authorisation service, never in a cycle.
    Services(Vec<Callee>),
    /// A database, a cache or a broker.
    Store(Asked),
}

impl Called {
    /// The services, if services are asked.
    #[inline]
    pub fn services(&self) -> &[Callee] {
        match self {
            Self::Services(services) => services,
            Self::Store(_) => &[],
        }
    }

    /// All of them.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        let store = match *self {
            Self::Services(_) => None,
            Self::Store(asked) => Some(asked),
        };
        self.services().iter().map(|callee| Asked::Service(callee.service)).chain(store)
    }
}
