//! Clients that ask under a policy, and one server that asks a database through a pool. As plain and as slow as the
//! simulator beside it: time is a float, the next event is searched for, lines are lists of numbers.

use super::{
    flaws::Flaw,
    parts::{Breaker, BreakerState, Bucket, Budget, Bulkhead, Hedge, Limiter, Phase, Purse},
    simulator::Random,
};

#[derive(Clone, Debug)]
pub struct System {
    pub rate: f64,
    pub workers: usize,
    /// Mean time of processing, exponential.
    pub processing: f64,
    /// Probability that processing fails.
    pub fail_prob: f64,
    /// Whether a worker stays with its request until the database has answered.
    pub holds: bool,
    /// Connections to the database; any number if there are none.
    pub pool: Option<usize>,
    /// Mean time of the database, exponential.
    pub operation: f64,
    pub timeout: Option<f64>,
    /// Whether the server is told that a client has left.
    pub cancels: bool,
    pub retries: u32,
    /// Wait before a further attempt.
    pub wait: f64,
    pub budget: Option<Budget>,
    pub breaker: Option<Breaker>,
    pub limiter: Option<Limiter>,
    pub bulkhead: Option<Bulkhead>,
    pub hedge: Option<Hedge>,
    /// A mistake that is made.
    pub flaw: Option<Flaw>,
}

/// What came out, after the warm-up.
#[derive(Debug, Default)]
pub struct Figures {
    pub answered: u64,
    pub succeeded: u64,
    pub latency: f64,
    pub attempts: u64,
    pub timeouts: u64,
    /// Attempts refused by breaker, limiter and bulkhead.
    pub refused: [u64; 3],
    pub hedges: u64,
    pub hedges_won: u64,
    /// Workers times the seconds for which they belonged to a request.
    pub busy: f64,
    /// Seconds that the breaker was open, and half-open.
    pub open: f64,
    pub half_open: f64,
    /// Attempts in the bulkhead, and those that wait before it, times the seconds.
    pub inside: f64,
    pub waiting: f64,
}

#[derive(Clone, Copy)]
enum What {
    Arrival,
    Retry {
        sent: f64,
        retries: u32,
    },
    /// An attempt has its token.
    Token(usize),
    /// An attempt has waited long enough before the bulkhead.
    Impatient(usize),
    Timeout(usize),
    Hedge(usize),
    /// A try has been processed, and its database has answered.
    Processed(usize),
    Operated(usize),
}

/// Where an attempt is as far as the bulkhead is concerned.
#[derive(PartialEq)]
enum Place {
    Outside,
    Waiting,
    Inside,
}

struct Attempt {
    /// When the first attempt of its request was sent.
    sent: f64,
    /// Attempts before it.
    retries: u32,
    began: f64,
    /// When its first try was made.
    tried: f64,
    /// The breaker's phase in which it was let through.
    phase: Option<usize>,
    place: Place,
    /// Tries that have not been answered.
    tries: Vec<usize>,
    is_over: bool,
}

struct Try {
    attempt: usize,
    is_hedge: bool,
    is_given_up: bool,
    /// Whether the server knows that.
    is_cancelled: bool,
}

/// How an attempt ends.
enum End {
    Answered,
    Failed,
    /// By that part of the policy.
    Refused(usize),
}

struct State<'a> {
    system: &'a System,
    random: Random,
    now: f64,
    warm_up: f64,
    events: Vec<(f64, What)>,
    attempts: Vec<Attempt>,
    tries: Vec<Try>,
    breaker: Option<BreakerState>,
    bucket: Option<Bucket>,
    retry_purse: Option<Purse>,
    hedge_purse: Option<Purse>,
    /// Attempts in the bulkhead, and those that wait before it, the first one first.
    inside: usize,
    for_bulkhead: Vec<usize>,
    busy: usize,
    connected: usize,
    /// Tries that wait for a worker, and those that wait for a connection, the first one first.
    for_worker: Vec<usize>,
    for_connection: Vec<usize>,
    /// How often the flaw could have shown.
    chances: u64,
    figures: Figures,
}

