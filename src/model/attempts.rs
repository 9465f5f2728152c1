//! Attempts: what an exchange does, one attempt after another, until it is answered or gives up.

use super::{
    cause::Cause,
    event::Event,
    exchange::{Asker, Exchange, ExchangeId, link, unlink},
    topology::{CallId, EdgePolicy, ServiceId},
    visit::{Owner, VisitId},
    world::World,
};
use crate::engine::time::{Duration, SimTime};

/// How an attempt ended: with an answer to the try that began at that moment, or not.
pub(super) type Answer = Result<SimTime, Cause>;

impl World {
    /// The numbers by which an exchange goes on.
    #[inline]
    pub(super) fn policy_of(&self, id: ExchangeId) -> &EdgePolicy {
        let exchange = &self.exchanges[id];
        match exchange.asker {
            Asker::User(_) => &self.topology.users[exchange.group.index()].policy,
            Asker::Visit(_, call) => &self.topology.calls[call.index()].policy,
        }
    }

    /// A visit asks a further service.
    pub(super) fn ask(&mut self, caller: VisitId, call: CallId, target: ServiceId) {
        let visit = &self.visits[caller];
        let mut exchange =
            Exchange::new(Asker::Visit(caller, call), visit.group, visit.user, target, visit.is_read, self.ctx.now);
        (exchange.number, exchange.trace) = (u64::from(visit.request), visit.trace);
        exchange.deadline = earlier(visit.deadline, self.ctx.now, self.topology.calls[call.index()].policy.deadline);
        let id = self.exchanges.insert(exchange);
        link(&mut self.exchanges, &mut self.visits[caller].calls, id);
        self.attempt(id);
    }

    /// Makes an attempt: the first one, or a further one.
    #[inline]
    pub(super) fn attempt(&mut self, id: ExchangeId) {
        let exchange = &mut self.exchanges[id];
        exchange.attempts += 1;
        exchange.turn = exchange.turn.wrapping_add(1);
        if exchange.is_of_user() {
            self.totals.attempts += 1;
            self.totals.retries += u64::from(exchange.attempts > 1);
            if exchange.trace.is_traced() && exchange.attempts > 1 {
                let trace = exchange.trace;
                self.trace_retry(trace);
            }
        }
        self.try_once(id);
    }

    /// Sends an attempt on its way.
    #[inline]
    fn try_once(&mut self, id: ExchangeId) {
        let target = self.exchanges[id].target;
        if let Some(visit) = self.begin_visit(Owner::Try(id), target) {
            self.watch(id, visit);
            self.run(visit);
        }
    }

    /// A visit has begun for an exchange, which waits for it only so long.
    #[inline]
    pub(super) fn watch(&mut self, id: ExchangeId, visit: VisitId) {
        let timeout = self.policy_of(id).timeout;
        let exchange = &mut self.exchanges[id];
        exchange.tries.add(visit);
        let until = earlier(exchange.deadline, self.ctx.now, timeout);
        if until != SimTime::NEVER {
            self.ctx.future.schedule(until, Event::Timeout { exchange: id, turn: exchange.turn });
        }
    }

    /// Whoever asked has waited long enough. The servers go on with it.
    pub(super) fn on_timeout(&mut self, id: ExchangeId) {
        let exchange = &self.exchanges[id];
        let (tries, is_login) = (exchange.tries, exchange.attempts == 0);
        self.totals.timeouts += u64::from(exchange.is_of_user());
        let began = tries.all().first().map(|&visit| self.visits[visit].started);
        let cause = if self.ctx.now >= exchange.deadline { Cause::Deadline } else { Cause::Timeout };
        for &visit in tries.all() {
            self.give_up_try(visit, cause);
        }
        match is_login {
            true => {
                let latency = began.map_or(Duration::ZERO, |began| self.ctx.now.since(began));
                self.on_login_end(id, Some(cause), latency);
            }
            false => self.on_attempt_end(id, Err(cause)),
        }
    }

    /// A try is over.
    #[inline]
    pub(super) fn on_try_end(&mut self, id: ExchangeId, visit: VisitId, answer: Answer) {
        let exchange = &mut self.exchanges[id];
        exchange.tries.remove(visit);
        if answer.is_ok() || exchange.tries.all().is_empty() {
            self.on_attempt_end(id, answer);
        }
    }

    /// An attempt is over: it has succeeded or failed.
    #[inline]
    fn on_attempt_end(&mut self, id: ExchangeId, answer: Answer) {
        let exchange = &mut self.exchanges[id];
        exchange.turn = exchange.turn.wrapping_add(1);
        if let Err(cause) = answer
            && let Some(wait) = self.retry_after(id, cause)
        {
            let turn = self.exchanges[id].turn;
            self.ctx.schedule(wait, Event::Retry { exchange: id, turn });
            return;
        }
        match self.exchanges[id].asker {
            Asker::User(sequel) => self.on_request_end(id, sequel, answer),
            Asker::Visit(caller, _) => {
                unlink(&mut self.exchanges, &mut self.visits[caller].calls, id);
                self.exchanges.remove(id);
                self.on_call_end(caller, answer.err());
            }
        }
    }

    /// How long to wait before another attempt; `None` if there is none.
    fn retry_after(&mut self, id: ExchangeId, cause: Cause) -> Option<Duration> {
        let retry = self.policy_of(id).retry.as_ref()?;
        let exchange = &self.exchanges[id];
        if exchange.attempts > retry.max || !retry.on.has(cause) {
            return None;
        }
        let group = exchange.group.index();
        let client = &mut self.groups[group].client;
        let retry = self.topology.users[group].policy.retry.as_ref()?;
        client.retry_after(retry, exchange.attempts - 1)
    }
}

/// A deadline, or what is so long after now, if that is sooner.
#[inline]
fn earlier(deadline: SimTime, now: SimTime, after: Option<Duration>) -> SimTime {
    after.map_or(deadline, |after| deadline.min(now + after))
}
