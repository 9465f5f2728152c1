//! Work in progress: what becomes of it when its place goes down, or changes its speed.
//!
//! Both are rare, so those at work are found by a walk over all visits.

use super::{
    cause::Cause,
    plan::Step,
    topology::{ComponentId, ComponentKind, InstanceId},
    visit::{Owner, Stage, VisitId},
    visits::Progress::Fails,
    whereabouts::phase_of,
    world::World,
};

impl World {
    /// A component that has gone down has lost what it was at. (Who waited there has been turned away.)
    pub(super) fn lose_work(&mut self, component: ComponentId) {
        match self.topology.components[component.index()].kind {
            ComponentKind::Instance(instance) => self.lose_visits(instance),
            _ => {
                self.databases.forget_work(&mut self.ctx, component);
                let waiting = self.databases.take_waiting(&self.ctx, component);
                waiting.into_iter().for_each(|id| self.lose_operation(id));
                let publishing = self.ctx.publishing_at(component);
                publishing.into_iter().for_each(|id| self.lose_operation(id));
                self.ctx.working_at(component).into_iter().for_each(|id| self.lose_operation(id));
            }
        }
    }

    /// A node, a cache or a broker has lost an operation: whoever asked for it learns that at once.
    fn lose_operation(&mut self, id: VisitId) {
        self.break_off(id);
        match self.step(id) {
            Step::LookUp { .. } | Step::Tell { .. } => {
                self.caches[self.ctx.visits[id].cache.index()].lose(&mut self.ctx, id)
            }
            Step::Publish { publication, .. } => self.brokers.lose(&mut self.ctx, id, publication),
            _ => self.databases.lose(&mut self.ctx, id),
        }
        self.hand_on();
    }

    /// An instance has lost all visits that have reached it and are not answered.
    fn lose_visits(&mut self, instance: InstanceId) {
        self.instances[instance.index()].server.take_all_out(&self.ctx);
        for id in self.ctx.visits_at(instance) {
            // (Branches end with the visit of which they are branches.)
            if self.ctx.visits.contains(id) {
                self.lose_visit(id);
            }
        }
        self.instances[instance.index()].server.begin_anew(&mut self.ctx);
        self.forget_others(instance);
    }

    fn lose_visit(&mut self, id: VisitId) {
        let visit = &self.ctx.visits[id];
        let (stage, instance) = (visit.stage, visit.instance);
        match self.step(id) {
            // (It has not begun with its step.)
            _ if stage == Stage::Held => {}
            Step::Process { .. } | Step::Login => self.instances[instance.index()].server.lose(&self.ctx, id),
            Step::Call { .. } | Step::Fork { .. } | Step::Guard { .. } => self.give_up_calls(id),
            _ if stage.is_in_line() => self.withdraw(id),
            _ => return self.leave_behind(id),
        }
        self.break_off(id);
        self.go_on(id, Fails(Cause::InstanceDown));
    }

    /// A visit is lost while somebody else works for it, who goes on: the visit stays behind as a ghost that ends with
    /// that, and another one takes its place and fails.
    fn leave_behind(&mut self, ghost: VisitId) {
        if self.ctx.visits[ghost].is_cancelled {
            return;
        }
        let id = self.ctx.visits.insert(self.ctx.visits[ghost].clone());
        if self.ctx.visits[id].trace.is_traced() {
            self.trace_new_id(id);
        }
        if let Owner::Try(exchange) | Owner::Login(exchange) = self.ctx.visits[id].owner {
            self.exchanges[exchange].tries.replace(ghost, id);
        }
        self.ctx.visits[ghost].become_ghost();
        self.break_off(id);
        self.go_on(id, Fails(Cause::InstanceDown));
    }

    /// What a visit was in is over before its time: the end that was scheduled is stale, and the time up to now is booked
    /// under what it went into.
    fn break_off(&mut self, id: VisitId) {
        let now = self.ctx.now;
        let visit = &mut self.ctx.visits[id];
        visit.next_turn();
        if visit.since < now {
            let phase = phase_of(&self.topology, visit, now);
            self.ctx.spend(id, phase);
        }
    }

    /// A component's times are multiplied by another factor from now on, `ratio` times the one before: what it is at will
    /// take so much more of the time that is left.
    pub(super) fn change_pace(&mut self, component: ComponentId, ratio: f64) {
        if let ComponentKind::Instance(instance) = self.topology.components[component.index()].kind {
            // (The rest of a pause takes as long as before.)
            let rest = self.ctx.hosts[instance.index()].pace.rest(self.ctx.now);
            self.brokers.change_pace(&mut self.ctx, instance, rest, ratio);
            return self.instances[instance.index()].server.change_pace(&mut self.ctx, rest, ratio);
        }
        self.databases.change_replay_pace(&mut self.ctx, component, ratio);
        if self.databases.scale_operations(&mut self.ctx, component, ratio) {
            return;
        }
        for id in self.ctx.working_at(component) {
            let left = self.ctx.visits[id].until.since(self.ctx.now);
            self.ctx.finish_after(id, left.scaled(ratio));
        }
    }
}
