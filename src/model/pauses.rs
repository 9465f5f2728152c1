//! Pauses, and warming up: how an instance's pace changes what it is at.
//!
//! While an instance *pauses* nothing goes on at it: work ends that much later, and what reaches it is looked at when it
//! goes on. Whoever asks others from there hears of their answers, and of his own impatience, only then.

use super::{
    event::{Change, Event},
    pace::STEPS,
    plan::Step,
    topology::{InstanceId, Pauses, Topology},
    visit::{Phase, Stage, VisitId},
    world::World,
};
use crate::engine::time::SimTime;

impl World {
    pub(super) fn start_pauses(&mut self) {
        for id in (0..self.instances.len() as u32).map(InstanceId) {
            if self.ctx.hosts[id.index()].presence.is_ready() {
                self.schedule_pause(id);
            }
        }
    }

    /// Something happens to an instance by itself.
    #[inline(never)]
    pub(super) fn on_change(&mut self, instance: InstanceId, epoch: u32, what: Change) {
        let pace = &self.ctx.hosts[instance.index()].pace;
        match what {
            Change::Warmer(steps) if pace.warm_ups == epoch => self.warm_up(instance, steps),
            Change::Pause if pace.epoch == epoch => self.pause(instance),
            Change::Resume if pace.epoch == epoch => self.resume(instance),
            Change::Warmer(_) | Change::Pause | Change::Resume => {}
            Change::Started | Change::GraceOver => self.on_presence(instance, epoch, what),
        }
    }

    /// An instance has just begun: it is slow at first, if it has to warm up.
    pub(super) fn begin_cold(&mut self, instance: InstanceId) {
        let pace = &mut self.ctx.hosts[instance.index()].pace;
        pace.warm_ups = pace.warm_ups.wrapping_add(1);
        if self.topology.lifecycle(instance).warm_up.is_some() {
            self.warm_up(instance, 0);
        }
    }

    /// An instance that warms up has so many steps behind it.
    fn warm_up(&mut self, instance: InstanceId, steps: u8) {
        let warm_up = self.topology.lifecycle(instance).warm_up;
        let component = self.topology.instance_component(instance);
        let ratio = self.ctx.health_mut(component).warm_up(warm_up.map_or(1.0, |it| it.factor(steps)));
        self.change_pace(component, ratio);
        if let Some(warm_up) = warm_up.filter(|_| steps < STEPS) {
            let epoch = self.ctx.hosts[instance.index()].pace.warm_ups;
            let what = Change::Warmer(steps + 1);
            let step = warm_up.lasting.scaled(1.0 / f64::from(STEPS));
            self.ctx.schedule(step, Event::Instance { instance, epoch, what });
        }
    }

    /// Nobody is at this place any more: it neither pauses nor warms up.
    pub(super) fn stop_pace(&mut self, instance: InstanceId) {
        self.end_pause(instance);
        let pace = &mut self.ctx.hosts[instance.index()].pace;
        (pace.warm_ups, pace.epoch) = (pace.warm_ups.wrapping_add(1), pace.epoch.wrapping_add(1));
        let component = self.topology.instance_component(instance);
        self.ctx.health_mut(component).warm_up(1.0);
    }

    /// Schedules the next pause of an instance, if it has any. One that was scheduled before does not count any more; one that is
    /// under way goes on, and the next is scheduled at its end.
    pub(super) fn schedule_pause(&mut self, instance: InstanceId) {
        let pace = &mut self.ctx.hosts[instance.index()].pace;
        if pace.is_still() {
            return;
        }
        pace.epoch = pace.epoch.wrapping_add(1);
        if let Some(pauses) = &self.topology.lifecycle(instance).pauses {
            let after = pauses.every.sample(&mut pace.stream);
            let epoch = pace.epoch;
            self.ctx.schedule(after, Event::Instance { instance, epoch, what: Change::Pause });
        }
    }

    /// An instance stands still from now on. (One that is down, or has been taken away, has nothing to stop.)
    fn pause(&mut self, instance: InstanceId) {
        let component = self.topology.instance_component(instance);
        let Some(Pauses { lasting, .. }) = &self.topology.lifecycle(instance).pauses else { return };
        if !self.ctx.is_instance_up(instance) || self.topology.components[component.index()].is_retired {
            return;
        }
        let pace = &mut self.ctx.hosts[instance.index()].pace;
        let length = lasting.sample(&mut pace.stream);
        let until = self.ctx.now + length;
        pace.still_until = Some(until);
        pace.pauses += 1;
        pace.still.set(self.ctx.now, 1.0);
        let epoch = pace.epoch;
        self.ctx.pausing += 1;
        self.ctx.future.schedule(until, Event::Instance { instance, epoch, what: Change::Resume });
        self.brokers.delay(&mut self.ctx, instance, length);
        self.instances[instance.index()].server.delay(&mut self.ctx, length);
    }

    fn resume(&mut self, instance: InstanceId) {
        self.end_pause(instance);
        self.schedule_pause(instance);
    }

    /// An instance does not stand still any more.
    pub(super) fn end_pause(&mut self, instance: InstanceId) {
        let pace = &mut self.ctx.hosts[instance.index()].pace;
        if pace.still_until.take().is_none() {
            return;
        }
        pace.still.set(self.ctx.now, 0.0);
        self.ctx.pausing -= 1;
        self.instances[instance.index()].server.refresh_shares(&mut self.ctx);
    }

    /// The numbers of pauses are others: the next one comes by the new ones.
    pub(super) fn change_pauses(&mut self, old: &Topology) {
        for instance in (0..old.instances.len() as u32).map(InstanceId) {
            let has_changed = old.lifecycle(instance).pauses != self.topology.lifecycle(instance).pauses;
            if has_changed {
                self.schedule_pause(instance);
            }
        }
    }

    /// Until when a visit's instance stands still, if it does.
    #[inline(never)]
    pub(super) fn still_until(&self, id: VisitId) -> Option<SimTime> {
        // (Who waits at the balancer has none.)
        self.ctx.hosts.get(self.ctx.visits[id].instance.index())?.pace.still_until
    }

    /// Whether the next step of a visit begins only when its instance goes on, which stands still. (Whoever connects is not
    /// there.)
    #[inline(never)]
    pub(super) fn is_held(&mut self, id: VisitId) -> bool {
        let until = self.still_until(id).filter(|_| !matches!(self.step(id), Step::Connect));
        until.into_iter().for_each(|until| self.hold(id, until));
        until.is_some()
    }

    fn hold(&mut self, id: VisitId, until: SimTime) {
        debug_assert!(until >= self.ctx.now, "a pause that is over holds nobody");
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Held;
        let turn = visit.next_turn();
        self.ctx.future.schedule(until, Event::Resumed(id, turn));
    }

    /// The instance of a visit goes on. (What has reached it is still a message.)
    pub(super) fn on_resumed(&mut self, id: VisitId) {
        self.ctx.spend(id, Phase::Network);
        self.ctx.visits[id].stage = Stage::Sent;
        match self.ctx.visits[id].is_cancelled {
            true => self.end_cancelled(id),
            false => self.run(id),
        }
    }
}
