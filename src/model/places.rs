//! Places: instances come and go at the places that services have for them.
//!
//! All places are in the topology from the start, with their names and random numbers, so that nothing has to be made while
//! the run goes on. A place where nobody is counts as down for whoever asks, but that is no outage.

use super::{
    event::{Change, Event},
    health::DownBecause,
    log::Happening,
    presence::{Phase, Presence},
    topology::{ComponentId, ConsumerId, InstanceId, ServiceId},
    world::World,
};
use crate::engine::time::{Duration, SimTime};

impl World {
    /// Places that are not taken at first are empty.
    pub(super) fn vacate_places(&mut self) {
        for id in (0..self.topology.services.len() as u32).map(ServiceId) {
            let service = &self.topology.services[id.index()];
            for &instance in service.instances.iter().skip(service.lifecycle.initial as usize) {
                self.ctx.hosts[instance.index()].presence = Presence::new(false);
                let component = self.topology.instance_component(instance);
                self.ctx.health_mut(component).leave(SimTime::ZERO);
            }
        }
    }

    /// How an instance is, in a word.
    pub fn instance_state(&self, id: InstanceId) -> &'static str {
        let host = &self.ctx.hosts[id.index()];
        let service = self.topology.instances[id.index()].service;
        match host.presence.word(self.ctx.is_instance_up(id)) {
            "up" if host.pace.is_still() => "paused",
            "up" if !self.services[service.index()].front.is_believed_up(&self.ctx, id) => "ejected",
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
        instances.map(|&instance| (instance, &self.ctx.hosts[instance.index()].presence))
    }

    /// A new instance begins at an empty place.
    pub(super) fn bring_up(&mut self, instance: InstanceId, release: u32) {
        let presence = &mut self.ctx.hosts[instance.index()].presence;
        presence.release = release;
        presence.enter(Phase::Starting);
        let epoch = presence.epoch;
        match &self.topology.lifecycle(instance).start_up {
            None => self.become_ready(instance),
            Some(time) => {
                let time = time.sample(&mut self.instances[instance.index()].start_ups);
                self.ctx.note(Happening::Starting(instance));
                self.ctx.schedule(time, Event::Instance { instance, epoch, what: Change::Started });
            }
        }
    }

    /// Something happens to whoever was at a place when it was scheduled.
    pub(super) fn on_presence(&mut self, instance: InstanceId, epoch: u32, what: Change) {
        if self.ctx.hosts[instance.index()].presence.epoch != epoch {
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
        let presence = &mut self.ctx.hosts[instance.index()].presence;
        presence.enter(Phase::Ready);
        presence.ready_since = now;
        presence.there.set(now, 1.0);
        self.forget_others(instance);
        self.instances[instance.index()].begin_sampling(now, &self.ctx.hosts[instance.index()]);
        self.ctx.health_mut(component).come_up(now);
        self.ctx.note(Happening::Ready(instance));
        self.schedule_toggle(component);
        self.services[service.index()].front.beliefs.forget(instance);
        self.services[service.index()].front.refresh(&mut self.ctx);
        self.schedule_pause(instance);
        self.begin_cold(instance);
        self.brokers.measure_consumers(&mut self.ctx, instance);
        self.brokers.on_consumers_up(&mut self.ctx, instance);
    }

    /// An instance is not wanted any more: it finishes what it has, as long as its grace lasts.
    pub(super) fn drain(&mut self, instance: InstanceId) {
        let presence = &mut self.ctx.hosts[instance.index()].presence;
        if presence.phase == Phase::Starting {
            return self.vacate(instance);
        }
        presence.enter(Phase::Draining);
        let epoch = presence.epoch;
        self.ctx.note(Happening::Draining(instance));
        self.brokers.measure_consumers(&mut self.ctx, instance);
        self.refresh_front_of(instance);
        self.brokers.on_consumers_down(&mut self.ctx, instance);
        if !self.leave_if_idle(instance) {
            let grace = self.topology.lifecycle(instance).grace;
            self.ctx.schedule(grace, Event::Instance { instance, epoch, what: Change::GraceOver });
        }
    }

    /// An instance that has to go does so if it has nothing more to finish.
    #[inline(never)]
    pub(super) fn leave_if_idle(&mut self, instance: InstanceId) -> bool {
        let state = &self.instances[instance.index()];
        let has_nobody = self.ctx.hosts[instance.index()].active == 0 && state.server.is_idle();
        let is_idle = self.ctx.hosts[instance.index()].presence.is_draining()
            && has_nobody
            && !self.brokers.is_consuming(&self.ctx, instance);
        if is_idle {
            self.vacate(instance);
        }
        is_idle
    }

    /// The grace of an instance is over: what it still has is lost.
    fn cut_off(&mut self, instance: InstanceId) {
        let component = self.topology.instance_component(instance);
        self.leave_place(instance, Phase::Ending);
        self.end_pause(instance);
        self.instances[instance.index()].server.went_down(&mut self.ctx);
        self.hand_on();
        self.brokers.lose_messages(&mut self.ctx, instance);
        self.brokers.on_consumers_down(&mut self.ctx, instance);
        self.lose_work(component);
        self.leave_if_idle(instance);
    }

    /// Whoever is at a place takes no requests any more, and finishes none.
    fn leave_place(&mut self, instance: InstanceId, phase: Phase) {
        let (now, component) = (self.ctx.now, self.topology.instance_component(instance));
        let presence = &mut self.ctx.hosts[instance.index()].presence;
        presence.enter(phase);
        presence.there.set(now, 0.0);
        self.ctx.health_mut(component).leave(now);
    }

    /// Whoever was at a place has gone.
    fn vacate(&mut self, instance: InstanceId) {
        let (service, component) =
            (self.topology.instances[instance.index()].service, self.topology.instance_component(instance));
        self.leave_place(instance, Phase::Absent);
        self.ctx.note(Happening::Gone(instance));
        self.stop_pace(instance);
        self.forget_faults(component);
        self.brokers.measure_consumers(&mut self.ctx, instance);
        self.services[service.index()].front.refresh(&mut self.ctx);
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
        let presence = &mut self.ctx.hosts[instance.index()].presence;
        // (What was scheduled for it does not count any more. Who has begun finishes what he has.)
        let phase = if presence.phase == Phase::Starting { Phase::Absent } else { presence.phase };
        presence.enter(phase);
        if phase == Phase::Absent {
            self.ctx.health_mut(component).leave(now);
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
        self.leave_place(instance, Phase::Absent);
        if !is_elastic {
            self.bring_up(instance, 0);
        }
    }

    /// A consumer is done with a message. The instance of which it is part may only have waited for that.
    pub(super) fn on_consumed(&mut self, consumer: ConsumerId, turn: u32) {
        if let Some(instance) = self.brokers.on_consumed(&mut self.ctx, consumer, turn)
            && self.ctx.hosts[instance.index()].presence.is_draining()
        {
            self.leave_if_idle(instance);
        }
    }
}
