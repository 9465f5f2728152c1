//! Users: they arrive, log in, send requests, and think.

use super::{
    arrivals::ArrivalProcess,
    cause::Cause,
    client::Client,
    event::Event,
    exchange::{Answer, Asker, Exchange, ExchangeId, Sequel, Tries},
    outcomes::Outcomes,
    population::Population,
    topology::{Arrivals, Asked, GroupId, ServiceId, Users},
    trace::Link,
    visit::Owner,
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
    pub(super) client: Client,
    /// Of a closed group: users who have left because there are to be fewer, and may come back.
    gone: Vec<bool>,
    /// Recognises arrivals that were scheduled before a change.
    epoch: u32,
    /// What became of its requests, logins left out, if there are other groups beside it.
    pub outcomes: Option<Outcomes>,
}

impl GroupState {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let outcomes = self.outcomes.as_ref().map_or(0, Outcomes::heap_bytes);
        self.population.heap_bytes() + self.client.heap_bytes() + self.gone.len() + outcomes
    }

    /// A group in which nobody has arrived.
    pub fn new(seed: u64, users: &Users, has_others: bool) -> Self {
        let stream = |purpose| Stream::new(seed, &users.name, purpose);
        Self {
            arrivals: ArrivalProcess::new(seed, &users.name),
            population: Population::new(seed, &users.name, users.max_users),
            targets: stream("targets"),
            kinds: stream("kinds"),
            thinks: stream("thinks"),
            client: Client::new(stream("backoffs"), &users.policy),
            gone: Vec::new(),
            epoch: 0,
            outcomes: has_others.then(Outcomes::of_users),
        }
    }

    /// Starts the counts anew.
    pub(super) fn restart(&mut self, now: SimTime) {
        self.client.restart(now);
        self.outcomes.iter_mut().for_each(Outcomes::restart);
    }
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
        let (user, is_replaced) = state.population.arrive(users.reuse_prob);
        if is_replaced {
            self.databases.forget_user(group, user);
        }
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
        let mut exchange = Exchange::new(Asker::User(sequel), group, user, is_read, self.ctx.now);
        exchange.number = self.begun;
        exchange.target = Asked::Service(target.service);
        exchange.endpoint = self.topology.endpoint_of(target, is_read);
        exchange.class = self.topology.endpoints[exchange.endpoint.index()].class.unwrap_or(users.class);
        let id = self.exchanges.insert(exchange);
        self.requests += 1;
        self.totals.in_flight.set(self.ctx.now, self.requests as f64);
        match &self.topology.auth {
            Some(auth) => {
                let service = auth.service;
                self.totals.attempts += 1;
                self.begun += 1;
                if self.ctx.tracer.is_on() {
                    self.trace_request(id, service, true);
                }
                if let Some(visit) = self.begin_visit(Owner::Login(id), service) {
                    self.exchanges[id].tries.add(visit);
                    self.watch(id);
                    self.run(visit);
                }
            }
            None => self.after_login(id),
        }
    }

    /// The login of a request's user is over.
    pub(super) fn on_login_end(&mut self, id: ExchangeId, failure: Option<Cause>, latency: Duration) {
        self.exchanges[id].tries = Tries::NONE;
        self.totals.book(failure, latency);
        match failure {
            None => self.totals.logins_succeeded += 1,
            Some(_) => self.totals.logins_failed += 1,
        }
        let link = std::mem::replace(&mut self.exchanges[id].trace, Link::NOWHERE);
        if link.is_traced() {
            self.trace_end(link, failure, 1);
        }
        self.after_login(id);
    }

    #[inline]
    fn after_login(&mut self, id: ExchangeId) {
        let request = &mut self.exchanges[id];
        request.sent = self.ctx.now;
        request.number = self.begun;
        self.begun += 1;
        let (group, target, asker) = (request.group, request.target, request.asker);
        if self.ctx.tracer.is_on() {
            self.trace_request(id, target.service().unwrap_or(ServiceId::NONE), false);
        }
        if asker == Asker::User(Sequel::Arrival(self.groups[group.index()].epoch)) {
            self.schedule_sequential(group);
        }
        if self.groups[group.index()].client.is_guarded() {
            self.take_edge(id);
        }
        self.attempt(id);
    }

    /// A request is over.
    #[inline]
    pub(super) fn on_request_end(&mut self, id: ExchangeId, sequel: Sequel, answer: Answer) {
        let &Exchange { group, user, sent, attempts, trace, .. } = &self.exchanges[id];
        let latency = self.ctx.now.since(sent);
        self.totals.book(answer.err(), latency);
        if let Some(outcomes) = &mut self.groups[group.index()].outcomes {
            outcomes.add(answer.err(), latency);
        }
        if let Ok(answered) = answer {
            self.totals.retrying.add(answered.started.since(sent));
        }
        if trace.is_traced() {
            // The first try may have failed before one beside it was answered.
            self.trace_wait(trace);
            self.trace_end(trace, answer.err(), attempts);
        }
        self.exchanges.remove(id);
        self.end_of_request();
        if sequel == Sequel::Think {
            self.think(group, user);
        }
    }

    fn end_of_request(&mut self) {
        self.requests -= 1;
        self.totals.in_flight.set(self.ctx.now, self.requests as f64);
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
}
