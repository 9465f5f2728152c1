//! Waiting for pools: visits that ask their database or cache by a connection of a pool.

use super::{
    cause::Cause,
    event::Event,
    plan::Step,
    pool::pool_of,
    topology::InstanceId,
    visit::{Owner, Phase, Pooled, Stage, VisitId},
    visits::Progress::{self, Fails, Waits},
    world::World,
};
use crate::engine::{
    station::{Entry, Order},
    time::Duration,
};

impl World {
    /// Whether a visit needs a connection of its instance's pool before it asks.
    #[inline]
    pub(super) fn has_pool(&self, id: VisitId, pool: Pooled) -> bool {
        self.instances[self.ctx.visits[id].instance.index()].pools.has(pool)
    }

    /// The pool that a visit waits for, or has waited for.
    pub(super) fn pool_asked(&self, id: VisitId) -> Pooled {
        match self.step(id) {
            Step::LookUp { .. } | Step::Tell { .. } => Pooled::Cache,
            _ => Pooled::Database,
        }
    }

    /// A visit is to ask the database or the cache of its instance: at once, or when a connection of the pool is free.
    #[inline(never)]
    pub(super) fn ask_pool(&mut self, id: VisitId, pool: Pooled) -> Progress {
        let instance = self.ctx.visits[id].instance;
        let service = self.topology.instances[instance.index()].service;
        let longest_wait = pool_of(&self.topology.services[service.index()], pool).and_then(|pool| pool.longest_wait);
        // Any number of visits may wait, so none is refused.
        if self.instances[instance.index()].pools.of(pool).enter(self.ctx.now, id) == Entry::Started {
            let visit = &mut self.ctx.visits[id];
            visit.holds.connection = Some(pool);
            return self.send_operation(id);
        }
        self.ctx.visits[id].stage = Stage::Pooling;
        if let Some(longest_wait) = longest_wait {
            self.ctx.wait_at_most(id, longest_wait);
        }
        Waits
    }

    fn send_operation(&mut self, id: VisitId) -> Progress {
        match self.step(id) {
            Step::Read { .. } => self.send_read(id),
            Step::LookUp { .. } | Step::Tell { .. } => self.send_look_up(id),
            _ => self.send_write(id),
        }
    }

    /// A visit gives its connection back to the pool, if it has one.
    #[inline]
    pub(super) fn give_back_connection(&mut self, id: VisitId) {
        let visit = &mut self.ctx.visits[id];
        if let Some(pool) = visit.holds.connection.take() {
            let instance = visit.instance;
            self.free_connection(instance, pool);
        }
    }

    /// A connection is free: the next visit that waits has it. It goes on by an event of its own, so that a long line of
    /// visits that all fail at once does not exhaust the stack.
    #[inline(never)]
    fn free_connection(&mut self, instance: InstanceId, pool: Pooled) {
        if let Some(next) = self.instances[instance.index()].pools.of(pool).leave(self.ctx.now) {
            self.connect_next(next, pool);
        }
    }

    fn connect_next(&mut self, id: VisitId, pool: Pooled) {
        self.ctx.spend(id, Phase::Queueing);
        let visit = &mut self.ctx.visits[id];
        visit.holds.connection = Some(pool);
        visit.stage = Stage::Sent;
        let turn = visit.next_turn();
        self.ctx.schedule(Duration::ZERO, Event::Connected(id, turn));
    }

    /// A visit that has waited for a connection has one; or it has waited at the balancer, and has been given an instance,
    /// or is tried again.
    pub(super) fn on_connected(&mut self, id: VisitId) {
        let is_between_tries = self.is_between_tries(id);
        if self.ctx.visits[id].stage == Stage::Held {
            self.ctx.spend(id, Phase::Network);
            self.ctx.visits[id].stage = Stage::Sent;
        }
        // (Who waited for an operation that he has given up meanwhile does not begin with it.)
        let visit = &self.ctx.visits[id];
        if visit.is_cancelled || visit.is_operation && visit.owner == Owner::Nobody {
            self.end_cancelled(id);
            return;
        }
        if matches!(self.step(id), Step::Connect) {
            return if is_between_tries { self.try_again(id) } else { self.run(id) };
        }
        if self.ctx.pausing > 0
            && let Some(until) = self.still_until(id)
        {
            let visit = &mut self.ctx.visits[id];
            visit.stage = Stage::Held;
            let turn = visit.next_turn();
            return self.ctx.future.schedule(until, Event::Connected(id, turn));
        }
        let progress = if self.ctx.is_late(id) { Fails(Cause::Deadline) } else { self.send_operation(id) };
        self.go_on(id, progress);
    }

    /// Takes note of changed pools.
    pub(super) fn refresh_pools(&mut self, instance: InstanceId) {
        let service = self.topology.instances[instance.index()].service;
        for pool in [Pooled::Database, Pooled::Cache] {
            let size = pool_of(&self.topology.services[service.index()], pool).map(|pool| pool.size);
            self.instances[instance.index()].pools.of(pool).resize(size, None, Order::Fifo);
            while let Some(next) = self.instances[instance.index()].pools.of(pool).start_next(self.ctx.now) {
                self.connect_next(next, pool);
            }
        }
    }
}
