//! How many instances of a service there are to be, and of which release: the autoscaler, rolling updates, and the one rule
//! by which both are carried out.

use super::{
    event::{Event, Look},
    host::Host,
    log::Happening,
    policy::hpa::{self, HpaState},
    presence::{Phase, Presence},
    service::InstanceState,
    topology::{Autoscaler, InstanceId, Metric, Service, ServiceId, Topology},
    world::World,
};
use crate::{engine::time::SimTime, stats::time_weighted::TimeWeighted};

/// What is wanted of a service whose instances come and go.
#[derive(Clone, Debug)]
pub struct Scaling {
    /// Instances wanted, over time.
    pub wanted: TimeWeighted,
    /// Instances ready, over time.
    pub ready: TimeWeighted,
    /// The release that is wanted.
    pub release: u32,
    /// The one that it takes the place of, and that comes back if it is bad.
    before: u32,
    /// The deployment by whose bounds one takes the place of another, or did last.
    by: u32,
    /// Whether one takes the place of another now.
    pub is_rolling: bool,
    hpa: HpaState,
    /// When the autoscaler looks next.
    next_look: SimTime,
    /// Recognises looks, and deployments, that a change of the configuration made stale.
    epoch: u32,
}

impl Scaling {
    /// So many are wanted, and there.
    pub fn new(initial: u32) -> Self {
        Self {
            wanted: TimeWeighted::new(f64::from(initial)),
            ready: TimeWeighted::new(f64::from(initial)),
            release: 0,
            before: 0,
            by: 0,
            is_rolling: false,
            hpa: HpaState::begin(SimTime::ZERO, initial),
            next_look: SimTime::ZERO,
            epoch: 0,
        }
    }

    /// Instances wanted now.
    pub fn wanted_now(&self) -> u32 {
        self.wanted.value() as u32
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.wanted.restart(now);
        self.ready.restart(now);
    }
}

/// What an instance has done up to a moment, as totals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    busy: f64,
    queue: f64,
    concurrency: f64,
    /// Requests sent to it.
    begun: f64,
    /// Requests that it has answered, and those of them that failed.
    answered: f64,
    failed: f64,
    at: SimTime,
}

impl Sample {
    pub(super) fn of(state: &InstanceState, host: &Host, now: SimTime) -> Self {
        let outcomes = &state.outcomes;
        Self {
            busy: state.server.facility.busy.integral(now),
            queue: state.server.facility.queue.integral(now),
            concurrency: host.concurrency.as_ref().map_or(0.0, |level| level.integral(now)),
            begun: (outcomes.total() + u64::from(host.active)) as f64,
            answered: outcomes.total() as f64,
            failed: outcomes.failed() as f64,
            at: now,
        }
    }

    /// The same sample after the totals have started anew, which went from those to these.
    pub(super) fn rebased(self, from: &Self, to: &Self) -> Self {
        Self {
            busy: self.busy + to.busy - from.busy,
            queue: self.queue + to.queue - from.queue,
            concurrency: self.concurrency + to.concurrency - from.concurrency,
            begun: self.begun + to.begun - from.begun,
            answered: self.answered + to.answered - from.answered,
            failed: self.failed + to.failed - from.failed,
            at: self.at,
        }
    }

    /// The mean of a metric since an earlier sample; `None` if no time has passed.
    fn mean_since(&self, earlier: &Self, metric: Metric, service: &Service) -> Option<f64> {
        let seconds = self.at.since(earlier.at).as_seconds();
        let growth = match metric {
            Metric::Utilisation => (self.busy - earlier.busy) / f64::from(service.workers.unwrap_or(1)),
            Metric::Concurrency => self.concurrency - earlier.concurrency,
            Metric::Queue => self.queue - earlier.queue,
            Metric::Rate => self.begun - earlier.begun,
        };
        (seconds > 0.0).then(|| growth / seconds)
    }
}

impl World {
    pub(super) fn start_scaling(&mut self) {
        (0..self.services.len() as u32).for_each(|id| self.begin_scaling(ServiceId(id)));
    }

    /// Schedules the looks of an autoscaler, and the deployments that lie ahead.
    fn begin_scaling(&mut self, id: ServiceId) {
        let now = self.ctx.now;
        let lifecycle = &self.topology.services[id.index()].lifecycle;
        let Some(scaling) = &mut self.services[id.index()].scaling else { return };
        scaling.epoch = scaling.epoch.wrapping_add(1);
        let epoch = scaling.epoch;
        if let Some(autoscaler) = &lifecycle.autoscaler {
            // (A look that is near stays where it is.)
            let latest = now + autoscaler.interval;
            let at = if scaling.next_look > now { latest.min(scaling.next_look) } else { latest };
            scaling.next_look = at;
            self.ctx.future.schedule(at, Event::Service { service: id, epoch, what: Look::Scale });
        }
        for (place, deployment) in lifecycle.deployments.iter().enumerate() {
            if deployment.at >= now {
                let what = Look::Deploy(place as u8);
                self.ctx.future.schedule(deployment.at, Event::Service { service: id, epoch, what });
            }
        }
        self.schedule_judgement(id);
    }

