//! Caches: look-ups, hits, misses and fills.

use super::{
    cause::Cause,
    context::Context,
    event::Event,
    facility::Facility,
    flights::{Flight, Flights, Part},
    keys::{Kept, KeyCounts, Keys, NO_KEY, UNFLUSHED, is_unflushed},
    post::Reply,
    topology::{ActiveExpire, Cache, CacheContent, CacheId, ComponentId, Keyed, Told},
    visit::{Outcome, Phase, Stage, Visit, VisitId},
};
use crate::{
    engine::{
        random::Stream,
        station::{Entry, Order},
        time::{Duration, SimTime},
    },
    stats::tally::Tally,
};

/// The state of a cache.
#[derive(Clone, Debug)]
pub struct CacheState {
    id: CacheId,
    seed: u64,
    /// Its connections.
    pub facility: Facility,
    /// What it holds, if that matters.
    keys: Option<Keys>,
    /// Keys that somebody fetches for all who miss them.
    flights: Flights,
    /// Keys that the database has not heard of.
    unflushed: Flights,
    cycles: Cycles,
    /// How long after it has expired a key that is held now leaves.
    stale_for: Duration,
    /// Times of look-ups that did not fail, waits included.
    pub latency: Tally,
    /// Look-ups that found something.
    pub hits: u64,
    /// Look-ups that found nothing.
    pub misses: u64,
    /// Look-ups that found what somebody else was fetching.
    pub coalesced: u64,
    /// Look-ups that failed.
    pub failed: u64,
    /// Hits that were served though they had expired.
    pub stale_hits: u64,
    /// Hits that were served though something else had been written to the database.
    pub outdated_hits: u64,
    /// Writes that it was told of.
    pub updates: u64,
    /// What it was told first and the database never heard of.
    pub lost_writes: u64,
    /// Keys that somebody began to fetch anew though they were there.
    pub refreshes: u64,
    operations: Stream,
    failures: Stream,
    /// Decides about hits, draws keys, and chooses who leaves.
    content: Stream,
    /// Decides how long keys stay, and whether they are fetched anew before that is over.
    renewal: Stream,
    /// Draws the keys that are written.
    writes: Stream,
}

impl CacheState {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.facility.heap_bytes() + self.keys.as_ref().map_or(0, Keys::heap_bytes) + self.latency.heap_bytes()
    }

    /// An idle, empty cache.
    pub fn new(seed: u64, id: CacheId, cache: &Cache) -> Self {
        let stream = |purpose| Stream::new(seed, &cache.name, purpose);
        let keys = match cache.content {
            CacheContent::HitProb(_) => None,
            CacheContent::Keyed(ref keyed) => Some(Keys::of(keyed, stream("eviction"))),
        };
        Self {
            id,
            seed,
            cycles: Cycles::default(),
            stale_for: cache.content.stale_for(),
            facility: Facility::new(cache.connections, None, Order::Fifo),
            keys,
            flights: Flights::default(),
            latency: Tally::new(2),
            hits: 0,
            misses: 0,
            coalesced: 0,
            failed: 0,
            stale_hits: 0,
            outdated_hits: 0,
            updates: 0,
            lost_writes: 0,
            unflushed: Flights::default(),
            writes: stream("writes"),
            refreshes: 0,
            operations: stream("operations"),
            failures: stream("failures"),
            content: stream("content"),
            renewal: stream("renewal"),
        }
    }

    /// Number of keys held, if keys matter.
    pub fn keys_held(&self) -> Option<u64> {
        self.keys.as_ref().map(|keys| keys.len() as u64)
    }

    /// What became of keys, if keys matter.
    pub fn key_counts(&self) -> Option<KeyCounts> {
        self.keys.as_ref().map(|keys| keys.counts)
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        if let Some(keys) = &mut self.keys {
            keys.counts = KeyCounts::default();
        }
        self.facility.restart(now);
        self.latency.restart();
        (self.hits, self.misses, self.coalesced, self.failed) = (0, 0, 0, 0);
        (self.stale_hits, self.refreshes) = (0, 0);
        (self.outdated_hits, self.updates, self.lost_writes) = (0, 0, 0);
    }

    /// Takes note of what makes a hit from now on. Keys that are held stay, if they still fit.
    fn change_content(&mut self, cache: &Cache, now: SimTime) {
        match (&cache.content, &mut self.keys) {
            (CacheContent::HitProb(_), keys) => *keys = None,
            (CacheContent::Keyed(keyed), Some(held)) => {
                let &Keyed { keys, capacity, eviction, .. } = keyed;
                if !held.is_for(keys, capacity, eviction) {
                    held.resize(keys, capacity, eviction, now, &mut self.content);
                }
                held.scan(keyed.active_expire.is_some());
                held.postpone(std::mem::replace(&mut self.stale_for, keyed.stale_for), keyed.stale_for);
            }
            (CacheContent::Keyed(keyed), none) => {
                self.stale_for = keyed.stale_for;
                *none = Some(Keys::of(keyed, Stream::new(self.seed, &cache.name, "eviction")));
            }
        }
    }

    /// Whether a key is there that somebody asks for.
    fn holds(&mut self, key: u32, now: SimTime) -> bool {
        self.keys.as_mut().is_some_and(|keys| keys.ask(key, now).is_some())
    }

    /// A key that somebody may ask for, if keys matter.
    pub fn draw_key(&mut self, ctx: &Context) -> u32 {
        match &self.described(ctx).content {
            CacheContent::Keyed(Keyed { popularity, .. }) => self.content.draw(popularity) as u32,
            CacheContent::HitProb(_) => NO_KEY,
        }
    }

    /// What a look-up finds, and the key it asked for: the one that is wanted, or any.
    #[inline]
    fn look_up(&mut self, content: &CacheContent, wanted: u32, now: SimTime) -> (Option<Kept>, u32) {
        match (content, &mut self.keys) {
            (CacheContent::Keyed(Keyed { popularity, .. }), Some(keys)) => {
                let key = if wanted == NO_KEY { self.content.draw(popularity) as u32 } else { wanted };
                (keys.ask(key, now), key)
            }
            (CacheContent::HitProb(prob), _) => (self.content.chance(*prob).then_some(Kept::FOR_EVER), NO_KEY),
            (CacheContent::Keyed(_), None) => (None, NO_KEY),
        }
    }
}

