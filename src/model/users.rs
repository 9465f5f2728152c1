//! Users: they arrive, log in, send requests, lose patience and try again.

use super::{
    arrivals::ArrivalProcess,
    cause::Cause,
    event::Event,
    policy::{
        backoff,
        tokens::{Budget, Tokens},
    },
    population::Population,
    request::{Owner, Request, RequestId, Sequel, VisitId},
    topology::{Arrivals, GroupId, Users},
    trace::Link,
    world::World,
};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

/// The most visits in progress. A simulation that needs more would sooner exhaust the memory of a
/// browser's page than tell anybody anything; requests beyond it fail with a cause of their own.
pub const VISITS_MAX: usize = 2_000_000;

/// The state of a group of users.
#[derive(Clone, Debug)]
pub struct GroupState {
    arrivals: ArrivalProcess,
    pub(super) population: Population,
    /// Targets of requests.
    targets: Stream,
    /// Reads and writes.
    kinds: Stream,
    /// Think times, and gaps between logins.
    thinks: Stream,
    backoffs: Stream,
    /// Of the retry budget.
    tokens: Tokens,
    /// Of a closed group: users who have left because there are to be fewer, and may come back.
    gone: Vec<bool>,
    /// Recognises arrivals that were scheduled before a change.
    epoch: u32,
}

impl GroupState {
    /// A group in which nobody has arrived.
    pub fn new(seed: u64, users: &Users) -> Self {
        let stream = |purpose| Stream::new(seed, &users.name, purpose);
        Self {
            arrivals: ArrivalProcess::new(seed, &users.name),
            population: Population::new(seed, &users.name, users.max_users),
            targets: stream("targets"),
            kinds: stream("kinds"),
            thinks: stream("thinks"),
            backoffs: stream("backoffs"),
            tokens: Tokens::new(budget(users)),
            gone: Vec::new(),
            epoch: 0,
        }
    }
}

impl GroupState {
    /// A retry budget that was not there before starts full; one that holds less now spills the rest.
    pub(super) fn change_budget(&mut self, before: &Users, users: &Users) {
        self.tokens.change(budget(before), budget(users));
    }
}

fn budget(users: &Users) -> Budget {
    users.policy.retry.as_ref()?.budget
}

impl World {
    pub(super) fn start_users(&mut self) {
        for id in 0..self.groups.len() as u32 {
            self.start_group(GroupId(id));
        }
    }

    fn start_group(&mut self, group: GroupId) {
        match &self.topology.users[group.index()].arrivals {
            Arrivals::Closed { users, .. } => {
                let users = *users;
                self.settle_users(group, users);
            }
            Arrivals::Sequential { .. } => self.schedule_sequential(group),
            _ => self.schedule_arrival(group),
        }
    }

    /// After a gap, the next of those who come one after another.
    fn schedule_sequential(&mut self, group: GroupId) {
        if let Arrivals::Sequential { gap } = &self.topology.users[group.index()].arrivals {
            let state = &mut self.groups[group.index()];
            let after = gap.sample(&mut state.thinks);
            let epoch = state.epoch;
            self.ctx.schedule(after, Event::Arrival { group, epoch });
        }
    }

    /// Users come in another way from now on. Requests on their way are finished, and lead to nothing any more; but
    /// users of a closed group who are waiting for an answer, or thinking, are there if it is closed again by then.
    pub(super) fn change_kind_of_arrivals(&mut self, group: GroupId) {
        self.groups[group.index()].epoch += 1;
        self.start_group(group);
    }

    /// Users of a closed group who are not there yet come, and think.
    pub(super) fn settle_users(&mut self, group: GroupId, users: u32) {
        let state = &mut self.groups[group.index()];
        state.population.settle(users);
        state.gone.resize(state.gone.len().max(users as usize), true);
        for user in 0..users {
            if std::mem::replace(&mut self.groups[group.index()].gone[user as usize], false) {
                self.think(group, user);
            }
        }
    }

