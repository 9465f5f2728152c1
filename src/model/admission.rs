//! Admission: whether an instance lets a request in that has reached it.
//!
//! The gate stands before the queue, and before everything else that is done for a request. It knows how many requests are
//! inside, from the moment at which they are let in until they are answered, whatever they wait for and however they end.

use super::{
    cause::Cause,
    context::Context,
    policy::limiter::LimiterState,
    policy::{aimd::AimdState, gradient::GradientState, limiter},
    server::Server,
    topology::{Admission, AdmissionRule, ServiceId},
    visit::VisitId,
};
use crate::{
    engine::time::{Duration, SimTime},
    stats::time_weighted::TimeWeighted,
};

/// The gate of an instance.
#[derive(Clone, Debug)]
pub struct Gate {
    keeper: Keeper,
    /// Requests inside, over time.
    pub inside: TimeWeighted,
    /// So many may be inside, over time; 0 while the gate does not look at that.
    pub limit: TimeWeighted,
    /// Whether it ever has.
    pub has_limit: bool,
    /// Requests that were not let in.
    pub refused: u64,
    count: u32,
}

/// Who decides.
#[derive(Clone, Debug)]
enum Keeper {
    /// Nobody: the gate has been taken away.
    Nobody,
    Concurrency,
    Rate(LimiterState),
    Aimd(AimdState),
    Gradient(GradientState),
}

/// How a request has ended that was inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How long it was inside.
    pub took: Duration,
    /// How many were inside when it was let in, itself included.
    pub among: u32,
    /// Why it failed, if it did.
    pub failure: Option<Cause>,
}

impl Gate {
    /// A gate with nobody inside.
    pub fn new(admission: &Admission, now: SimTime) -> Self {
        let mut gate = Self {
            keeper: Keeper::Nobody,
            inside: TimeWeighted::default(),
            limit: TimeWeighted::default(),
            has_limit: false,
            refused: 0,
            count: 0,
        };
        gate.begin_anew(Some(admission), now);
        gate.restart(now);
        gate
    }

    /// Forgets what it has learnt, as a process does that begins anew; who is inside stays.
    pub fn begin_anew(&mut self, admission: Option<&Admission>, now: SimTime) {
        self.keeper = match admission.map(|admission| &admission.rule) {
            None => Keeper::Nobody,
            Some(AdmissionRule::Concurrency(_)) => Keeper::Concurrency,
            Some(AdmissionRule::Rate(_)) => Keeper::Rate(LimiterState::new()),
            Some(AdmissionRule::Aimd(aimd)) => Keeper::Aimd(AimdState::new(aimd)),
            Some(AdmissionRule::Gradient(gradient)) => Keeper::Gradient(GradientState::new(gradient, now)),
        };
        self.measure(admission, now);
    }

    /// Its numbers are others from now on.
    fn change(&mut self, before: &Admission, after: &Admission, now: SimTime) {
        match (&mut self.keeper, &before.rule, &after.rule) {
            (Keeper::Concurrency, _, AdmissionRule::Concurrency(_)) => {}
            (Keeper::Rate(state), AdmissionRule::Rate(before), AdmissionRule::Rate(after)) => {
                state.change(before, after, now);
            }
            (Keeper::Aimd(state), _, AdmissionRule::Aimd(aimd)) => state.change(aimd),
            (Keeper::Gradient(state), _, AdmissionRule::Gradient(gradient)) => state.change(gradient),
            _ => self.begin_anew(Some(after), now),
        }
        self.measure(Some(after), now);
    }

    fn measure(&mut self, admission: Option<&Admission>, now: SimTime) {
        let limit = admission.and_then(|admission| self.limit_now(admission));
        self.has_limit |= limit.is_some();
        self.limit.set(now, f64::from(limit.unwrap_or(0)));
    }

    /// So many may be inside; `None` if it does not look at that.
    fn limit_now(&self, admission: &Admission) -> Option<u32> {
        match (&self.keeper, &admission.rule) {
            (Keeper::Concurrency, AdmissionRule::Concurrency(most)) => Some(*most),
            (Keeper::Aimd(state), _) => Some(state.limit()),
            (Keeper::Gradient(state), _) => Some(state.limit()),
            _ => None,
        }
    }

