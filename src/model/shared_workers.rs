//! Instances whose workers are shared by all visits at once, and the change from and to that.
//!
//! Whoever has a worker of his own when sharing begins keeps it until he is
//! done; the others share the rest. And instances where those at work slow each
//! other down: there all of them are in the one `Sharing`, also those who have a
//! worker of their own, as *guests*.

use super::{
    cause::Cause,
    event::Event,
    plan::{SERVICE_TIME, Step},
    topology::{InstanceId, ServiceId},
    visit::{Phase, VisitId},
    visits::Progress::{self, Fails, Waits},
    world::World,
};
use crate::engine::{station::Entry, time::Duration};

impl World {
    fn service_of(&self, instance: InstanceId) -> ServiceId {
        self.topology.instances[instance.index()].service
    }

    /// How long a visit is processed if nobody slows it down.
    pub(super) fn draw_work(&mut self, id: VisitId, instance: InstanceId) -> Duration {
        let time = match self.topology.steps[self.ctx.visits[id].step as usize] {
            Step::Process { time } if time != SERVICE_TIME => &self.topology.times[time as usize],
            _ => &self.topology.services[self.service_of(instance).index()].service_time,
        };
        let mut time = time.sample(&mut self.instances[instance.index()].service_times);
        let release = self.ctx.hosts[instance.index()].presence.release;
        if let Some(release) = self.topology.lifecycle(instance).release(release) {
            time = time.scaled(release.factor);
        }
        self.ctx.health(self.topology.instance_component(instance)).slowed(time)
    }

    pub(super) fn enter_shared(&mut self, id: VisitId, instance: InstanceId) -> Progress {
        let service = &self.topology.services[self.service_of(instance).index()];
        let state = &self.instances[instance.index()];
        // There is no queue to wait in, so the limit is on those in process beyond one for each worker.
        let most = service.workers.unwrap_or(u32::MAX).saturating_add(service.queue_limit.unwrap_or(u32::MAX));
        if state.sharing.len() + state.facility.in_service() as usize >= most as usize {
            return Fails(Cause::QueueFull);
        }
        self.share(id, instance);
        self.after_sharing_change(instance);
        Waits
    }

    fn share(&mut self, id: VisitId, instance: InstanceId) {
        let visit = &mut self.ctx.visits[id];
        (visit.shares_workers, visit.has_begun) = (true, true);
        // It leaves by no event of its own, and one that it had is stale.
        visit.next_turn();
        let work = self.draw_work(id, instance);
        self.instances[instance.index()].sharing.enter(self.ctx.now, id, work);
    }

    /// Measures a shared instance and schedules its next departure.
    fn after_sharing_change(&mut self, instance: InstanceId) {
        let service = &self.topology.services[self.service_of(instance).index()];
        let state = &mut self.instances[instance.index()];
        if state.is_shared {
            let (present, apart) =
                ((state.sharing.len() as u32).saturating_sub(state.guests), state.facility.in_service());
            let busy = present.min(service.workers.unwrap_or(u32::MAX).saturating_sub(apart));
            state.facility.busy.set(self.ctx.now, f64::from(apart + busy));
            state.facility.queue.set(self.ctx.now, f64::from(present - busy));
        }
        if let Some((at, epoch)) = state.sharing.next_departure() {
            self.ctx.future.schedule(at.max(self.ctx.now), Event::SharingDeparture { instance, epoch });
        }
    }

    pub(super) fn on_sharing_departure(&mut self, instance: InstanceId, epoch: u32) {
        if let Some(id) = self.instances[instance.index()].sharing.depart(self.ctx.now, epoch) {
            if self.ctx.visits[id].shares_workers {
                self.after_sharing_change(instance);
            } else {
                let state = &mut self.instances[instance.index()];
                state.guests = state.guests.saturating_sub(1);
                self.share_free_workers(instance);
            }
            self.on_finished(id);
        }
    }