/// Runs a system.
pub fn run(system: &System, warm_up: f64, end: f64, seed: u64) -> Figures {
    let mut state = State {
        system,
        random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        now: 0.0,
        warm_up,
        events: vec![(0.0, What::Arrival)],
        attempts: Vec::new(),
        tries: Vec::new(),
        breaker: system.breaker.map(|numbers| BreakerState::new(numbers, system.flaw)),
        bucket: system.limiter.map(|numbers| Bucket::new(numbers, system.flaw)),
        retry_purse: system.budget.map(Purse::new),
        hedge_purse: system.hedge.map(|hedge| Purse::new(hedge.budget)),
        inside: 0,
        for_bulkhead: Vec::new(),
        busy: 0,
        connected: 0,
        for_worker: Vec::new(),
        for_connection: Vec::new(),
        chances: 0,
        figures: Figures::default(),
    };
    loop {
        let soonest = (0..state.events.len()).min_by(|a, b| state.events[*a].0.total_cmp(&state.events[*b].0));
        let (time, what) = state.events.swap_remove(soonest.expect("arrivals never end"));
        state.pass((time.min(end) - state.now.max(warm_up)).max(0.0));
        if time > end {
            return state.figures;
        }
        state.now = time;
        state.handle(what);
    }
}

impl State<'_> {
    /// So many seconds pass that count.
    fn pass(&mut self, seconds: f64) {
        self.figures.busy += self.busy as f64 * seconds;
        self.figures.inside += self.inside as f64 * seconds;
        self.figures.waiting += self.for_bulkhead.len() as f64 * seconds;
        match self.breaker.as_ref().map(|breaker| breaker.phase) {
            Some(Phase::Open { .. }) => self.figures.open += seconds,
            Some(Phase::HalfOpen) => self.figures.half_open += seconds,
            Some(Phase::Closed) | None => {}
        }
    }

    fn after(&mut self, seconds: f64, what: What) {
        self.events.push((self.now + seconds, what));
    }

    fn counts(&self) -> bool {
        self.now >= self.warm_up
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.system.flaw == Some(flaw)
    }

    /// Whether the flaw shows, as it does once in so many times.
    fn slips(&mut self, flaw: Flaw, once_in: u64) -> bool {
        self.chances += u64::from(self.has(flaw));
        self.has(flaw) && self.chances.is_multiple_of(once_in)
    }

    fn handle(&mut self, what: What) {
        match what {
            What::Arrival => {
                let gap = self.random.exponential(1.0 / self.system.rate);
                self.after(gap, What::Arrival);
                self.retry_purse.iter_mut().for_each(Purse::pay_in);
                self.attempt(self.now, 0);
            }
            What::Retry { sent, retries } => self.attempt(sent, retries),
            What::Token(attempt) => self.enter_bulkhead(attempt),
            What::Impatient(attempt) => {
                if self.attempts[attempt].place == Place::Waiting {
                    self.end(attempt, End::Refused(2));
                }
            }
            What::Timeout(attempt) => {
                if !self.attempts[attempt].is_over {
                    self.figures.timeouts += u64::from(self.counts());
                    self.end(attempt, End::Failed);
                }
            }
            What::Hedge(attempt) => self.hedge(attempt),
            What::Processed(this) => self.processed(this),
            What::Operated(this) => {
                if !self.slips(Flaw::PoolLeaks, 1000) {
                    self.connected -= 1;
                }
                self.give_connections();
                self.leave(this, true);
            }
        }
    }

    /// An attempt begins: breaker, limiter, bulkhead.
    fn attempt(&mut self, sent: f64, retries: u32) {
        self.figures.attempts += u64::from(self.counts());
        self.hedge_purse.iter_mut().for_each(Purse::pay_in);
        if retries > 0 && self.has(Flaw::RetriesPay) {
            self.retry_purse.iter_mut().for_each(Purse::pay_in);
        }
        let (attempt, now) = (self.attempts.len(), self.now);
        self.attempts.push(Attempt {
            sent,
            retries,
            began: now,
            tried: now,
            phase: None,
            place: Place::Outside,
            tries: Vec::new(),
            is_over: false,
        });
        if let Some(breaker) = &mut self.breaker {
            let phase = breaker.admit(now);
            self.attempts[attempt].phase = phase;
            if phase.is_none() {
                return self.end(attempt, End::Refused(0));
            }
        }
        if self.has(Flaw::TimeoutsIncludeWaits) {
            self.plan_timeout(attempt);
        }
        match self.bucket.as_mut().map(|bucket| bucket.take(now)) {
            Some(None) => self.end(attempt, End::Refused(1)),
            Some(Some(wait)) if wait > 0.0 => self.after(wait, What::Token(attempt)),
            Some(Some(_)) | None => self.enter_bulkhead(attempt),
        }
    }

    fn enter_bulkhead(&mut self, attempt: usize) {
        if self.attempts[attempt].is_over {
            return;
        }
        let Some(bulkhead) = self.system.bulkhead else { return self.send(attempt) };
        if self.inside >= bulkhead.max && self.for_bulkhead.len() >= bulkhead.waiting {
            return self.end(attempt, End::Refused(2));
        }
        self.attempts[attempt].place = Place::Waiting;
        self.for_bulkhead.push(attempt);
        self.after(bulkhead.longest_wait, What::Impatient(attempt));
        self.let_in();
    }

    /// Whoever waits before the bulkhead goes in if there is a place.
    fn let_in(&mut self) {
        while self.system.bulkhead.is_some_and(|it| self.inside < it.max) && !self.for_bulkhead.is_empty() {
            let attempt = self.for_bulkhead.remove(0);
            self.inside += 1;
            self.attempts[attempt].place = Place::Inside;
            self.send(attempt);
        }
    }

    fn leave_bulkhead(&mut self, attempt: usize) {
        match self.attempts[attempt].place {
            Place::Outside => {}
            Place::Waiting => self.for_bulkhead.retain(|other| *other != attempt),
            Place::Inside => {
                if !self.slips(Flaw::BulkheadLeaks, 1000) {
                    self.inside -= 1;
                }
                self.let_in();
            }
        }
        self.attempts[attempt].place = Place::Outside;
    }

    fn plan_timeout(&mut self, attempt: usize) {
        if let Some(timeout) = self.system.timeout {
            self.after(timeout, What::Timeout(attempt));
        }
    }

    /// An attempt has passed all parts of the policy.
    fn send(&mut self, attempt: usize) {
        self.attempts[attempt].tried = self.now;
        if !self.has(Flaw::TimeoutsIncludeWaits) {
            self.plan_timeout(attempt);
        }
        if let Some(hedge) = self.system.hedge {
            self.after(hedge.after, What::Hedge(attempt));
        }
        self.begin_try(attempt, false);
    }

    fn hedge(&mut self, attempt: usize) {
        if self.attempts[attempt].is_over {
            return;
        }
        let is_paid = self.hedge_purse.as_mut().is_some_and(Purse::spend);
        if !is_paid && !self.has(Flaw::FreeHedges) {
            return;
        }
        if !self.slips(Flaw::UncountedHedge, 20) {
            self.figures.hedges += u64::from(self.counts());
        }
        self.begin_try(attempt, true);
    }

    fn begin_try(&mut self, attempt: usize, is_hedge: bool) {
        let this = self.tries.len();
        self.tries.push(Try { attempt, is_hedge, is_given_up: false, is_cancelled: false });
        self.attempts[attempt].tries.push(this);
        self.for_worker.push(this);
        self.give_workers();
    }

    fn give_workers(&mut self) {
        while self.busy < self.system.workers && !self.for_worker.is_empty() {
            let this = self.for_worker.remove(0);
            self.busy += 1;
            let seconds = self.random.exponential(self.system.processing);
            self.after(seconds, What::Processed(this));
        }
    }

    fn give_connections(&mut self) {
        while self.system.pool.is_none_or(|size| self.connected < size) && !self.for_connection.is_empty() {
            let this = self.for_connection.remove(0);
            self.connected += 1;
            let seconds = self.random.exponential(self.system.operation);
            self.after(seconds, What::Operated(this));
        }
    }

    fn release_worker(&mut self) {
        self.busy -= 1;
        self.give_workers();
    }

    fn processed(&mut self, this: usize) {
        if !self.system.holds {
            self.release_worker();
        }
        let fails = self.random.uniform() < self.system.fail_prob;
        if fails || self.tries[this].is_cancelled {
            self.leave(this, false);
        } else {
            self.for_connection.push(this);
            self.give_connections();
        }
    }

    /// The server is done with a try, and answers if its client is still there.
    fn leave(&mut self, this: usize, is_success: bool) {
        if self.system.holds {
            self.release_worker();
        }
        let Try { attempt, is_hedge, is_given_up, .. } = self.tries[this];
        if is_given_up {
            return;
        }
        self.attempts[attempt].tries.retain(|other| *other != this);
        if is_success {
            self.figures.hedges_won += u64::from(is_hedge && self.counts());
            self.end(attempt, End::Answered);
        } else if self.attempts[attempt].tries.is_empty() {
            self.end(attempt, End::Failed);
        }
    }

    /// Nobody waits for a try any more. If the server is told, it need wait no longer; what is being worked on goes on to
    /// the next step.
    fn give_up(&mut self, this: usize, is_told: bool) {
        self.tries[this].is_given_up = true;
        self.tries[this].is_cancelled = is_told;
        if is_told {
            self.for_worker.retain(|other| *other != this);
            let waiting = self.for_connection.len();
            self.for_connection.retain(|other| *other != this);
            if self.system.holds && self.for_connection.len() < waiting {
                self.release_worker();
            }
        }
    }

    fn end(&mut self, attempt: usize, end: End) {
        self.attempts[attempt].is_over = true;
        let is_told = self.system.cancels && !(matches!(end, End::Answered) && self.has(Flaw::LosersGoOn));
        for this in std::mem::take(&mut self.attempts[attempt].tries) {
            self.give_up(this, is_told);
        }
        self.leave_bulkhead(attempt);
        let Attempt { sent, retries, began, tried, phase, .. } = self.attempts[attempt];
        let took = self.now - if self.has(Flaw::WaitsAreNotSlow) { tried } else { began };
        if let (Some(breaker), Some(phase)) = (&mut self.breaker, phase) {
            breaker.ended(self.now, phase, took, !matches!(end, End::Answered));
        }
        match end {
            End::Answered => self.answer(Some(sent)),
            End::Failed => self.retry(sent, retries),
            End::Refused(by) => {
                self.figures.refused[by] += u64::from(self.counts());
                self.answer(None);
            }
        }
    }

    fn retry(&mut self, sent: f64, retries: u32) {
        let may_retry = retries < self.system.retries && self.retry_purse.as_mut().is_none_or(Purse::spend);
        match may_retry {
            true => self.after(self.system.wait, What::Retry { sent, retries: retries + 1 }),
            false => self.answer(None),
        }
    }

    /// A request ends; one that succeeds was sent at that time.
    fn answer(&mut self, sent: Option<f64>) {
        if !self.counts() {
            return;
        }
        self.figures.answered += 1;
        if let Some(sent) = sent {
            self.figures.succeeded += 1;
            self.figures.latency += self.now - sent;
        }
    }
}