    /// A request of a class has come: how many are inside with it, or `None` if it is not let in.
    pub fn admit(&mut self, admission: &Admission, now: SimTime, class: u8) -> Option<u32> {
        let is_let_in = match (&mut self.keeper, &admission.rule) {
            (Keeper::Rate(state), AdmissionRule::Rate(rate)) => {
                let burst = admission.left_for(rate.burst, class);
                let own = super::topology::Limiter { burst, ..*rate };
                state.admit(&own, now) == limiter::Admission::Go
            }
            _ => self
                .limit_now(admission)
                .is_none_or(|limit| f64::from(self.count) < admission.left_for(f64::from(limit), class)),
        };
        if !is_let_in {
            self.refused += 1;
            return None;
        }
        Some(self.let_in(now))
    }

    /// One more is inside.
    fn let_in(&mut self, now: SimTime) -> u32 {
        self.count += 1;
        self.inside.set(now, f64::from(self.count));
        self.count
    }

    /// A request that was inside has been answered, or is over.
    pub fn leave(&mut self, admission: Option<&Admission>, now: SimTime, ending: Ending) {
        self.count = self.count.saturating_sub(1);
        self.inside.set(now, f64::from(self.count));
        let Some(admission) = admission else { return };
        let Ending { took, among, failure } = ending;
        let is_overload = failure.is_some_and(Cause::is_overload);
        match (&mut self.keeper, &admission.rule) {
            (Keeper::Aimd(state), AdmissionRule::Aimd(aimd)) if failure.is_none() || is_overload => {
                state.ended(aimd, took, among, is_overload);
            }
            (Keeper::Gradient(state), AdmissionRule::Gradient(gradient)) if failure.is_none() => {
                state.ended(gradient, now, took, among);
            }
            _ => return,
        }
        self.measure(Some(admission), now);
    }

    /// Requests inside.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.inside.restart(now);
        self.limit.restart(now);
        self.refused = 0;
    }
}

impl Server {
    fn admission(ctx: &Context, service: ServiceId) -> Option<&Admission> {
        ctx.topology.services[service.index()].admission.as_ref()
    }

    /// A visit has reached the instance, which has a gate: why it is not let in.
    #[inline(never)]
    pub fn admit(&mut self, ctx: &mut Context, id: VisitId) -> Option<Cause> {
        // (Who is late, or finds the instance down, fails at the next step.)
        if ctx.is_late(id) || !ctx.is_instance_up(self.id) {
            return None;
        }
        let (admission, gate) = Self::admission(ctx, self.service).zip(self.gate.as_mut())?;
        let visit = &ctx.visits[id];
        let Some(among) = gate.admit(admission, ctx.now, visit.class) else { return Some(Cause::NotAdmitted) };
        let visit = &mut ctx.visits[id];
        (visit.holds.admitted_among, visit.admitted) = (among, ctx.now);
        None
    }

    /// A visit that was let in has been answered, or is over.
    #[inline(never)]
    pub fn let_out(&mut self, ctx: &mut Context, id: VisitId) {
        let now = ctx.now;
        let visit = &mut ctx.visits[id];
        let among = std::mem::take(&mut visit.holds.admitted_among);
        let ending = Ending { took: now.since(visit.admitted), among, failure: visit.failure };
        if let Some(gate) = &mut self.gate {
            gate.leave(Self::admission(ctx, self.service), now, ending);
        }
    }

    /// The instance has lost its work: its process begins anew.
    pub fn renew_gate(&mut self, ctx: &Context) {
        if let Some(gate) = &mut self.gate {
            gate.begin_anew(Self::admission(ctx, self.service), ctx.now);
        }
    }

    /// The gate follows the numbers of the present topology. Where there is a new one, whoever has reached the instance is
    /// inside. (One that has been taken away stays as a place for figures: time series cannot end.)
    pub fn change_gate(&mut self, ctx: &mut Context, before: Option<&Admission>) {
        let after = Self::admission(ctx, self.service);
        if before == after {
            return;
        }
        match (&mut self.gate, before, after) {
            (Some(gate), Some(before), Some(after)) => gate.change(before, after, ctx.now),
            (Some(gate), _, after) => gate.begin_anew(after, ctx.now),
            (gate, _, Some(after)) => *gate = Some(Box::new(Gate::new(after, ctx.now))),
            (None, ..) => {}
        }
        if before.is_none() {
            self.let_those_in_who_are_there(ctx);
        }
    }

