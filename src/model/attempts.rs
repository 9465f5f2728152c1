//! Attempts: what an exchange does, one attempt after another, until it is answered or gives up.
//!
//! An attempt passes the parts of its policy (see [`edge`](super::edge)), then makes a try, and perhaps further ones beside
//! it. Whoever has waited at a part goes on by an event of its own.

use super::{
    cause::Cause,
    client::{Client, NO_EDGE},
    edge::AttemptEnd,
    event::{Due, Event},
    exchange::{Answer, Asker, Exchange, ExchangeId, Standing, link, unlink},
    log::{AskerName, Happening},
    policy::limiter::Admission,
    topology::{Asked, CallId, Callee, EdgePolicy},
    visit::{Owner, VisitId},
    world::World,
};
use crate::engine::{
    station::Entry,
    time::{Duration, SimTime},
};

impl World {
    /// The numbers by which an exchange goes on.
    #[inline]
    pub(super) fn policy_of(&self, id: ExchangeId) -> &EdgePolicy {
        let exchange = &self.exchanges[id];
        match exchange.asker {
            Asker::User(_) => &self.topology.users[exchange.group.index()].policy,
            Asker::Visit(_, CallId::NONE) => &EdgePolicy::NONE,
            Asker::Visit(_, call) => &self.topology.calls[call.index()].policy,
        }
    }

    /// Whoever asks, with the numbers by which it does.
    #[inline]
    fn client_of(&mut self, id: ExchangeId) -> (&mut Client, &EdgePolicy) {
        let exchange = &self.exchanges[id];
        match exchange.asker {
            Asker::User(_) => {
                let group = exchange.group.index();
                (&mut self.groups[group].client, &self.topology.users[group].policy)
            }
            Asker::Visit(caller, call) => {
                let visit = &self.ctx.visits[caller];
                let first = self.topology.services[visit.service.index()].calls.start;
                let place = (call.0 - first) as usize;
                let client = &mut self.instances[visit.instance.index()].clients[place];
                (client, &self.topology.calls[call.index()].policy)
            }
        }
    }

    /// A visit asks a further service.
    pub(super) fn ask(&mut self, caller: VisitId, call: CallId, callee: Callee) {
        let visit = &self.ctx.visits[caller];
        let asker = Asker::Visit(caller, call);
        let is_read = self.topology.calls[call.index()].is_read.unwrap_or(visit.is_read);
        let mut exchange = Exchange::new(asker, visit.group, visit.user, is_read, self.ctx.now);
        exchange.target = Asked::Service(callee.service);
        exchange.endpoint = self.topology.endpoint_of(callee, is_read);
        exchange.class = self.topology.endpoints[exchange.endpoint.index()].class.unwrap_or(visit.class);
        (exchange.number, exchange.trace, exchange.deadline) = (u64::from(visit.request), visit.trace, visit.deadline);
        let id = self.exchanges.insert(exchange);
        link(&mut self.exchanges, &mut self.ctx.visits[caller].calls, id);
        self.begin_exchange(id);
    }

    /// An exchange of a visit makes its first attempt.
    #[inline]
    pub(super) fn begin_exchange(&mut self, id: ExchangeId) {
        if self.client_of(id).0.is_guarded() {
            self.take_edge(id);
        }
        self.attempt(id);
    }

    /// An exchange whose asker has a policy takes the edge of that, and pays into its budget.
    #[inline(never)]
    pub(super) fn take_edge(&mut self, id: ExchangeId) {
        let (now, target) = (self.ctx.now, self.exchanges[id].target);
        let (client, policy) = self.client_of(id);
        client.earn(policy);
        let edge = client.place(policy, target, now);
        let deadline = policy.deadline;
        let exchange = &mut self.exchanges[id];
        exchange.edge = edge;
        exchange.deadline = earlier(exchange.deadline, now, deadline);
    }

    /// Makes an attempt: the first one, or a further one.
    #[inline]
    pub(super) fn attempt(&mut self, id: ExchangeId) {
        let now = self.ctx.now;
        let exchange = &mut self.exchanges[id];
        exchange.attempts += 1;
        exchange.turn = exchange.turn.wrapping_add(1);
        exchange.began = now;
        exchange.has_given_up = false;
        if exchange.is_of_user() {
            self.totals.attempts += 1;
            self.totals.retries += u64::from(exchange.attempts > 1);
        }
        match self.exchanges[id].edge {
            NO_EDGE => self.try_once(id),
            place => self.pass_breaker(id, place),
        }
    }