    /// Somebody looks after the instances of a service.
    pub(super) fn on_service_look(&mut self, id: ServiceId, epoch: u32, what: Look) {
        if self.services[id.index()].scaling.as_ref().is_none_or(|scaling| scaling.epoch != epoch) {
            return;
        }
        match what {
            Look::Scale => self.scale(id, epoch),
            Look::Deploy(place) => self.deploy(id, u32::from(place) + 1),
            Look::Judge(release) => self.judge(id, u32::from(release)),
        }
    }

    /// The autoscaler looks how much the instances have had to do, and says how many there are to be.
    fn scale(&mut self, id: ServiceId, epoch: u32) {
        let now = self.ctx.now;
        let Some(autoscaler) = self.topology.services[id.index()].lifecycle.autoscaler.clone() else { return };
        let recommended = self.recommended(id, &autoscaler);
        let next = now + autoscaler.interval;
        self.ctx.future.schedule(next, Event::Service { service: id, epoch, what: Look::Scale });
        let Some(scaling) = &mut self.services[id.index()].scaling else { return };
        scaling.next_look = next;
        let before = scaling.wanted_now();
        let wanted = scaling.hpa.decide(&autoscaler.hpa, now, before, recommended);
        if wanted != before {
            scaling.wanted.set(now, f64::from(wanted));
            self.ctx.note(Happening::Scaled { service: id, from: before, to: wanted });
            self.reconcile(id);
        }
    }

    /// How many instances would have as much to do as they are meant to.
    fn recommended(&mut self, id: ServiceId, autoscaler: &Autoscaler) -> u32 {
        let now = self.ctx.now;
        let service = &self.topology.services[id.index()];
        let wanted = self.services[id.index()].scaling.as_ref().map_or(0, Scaling::wanted_now);
        let mut most = None;
        for &(metric, target) in &autoscaler.targets {
            let (mut sum, mut ready, mut unready) = (0.0, 0, 0);
            for &instance in &service.instances {
                let state = &self.instances[instance.index()];
                let host = &self.ctx.hosts[instance.index()];
                let presence = &host.presence;
                let is_up = presence.is_ready() && self.ctx.is_instance_up(instance);
                let mean = Sample::of(state, host, now).mean_since(&state.sampled, metric, service);
                match mean.filter(|_| is_up) {
                    Some(mean) => (sum, ready) = (sum + mean, ready + 1),
                    None => unready += u32::from(presence.is_wanted()),
                }
            }
            let recommended = hpa::recommended_for((ready, sum), unready, wanted, target, autoscaler.hpa.tolerance);
            most = most.max(Some(recommended));
        }
        for &instance in &service.instances {
            let state = &mut self.instances[instance.index()];
            state.sampled = Sample::of(state, &self.ctx.hosts[instance.index()], now);
        }
        most.unwrap_or(wanted)
    }

    /// Another release is to take the place of the present one.
    fn deploy(&mut self, id: ServiceId, release: u32) {
        let Some(scaling) = self.services[id.index()].scaling.as_mut().filter(|it| it.release != release) else {
            return;
        };
        scaling.before = std::mem::replace(&mut scaling.release, release);
        scaling.by = release;
        scaling.is_rolling = true;
        self.ctx.note(Happening::Deployment { service: id, release });
        self.begin_judging(id);
        self.schedule_judgement(id);
        self.reconcile(id);
    }

    /// Schedules the next look at what the wanted release does, if it may be taken back.
    fn schedule_judgement(&mut self, id: ServiceId) {
        let Some(scaling) = &self.services[id.index()].scaling else { return };
        let release = scaling.release;
        let place = release.checked_sub(1);
        let deployments = &self.topology.services[id.index()].lifecycle.deployments;
        let deployment = place.and_then(|place| deployments.get(place as usize));
        if let Some(rule) = deployment.and_then(|deployment| deployment.roll_back) {
            let epoch = scaling.epoch;
            self.ctx.schedule(rule.interval, Event::Service { service: id, epoch, what: Look::Judge(release as u8) });
        }
    }

