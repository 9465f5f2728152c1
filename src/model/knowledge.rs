//! What a balancer believes of the instances behind it, and how it learns.

use super::{
    cause::Cause,
    context::Context,
    event::Event,
    front::Front,
    log::Happening,
    network::Place,
    policy::{
        health_check::CheckState,
        outlier::{Outliers, PeerFails},
    },
    topology::{InstanceId, Knowledge, Service},
};
use crate::engine::time::{Duration, SimTime};

/// How often Envoy looks whether those whom it has ejected may come back.
const SWEEP: Duration = Duration::from_nanos(10_000_000_000);

/// What a balancer believes of the instances of a service.
#[derive(Clone, Debug)]
pub(super) struct Beliefs {
    /// Whom it is about, in the order of the service's list.
    peers: Vec<InstanceId>,
    of: Of,
    /// How many of them are there.
    ready: usize,
    /// Recognises looks that were scheduled before a change.
    epoch: u32,
}

/// What is kept of the peers.
#[derive(Clone, Debug)]
enum Of {
    Nothing,
    Fails(Vec<PeerFails>),
    Outliers(Outliers),
    Checks(Vec<CheckState>),
}

impl Beliefs {
    /// Everybody is believed to be up.
    pub fn new(service: &Service, epoch: u32) -> Self {
        let peers = service.instances.clone();
        let count = peers.len();
        let of = match service.knowledge {
            Knowledge::AtOnce => Of::Nothing,
            Knowledge::Fails(_) => Of::Fails(vec![PeerFails::default(); count]),
            Knowledge::Outliers(_) => Of::Outliers(Outliers::new(count)),
            Knowledge::Checks(_) => Of::Checks(vec![CheckState::default(); count]),
        };
        Self { peers, of, ready: count, epoch }
    }

    /// So many are there.
    pub fn set_ready(&mut self, ready: usize) {
        self.ready = ready;
        if let Of::Outliers(outliers) = &mut self.of {
            outliers.set_ready(ready);
        }
    }

    /// Whether it has anything to learn.
    #[inline]
    pub fn learns(&self) -> bool {
        !matches!(self.of, Of::Nothing)
    }

    /// Somebody new is at the place of an instance, of whom nothing is known yet.
    pub fn forget(&mut self, instance: InstanceId) {
        let Some(place) = self.place(instance) else { return };
        match &mut self.of {
            Of::Nothing => {}
            Of::Fails(fails) => fails[place] = PeerFails::default(),
            Of::Outliers(outliers) => outliers.forget(place),
            Of::Checks(checks) => checks[place] = CheckState::default(),
        }
    }

    fn place(&self, instance: InstanceId) -> Option<usize> {
        self.peers.binary_search(&instance).ok()
    }

    /// Whether an instance is taken to be up; `is_up` tells who knows it at once.
    pub fn is_up(
        &self,
        knowledge: Knowledge,
        instance: InstanceId,
        now: SimTime,
        is_up: impl Fn(InstanceId) -> bool,
    ) -> bool {
        let Some(place) = self.place(instance) else { return true };
        match (&self.of, knowledge) {
            (Of::Nothing, _) => is_up(instance),
            // The only one there is is always asked.
            (Of::Fails(fails), Knowledge::Fails(rule)) => self.ready == 1 || fails[place].is_available(&rule, now),
            (Of::Outliers(outliers), _) => !outliers.is_ejected(place),
            (Of::Checks(checks), _) => checks[place].is_up(),
            (Of::Fails(_), _) => true,
        }
    }
}

impl Front {
    /// Whether the balancer takes an instance to be up.
    pub fn is_believed_up(&self, ctx: &Context, instance: InstanceId) -> bool {
        let is_up = |instance| ctx.is_instance_up(instance);
        self.beliefs.is_up(self.described(ctx).knowledge, instance, ctx.now, is_up)
    }

    /// The balancer of a service begins anew to learn, if it has to: its numbers or its instances are others.
    pub(super) fn begin_to_learn(&mut self, ctx: &mut Context) {
        let service = self.described(ctx);
        let epoch = self.beliefs.epoch.wrapping_add(1);
        self.beliefs = Beliefs::new(service, epoch);
        self.look_again(ctx);
    }

    /// Schedules the next look of a balancer that looks from time to time.
    fn look_again(&mut self, ctx: &mut Context) {
        let interval = match self.described(ctx).knowledge {
            Knowledge::Checks(check) => check.interval,
            Knowledge::Outliers(_) => SWEEP,
            Knowledge::AtOnce | Knowledge::Fails(_) => return,
        };
        let epoch = self.beliefs.epoch;
        ctx.schedule(interval, Event::Look { service: self.id, epoch });
    }

    /// A balancer looks after the instances of a service.
    pub(super) fn on_look(&mut self, ctx: &mut Context, epoch: u32) {
        if self.beliefs.epoch != epoch {
            return;
        }
        match self.described(ctx).knowledge {
            Knowledge::Checks(check) => self.check_instances(ctx, check.timeout),
            _ => self.sweep(ctx),
        }
        self.look_again(ctx);
    }