impl CacheContent {
    /// Whether it is told what became of keys.
    pub fn tells_of_keys(&self) -> bool {
        matches!(self, Self::Keyed(keyed) if keyed.tells_of_keys)
    }

    /// Whether keys that are there may be fetched anew.
    pub fn refreshes(&self) -> bool {
        matches!(self, Self::Keyed(keyed) if keyed.refreshes())
    }

    fn stale_for(&self) -> Duration {
        match self {
            Self::Keyed(keyed) => keyed.stale_for,
            Self::HitProb(_) => Duration::ZERO,
        }
    }

    /// Whether one fetches a key for all who miss it.
    pub fn has_single_flight(&self) -> bool {
        self.longest_wait().is_some()
    }

    /// How long a look-up waits for somebody else who fetches its key.
    fn longest_wait(&self) -> Option<Duration> {
        match self {
            Self::Keyed(keyed) => keyed.single_flight,
            Self::HitProb(_) => None,
        }
    }
}

/// What it is asked, and told.
impl CacheState {
    #[inline]
    fn described<'c>(&self, ctx: &'c Context) -> &'c Cache {
        &ctx.topology.caches[self.id.index()]
    }

    #[inline]
    fn component(&self, ctx: &Context) -> ComponentId {
        ctx.topology.cache_component(self.id)
    }

    /// A look-up is there.
    pub fn ask(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        let visit = &mut ctx.visits[id];
        visit.operation_start = ctx.now;
        visit.stage = Stage::Working;
        let component = self.component(ctx);
        if let Some(cause) = ctx.refusal(component, Cause::CacheDown, Cause::CacheError) {
            return self.fail(cause);
        }
        // Any number of look-ups may wait, so none is refused.
        match self.facility.enter(ctx.now, id) {
            Entry::Started => self.begin(ctx, id),
            Entry::Queued | Entry::Full => ctx.begin_wait(id),
        }
        Reply::Later
    }

    fn begin(&mut self, ctx: &mut Context, id: VisitId) {
        let time = self.described(ctx).operation.sample(&mut self.operations);
        let time = ctx.health(self.component(ctx)).slowed(time);
        ctx.finish_after(id, time);
    }

    fn begin_waiting(&mut self, ctx: &mut Context, id: VisitId) {
        ctx.end_wait(id);
        self.begin(ctx, id);
    }

    fn fail(&mut self, cause: Cause) -> Reply {
        self.failed += 1;
        Reply::Now(Outcome::Failure(cause))
    }

    /// An operation has taken its time; why it has failed, if it has.
    #[inline]
    fn end_operation(&mut self, ctx: &mut Context, id: VisitId) -> Option<Cause> {
        ctx.spend(id, Phase::Cache);
        if let Some(next) = ctx.next_wanted(&mut self.facility) {
            self.begin_waiting(ctx, next);
        }
        self.failures.chance(self.described(ctx).fail_prob).then_some(Cause::CacheError)
    }

    /// A look-up has taken its time.
    pub fn finished(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        if let Some(cause) = self.end_operation(ctx, id) {
            return self.fail(cause);
        }
        // (Visits are changed meanwhile, which a look through all of the context would not allow.)
        let described = &ctx.topology.caches[self.id.index()];
        let visit = &mut ctx.visits[id];
        let (found, key) = self.look_up(&described.content, visit.key, ctx.now);
        self.outdated_hits += u64::from(found.is_some_and(|found| found.is_outdated));
        if let (Some(found), CacheContent::Keyed(keyed), false) = (found, &described.content, visit.is_cancelled)
            && keyed.refreshes()
            && let Some(flight) = self.renew(keyed, key, found, ctx.now)
        {
            visit.holds.flight = flight;
            return Reply::Now(self.end(ctx, id, Outcome::Refresh, key));
        }
        if let (None, Some(longest_wait), false) = (found, described.content.longest_wait(), visit.is_cancelled) {
            match self.flights.join(key, id) {
                Part::Leads(flight) => visit.holds.flight = flight,
                Part::Follows => return Self::follow(ctx, id, key, longest_wait),
            }
        }
        Reply::Now(self.end(ctx, id, found.map_or(Outcome::Miss, |_| Outcome::Success), key))
    }

    /// A look-up is over, and has not failed.
    #[inline]
    fn end(&mut self, ctx: &mut Context, id: VisitId, outcome: Outcome, key: u32) -> Outcome {
        let visit = &mut ctx.visits[id];
        (visit.key, visit.missed) = (if outcome == Outcome::Success { NO_KEY } else { key }, ctx.now);
        self.latency.add(ctx.now.since(visit.operation_start));
        let is_miss = outcome == Outcome::Miss;
        self.hits += u64::from(!is_miss);
        self.misses += u64::from(is_miss);
        outcome
    }

    /// What a visit did not find it has now read: the cache is filled, in the background.
    pub fn fill(&mut self, ctx: &mut Context, id: VisitId) {
        let &Visit { key, missed, .. } = &ctx.visits[id];
        if key == NO_KEY || !ctx.health(self.component(ctx)).is_up() {
            return;
        }
        if let CacheContent::Keyed(keyed) = &ctx.topology.caches[self.id.index()].content
            && let Some(keys) = &mut self.keys
        {
            let took = u32::try_from(ctx.now.since(missed).as_nanos() / 1000).unwrap_or(u32::MAX);
            let expires = keyed.expires(ctx.now, &mut self.renewal);
            keys.fill(key, ctx.now, Kept { expires, took, is_outdated: false }, &mut self.content);
            if let Some(active) = keyed.active_expire {
                self.plan_cycle(ctx, active);
            }
            self.land(ctx, id, key);
        }
    }

    /// A look-up waits no longer for a connection, or for whoever fetches its key.
    pub fn withdraw(&mut self, ctx: &mut Context, id: VisitId) {
        match ctx.visits[id].stage {
            Stage::Following => self.flights.withdraw(id),
            _ => self.facility.withdraw(ctx.now, id),
        }
    }

    /// It has gone down: whoever waits there fails at once, and what it held is lost.
    pub fn went_down(&mut self, ctx: &mut Context) {
        if let Some(keys) = &mut self.keys {
            keys.clear();
        }
        self.lost_writes += self.unflushed.under_way() as u64;
        self.unflushed = Flights::default();
        let failed = ctx.turn_away(&mut self.facility, Cause::CacheDown);
        self.failed += failed;
        for id in self.flights.clear() {
            ctx.spend(id, Phase::Cache);
            self.failed += 1;
            ctx.answer(id, Outcome::Failure(Cause::CacheDown));
        }
    }

    /// It has lost what it was at.
    pub fn lose(&mut self, ctx: &mut Context, id: VisitId) {
        self.facility.leave(ctx.now);
        self.failed += 1;
        ctx.answer(id, Outcome::Failure(Cause::CacheDown));
    }

    /// Takes note of changed numbers.
    pub fn refresh(&mut self, ctx: &mut Context) {
        let described = self.described(ctx);
        self.change_content(described, ctx.now);
        self.cycles.go_on_with(self.active_expire(ctx));
        self.facility.resize(described.connections, None, Order::Fifo);
        if !described.content.has_single_flight() {
            self.flights.clear().for_each(|id| self.answer_follower(ctx, id, false, Flight::NONE));
        }
        while let Some(next) = self.facility.start_next(ctx.now) {
            self.begin_waiting(ctx, next);
        }
        if let Some(active) = self.active_expire(ctx) {
            self.plan_cycle(ctx, active);
        }
    }
}

