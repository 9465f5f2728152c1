//! Endpoints: what a service can be asked for, and what it does for that.

use std::ops::Range;

use super::{CallId, EndpointId, OnCacheError, OnError, PublishUse, ServiceId, Told, Topology};
use crate::engine::distribution::Distribution;

/// Something that a service can be asked for.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The service.
    pub service: ServiceId,
    /// Its name, if it has been declared; each service has two without a name besides, for reads and for writes.
    pub name: Option<String>,
    /// What is done for it, one after another.
    pub tasks: Vec<Task>,
    /// Whether it may be asked again after a failure, as it then happens only once or does not matter.
    pub is_idempotent: bool,
    /// Who waits for a worker under a priority is served in this order, 0 first; `None`: as whoever asked.
    pub class: Option<u8>,
    /// The steps that it has been compiled to, positions in [`Topology::steps`].
    pub plan: Range<u32>,
}

/// Something that is done for a request, as it is declared. It is compiled to [`Step`](crate::model::plan::Step)s.
#[derive(Clone, Debug)]
pub enum Task {
    /// A worker is at work, for the time of the service if none is given.
    Process(Option<Distribution>),
    /// The cache is asked; the tasks are done if it does not have what is wanted.
    LookUp {
        /// What a failed look-up leads to.
        on_error: OnCacheError,
        /// Under which policy, if under one.
        call: Option<CallId>,
        /// What a miss leads to.
        miss: Vec<Task>,
    },
    /// The database is read.
    Read {
        /// What a failed read leads to.
        on_error: OnError,
        /// How often a failed read is tried again.
        retries: u32,
        /// Under which policy, if under one.
        call: Option<CallId>,
    },
    /// Something is written to the database.
    Write {
        /// What a failed write leads to.
        on_error: OnError,
        /// Under which policy, if under one.
        call: Option<CallId>,
    },
    /// Something is written, and the cache is told of it: after that, or before, and then the tasks are done later.
    Tell {
        /// What it is told.
        what: Told,
        /// What it leads to if the cache cannot be told.
        on_error: OnCacheError,
        /// The write.
        tasks: Vec<Task>,
    },
    /// A message is published.
    Publish(PublishUse),
    /// Further services are called.
    Call(CallId),
    /// Lists of tasks are done at the same time; they end when all have.
    Branches {
        /// The lists.
        branches: Vec<Vec<Task>>,
        /// What a failed branch leads to.
        on_error: OnError,
    },
    /// The tasks are done with some probability.
    Maybe {
        /// The probability.
        prob: f64,
        /// The tasks.
        tasks: Vec<Task>,
    },
}

/// Whom a request or a call goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callee {
    /// The service.
    pub service: ServiceId,
    /// What it is asked for; `None` is one of its two endpoints without a name, for a read or for a write.
    pub endpoint: Option<EndpointId>,
}

/// Lists of steps that are done at the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    /// The first and the last step of each, positions in [`Topology::steps`].
    pub branches: Vec<(u32, u32)>,
    /// What a failed branch leads to.
    pub on_error: OnError,
    /// How many steps they are all together.
    pub length: u32,
}

/// An operation at a store that is done under a policy: the step after this one, which is followed by a
/// [`Join`](crate::model::plan::Step::Join).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Under which policy.
    pub call: CallId,
    /// What it leads to if all attempts have failed. (A look-up that falls back goes on as after a miss.)
    pub on_error: OnError,
    /// So many steps a success skips: for a look-up, what a miss leads to.
    pub skip: u32,
}

impl Topology {
    /// What somebody is asked for by a read or by a write.
    #[inline]
    pub fn endpoint_of(&self, callee: Callee, is_read: bool) -> EndpointId {
        let service = &self.services[callee.service.index()];
        callee.endpoint.unwrap_or(if is_read { service.read } else { service.write })
    }
}
