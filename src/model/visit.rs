//! A visit to a service: a cursor over the service's plan.

use super::{
    cause::{Cause, named},
    flights::Flight,
    keys::NO_KEY,
    names::{ExchangeId, OfVisit},
    topology::{CacheId, EndpointId, GroupId, InstanceId, MemberId, NodeId, ServiceId},
    trace::Link,
};
use crate::engine::{
    arena::Arena,
    time::{Duration, SimTime},
};

pub use super::names::VisitId;

/// Visits in progress.
pub type Visits = Arena<Visit, OfVisit>;

/// On whose behalf a service is visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The user of this exchange logs in before it.
    Login(ExchangeId),
    /// It is a try of this exchange.
    Try(ExchangeId),
    /// Whoever asked has given up.
    Nobody,
}

/// A visit to a service: a cursor over the service's plan.
#[derive(Clone, Debug)]
pub struct Visit {
    /// On whose behalf.
    pub owner: Owner,
    /// The service.
    pub service: ServiceId,
    /// The instance that the balancer chose.
    pub instance: InstanceId,
    /// The instance that asked; [`Visit::NO_INSTANCE`] if it was a user.
    pub asker: InstanceId,
    /// Recognises an event of its own that something else has forestalled: only the latest one counts.
    pub turn: u32,
    /// When nobody wants the answer any more.
    pub deadline: SimTime,
    /// What it asks for.
    pub endpoint: EndpointId,
    /// The last of its steps, with which it ends if it fails, a position in the topology's steps.
    pub last_step: u32,
    /// The present step, a position in the topology's steps.
    pub step: u32,
    /// The group of the user.
    pub group: GroupId,
    /// Number of the user in the group.
    pub user: u32,
    /// Its class, 0 being the highest.
    pub class: u8,
    /// Whether it is a read.
    pub is_read: bool,
    /// Whether nobody waits for it and it has been told so: it ends at its next step.
    pub is_cancelled: bool,
    /// Whether it is what an instance has left behind that has lost it: an operation at somebody else's, and no more.
    pub is_ghost: bool,
    /// Whether it is a branch of the visit that asked, and at the same instance as that.
    pub is_branch: bool,
    /// Whether that branch is an operation under a policy, a try of it.
    pub is_operation: bool,
    /// Whether it works with the worker that the visit holds of which it is a branch.
    pub borrows_worker: bool,
    /// Whether the balancer has passed it on, so that it does not come from whoever asked.
    pub is_passed_on: bool,
    /// How often the balancer has sent it to the same instance again.
    pub retried: u8,
    /// Whether it was made beside the first try of its attempt.
    pub is_hedge: bool,
    /// What of the message that it publishes stands where it belongs.
    pub stored: Stored,
    /// Whether a write of its waits, or has waited, for replicas without a connection of its node.
    pub is_detached: bool,
    /// Whether it brings a message to a broker for a visit that has gone on, and nobody learns what becomes of it.
    pub is_messenger: bool,
    /// Whether a worker has begun with it.
    pub has_begun: bool,
    /// What it holds.
    pub holds: Holdings,
    /// When its instance let it in.
    pub admitted: SimTime,
    /// Whether it shares the workers of its instance instead of having one for itself.
    pub shares_workers: bool,
    /// When it was sent.
    pub started: SimTime,
    /// When the present phase began: the time since then has not been accounted for.
    pub since: SimTime,
    /// When the present operation at a database or cache began, waits included.
    pub operation_start: SimTime,
    /// When the present operation will end, while it is worked on.
    pub until: SimTime,
    /// Time spent so far, by [`Phase`].
    pub spent: [Duration; PHASES],
    /// The database node at work for it.
    pub node: NodeId,
    /// The cache at work for it.
    pub cache: CacheId,
    /// The node of a broker that is at work for it, or was the last to be.
    pub member: MemberId,
    /// Number of a write within its cluster, which answers when that many are safe.
    pub sequence: u64,
    /// Key it asks the cache for.
    pub key: u32,
    /// When it began to fetch that key, if it did not find it.
    pub missed: SimTime,
    /// Reads that may still be tried again.
    pub retries_left: u32,
    /// Calls, or branches, that have not been answered.
    pub calls_open: u32,
    /// So many of them must still be answered with success.
    pub calls_needed: u32,
    /// The latest of them, which leads to the others.
    pub calls: ExchangeId,
    /// How far the present step is.
    pub stage: Stage,
    /// How the present operation ended, while the answer travels.
    pub outcome: Outcome,
    /// Why the visit has failed, once it has.
    pub failure: Option<Cause>,
    /// Running number of the request that it belongs to, the lower half of it.
    pub request: u32,
    /// Where it is traced, if it is.
    pub trace: Link,
}

/// What a visit holds for which others wait, and which it gives back when it answers, is lost or is over.
#[derive(Clone, Copy, Debug)]
pub struct Holdings {
    /// Whether it keeps its worker until it answers.
    pub worker: bool,
    /// The pool of its instance of which it has a connection, if it has one.
    pub connection: Option<Pooled>,
    /// The flight in which it fetches its key for others too, if it does.
    pub flight: Flight,
    /// How many its instance had let in that were not over when it let it in, itself included; 0 if it has not, or it is out.
    pub admitted_among: u32,
}

impl Holdings {
    /// Nothing.
    pub const NOTHING: Self = Self { worker: false, connection: None, flight: Flight::NONE, admitted_among: 0 };