/// It is told of what is written.
impl CacheState {
    /// Keys that the database has not heard of.
    pub fn unflushed(&self) -> u64 {
        self.unflushed.under_way() as u64
    }

    /// A key that somebody may write, if keys matter.
    pub fn key_to_write(&mut self, ctx: &Context) -> u32 {
        match &ctx.topology.caches[self.id.index()].content {
            CacheContent::Keyed(Keyed { popularity, .. }) => self.writes.draw(popularity) as u32,
            CacheContent::HitProb(_) => NO_KEY,
        }
    }

    /// Something else than what it holds under a key has been written to the database.
    pub fn outdate(&mut self, key: u32) {
        if let Some(keys) = &mut self.keys {
            keys.outdate(key);
        }
    }

    /// It has taken the time to hear of a write.
    pub fn told(&mut self, ctx: &mut Context, id: VisitId, what: Told) -> Reply {
        if let Some(cause) = self.end_operation(ctx, id) {
            return self.fail(cause);
        }
        self.updates += 1;
        let (key, now) = (ctx.visits[id].key, ctx.now);
        let (CacheContent::Keyed(keyed), Some(keys)) = (&ctx.topology.caches[self.id.index()].content, &mut self.keys)
        else {
            return Reply::Now(Outcome::Success);
        };
        if what == Told::Forget {
            keys.forget(key);
            return Reply::Now(Outcome::Success);
        }
        let kept = Kept { expires: keyed.expires(now, &mut self.renewal), took: keys.took(key), is_outdated: false };
        let is_in = keys.fill(key, now, kept, &mut self.content);
        if let Some(active) = keyed.active_expire {
            self.plan_cycle(ctx, active);
        }
        match what {
            Told::First if !is_in => self.fail(Cause::CacheError),
            Told::First => {
                self.promise(ctx, id, key | UNFLUSHED);
                Reply::Now(Outcome::Success)
            }
            _ => Reply::Now(Outcome::Success),
        }
    }