    /// The workers that nobody has for himself are shared, however many they are now.
    pub(super) fn share_free_workers(&mut self, instance: InstanceId) {
        let workers = self.topology.services[self.service_of(instance).index()].workers;
        let is_still = self.ctx.hosts[instance.index()].pace.is_still();
        let state = &mut self.instances[instance.index()];
        // (The workers of guests do their share, the others that are taken do not. Who stands still does nothing.)
        let away = state.facility.in_service().saturating_sub(state.guests);
        let workers = workers.filter(|_| state.is_shared);
        let free = workers.map(|workers| workers.saturating_sub(away));
        state.sharing.resize(self.ctx.now, if is_still { Some(0) } else { free });
        self.after_sharing_change(instance);
    }

    /// A visit is worked on where those at work slow each other down, by a worker of its own.
    #[inline(never)]
    pub(super) fn work_among_others(&mut self, id: VisitId, instance: InstanceId, work: Duration) {
        // It leaves by no event of its own, and one that it had is stale.
        self.ctx.visits[id].next_turn();
        let state = &mut self.instances[instance.index()];
        state.sharing.enter(self.ctx.now, id, work);
        state.guests += 1;
        self.share_free_workers(instance);
    }

    /// Takes all visits out of what they share, with what is left to do for each.
    pub(super) fn take_all_out(&mut self, instance: InstanceId) -> Vec<(VisitId, Duration)> {
        let state = &mut self.instances[instance.index()];
        state.guests = 0;
        state.sharing.take_all(self.ctx.now)
    }

    /// Takes note of how those at work slow each other down.
    pub(super) fn change_scalability(&mut self, instance: InstanceId) {
        let scalability = self.topology.services[self.service_of(instance).index()].scalability.as_ref();
        let now = self.ctx.now;
        let before = self.instances[instance.index()].sharing.scalability();
        if before == scalability {
            return;
        }
        let (was_scaled, is_scaled) = (before.is_some(), scalability.is_some());
        let scalability = scalability.cloned();
        let at_work = if is_scaled && !was_scaled { self.working_alone_at(instance) } else { Vec::new() };
        let apart = if was_scaled && !is_scaled { self.take_all_out(instance) } else { Vec::new() };
        self.instances[instance.index()].sharing.set_scalability(now, scalability);
        for (id, left) in apart {
            match self.ctx.visits[id].shares_workers {
                true => self.instances[instance.index()].sharing.enter(now, id, left),
                false => self.ctx.finish_after(id, left),
            }
        }
        for (id, left) in at_work {
            self.work_among_others(id, instance, left);
        }
        self.share_free_workers(instance);
    }

    /// Visits share the workers from now on: those that wait begin.
    pub(super) fn begin_sharing(&mut self, instance: InstanceId) {
        self.instances[instance.index()].is_shared = true;
        while let Some(id) = self.instances[instance.index()].facility.turn_away(self.ctx.now) {
            self.ctx.end_wait(id);
            self.share(id, instance);
        }
        self.share_free_workers(instance);
    }

    /// Each visit needs a worker of its own from now on. In the order of their arrival, visits that shared the workers
    /// take one each and do what is left to do; those that find none wait, and begin anew when it is their turn.
    pub(super) fn end_sharing(&mut self, instance: InstanceId) {
        let auth = self.topology.auth.as_ref().map(|auth| auth.service);
        let is_auth = auth == Some(self.service_of(instance));
        let phase = if is_auth { Phase::Auth } else { Phase::Processing };
        let now = self.ctx.now;
        let state = &mut self.instances[instance.index()];
        state.is_shared = false;
        state.facility.measure(now);
        for (id, left) in self.take_all_out(instance) {
            let visit = &mut self.ctx.visits[id];
            if !visit.shares_workers {
                self.work_on(id, instance, left);
                continue;
            }
            visit.shares_workers = false;
            visit.spend(phase, now);
            match self.instances[instance.index()].facility.admit(now, id) {
                Entry::Started => self.work_on(id, instance, left),
                Entry::Queued | Entry::Full => self.ctx.begin_wait(id),
            }
        }
        self.share_free_workers(instance);
    }
}