    /// Whether it is nothing.
    #[inline]
    pub fn is_nothing(&self) -> bool {
        !self.worker && self.connection.is_none() && !self.flight.is_some() && self.admitted_among == 0
    }
}

/// For what an instance has a pool of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooled {
    /// Its database.
    Database,
    /// Its cache.
    Cache,
}

/// What of a message stands where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is being published.
    Nothing,
    /// All but quorum queues have it.
    Part,
    /// All have it, and only the confirm is missing.
    All,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its message is on the way.
    Sent,
    /// It waits for a connection of its instance's pool.
    Pooling,
    /// It waits for a worker, or for whom it asks to be free.
    Waiting,
    /// It is being worked on.
    Working,
    /// It is done, and waits for replicas.
    Replicating,
    /// The answer is on the way.
    Returning,
    /// It waits for who fetches the key that its cache lacks.
    Following,
    /// It waits for a replica to apply what its user has written himself.
    Behind,
    /// It goes on when its instance does, which stands still; at its first step, when it is tried again.
    Held,
}

impl Stage {
    /// Whether it waits in a line, out of which it can be taken.
    pub const fn is_in_line(self) -> bool {
        matches!(self, Self::Waiting | Self::Pooling | Self::Following | Self::Behind)
    }
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Well; for a look-up, with a hit.
    Success,
    /// A look-up found something, and somebody should fetch it anew meanwhile.
    Refresh,
    /// A look-up found nothing, or a replica still lacks what its reader has written.
    Miss,
    /// Not at all.
    Failure(Cause),
}

named! {
    /// Where the time of a visit goes.
    Phase PHASES {
        /// TCP and TLS handshakes.
        Handshakes = "handshakes",
        /// On the way between tiers.
        Network = "network",
        /// Processing of a login.
        Auth = "auth",
        /// Waiting for a worker or a connection.
        Queueing = "queueing",
        /// Processing by a worker.
        Processing = "processing",
        /// Look-ups in a cache.
        Cache = "cache",
        /// Operations of a database, waits for replicas included.
        Database = "database",
        /// Publishing.
        Broker = "broker",
        /// Waiting for called services.
        Calls = "calls",
        /// From the first attempt to the start of the last one.
        Retries = "retries",
    }
}

impl Visit {
    /// The place of an instance where there is none.
    pub const NO_INSTANCE: InstanceId = InstanceId(u32::MAX);

    /// One of nobody's, at no place and no step, that begins now.
    #[inline(always)]
    pub fn blank(now: SimTime) -> Self {
        Self {
            owner: Owner::Nobody,
            service: ServiceId(0),
            instance: Self::NO_INSTANCE,
            asker: Self::NO_INSTANCE,
            turn: 0,
            deadline: SimTime::NEVER,
            endpoint: EndpointId(0),
            last_step: 0,
            step: 0,
            group: GroupId(0),
            user: 0,
            class: 0,
            is_read: true,
            is_cancelled: false,
            is_ghost: false,
            is_branch: false,
            is_operation: false,
            borrows_worker: false,
            is_passed_on: false,
            retried: 0,
            is_hedge: false,
            stored: Stored::Nothing,
            is_detached: false,
            is_messenger: false,
            has_begun: false,
            holds: Holdings::NOTHING,
            admitted: now,
            shares_workers: false,
            started: now,
            since: now,
            operation_start: now,
            until: now,
            spent: [Duration::ZERO; PHASES],
            node: NodeId::NONE,
            cache: CacheId(u32::MAX),
            member: MemberId::NONE,
            sequence: 0,
            key: NO_KEY,
            missed: now,
            retries_left: 0,
            calls_open: 0,
            calls_needed: 0,
            calls: ExchangeId::NOTHING,
            stage: Stage::Sent,
            outcome: Outcome::Success,
            failure: None,
            request: 0,
            trace: Link::NOWHERE,
        }
    }

    /// Whether a user waits for it.
    #[inline]
    pub fn is_for_user(&self) -> bool {
        self.asker == Self::NO_INSTANCE && self.owner != Owner::Nobody
    }

    /// The number of its next event, which makes the one before stale.
    #[inline]
    pub fn next_turn(&mut self) -> u32 {
        self.turn = self.turn.wrapping_add(1);
        self.turn
    }

    /// Its instance has lost it.
    pub(super) fn become_ghost(&mut self) {
        (self.is_ghost, self.is_cancelled, self.owner) = (true, true, Owner::Nobody);
        (self.holds, self.trace) = (Holdings::NOTHING, Link::NOWHERE);
    }

    /// One that brings the message of this visit to a broker, and of which nobody hears again.
    pub(super) fn messenger(&self, now: SimTime) -> Self {
        let mut messenger = Self { is_messenger: true, since: now, ..self.clone() };
        messenger.become_ghost();
        Self { is_cancelled: false, ..messenger }
    }

    /// Books the time since the last booking under a phase.
    #[inline]
    pub fn spend(&mut self, phase: Phase, now: SimTime) {
        self.spent[phase as usize] += now.since(self.since);
        self.since = now;
    }

    /// Whether it waits for replicas.
    pub fn is_replicating(&self) -> bool {
        self.stage == Stage::Replicating
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_phases_are_positions_in_their_list() {
        assert!(Phase::ALL.iter().enumerate().all(|(i, &phase)| phase as usize == i));
    }
}