    /// A visit will see to it that the database hears of a key, unless somebody does so already.
    fn promise(&mut self, ctx: &mut Context, id: VisitId, key: u32) {
        if let Some(flight) = self.unflushed.lead(key) {
            let visit = &mut ctx.visits[id];
            (visit.key, visit.holds.flight) = (key, flight);
        }
    }

    /// A visit is about to tell the database of a key: whether it still can.
    pub fn begin_flush(&mut self, key: u32, flight: Flight) -> bool {
        self.unflushed.end(key, flight)
    }

    /// The database could not be told of a key.
    pub fn lose_flush(&mut self) {
        self.lost_writes += 1;
    }
}

/// Keys that are there are fetched anew in the background.
impl CacheState {
    /// Whether a key that has been found is to be fetched anew, and in which flight.
    #[inline(never)]
    fn renew(&mut self, keyed: &Keyed, key: u32, found: Kept, now: SimTime) -> Option<Flight> {
        let left = found.expires.since(now);
        let flight = if left <= keyed.stale_for {
            self.stale_hits += 1;
            self.flights.lead(key)
        } else if self.is_early(keyed, left - keyed.stale_for, found.took) {
            keyed.single_flight.map_or(Some(Flight::NONE), |_| self.flights.lead(key))
        } else {
            None
        };
        self.refreshes += u64::from(flight.is_some());
        flight
    }

    /// Whether a key that has so long left is fetched anew already (Vattani, Chierichetti and Lowenstein, "Optimal
    /// Probabilistic Cache Stampede Prevention", 2015): the later it is and the longer that takes, the likelier.
    fn is_early(&mut self, keyed: &Keyed, left: Duration, took: u32) -> bool {
        let Some(beta) = keyed.early_refresh.filter(|_| took > 0) else { return false };
        let took = Duration::from_nanos(u64::from(took) * 1000);
        left <= took.scaled(beta * self.renewal.exponential())
    }
}

