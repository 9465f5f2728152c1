//! Calls: a visit asks further services, or goes several ways at once, and waits for so many answers.

use super::{
    cause::Cause,
    plan::Step,
    topology::CallId,
    visit::{Outcome, Phase, Stage, VisitId},
    visits::Progress::{self, Next, Waits},
    whereabouts::phase_of,
    world::World,
};
use crate::engine::time::Duration;

/// All answers are needed.
const ALL: u32 = u32::MAX;

impl World {
    /// A visit calls further services, if this call is made.
    pub(super) fn start_calls(&mut self, id: VisitId, call: CallId) -> Progress {
        let prob = self.topology.calls[call.index()].prob;
        if !self.calls.chance(prob) && prob < 1.0 {
            return Next;
        }
        let callees = self.topology.calls[call.index()].to.services().len();
        let need = self.topology.calls[call.index()].need;
        self.begin_waiting_for(id, callees as u32, need);
        for place in 0..callees {
            // Those who have answered already may have been enough.
            if self.ctx.visits[id].calls_open == 0 {
                break;
            }
            let callee = self.topology.calls[call.index()].to.services()[place];
            self.ask(id, call, callee);
        }
        Waits
    }

    /// A visit waits for so many answers, of which so many must be successes.
    pub(super) fn begin_waiting_for(&mut self, id: VisitId, answers: u32, need: u32) {
        let visit = &mut self.ctx.visits[id];
        (visit.calls_open, visit.outcome, visit.stage) = (answers, Outcome::Success, Stage::Sent);
        visit.calls_needed = if need < answers { need } else { ALL };
    }

    /// A called service, or a branch, has answered. Who needs all answers waits for all of them, whatever they are; who needs
    /// fewer goes on as soon as there are enough, or there cannot be any more.
    pub(super) fn on_call_end(&mut self, caller: VisitId, failure: Option<Cause>) {
        // (What an operation has failed for is known; of a call it is told below.)
        let is_operation = failure.is_some() && matches!(self.step(caller), Step::Guard { .. });
        let failed = Outcome::Failure(failure.filter(|_| is_operation).unwrap_or(Cause::CallFailed));
        let visit = &mut self.ctx.visits[caller];
        visit.calls_open = visit.calls_open.saturating_sub(1);
        let is_over = match (visit.calls_needed, failure) {
            (ALL, None) => visit.calls_open == 0,
            (ALL, Some(_)) => {
                visit.outcome = failed;
                visit.calls_open == 0
            }
            (needed, None) => {
                visit.calls_needed = needed - 1;
                visit.calls_needed == 0
            }
            (needed, Some(_)) if visit.calls_open < needed => {
                visit.outcome = failed;
                true
            }
            (_, Some(_)) => false,
        };
        if is_over {
            self.end_calls(caller);
        }
    }

    fn end_calls(&mut self, caller: VisitId) {
        self.give_up_calls(caller);
        let phase = match self.step(caller) {
            Step::Guard { .. } => phase_of(&self.topology, &self.ctx.visits[caller], self.ctx.now),
            _ => Phase::Calls,
        };
        self.ctx.spend(caller, phase);
        let visit = &self.ctx.visits[caller];
        if let (true, Outcome::Failure(cause)) = (visit.trace.is_traced(), visit.outcome) {
            self.trace_failure(caller, cause);
        }
        self.return_after(caller, Duration::ZERO);
    }
}