    /// Somebody looks whether too many requests have failed at instances of a release since the look before. What they say
    /// who have had too few adds up from look to look.
    fn judge(&mut self, id: ServiceId, release: u32) {
        let now = self.ctx.now;
        let service = &self.topology.services[id.index()];
        let is_wanted = self.services[id.index()].scaling.as_ref().is_some_and(|scaling| scaling.release == release);
        let deployment = release.checked_sub(1).and_then(|place| service.lifecycle.deployments.get(place as usize));
        let Some(rule) = deployment.and_then(|deployment| deployment.roll_back).filter(|_| is_wanted) else { return };
        let (mut answered, mut failed) = (0.0, 0.0);
        for &instance in &service.instances {
            let state = &self.instances[instance.index()];
            let host = &self.ctx.hosts[instance.index()];
            let presence = &host.presence;
            if presence.works() && presence.release == release {
                answered += Sample::of(state, host, now).answered - state.judged.answered;
                failed += Sample::of(state, host, now).failed - state.judged.failed;
            }
        }
        if answered >= f64::from(rule.min_calls) {
            self.begin_judging(id);
            if failed > rule.failure_share * answered {
                return self.roll_back(id);
            }
        }
        self.schedule_judgement(id);
    }

    /// What the instances do from now on is looked at next.
    fn begin_judging(&mut self, id: ServiceId) {
        for &instance in &self.topology.services[id.index()].instances {
            let state = &mut self.instances[instance.index()];
            state.judged = Sample::of(state, &self.ctx.hosts[instance.index()], self.ctx.now);
        }
    }

    /// The release before comes back.
    fn roll_back(&mut self, id: ServiceId) {
        let Some(scaling) = &mut self.services[id.index()].scaling else { return };
        scaling.release = scaling.before;
        scaling.is_rolling = true;
        let release = scaling.release;
        self.ctx.note(Happening::RolledBack { service: id, release });
        self.reconcile(id);
    }

    /// Brings a service nearer to what is wanted of it: instances come while there are too few of the wanted release, and go
    /// while there are too many, or enough others are ready. (Who has just come, or gone, may allow more: then it is done
    /// again.)
    pub(super) fn reconcile(&mut self, id: ServiceId) {
        if !self.topology.services[id.index()].lifecycle.is_elastic() {
            return self.keep_all(id);
        }
        let Some(scaling) = &self.services[id.index()].scaling else { return };
        let (wanted, release) = (scaling.wanted_now(), scaling.release);
        let (surge, unavailable) = self.slack(id);
        loop {
            let count = Count::of(self, id, release);
            let most = wanted + if count.old > 0 { surge } else { 0 };
            let total = count.new + count.old;
            if count.new < wanted && total < most {
                let Some(place) = self.empty_place(id) else { break };
                self.bring_up(place, release);
            } else if count.old > 0 {
                let may_go = count.ready > wanted.saturating_sub(unavailable) || total > most;
                let Some(who) = self.next_to_go(id, |it| it != release, may_go) else { break };
                self.drain(who);
            } else if total > wanted {
                let Some(who) = self.next_to_go(id, |_| true, true) else { break };
                self.drain(who);
            } else {
                break;
            }
        }
        self.end_rolling(id, release);
        self.measure_presence(id);
    }

    /// How many more than wanted may be there, and how many fewer ready, while one release takes the place of another.
    fn slack(&self, id: ServiceId) -> (u32, u32) {
        let Some(scaling) = &self.services[id.index()].scaling else { return (0, 0) };
        let deployments = &self.topology.services[id.index()].lifecycle.deployments;
        let deployment = scaling.by.checked_sub(1).and_then(|place| deployments.get(place as usize));
        deployment.map_or((0, 1), |deployment| (deployment.surge, deployment.unavailable))
    }

    /// The first place where nobody is.
    fn empty_place(&self, id: ServiceId) -> Option<InstanceId> {
        self.phases(id).find(|(_, presence)| presence.phase == Phase::Absent).map(|(instance, _)| instance)
    }

    /// Who has to go next: whoever is not ready yet, then who is down, then, if one of them may, whoever has been ready for the
    /// shortest time, as with a ReplicaSet.
    fn next_to_go(&self, id: ServiceId, is_meant: impl Fn(u32) -> bool, may_go: bool) -> Option<InstanceId> {
        let meant = || self.phases(id).filter(|(_, presence)| is_meant(presence.release));
        let starting = meant().filter(|(_, presence)| presence.phase == Phase::Starting).last();
        let is_down = |instance: InstanceId| !self.ctx.is_instance_up(instance);
        let ready = || meant().filter(|&(instance, it)| it.is_ready() && (may_go || is_down(instance)));
        let latest = || ready().max_by_key(|&(instance, it)| (is_down(instance), it.ready_since, instance));
        starting.or_else(latest).map(|(instance, _)| instance)
    }

