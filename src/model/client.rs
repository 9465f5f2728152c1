//! A client: what an asker remembers from one exchange to the next. A group of users is one, and so is each instance for
//! each call that it makes, and for each policy under which it uses a store.

use super::{
    edge::Edge,
    names::ExchangeId,
    policy::{
        backoff,
        tokens::{Budget, Tokens},
    },
    topology::{Asked, EdgePolicy, Retry},
};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

/// What an asker remembers.
#[derive(Clone, Debug)]
pub struct Client {
    backoffs: Stream,
    /// Of the retry budget, which is one for all whom it asks.
    tokens: Tokens,
    /// Whether it has a policy of any part, so that it is told of each attempt.
    is_guarded: bool,
    /// Whom it has asked, if it has a policy.
    edges: Vec<Edge>,
}

/// The place of an edge where none is kept.
pub(super) const NO_EDGE: u32 = u32::MAX;

impl Client {
    /// Bytes on the heap, without what the parts of a policy remember.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.edges)
    }

    /// A client that has not asked yet; its retry budget is full.
    pub fn new(backoffs: Stream, policy: &EdgePolicy) -> Self {
        Self { backoffs, tokens: Tokens::new(budget(policy)), is_guarded: !policy.is_plain(), edges: Vec::new() }
    }

    /// Whether it has a policy of any part.
    #[inline]
    pub(super) fn is_guarded(&self) -> bool {
        self.is_guarded
    }

    /// Whom it has asked under its policy.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The edge at a place.
    #[inline]
    pub(super) fn edge(&mut self, place: u32) -> Option<&mut Edge> {
        self.edges.get_mut(place as usize)
    }

    /// The place of the edge to whom it asks.
    pub(super) fn place(&mut self, policy: &EdgePolicy, callee: Asked, now: SimTime) -> u32 {
        let known = self.edges.iter().position(|edge| edge.callee == callee);
        known.unwrap_or_else(|| {
            self.edges.push(Edge::new(callee, policy, now));
            self.edges.len() - 1
        }) as u32
    }

    /// A first attempt pays into the retry budget.
    #[inline]
    pub(super) fn earn(&mut self, policy: &EdgePolicy) {
        if let Some((ratio, burst)) = budget(policy) {
            self.tokens.earn(ratio, burst);
        }
    }

    /// The wait before retry `n`, counted from 0, if the budget bears it; `before` is the wait before this one.
    pub(super) fn retry_after(&mut self, retry: &Retry, n: u32, before: Option<Duration>) -> Option<Duration> {
        if retry.budget.is_some() && !self.tokens.take() {
            return None;
        }
        Some(backoff::wait(retry, n, before.unwrap_or(retry.base), &mut self.backoffs))
    }

    /// Goes on with other numbers; those for whom a bulkhead has room now.
    pub(super) fn change(&mut self, before: &EdgePolicy, policy: &EdgePolicy, now: SimTime) -> Vec<ExchangeId> {
        if before == policy {
            return Vec::new();
        }
        self.tokens.change(budget(before), budget(policy));
        self.is_guarded = !policy.is_plain();
        let edges = self.edges.iter_mut();
        edges.flat_map(|edge| edge.change(before, policy, now)).collect()
    }

    /// Whoever remembered has gone: what is counted stays, and nothing else.
    pub(super) fn begin_anew(&mut self, policy: &EdgePolicy, now: SimTime) {
        self.tokens = Tokens::new(budget(policy));
        self.edges.iter_mut().for_each(|edge| edge.begin_anew(policy, now));
    }

    /// Starts the measurements anew.
    pub(super) fn restart(&mut self, now: SimTime) {
        self.edges.iter_mut().for_each(|edge| edge.restart(now));
    }
}

fn budget(policy: &EdgePolicy) -> Budget {
    policy.retry.as_ref()?.budget
}