    /// Forgets the arrival that is scheduled, and schedules one under the configuration as it is now.
    pub(super) fn restart_arrivals(&mut self, group: GroupId) {
        let arrivals = &self.topology.users[group.index()].arrivals;
        if !matches!(arrivals, Arrivals::Closed { .. } | Arrivals::Sequential { .. }) {
            self.groups[group.index()].epoch += 1;
            self.schedule_arrival(group);
        }
    }

    #[inline]
    fn schedule_arrival(&mut self, group: GroupId) {
        let state = &mut self.groups[group.index()];
        let arrivals = &self.topology.users[group.index()].arrivals;
        if let Some(next) = state.arrivals.next(arrivals, self.ctx.now, self.topology.run.duration) {
            self.ctx.future.schedule(next, Event::Arrival { group, epoch: state.epoch });
        }
    }

    #[inline]
    pub(super) fn on_arrival(&mut self, group: GroupId, epoch: u32) {
        let users = &self.topology.users[group.index()];
        let state = &mut self.groups[group.index()];
        if state.epoch != epoch {
            return;
        }
        let user = state.population.arrive(users.reuse_prob);
        let sequel = match users.arrivals {
            Arrivals::Sequential { .. } => Sequel::Arrival(epoch),
            _ => {
                self.schedule_arrival(group);
                Sequel::None
            }
        };
        self.begin_request(group, user, sequel);
    }

    /// A user of a closed group has another request, if he is still to be there.
    pub(super) fn on_think_end(&mut self, group: GroupId, user: u32) {
        match self.topology.users[group.index()].arrivals {
            Arrivals::Closed { .. } => self.begin_request(group, user, Sequel::Think),
            _ => self.groups[group.index()].gone[user as usize] = true,
        }
    }

    /// A user has a request: logs in first if there is somewhere to log in.
    #[inline]
    fn begin_request(&mut self, group: GroupId, user: u32, sequel: Sequel) {
        let users = &self.topology.users[group.index()];
        let state = &mut self.groups[group.index()];
        let target = match users.targets.len() {
            1 => users.targets[0],
            _ => users.targets[state.targets.draw(&users.target_weights)],
        };
        let is_read = state.kinds.chance(users.read_share);
        let (sent, number, trace) = (self.ctx.now, self.begun, Link::NOWHERE);
        let request = Request { group, user, target, is_read, sent, attempts: 0, number, trace, sequel };
        let request = self.requests.insert(request);
        self.totals.in_flight.set(self.ctx.now, self.requests.len() as f64);
        match &self.topology.auth {
            Some(auth) => {
                let service = auth.service;
                self.totals.attempts += 1;
                self.begun += 1;
                if self.ctx.tracer.is_on() {
                    self.trace_request(request, service, true);
                }
                self.begin_visit(Owner::Login(request), service);
            }
            None => self.after_login(request),
        }
    }

    /// The login of a request's user is over.
    pub(super) fn on_login_end(&mut self, id: RequestId, failure: Option<Cause>, latency: Duration) {
        self.totals.outcomes.add(failure, latency);
        match failure {
            None => {
                self.totals.heat.add(latency);
                self.totals.logins_succeeded += 1;
            }
            Some(_) => self.totals.logins_failed += 1,
        }
        let link = std::mem::replace(&mut self.requests[id].trace, Link::NOWHERE);
        if link.is_traced() {
            self.trace_end(link, failure, 1);
        }
        self.after_login(id);
    }

    #[inline]
    fn after_login(&mut self, id: RequestId) {
        let request = &mut self.requests[id];
        request.sent = self.ctx.now;
        request.number = self.begun;
        self.begun += 1;
        let (group, target, sequel) = (request.group, request.target, request.sequel);
        if self.ctx.tracer.is_on() {
            self.trace_request(id, target, false);
        }
        if sequel == Sequel::Arrival(self.groups[group.index()].epoch) {
            self.schedule_sequential(group);
        }
        self.earn_tokens(group);
        self.send(id);
    }