    /// An attempt asks the breaker.
    #[inline(never)]
    fn pass_breaker(&mut self, id: ExchangeId, place: u32) {
        let (now, is_retry) = (self.ctx.now, self.exchanges[id].attempts > 1);
        let (client, policy) = self.client_of(id);
        let Some(edge) = client.edge(place) else { return };
        let admitted = edge.begin(policy, now, is_retry);
        self.exchanges[id].standing = Standing::Free;
        self.note_breaker(id);
        match admitted {
            Ok(permit) => {
                self.exchanges[id].permit = permit;
                self.pass_limiter(id, place);
            }
            Err(cause) => self.refuse_attempt(id, cause),
        }
    }

    fn pass_limiter(&mut self, id: ExchangeId, place: u32) {
        let now = self.ctx.now;
        let (client, policy) = self.client_of(id);
        match client.edge(place).map_or(Admission::Go, |edge| edge.limit(policy, now)) {
            Admission::Go => self.enter_bulkhead(id, place),
            Admission::Until(moment) => self.wait(id, Standing::Limiter, moment, Due::Admitted),
            Admission::Refuse => self.refuse_attempt(id, Cause::Limited),
        }
    }

    fn enter_bulkhead(&mut self, id: ExchangeId, place: u32) {
        let now = self.ctx.now;
        let (client, policy) = self.client_of(id);
        let (Some(bulkhead), Some(edge)) = (&policy.bulkhead, client.edge(place)) else {
            self.exchanges[id].standing = Standing::Free;
            return self.try_once(id);
        };
        let patience = now + bulkhead.longest_wait;
        match edge.bulkhead.enter(now, id) {
            Entry::Started => {
                self.exchanges[id].standing = Standing::Bulkhead;
                self.try_once(id);
            }
            Entry::Queued => self.wait(id, Standing::Queue, patience, Due::Refused),
            Entry::Full => {
                let cause = bulkhead.refusal;
                self.refuse_attempt(id, cause);
            }
        }
    }

    /// An attempt waits, until something is due at that moment, but not beyond its deadline.
    fn wait(&mut self, id: ExchangeId, standing: Standing, until: SimTime, what: Due) {
        let exchange = &mut self.exchanges[id];
        exchange.standing = standing;
        let (at, what) = if until < exchange.deadline { (until, what) } else { (exchange.deadline, Due::Timeout) };
        self.expect(id, at, what);
    }

    /// Something is due at that moment, unless the exchange has had another turn by then.
    fn expect(&mut self, id: ExchangeId, at: SimTime, what: Due) {
        let (turn, at) = (self.exchanges[id].turn, at.max(self.ctx.now));
        self.ctx.future.schedule(at, Event::Exchange { exchange: id, turn, what });
    }

    /// What an exchange has waited for is there.
    #[inline(never)]
    pub(super) fn on_due(&mut self, id: ExchangeId, what: Due) {
        if self.ctx.pausing > 0
            && let Asker::Visit(caller, _) = self.exchanges[id].asker
            && let Some(until) = self.still_until(caller)
        {
            return self.expect(id, until, what);
        }
        match what {
            Due::Timeout => self.on_timeout(id),
            Due::Admitted => self.on_admitted(id),
            Due::Refused => {
                let bulkhead = &self.policy_of(id).bulkhead;
                let cause = bulkhead.as_ref().map_or(Cause::BulkheadFull, |bulkhead| bulkhead.refusal);
                self.refuse_attempt(id, cause);
            }
            Due::Hedge => self.on_hedge(id),
            Due::Retry => self.attempt(id),
        }
    }

    /// An attempt has its token, or its place in the bulkhead, for which it has waited.
    fn on_admitted(&mut self, id: ExchangeId) {
        let Exchange { standing, edge, .. } = self.exchanges[id];
        match standing {
            Standing::Limiter => self.enter_bulkhead(id, edge),
            _ => self.try_once(id),
        }
    }

    /// An attempt ends before it has been sent.
    fn refuse_attempt(&mut self, id: ExchangeId, cause: Cause) {
        if self.exchanges[id].trace.is_traced() {
            self.trace_refused_attempt(id, cause);
        }
        let place = self.exchanges[id].edge;
        if let Some(edge) = self.client_of(id).0.edge(place) {
            edge.refuse(cause);
        }
        self.on_attempt_end(id, Err(cause));
    }

    /// An attempt gives its place in the bulkhead, or before it, back.
    fn leave_bulkhead(&mut self, id: ExchangeId) {
        let now = self.ctx.now;
        let Exchange { standing, edge: place, .. } = self.exchanges[id];
        let (client, _) = self.client_of(id);
        let Some(edge) = client.edge(place) else { return };
        let next = match standing {
            Standing::Bulkhead => edge.bulkhead.leave(now),
            Standing::Queue => {
                edge.bulkhead.withdraw(now, id);
                None
            }
            Standing::Idle | Standing::Limiter | Standing::Free => None,
        };
        if let Some(next) = next {
            self.let_in(next);
        }
    }

