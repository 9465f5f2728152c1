//! Presence: who is at the places that a service has for its instances, and how they come and go.
//!
//! All places are in the topology from the start, with their names and random numbers, so that nothing has to be made while
//! the run goes on. A place where nobody is counts as down for whoever asks, but that is no outage.

use super::{
    event::{Change, Event},
    health::DownBecause,
    log::Happening,
    topology::{ComponentId, InstanceId, ServiceId},
    world::World,
};
use crate::{
    engine::time::{Duration, SimTime},
    stats::time_weighted::TimeWeighted,
};

/// How far an instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is at this place.
    Absent,
    /// It has begun, and takes no requests yet.
    Starting,
    /// It takes requests, unless it is down.
    Ready,
    /// It gets no more requests, and goes when it has finished those that it has.
    Draining,
    /// It has been cut off from what it had; whoever had sent something there hears of it, and then its place is empty.
    Ending,
}

/// Who is at a place for an instance.
#[derive(Clone, Debug)]
pub struct Presence {
    /// How far it is.
    pub phase: Phase,
    /// Which release it runs: 0 is that of the service's own numbers, the others are those of the deployments.
    pub release: u32,
    /// Recognises what was scheduled for somebody who was there before.
    epoch: u32,
    /// Since when it has been ready.
    pub(super) ready_since: SimTime,
    /// 1 while somebody is there who takes requests, or finishes them, over time.
    pub there: TimeWeighted,
}

impl Presence {
    /// Somebody is there from the beginning, or nobody.
    pub fn new(is_there: bool) -> Self {
        Self {
            phase: if is_there { Phase::Ready } else { Phase::Absent },
            release: 0,
            epoch: 0,
            ready_since: SimTime::ZERO,
            there: TimeWeighted::new(f64::from(u8::from(is_there))),
        }
    }

    /// Whether it takes requests, if it is up.
    pub fn is_ready(&self) -> bool {
        self.phase == Phase::Ready
    }

    /// Whether it is wanted: it takes requests, or will.
    pub fn is_wanted(&self) -> bool {
        matches!(self.phase, Phase::Starting | Phase::Ready)
    }

    /// Whether it has requests, or may have.
    pub fn works(&self) -> bool {
        matches!(self.phase, Phase::Ready | Phase::Draining)
    }

    /// Whether it has to go when it has finished.
    #[inline]
    pub fn is_draining(&self) -> bool {
        matches!(self.phase, Phase::Draining | Phase::Ending)
    }

    /// In a word.
    pub fn word(&self, is_up: bool) -> &'static str {
        match self.phase {
            Phase::Absent => "absent",
            Phase::Starting => "starting",
            Phase::Draining | Phase::Ending => "draining",
            Phase::Ready if is_up => "up",
            Phase::Ready => "down",
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.epoch = self.epoch.wrapping_add(1);
    }
}

impl World {
    /// Places that are not taken at first are empty.
    pub(super) fn vacate_places(&mut self) {
        for id in (0..self.topology.services.len() as u32).map(ServiceId) {
            let service = &self.topology.services[id.index()];
            for &instance in service.instances.iter().skip(service.lifecycle.initial as usize) {
                self.instances[instance.index()].presence = Presence::new(false);
                let component = self.topology.instance_component(instance);
                self.ctx.health_mut(component).leave(SimTime::ZERO);
            }
        }
    }

    /// Whether an instance is there that may consume messages.
    pub(super) fn may_consume(&self, instance: Option<InstanceId>) -> bool {
        instance.is_none_or(|instance| self.instances[instance.index()].presence.works())
    }