    fn sweep(&mut self, ctx: &mut Context) {
        let Knowledge::Outliers(rule) = self.described(ctx).knowledge else { return };
        let beliefs = &mut self.beliefs;
        let Of::Outliers(outliers) = &mut beliefs.of else { return };
        let mut returned = Vec::new();
        outliers.sweep(&rule, ctx.now, |place| returned.push(beliefs.peers[place]));
        returned.into_iter().for_each(|instance| ctx.note(Happening::Readmitted(instance)));
        self.refresh(ctx);
    }

    /// Everybody is asked whether he is well: who is tells at once, of the others nothing is heard in time.
    fn check_instances(&mut self, ctx: &mut Context, timeout: Duration) {
        for instance in self.described(ctx).instances.clone() {
            if !ctx.hosts[instance.index()].presence.is_ready() {
                continue;
            }
            let is_up = ctx.is_instance_up(instance) && !ctx.hosts[instance.index()].pace.is_still();
            let is_parted = ctx.network.partitions.separate(Place::Balancer, Place::instance(instance));
            match is_up && !is_parted {
                true => self.on_checked(ctx, instance, true),
                false => {
                    let epoch = self.beliefs.epoch;
                    ctx.schedule(timeout, Event::CheckFailed { instance, epoch });
                }
            }
        }
    }

    /// A check has not been answered in time.
    pub(super) fn on_check_failed(&mut self, ctx: &mut Context, instance: InstanceId, epoch: u32) {
        let presence = &ctx.hosts[instance.index()].presence;
        let Knowledge::Checks(check) = self.described(ctx).knowledge else { return };
        // (It may have been another one who was asked.)
        let is_same = presence.is_ready() && presence.ready_since + check.timeout <= ctx.now;
        if is_same && self.beliefs.epoch == epoch {
            self.on_checked(ctx, instance, false);
        }
    }

    fn on_checked(&mut self, ctx: &mut Context, instance: InstanceId, is_good: bool) {
        let Knowledge::Checks(check) = self.described(ctx).knowledge else { return };
        let beliefs = &mut self.beliefs;
        let Some(place) = beliefs.place(instance) else { return };
        let Of::Checks(checks) = &mut beliefs.of else { return };
        if checks[place].checked(&check, is_good) {
            self.note_belief(ctx, instance, is_good);
            self.refresh(ctx);
        }
    }

    /// An instance has been chosen for a request. An nginx that asks one again that it avoided asks it once.
    #[inline(never)]
    pub(super) fn note_chosen(&mut self, ctx: &mut Context, instance: InstanceId) {
        let Knowledge::Fails(rule) = self.described(ctx).knowledge else { return };
        let now = ctx.now;
        let beliefs = &mut self.beliefs;
        let (Some(place), Of::Fails(fails)) = (beliefs.place(instance), &mut beliefs.of) else { return };
        fails[place].chosen(&rule, now);
        if !fails[place].is_available(&rule, now) {
            let due = fails[place].due_at(&rule);
            self.refresh(ctx);
            ctx.future.schedule(due, Event::PeerDue(self.id));
        }
    }

    /// A request to an instance is over, and the balancer has seen how.
    #[inline(never)]
    pub(super) fn learn(&mut self, ctx: &mut Context, instance: InstanceId, failure: Option<Cause>) {
        // (Whoever has to go is not asked any more, whatever he does, and who waits at the balancer has asked nobody yet.)
        if ctx.hosts.get(instance.index()).is_none_or(|host| !host.presence.is_ready()) {
            return;
        }
        let service = self.described(ctx);
        let is_failed = failure.is_some_and(|cause| service.next_upstream.on.has(cause));
        let (knowledge, now) = (service.knowledge, ctx.now);
        let was_up = self.is_believed_up(ctx, instance);
        let beliefs = &mut self.beliefs;
        let Some(place) = beliefs.place(instance) else { return };
        match (&mut beliefs.of, knowledge) {
            (Of::Fails(fails), Knowledge::Fails(rule)) if is_failed => {
                fails[place].failed(now);
                ctx.future.schedule(fails[place].due_at(&rule), Event::PeerDue(self.id));
            }
            (Of::Fails(fails), _) => fails[place].succeeded(),
            (Of::Outliers(outliers), Knowledge::Outliers(rule)) => {
                outliers.ended(place, &rule, now, is_failed);
            }
            // (Who gave up himself says nothing of the instance.)
            (Of::Checks(checks), Knowledge::Checks(check)) if failure != Some(Cause::Cancelled) => {
                let Some(observe) = check.observe else { return };
                checks[place].answered(&check, &observe, failure.is_some_and(|cause| observe.causes.has(cause)));
            }
            _ => return,
        }
        let is_up = self.is_believed_up(ctx, instance);
        if is_up != was_up {
            self.note_belief(ctx, instance, is_up);
            self.refresh(ctx);
        }
    }

    fn note_belief(&mut self, ctx: &mut Context, instance: InstanceId, is_up: bool) {
        ctx.note(if is_up { Happening::Readmitted(instance) } else { Happening::Ejected(instance) });
        if !is_up {
            self.ejections += 1;
        }
    }
}