impl Keyed {
    /// When a key leaves that is filled now.
    fn expires(&self, now: SimTime, stream: &mut Stream) -> SimTime {
        let Some(ttl) = self.ttl else { return SimTime::NEVER };
        let ttl = match self.ttl_jitter {
            0.0 => ttl,
            jitter => ttl.scaled(1.0 + jitter * (2.0 * stream.uniform() - 1.0)),
        };
        now + ttl + self.stale_for
    }
}

/// Keys that have expired leave though nobody asks for them.
impl CacheState {
    fn active_expire(&self, ctx: &Context) -> Option<ActiveExpire> {
        match &self.described(ctx).content {
            CacheContent::Keyed(keyed) => keyed.active_expire,
            CacheContent::HitProb(_) => None,
        }
    }

    /// There will be a cycle, at a multiple of its period, while there are keys.
    fn plan_cycle(&mut self, ctx: &mut Context, active: ActiveExpire) {
        if self.cycles.is_planned || self.keys.as_ref().is_none_or(Keys::is_empty) {
            return;
        }
        (self.cycles.is_planned, self.cycles.planned_for) = (true, Some(active));
        let (period, cache, epoch) = (active.period(), self.id, self.cycles.epoch);
        let next = (ctx.now.as_nanos() / period.as_nanos() + 1).saturating_mul(period.as_nanos());
        ctx.future.schedule(SimTime::from_nanos(next), Event::ExpireCycle { cache, epoch });
    }

    /// It is time for a cycle.
    pub fn on_cycle(&mut self, ctx: &mut Context, epoch: u32) {
        if epoch != self.cycles.epoch {
            return;
        }
        self.cycles.is_planned = false;
        if let (Some(active), Some(keys)) = (self.active_expire(ctx), &mut self.keys) {
            keys.sweep(ctx.now, active);
            self.plan_cycle(ctx, active);
        }
    }
}

/// When it is looked for keys that have expired.
#[derive(Clone, Copy, Debug, Default)]
struct Cycles {
    is_planned: bool,
    planned_for: Option<ActiveExpire>,
    /// Recognises cycles that a change of the configuration made stale.
    epoch: u32,
}

impl Cycles {
    fn go_on_with(&mut self, active: Option<ActiveExpire>) {
        if self.is_planned && self.planned_for != active {
            *self = Self { is_planned: false, planned_for: None, epoch: self.epoch.wrapping_add(1) };
        }
    }
}

/// One fetches a key for all who miss it.
impl CacheState {
    /// A look-up waits for who fetches the key that it has missed.
    fn follow(ctx: &mut Context, id: VisitId, key: u32, longest_wait: Duration) -> Reply {
        let visit = &mut ctx.visits[id];
        (visit.stage, visit.key) = (Stage::Following, key);
        ctx.wait_at_most(id, longest_wait);
        Reply::Later
    }

    /// A visit has brought a key into the cache: whoever waits for that has it.
    fn land(&mut self, ctx: &mut Context, id: VisitId, key: u32) {
        ctx.visits[id].holds.flight = Flight::NONE;
        for follower in self.flights.land(key) {
            let hit = self.holds(key, ctx.now);
            self.coalesced += u64::from(hit);
            self.answer_follower(ctx, follower, hit, Flight::NONE);
        }
    }

    /// A visit will not bring the key that it fetches for others: the next of them does, who therefore misses it.
    pub fn give_up_flight(&mut self, ctx: &mut Context, id: VisitId) {
        let visit = &mut ctx.visits[id];
        let (key, flight) = (visit.key, std::mem::replace(&mut visit.holds.flight, Flight::NONE));
        if is_unflushed(key) {
            self.lost_writes += u64::from(self.unflushed.end(key, flight));
            return;
        }
        if let Some(next) = self.flights.hand_over(key, flight) {
            self.answer_follower(ctx, next, false, flight);
        }
    }

    /// A visit has waited for somebody else as long as it may: it fetches the key for itself, and for nobody else.
    pub fn fetch_alone(&mut self, ctx: &mut Context, id: VisitId) {
        self.flights.withdraw(id);
        self.answer_follower(ctx, id, false, Flight::NONE);
        ctx.visits[id].key = NO_KEY;
    }

    fn answer_follower(&mut self, ctx: &mut Context, id: VisitId, hit: bool, flight: Flight) {
        ctx.spend(id, Phase::Cache);
        let key = ctx.visits[id].key;
        let outcome = self.end(ctx, id, if hit { Outcome::Success } else { Outcome::Miss }, key);
        ctx.visits[id].holds.flight = flight;
        ctx.answer(id, outcome);
    }
}

#[cfg(test)]
mod tests;
