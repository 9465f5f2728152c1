//! Clients that time out and try again, and one server that asks a database through a pool. As plain and as slow as the
//! simulator beside it: time is a float, the next event is searched for, lines are lists of numbers.

use super::simulator::Random;

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
}

/// What came out, after the warm-up.
#[derive(Debug, Default)]
pub struct Figures {
    pub answered: u64,
    pub succeeded: u64,
    pub latency: f64,
    pub attempts: u64,
    pub timeouts: u64,
    /// Workers times the seconds for which they belonged to a request.
    pub busy: f64,
}

#[derive(Clone, Copy)]
enum What {
    Arrival,
    Retry { sent: f64, retries: u32 },
    Processed(usize),
    Operated(usize),
    Timeout(usize),
}

struct Attempt {
    /// When the first attempt of its request was sent.
    sent: f64,
    /// Attempts before it.
    retries: u32,
    is_answered: bool,
    is_given_up: bool,
}

struct State<'a> {
    system: &'a System,
    random: Random,
    now: f64,
    warm_up: f64,
    events: Vec<(f64, What)>,
    attempts: Vec<Attempt>,
    busy: usize,
    connected: usize,
    /// Attempts that wait for a worker, and those that wait for a connection, the first one first.
    for_worker: Vec<usize>,
    for_connection: Vec<usize>,
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
        busy: 0,
        connected: 0,
        for_worker: Vec::new(),
        for_connection: Vec::new(),
        figures: Figures::default(),
    };
    loop {
        let soonest = (0..state.events.len()).min_by(|a, b| state.events[*a].0.total_cmp(&state.events[*b].0));
        let (time, what) = state.events.swap_remove(soonest.expect("arrivals never end"));
        let until = time.min(end);
        state.figures.busy += state.busy as f64 * (until - state.now.max(warm_up)).max(0.0);
        if time > end {
            return state.figures;
        }
        state.now = time;
        state.handle(what);
    }
}

impl State<'_> {
    fn after(&mut self, seconds: f64, what: What) {
        self.events.push((self.now + seconds, what));
    }

    fn counts(&self) -> bool {
        self.now >= self.warm_up
    }

    fn handle(&mut self, what: What) {
        match what {
            What::Arrival => {
                let gap = self.random.exponential(1.0 / self.system.rate);
                self.after(gap, What::Arrival);
                self.attempt(self.now, 0);
            }
            What::Retry { sent, retries } => self.attempt(sent, retries),
            What::Processed(attempt) => self.processed(attempt),
            What::Operated(attempt) => {
                self.connected -= 1;
                self.give_connections();
                self.leave(attempt, true);
            }
            What::Timeout(attempt) => self.time_out(attempt),
        }
    }

    fn attempt(&mut self, sent: f64, retries: u32) {
        self.figures.attempts += u64::from(self.counts());
        let attempt = self.attempts.len();
        self.attempts.push(Attempt { sent, retries, is_answered: false, is_given_up: false });
        if let Some(timeout) = self.system.timeout {
            self.after(timeout, What::Timeout(attempt));
        }
        self.for_worker.push(attempt);
        self.give_workers();
    }

    fn give_workers(&mut self) {
        while self.busy < self.system.workers && !self.for_worker.is_empty() {
            let attempt = self.for_worker.remove(0);
            self.busy += 1;
            let seconds = self.random.exponential(self.system.processing);
            self.after(seconds, What::Processed(attempt));
        }
    }

    fn give_connections(&mut self) {
        while self.system.pool.is_none_or(|size| self.connected < size) && !self.for_connection.is_empty() {
            let attempt = self.for_connection.remove(0);
            self.connected += 1;
            let seconds = self.random.exponential(self.system.operation);
            self.after(seconds, What::Operated(attempt));
        }
    }

    fn release_worker(&mut self) {
        self.busy -= 1;
        self.give_workers();
    }

    fn processed(&mut self, attempt: usize) {
        if !self.system.holds {
            self.release_worker();
        }
        let fails = self.random.uniform() < self.system.fail_prob;
        if fails || (self.system.cancels && self.attempts[attempt].is_given_up) {
            self.leave(attempt, false);
        } else {
            self.for_connection.push(attempt);
            self.give_connections();
        }
    }

    /// The server is done with an attempt, and answers if its client is still there.
    fn leave(&mut self, attempt: usize, is_success: bool) {
        if self.system.holds {
            self.release_worker();
        }
        if self.attempts[attempt].is_given_up {
            return;
        }
        self.attempts[attempt].is_answered = true;
        match is_success {
            true => self.end(Some(self.attempts[attempt].sent)),
            false => self.retry(attempt),
        }
    }

    /// A client leaves. If it says so, its attempt need wait no longer; what is being worked on goes on to the next step.
    fn time_out(&mut self, attempt: usize) {
        if self.attempts[attempt].is_answered {
            return;
        }
        self.attempts[attempt].is_given_up = true;
        self.figures.timeouts += u64::from(self.counts());
        if self.system.cancels {
            self.for_worker.retain(|other| *other != attempt);
            let waiting = self.for_connection.len();
            self.for_connection.retain(|other| *other != attempt);
            if self.system.holds && self.for_connection.len() < waiting {
                self.release_worker();
            }
        }
        self.retry(attempt);
    }

    fn retry(&mut self, attempt: usize) {
        let Attempt { sent, retries, .. } = self.attempts[attempt];
        if retries < self.system.retries {
            self.after(self.system.wait, What::Retry { sent, retries: retries + 1 });
        } else {
            self.end(None);
        }
    }

    /// A request ends; one that succeeds was sent at that time.
    fn end(&mut self, sent: Option<f64>) {
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