    fn let_those_in_who_are_there(&mut self, ctx: &mut Context) {
        for id in ctx.visits_at(self.id) {
            let visit = &mut ctx.visits[id];
            if let (0, false, Some(gate)) = (visit.holds.admitted_among, visit.is_branch, &mut self.gate) {
                (visit.holds.admitted_among, visit.admitted) = (gate.let_in(ctx.now), visit.started);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{policy::aimd::Aimd, topology::Limiter};

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    fn admission(rule: AdmissionRule, reserve: f64) -> Admission {
        Admission { rule, reserve }
    }

    /// How many of so many requests of a class are let in.
    fn let_in(gate: &mut Gate, admission: &Admission, now: f64, class: u8) -> usize {
        (0..100).filter(|_| gate.admit(admission, at(now), class).is_some()).count()
    }

    fn ending(took: f64, failure: Option<Cause>) -> Ending {
        Ending { took: Duration::from_seconds(took), among: 20, failure }
    }

    #[test]
    fn so_many_are_inside_and_low_classes_leave_room_for_higher_ones() {
        let ten = admission(AdmissionRule::Concurrency(10), 0.2);
        let mut gate = Gate::new(&ten, at(0.0));
        assert_eq!(let_in(&mut gate, &ten, 0.0, 2), 7, "10 · 0.8² are 6.4: the seventh finds six");
        assert_eq!(let_in(&mut gate, &ten, 0.0, 1), 1);
        assert_eq!(let_in(&mut gate, &ten, 0.0, 0), 2);
        assert_eq!((gate.count(), gate.refused), (10, 290));
        gate.leave(Some(&ten), at(1.0), ending(1.0, None));
        assert_eq!([2, 1, 0].map(|class| let_in(&mut gate, &ten, 1.0, class)), [0, 0, 1]);
        assert_eq!(gate.inside.mean(at(1.0)), 10.0);
    }

    #[test]
    fn the_lowest_class_is_let_in_where_nobody_is() {
        let three = admission(AdmissionRule::Concurrency(3), 1.0);
        let mut gate = Gate::new(&three, at(0.0));
        assert_eq!([7, 1, 0].map(|class| let_in(&mut gate, &three, 0.0, class)), [1, 0, 2]);
    }

    #[test]
    fn low_classes_leave_tokens_in_the_bucket() {
        let limiter = Limiter { rate: 10.0, burst: 10.0, longest_wait: Duration::ZERO };
        let rate = admission(AdmissionRule::Rate(limiter), 0.5);
        let mut gate = Gate::new(&rate, at(0.0));
        assert_eq!([1, 0].map(|class| let_in(&mut gate, &rate, 0.0, class)), [5, 5]);
        assert_eq!([1, 0].map(|class| let_in(&mut gate, &rate, 0.3, class)), [0, 3]);
        assert_eq!([2, 1, 0].map(|class| let_in(&mut gate, &rate, 10.0, class)), [3, 2, 5]);
    }

    #[test]
    fn a_limit_follows_what_becomes_of_requests() {
        let rule = Aimd { min: 1, timeout: Duration::from_seconds(1.0), ..Aimd::default() };
        let aimd = admission(AdmissionRule::Aimd(rule), 0.0);
        let mut gate = Gate::new(&aimd, at(0.0));
        assert_eq!(let_in(&mut gate, &aimd, 0.0, 0), 20);
        gate.leave(Some(&aimd), at(1.0), ending(0.5, None));
        assert_eq!(gate.limit.value(), 21.0);
        gate.leave(Some(&aimd), at(1.0), ending(0.5, Some(Cause::DatabaseError)));
        assert_eq!(gate.limit.value(), 21.0, "that says nothing of load");
        gate.leave(Some(&aimd), at(2.0), ending(0.5, Some(Cause::QueueTimeout)));
        assert_eq!(gate.limit.value(), 18.0);
        gate.leave(Some(&aimd), at(2.0), ending(1.1, None));
        assert_eq!(gate.limit.value(), 16.0);
        gate.begin_anew(Some(&aimd), at(2.0));
        assert_eq!((gate.limit.value(), gate.count()), (20.0, 16));
    }

    #[test]
    fn another_rule_takes_over_who_is_inside() {
        let aimd = admission(AdmissionRule::Aimd(Aimd::default()), 0.0);
        let ten = admission(AdmissionRule::Concurrency(10), 0.0);
        let mut gate = Gate::new(&aimd, at(0.0));
        assert_eq!(let_in(&mut gate, &aimd, 0.0, 0), 20);
        gate.change(&aimd, &ten, at(1.0));
        assert_eq!((gate.limit.value(), let_in(&mut gate, &ten, 1.0, 0)), (10.0, 0));
        (0..11).for_each(|_| gate.leave(Some(&ten), at(2.0), ending(2.0, None)));
        assert_eq!(let_in(&mut gate, &ten, 2.0, 0), 1);
        gate.begin_anew(None, at(3.0));
        assert_eq!((gate.limit.value(), let_in(&mut gate, &aimd, 3.0, 0)), (0.0, 100));
    }
}
