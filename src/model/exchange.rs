//! An exchange: one use of an edge by a user or a visit, from its first attempt to its final answer.
//!
//! It makes one *attempt* after another; an attempt is one *try* or, if it is hedged, several beside each other. Each try
//! is a visit. What an exchange does next is decided in [`attempts`](super::attempts).

use super::{
    cause::Cause,
    client::NO_EDGE,
    names::OfExchange,
    policy::breaker::Permit,
    topology::{Asked, CallId, EndpointId, GroupId, NodeId, ServiceId},
    trace::Link,
    visit::VisitId,
    visit_end::Answered,
};
use crate::engine::{
    arena::Arena,
    time::{Duration, SimTime},
};

pub use super::names::ExchangeId;

/// Exchanges in progress.
pub type Exchanges = Arena<Exchange, OfExchange>;

/// The most tries of an attempt at a time: the first one, and those that hedge it.
pub const TRIES_MAX: usize = 4;

/// One use of an edge.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Who asks.
    pub asker: Asker,
    /// The group of the user on whose behalf.
    pub group: GroupId,
    /// Number of the user in the group.
    pub user: u32,
    /// Whom it asks.
    pub target: Asked,
    /// What it is asked for.
    pub endpoint: EndpointId,
    /// Its class, 0 being the highest.
    pub class: u8,
    /// Whether it is a read (GET) or a write (POST); at a store, whether the operation changes nothing.
    pub is_read: bool,
    /// When the first attempt was sent.
    pub sent: SimTime,
    /// When nobody wants the answer any more.
    pub deadline: SimTime,
    /// Attempts made so far.
    pub attempts: u32,
    /// Recognises an event of an attempt, or of a wait, that is over.
    pub turn: u32,
    /// Running number of the user's request. A login before the request has a number of its own.
    pub number: u64,
    /// Where it is traced, if it is.
    pub trace: Link,
    /// Whether its asker has waited long enough for the present attempt.
    pub(super) has_given_up: bool,
    /// Whether it asks somebody else by now, as no attempt has succeeded.
    pub(super) is_falling_back: bool,
    /// The place of its edge among those of its client; [`NO_EDGE`] if it has no policy.
    pub(super) edge: u32,
    /// How far the present attempt has come with the parts of its policy.
    pub(super) standing: Standing,
    /// What the breaker gave the present attempt.
    pub(super) permit: Option<Permit>,
    /// When the present attempt began.
    pub(super) began: SimTime,
    /// When its first try was made.
    pub(super) sent_last: SimTime,
    /// Instances that have failed the present attempt, by their places in the service's list.
    pub(super) tried: u64,
    /// The database node that the latest of its tries has read.
    pub(super) node: NodeId,
    /// The latest wait between two attempts.
    pub(super) wait: Option<Duration>,
    /// The tries of the present attempt that have not been answered.
    pub tries: Tries,
    /// The exchanges before and after it among those of the visit that asks.
    neighbours: [ExchangeId; 2],
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A user, whose request this is.
    User(Sequel),
    /// A visit, at this call of another service, or at this use of a store.
    Visit(VisitId, CallId),
}

/// How far an attempt has come with the parts of its policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// None is under way that a policy would have to know of.
    Idle,
    /// It waits for a token of the limiter.
    Limiter,
    /// It waits before the bulkhead.
    Queue,
    /// It is in the bulkhead.
    Bulkhead,
    /// It has gone through, and there is no bulkhead.
    Free,
}

/// What a request leads to, according to the arrivals it came of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequel {
    /// Nothing.
    None,
    /// Its user thinks, and then has another one (closed arrivals).
    Think,
    /// The end of its login leads to the next arrival (sequential arrivals), unless the arrivals have begun anew since
    /// that epoch.
    Arrival(u32),
}

/// A few visits, in the order in which they began.
#[derive(Clone, Copy, Debug)]
pub struct Tries {
    visits: [VisitId; TRIES_MAX],
    count: u8,
}

impl Tries {
    /// No visits.
    pub const NONE: Self = Self { visits: [VisitId::NOTHING; TRIES_MAX], count: 0 };

    /// One more; the caller sees to it that there are not too many.
    #[inline]
    pub fn add(&mut self, visit: VisitId) {
        if let Some(place) = self.visits.get_mut(usize::from(self.count)) {
            *place = visit;
            self.count += 1;
        }
    }

    /// One of them has ended.
    #[inline]
    pub fn remove(&mut self, visit: VisitId) {
        if let Some(place) = self.all().iter().position(|&it| it == visit) {
            self.visits.copy_within(place + 1..usize::from(self.count), place);
            self.count -= 1;
        }
    }

    /// One of them goes on under another name.
    pub fn replace(&mut self, visit: VisitId, by: VisitId) {
        for place in &mut self.visits[..usize::from(self.count)] {
            if *place == visit {
                *place = by;
            }
        }
    }

    /// All of them.
    #[inline]
    pub fn all(&self) -> &[VisitId] {
        &self.visits[..usize::from(self.count)]
    }
}

/// How an attempt ended: one of its tries was answered with success, or none.
pub(super) type Answer = Result<Answered, Cause>;

impl Exchange {
    /// An exchange that begins now.
    pub fn new(asker: Asker, group: GroupId, user: u32, is_read: bool, sent: SimTime) -> Self {
        Self {
            asker,
            group,
            user,
            target: Asked::Service(ServiceId(0)),
            endpoint: EndpointId(0),
            class: 0,
            is_read,
            sent,
            deadline: SimTime::NEVER,
            attempts: 0,
            turn: 0,
            number: 0,
            trace: Link::NOWHERE,
            has_given_up: false,
            is_falling_back: false,
            edge: NO_EDGE,
            standing: Standing::Idle,
            permit: None,
            began: sent,
            sent_last: sent,
            tried: 0,
            node: NodeId::NONE,
            wait: None,
            tries: Tries::NONE,
            neighbours: [ExchangeId::NOTHING; 2],
        }
    }

    /// Whether it is a user's request.
    pub fn is_of_user(&self) -> bool {
        matches!(self.asker, Asker::User(_))
    }

    /// The next one among those of the visit that asks.
    pub fn next(&self) -> ExchangeId {
        self.neighbours[1]
    }
}

/// Puts an exchange in front of those of its asker; `first` leads to them.
pub(super) fn link(exchanges: &mut Exchanges, first: &mut ExchangeId, id: ExchangeId) {
    if exchanges.contains(*first) {
        exchanges[*first].neighbours[0] = id;
        exchanges[id].neighbours[1] = *first;
    }
    *first = id;
}

/// Takes an exchange out of those of its asker.
pub(super) fn unlink(exchanges: &mut Exchanges, first: &mut ExchangeId, id: ExchangeId) {
    let [before, after] = exchanges[id].neighbours;
    match exchanges.contains(before) {
        true => exchanges[before].neighbours[1] = after,
        false => *first = after,
    }
    if exchanges.contains(after) {
        exchanges[after].neighbours[0] = before;
    }
}