    #[inline]
    fn earn_tokens(&mut self, group: GroupId) {
        if let Some((ratio, burst)) = budget(&self.topology.users[group.index()]) {
            self.groups[group.index()].tokens.earn(ratio, burst);
        }
    }

    /// Sends a request: its first attempt, or another one.
    #[inline]
    pub(super) fn send(&mut self, id: RequestId) {
        let request = &mut self.requests[id];
        request.attempts += 1;
        let Request { target, attempts, trace, .. } = *request;
        self.totals.attempts += 1;
        self.totals.retries += u64::from(attempts > 1);
        if trace.is_traced() && attempts > 1 {
            self.trace_retry(trace);
        }
        self.begin_visit(Owner::Attempt(id), target);
    }

    /// The client of an attempt or a login has waited long enough. The servers go on with it.
    pub(super) fn on_timeout(&mut self, id: VisitId) {
        let visit = &mut self.visits[id];
        let owner = std::mem::replace(&mut visit.owner, Owner::Nobody);
        let (latency, trace) = (self.ctx.now.since(visit.started), visit.trace);
        if let (true, Owner::Attempt(request) | Owner::Login(request)) = (trace.is_traced(), owner) {
            self.trace_timeout(trace, request);
        }
        match owner {
            Owner::Attempt(request) => {
                self.totals.timeouts += 1;
                self.on_attempt_end(request, Err(Cause::Timeout));
            }
            Owner::Login(request) => {
                self.totals.timeouts += 1;
                self.on_login_end(request, Some(Cause::Timeout), latency);
            }
            Owner::Caller(_) | Owner::Nobody => {}
        }
    }

    /// An attempt is over: it has succeeded, having begun at that moment, or failed.
    #[inline]
    pub(super) fn on_attempt_end(&mut self, id: RequestId, result: Result<SimTime, Cause>) {
        if let Err(cause) = result
            && let Some(wait) = self.retry_after(id, cause)
        {
            self.ctx.schedule(wait, Event::Retry(id));
            return;
        }
        let &Request { group, user, sent, attempts, trace, sequel, .. } = &self.requests[id];
        let latency = self.ctx.now.since(sent);
        self.totals.outcomes.add(result.err(), latency);
        if let Ok(started) = result {
            self.totals.heat.add(latency);
            self.totals.retrying.add(started.since(sent));
        }
        if trace.is_traced() {
            self.trace_end(trace, result.err(), attempts);
        }
        self.requests.remove(id);
        self.totals.in_flight.set(self.ctx.now, self.requests.len() as f64);
        if sequel == Sequel::Think {
            self.think(group, user);
        }
    }

    /// A user of a closed group thinks about the next request, or leaves if there are to be fewer users, or none.
    fn think(&mut self, group: GroupId, user: u32) {
        match &self.topology.users[group.index()].arrivals {
            Arrivals::Closed { think, users } if user < *users => {
                let after = think.sample(&mut self.groups[group.index()].thinks);
                self.ctx.schedule(after, Event::ThinkEnd { group, user });
            }
            _ => self.groups[group.index()].gone[user as usize] = true,
        }
    }

    /// How long to wait before a failed request is tried again; `None` if it is not.
    fn retry_after(&mut self, id: RequestId, cause: Cause) -> Option<Duration> {
        let request = &self.requests[id];
        let retries = self.topology.users[request.group.index()].policy.retry.as_ref()?;
        if request.attempts > retries.max || !retries.on.has(cause) {
            return None;
        }
        let state = &mut self.groups[request.group.index()];
        if retries.budget.is_some() && !state.tokens.take() {
            return None;
        }
        Some(backoff::wait(retries, request.attempts - 1, retries.base, &mut state.backoffs))
    }
}
