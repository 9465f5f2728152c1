//! Pools: connections that an instance keeps to its database. Who finds none free waits for one, in order of arrival.

use super::{
    cause::Cause,
    event::Event,
    plan::Step,
    topology::{InstanceId, Pool},
    visit::{Owner, Phase, Stage, VisitId},
    visits::Progress::{self, Fails, Waits},
    world::World,
};
use crate::engine::{
    station::{Entry, Order},
    time::Duration,
};

impl World {
    /// The pool of an instance, if it has one.
    #[inline]
    fn pool_of(&self, instance: InstanceId) -> Option<&Pool> {
        let service = self.topology.instances[instance.index()].service;
        self.topology.services[service.index()].database.as_ref()?.pool.as_ref()
    }

    /// Whether a visit needs a connection of its instance's pool before it asks the database.
    #[inline]
    pub(super) fn needs_connection(&self, id: VisitId) -> bool {
        self.instances[self.visits[id].instance.index()].pool.servers().is_some()
    }

    /// A visit is to ask the database of its instance: at once, or when a connection of the pool is free.
    #[inline(never)]
    pub(super) fn connect_to_database(&mut self, id: VisitId) -> Progress {
        let instance = self.visits[id].instance;
        let longest_wait = self.pool_of(instance).and_then(|pool| pool.longest_wait);
        // Any number of visits may wait, so none is refused.
        if self.instances[instance.index()].pool.enter(self.ctx.now, id) == Entry::Started {
            self.visits[id].holds_connection = true;
            return self.send_operation(id);
        }
        self.visits[id].stage = Stage::Pooling;
        if let Some(longest_wait) = longest_wait {
            self.wait_at_most(id, longest_wait);
        }
        Waits
    }

    fn send_operation(&mut self, id: VisitId) -> Progress {
        match self.step(id) {
            Step::Read { .. } => self.send_read(id),
            _ => self.send_write(id),
        }
    }

    /// A visit gives its connection back to the pool, if it has one.
    #[inline]
    pub(super) fn give_back_connection(&mut self, id: VisitId) {
        let visit = &mut self.visits[id];
        if visit.holds_connection {
            visit.holds_connection = false;
            let instance = visit.instance;
            self.free_connection(instance);
        }
    }

    /// A connection is free: the next visit that waits has it. It goes on by an event of its own, so that a long line of
    /// visits that all fail at once does not exhaust the stack.
    #[inline(never)]
    fn free_connection(&mut self, instance: InstanceId) {
        if let Some(next) = self.instances[instance.index()].pool.leave(self.ctx.now) {
            self.connect_next(next);
        }
    }

    fn connect_next(&mut self, id: VisitId) {
        self.spend(id, Phase::Queueing);
        let visit = &mut self.visits[id];
        visit.holds_connection = true;
        visit.stage = Stage::Sent;
        let turn = visit.next_turn();
        self.ctx.schedule(Duration::ZERO, Event::Connected(id, turn));
    }

    /// A visit that has waited for a connection has one; or it has waited at the balancer, and has been given an instance.
    pub(super) fn on_connected(&mut self, id: VisitId) {
        if self.visits[id].stage == Stage::Held {
            self.spend(id, Phase::Network);
            self.visits[id].stage = Stage::Sent;
        }
        // (Who waited for an operation that he has given up meanwhile does not begin with it.)
        let visit = &self.visits[id];
        if visit.is_cancelled || visit.is_operation && visit.owner == Owner::Nobody {
            self.end_cancelled(id);
            return;
        }
        if matches!(self.step(id), Step::Connect) {
            return self.run(id);
        }
        if self.pausing > 0
            && let Some(until) = self.still_until(id)
        {
            let visit = &mut self.visits[id];
            visit.stage = Stage::Held;
            let turn = visit.next_turn();
            return self.ctx.future.schedule(until, Event::Connected(id, turn));
        }
        let progress = if self.is_late(id) { Fails(Cause::Deadline) } else { self.send_operation(id) };
        self.go_on(id, progress);
    }

    /// Takes note of changed pools.
    pub(super) fn refresh_pool(&mut self, instance: InstanceId) {
        let size = self.pool_of(instance).map(|pool| pool.size);
        self.instances[instance.index()].pool.resize(size, None, Order::Fifo);
        while let Some(next) = self.instances[instance.index()].pool.start_next(self.ctx.now) {
            self.connect_next(next);
        }
    }
}