    /// How an instance is, in a word.
    pub fn instance_state(&self, id: InstanceId) -> &'static str {
        let state = &self.instances[id.index()];
        let service = self.topology.instances[id.index()].service;
        match state.presence.word(self.is_instance_up(id)) {
            "up" if state.pace.is_still() => "paused",
            "up" if !self.is_believed_up(service, id) => "ejected",
            word => word,
        }
    }

    /// Whether nobody is at the place that a component is.
    pub(super) fn is_absent(&self, component: ComponentId) -> bool {
        self.ctx.health(component).down_because() == Some(DownBecause::Absent)
    }

    /// Instances of a service, with their phases.
    pub(super) fn phases(&self, id: ServiceId) -> impl Iterator<Item = (InstanceId, &Presence)> {
        let instances = self.topology.services[id.index()].instances.iter();
        instances.map(|&instance| (instance, &self.instances[instance.index()].presence))
    }

    /// A new instance begins at an empty place.
    pub(super) fn bring_up(&mut self, instance: InstanceId, release: u32) {
        let state = &mut self.instances[instance.index()];
        state.presence.release = release;
        state.presence.enter(Phase::Starting);
        let epoch = state.presence.epoch;
        match &self.topology.lifecycle(instance).start_up {
            None => self.become_ready(instance),
            Some(time) => {
                let time = time.sample(&mut state.start_ups);
                self.ctx.note(Happening::Starting(instance));
                self.ctx.schedule(time, Event::Instance { instance, epoch, what: Change::Started });
            }
        }
    }

    /// Something happens to whoever was at a place when it was scheduled.
    pub(super) fn on_presence(&mut self, instance: InstanceId, epoch: u32, what: Change) {
        if self.instances[instance.index()].presence.epoch != epoch {
            return;
        }
        match what {
            Change::Started => self.become_ready(instance),
            _ => self.cut_off(instance),
        }
        self.reconcile(self.topology.instances[instance.index()].service);
    }

    /// An instance takes requests from now on.
    fn become_ready(&mut self, instance: InstanceId) {
        let now = self.ctx.now;
        let (service, component) =
            (self.topology.instances[instance.index()].service, self.topology.instance_component(instance));
        let state = &mut self.instances[instance.index()];
        state.presence.enter(Phase::Ready);
        state.presence.ready_since = now;
        state.presence.there.set(now, 1.0);
        let calls = self.topology.services[service.index()].calls.clone();
        state.begin_anew(now, calls.map(|call| &self.topology.calls[call as usize].policy));
        self.ctx.health_mut(component).come_up(now);
        self.ctx.note(Happening::Ready(instance));
        self.schedule_toggle(component);
        self.services[service.index()].beliefs.forget(instance);
        self.refresh_balancer(service);
        self.schedule_pause(instance);
        self.begin_cold(instance);
        self.measure_consumers(instance);
        self.on_consumers_up(instance);
    }

    /// An instance is not wanted any more: it finishes what it has, as long as its grace lasts.
    pub(super) fn drain(&mut self, instance: InstanceId) {
        let state = &mut self.instances[instance.index()];
        if state.presence.phase == Phase::Starting {
            return self.vacate(instance);
        }
        state.presence.enter(Phase::Draining);
        let epoch = state.presence.epoch;
        self.ctx.note(Happening::Draining(instance));
        self.measure_consumers(instance);
        self.refresh_balancer(self.topology.instances[instance.index()].service);
        self.on_consumers_down(instance);
        if !self.leave_if_idle(instance) {
            let grace = self.topology.lifecycle(instance).grace;
            self.ctx.schedule(grace, Event::Instance { instance, epoch, what: Change::GraceOver });
        }
    }

    /// An instance that has to go does so if it has nothing more to finish.
    #[inline(never)]
    pub(super) fn leave_if_idle(&mut self, instance: InstanceId) -> bool {
        let state = &self.instances[instance.index()];
        let has_nobody = state.active == 0 && state.facility.in_service() == 0 && state.sharing.is_empty();
        let is_idle = state.presence.is_draining() && has_nobody && !self.is_consuming(instance);
        if is_idle {
            self.vacate(instance);
        }
        is_idle
    }

    fn is_consuming(&self, instance: InstanceId) -> bool {
        self.consumers_of(instance).into_iter().any(|id| self.consumers[id.index()].busy_until().is_some())
    }

    /// The grace of an instance is over: what it still has is lost.
    fn cut_off(&mut self, instance: InstanceId) {
        let now = self.ctx.now;
        let component = self.topology.instance_component(instance);
        let state = &mut self.instances[instance.index()];
        state.presence.enter(Phase::Ending);
        state.presence.there.set(now, 0.0);
        self.ctx.health_mut(component).leave(now);
        self.end_pause(instance);
        self.turn_away_at_instance(instance);
        self.lose_messages(instance);
        self.on_consumers_down(instance);
        self.lose_work(component);
        self.leave_if_idle(instance);
    }

    /// Whoever was at a place has gone.
    fn vacate(&mut self, instance: InstanceId) {
        let now = self.ctx.now;
        let (service, component) =
            (self.topology.instances[instance.index()].service, self.topology.instance_component(instance));
        let state = &mut self.instances[instance.index()];
        state.presence.enter(Phase::Absent);
        state.presence.there.set(now, 0.0);
        self.ctx.health_mut(component).leave(now);
        self.ctx.note(Happening::Gone(instance));
        self.stop_pace(instance);
        self.forget_faults(component);
        self.measure_consumers(instance);
        self.refresh_balancer(service);
        self.ctx.schedule(Duration::ZERO, Event::Reconcile(service));
    }

    /// Somebody of a service whose instances come and go has gone down, or come back. (What follows from it must not happen in
    /// the middle of something else.)
    pub(super) fn reconsider(&mut self, instance: InstanceId) {
        let service = self.topology.instances[instance.index()].service;
        if self.topology.services[service.index()].lifecycle.is_elastic() {
            self.leave_if_idle(instance);
            self.ctx.schedule(Duration::ZERO, Event::Reconcile(service));
        }
    }

    /// An instance has been taken away by a change of the configuration, with its place.
    pub(super) fn retire_instance(&mut self, instance: InstanceId) {
        let (now, component) = (self.ctx.now, self.topology.instance_component(instance));
        let presence = &mut self.instances[instance.index()].presence;
        // (What was scheduled for it does not count any more. Who has begun finishes what he has.)
        let phase = if presence.phase == Phase::Starting { Phase::Absent } else { presence.phase };
        presence.enter(phase);
        if phase == Phase::Absent {
            self.ctx.health_mut(component).leave(now);
        }
    }

    /// Takes note of how many consumers there are at the queues from which an instance consumes.
    fn measure_consumers(&mut self, instance: InstanceId) {
        for id in self.consumers_of(instance) {
            self.measure_headcount(self.topology.consumers[id.index()].queue);
        }
    }

    /// An instance has been added to a service, or has come back, by a change of the configuration.
    pub(super) fn add_instance(&mut self, instance: InstanceId) {
        let lifecycle = self.topology.lifecycle(instance);
        let (is_elastic, starts_up) = (lifecycle.is_elastic(), lifecycle.start_up.is_some());
        if !is_elastic && !starts_up {
            self.schedule_pause(instance);
            return self.begin_cold(instance);
        }
        let (now, component) = (self.ctx.now, self.topology.instance_component(instance));
        let state = &mut self.instances[instance.index()];
        state.presence.enter(Phase::Absent);
        state.presence.there.set(now, 0.0);
        self.ctx.health_mut(component).leave(now);
        if !is_elastic {
            self.bring_up(instance, 0);
        }
    }
}