    /// An attempt that waited before a bulkhead has a place in it.
    pub(super) fn let_in(&mut self, id: ExchangeId) {
        let exchange = &mut self.exchanges[id];
        exchange.standing = Standing::Bulkhead;
        exchange.turn = exchange.turn.wrapping_add(1);
        self.expect(id, self.ctx.now, Due::Admitted);
    }

    /// Sends an attempt on its way.
    #[inline(always)]
    fn try_once(&mut self, id: ExchangeId) {
        let exchange = &mut self.exchanges[id];
        exchange.sent_last = self.ctx.now;
        exchange.tried = 0;
        let trace = exchange.trace;
        if trace.is_traced() && exchange.is_of_user() {
            self.trace_wait(trace);
        }
        if let Some(visit) = self.begin_try(id) {
            let exchange = &self.exchanges[id];
            if exchange.edge != NO_EDGE || exchange.deadline != SimTime::NEVER {
                self.watch(id);
                self.plan_hedge(id);
            }
            self.run(visit);
        }
    }

    /// Begins a try; `None` if it has failed already, and the exchange knows.
    #[inline(always)]
    pub(super) fn begin_try(&mut self, id: ExchangeId) -> Option<VisitId> {
        let visit = match self.exchanges[id].target {
            Asked::Service(service) => self.begin_visit(Owner::Try(id), service)?,
            Asked::Database | Asked::Cache | Asked::Broker(_) => self.begin_operation(id)?,
        };
        self.exchanges[id].tries.add(visit);
        Some(visit)
    }

    /// Whoever asks waits for what has begun only so long.
    #[inline(never)]
    pub(super) fn watch(&mut self, id: ExchangeId) {
        let exchange = &self.exchanges[id];
        let timeout = self.policy_of(id).timeout.filter(|_| !exchange.is_falling_back);
        let until = earlier(exchange.deadline, self.ctx.now, timeout);
        if until != SimTime::NEVER {
            self.expect(id, until, Due::Timeout);
        }
    }

    /// If the attempt may be hedged, a further try will be made unless it is answered before.
    #[inline(never)]
    fn plan_hedge(&mut self, id: ExchangeId) {
        let is_repeatable = self.is_repeatable(id);
        let Exchange { edge: place, tries, .. } = self.exchanges[id];
        let (client, policy) = self.client_of(id);
        let Some(hedge) = policy.hedge.as_ref().filter(|hedge| is_repeatable || hedge.writes) else { return };
        if tries.all().len() <= hedge.max as usize
            && let Some(delay) = client.edge(place).and_then(|edge| edge.hedge_delay(policy))
        {
            self.expect(id, self.ctx.now + delay, Due::Hedge);
        }
    }

    /// An attempt has not been answered for so long that a further try is made beside it.
    fn on_hedge(&mut self, id: ExchangeId) {
        let place = self.exchanges[id].edge;
        let (client, policy) = self.client_of(id);
        if !client.edge(place).is_some_and(|edge| edge.take_hedge(policy)) {
            return;
        }
        if let Some(visit) = self.begin_try(id) {
            self.ctx.visits[visit].is_hedge = true;
            self.plan_hedge(id);
            self.run(visit);
        }
    }