    /// One release has taken the place of another.
    fn end_rolling(&mut self, id: ServiceId, release: u32) {
        let of_it = |it: &Presence| it.is_ready() && it.release == release;
        let is_alone = self.phases(id).all(|(_, it)| !it.is_wanted() || of_it(it));
        let there = self.phases(id).filter(|(_, it)| of_it(it)).count();
        let Some(scaling) = &mut self.services[id.index()].scaling else { return };
        let is_over = is_alone && there >= scaling.wanted_now() as usize;
        if is_over && std::mem::take(&mut scaling.is_rolling) {
            self.ctx.note(Happening::Deployed { service: id, release });
        }
    }

    fn measure_presence(&mut self, id: ServiceId) {
        let (now, ready) = (self.ctx.now, self.ready_count(id));
        if let Some(scaling) = &mut self.services[id.index()].scaling {
            scaling.ready.set(now, f64::from(ready));
        }
    }

    /// Instances of a service that take requests, if they are up.
    pub(super) fn ready_count(&self, id: ServiceId) -> u32 {
        self.phases(id).filter(|(_, presence)| presence.is_ready()).count() as u32
    }

    /// Services whose instances come and go from now on have something to be kept of that, which they keep for good: time
    /// series go on.
    pub(super) fn make_scaling(&mut self) {
        for (state, service) in self.services.iter_mut().zip(&self.topology.services) {
            if service.lifecycle.is_elastic() && state.scaling.is_none() {
                let there = service.instances.iter().filter_map(|id| self.ctx.hosts.get(id.index()));
                let there = there.filter(|it| it.presence.is_wanted()).count() as u32;
                let mut scaling = Scaling::new(there);
                scaling.restart(self.ctx.now);
                state.scaling = Some(scaling);
            }
        }
    }

    /// Goes on with other numbers; what was wanted stays so unless it is said anew.
    pub(super) fn change_scaling(&mut self, old: &Topology) {
        for id in (0..self.services.len() as u32).map(ServiceId) {
            let [old, service] = [old, &self.topology].map(|topology| &topology.services[id.index()]);
            let (before, after) = (&old.lifecycle, &service.lifecycle);
            let (was_elastic, is_elastic) = (before.is_elastic(), after.is_elastic());
            if (before, &old.instances) == (after, &service.instances) || !(was_elastic || is_elastic) {
                continue;
            }
            let (initial, is_asked) = (after.initial, before.initial != after.initial || !was_elastic);
            let (min, max) = after.autoscaler.as_ref().map_or((1, u32::MAX), |it| (it.hpa.min, it.hpa.max));
            let releases = after.deployments.len() as u32;
            let watches = service.lifecycle.looks_at_concurrency();
            for instance in service.instances.clone() {
                let (now, host) = (self.ctx.now, &mut self.ctx.hosts[instance.index()]);
                if host.watch_concurrency(now, watches) {
                    let state = &mut self.instances[instance.index()];
                    state.sampled = Sample::of(state, host, now);
                }
            }
            let Some(scaling) = &mut self.services[id.index()].scaling else { continue };
            let wanted = if is_asked || after.autoscaler.is_none() { initial } else { scaling.wanted_now() };
            scaling.wanted.set(self.ctx.now, f64::from(wanted.min(max).max(min)));
            if scaling.release > releases || !is_elastic {
                (scaling.release, scaling.before) = (0, 0);
            }
            self.begin_scaling(id);
            self.reconcile(id);
        }
    }

    /// Instances do not come and go any more: everybody who is to be there is, with the service's own numbers.
    fn keep_all(&mut self, id: ServiceId) {
        for instance in self.topology.services[id.index()].instances.clone() {
            let presence = &mut self.ctx.hosts[instance.index()].presence;
            match presence.phase {
                Phase::Absent => self.bring_up(instance, 0),
                _ => presence.release = 0,
            }
        }
    }
}

/// Who is there of a service.
struct Count {
    /// Of the wanted release, ready or starting.
    new: u32,
    /// Of others.
    old: u32,
    /// Ready, of any release, and up.
    ready: u32,
}

impl Count {
    fn of(world: &World, id: ServiceId, release: u32) -> Self {
        let mut count = Self { new: 0, old: 0, ready: 0 };
        for (instance, presence) in world.phases(id).filter(|(_, presence)| presence.is_wanted()) {
            match presence.release == release {
                true => count.new += 1,
                false => count.old += 1,
            }
            count.ready += u32::from(presence.is_ready() && world.ctx.is_instance_up(instance));
        }
        count
    }
}