    /// Whoever asked has waited long enough.
    fn on_timeout(&mut self, id: ExchangeId) {
        let exchange = &self.exchanges[id];
        let (tries, is_login) = (exchange.tries, exchange.attempts == 0);
        self.totals.timeouts += u64::from(exchange.is_of_user());
        let cause = if self.ctx.now >= exchange.deadline { Cause::Deadline } else { Cause::Timeout };
        let began = tries.all().first().map(|&visit| self.ctx.visits[visit].started);
        self.exchanges[id].has_given_up = true;
        self.give_up_tries(id, cause, false);
        match is_login {
            true => {
                let latency = began.map_or(Duration::ZERO, |began| self.ctx.now.since(began));
                self.on_login_end(id, Some(cause), latency);
            }
            false if tries.all().is_empty() => self.refuse_attempt(id, cause),
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
        if self.exchanges[id].edge != NO_EDGE && self.end_guarded_attempt(id, answer) {
            return;
        }
        match self.exchanges[id].asker {
            Asker::User(sequel) => self.on_request_end(id, sequel, answer),
            Asker::Visit(caller, _) => {
                unlink(&mut self.exchanges, &mut self.ctx.visits[caller].calls, id);
                // (What an operation has failed for is told; but who was asked instead of it was called.)
                let is_falling_back = self.exchanges[id].is_falling_back;
                self.exchanges.remove(id);
                let failure = answer.err();
                self.on_call_end(caller, if is_falling_back { failure.and(Some(Cause::CallFailed)) } else { failure });
            }
        }
    }

    /// An attempt under a policy is over: whether there will be another one.
    #[inline(never)]
    fn end_guarded_attempt(&mut self, id: ExchangeId, answer: Answer) -> bool {
        self.end_attempt(id, Some(answer));
        let exchange = &mut self.exchanges[id];
        exchange.turn = exchange.turn.wrapping_add(1);
        let Err(cause) = answer else { return false };
        let Some(wait) = self.retry_after(id, cause) else { return self.fall_back(id) };
        self.expect(id, self.ctx.now + wait, Due::Retry);
        true
    }

    /// No attempt has succeeded: whether somebody else is asked now, whose answer is the answer. The policy has nothing to do
    /// with that any more.
    fn fall_back(&mut self, id: ExchangeId) -> bool {
        let Exchange { asker, edge: place, is_read, class, .. } = self.exchanges[id];
        let deadline = match asker {
            Asker::User(_) => SimTime::NEVER,
            Asker::Visit(caller, _) => self.ctx.visits[caller].deadline,
        };
        let now = self.ctx.now;
        let (client, policy) = self.client_of(id);
        let Some(callee) = policy.fallback.filter(|_| now < deadline) else { return false };
        if let Some(edge) = client.edge(place) {
            edge.counts.fallbacks += 1;
        }
        let endpoint = self.topology.endpoint_of(callee, is_read);
        let class = self.topology.endpoints[endpoint.index()].class.unwrap_or(class);
        let exchange = &mut self.exchanges[id];
        (exchange.target, exchange.endpoint, exchange.class) = (Asked::Service(callee.service), endpoint, class);
        (exchange.edge, exchange.deadline, exchange.is_falling_back) = (NO_EDGE, deadline, true);
        self.try_once(id);
        true
    }

    /// Tells the parts of the policy that an attempt is over or, without an answer, that nobody waits for it.
    pub(super) fn end_attempt(&mut self, id: ExchangeId, answer: Option<Answer>) {
        let now = self.ctx.now;
        if self.exchanges[id].standing == Standing::Idle {
            return;
        }
        self.give_up_tries(id, Cause::Cancelled, false);
        self.leave_bulkhead(id);
        let exchange = &mut self.exchanges[id];
        exchange.standing = Standing::Idle;
        let (place, sent) = (exchange.edge, exchange.sent_last);
        let end = AttemptEnd {
            permit: exchange.permit.take(),
            took: now.since(exchange.began),
            answered_after: now.since(sent),
            result: answer.map(|answer| answer.map(|_| ())),
            is_given_up: exchange.has_given_up,
            is_won_by_hedge: matches!(answer, Some(Ok(answered)) if answered.is_hedge),
        };
        let (client, policy) = self.client_of(id);
        if let Some(edge) = client.edge(place) {
            edge.end(policy, now, &end);
        }
        self.note_breaker(id);
    }

    /// Puts it into the log if a breaker has opened, or closed, or tries whether it may close.
    fn note_breaker(&mut self, id: ExchangeId) {
        let now = self.ctx.now;
        let Exchange { edge: place, target, asker, group, .. } = self.exchanges[id];
        let (client, _) = self.client_of(id);
        let Some(phase) = client.edge(place).and_then(|edge| edge.take_transition(now)) else { return };
        let from = match asker {
            Asker::User(_) => AskerName::Group(group),
            Asker::Visit(caller, _) => AskerName::Instance(self.ctx.visits[caller].instance),
        };
        self.ctx.note(Happening::Breaker { from, to: target, phase });
    }

    /// Whether it does no harm if what is asked for happens twice.
    pub(super) fn is_repeatable(&self, id: ExchangeId) -> bool {
        let exchange = &self.exchanges[id];
        let is_operation = !matches!(exchange.target, Asked::Service(_));
        is_operation && exchange.is_read || self.topology.endpoints[exchange.endpoint.index()].is_idempotent
    }

    /// How long to wait before another attempt; `None` if there is none.
    fn retry_after(&mut self, id: ExchangeId, cause: Cause) -> Option<Duration> {
        let now = self.ctx.now;
        let Exchange { attempts, deadline, wait, .. } = self.exchanges[id];
        let is_repeatable = self.is_repeatable(id);
        let (client, policy) = self.client_of(id);
        let retry = policy.retry.as_ref()?;
        if attempts > retry.max || !retry.on.has(cause) || !(is_repeatable || retry.writes) || now >= deadline {
            return None;
        }
        let wait = client.retry_after(retry, attempts - 1, wait)?;
        self.exchanges[id].wait = Some(wait);
        // Who would come too late does not come.
        (now + wait < deadline).then_some(wait)
    }
}

/// A deadline, or what is so long after now, if that is sooner.
#[inline]
fn earlier(deadline: SimTime, now: SimTime, after: Option<Duration>) -> SimTime {
    after.map_or(deadline, |after| deadline.min(now + after))
}
