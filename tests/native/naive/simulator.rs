//! A simulator that is slow and small enough to be seen to be right. It shares nothing with the engine: time is a float,
//! the next event is searched for among all, and the random numbers are another generator's.

/// A generator of random numbers: multiplication modulo 2^64, of which the upper bits are taken (Knuth's MMIX).
pub struct Random(pub u64);

impl Random {
    /// Uniform between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        for _ in 0..3 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        }
        (self.0 >> 32) as f64 / 4_294_967_296.0
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.uniform())
    }

    /// One of the numbers 0 to n - 1.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n - 1)
    }
}

/// How long a request is served.
#[derive(Clone, Copy, Debug)]
pub enum Service {
    Exponential(f64),
    Uniform(f64, f64),
}

/// How an instance is chosen among those that are up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy {
    WeightedRandom,
    LeastConnections,
    TwoChoices,
    RoundRobin,
}

/// A service behind a balancer.
#[derive(Clone, Debug)]
pub struct System {
    pub rate: f64,
    pub service: Service,
    pub policy: Policy,
    /// One for each instance.
    pub weights: Vec<f64>,
    pub workers: usize,
    pub queue_limit: Option<usize>,
    pub fail_prob: f64,
    /// Mean times up and down, exponential.
    pub outages: Option<(f64, f64)>,
}

/// What came out.
#[derive(Debug, Default)]
pub struct Figures {
    pub answered: u64,
    pub succeeded: u64,
    pub latency: f64,
    pub up: f64,
}

#[derive(Clone, Copy)]
enum What {
    Arrival,
    Served { instance: usize, arrived: f64 },
    Toggle { instance: usize },
}

#[derive(Default)]
struct Instance {
    is_down: bool,
    busy: usize,
    /// Times of arrival, the first one first.
    waiting: Vec<f64>,
    down_since: f64,
    seconds_down: f64,
}

struct State<'a> {
    system: &'a System,
    random: Random,
    now: f64,
    warm_up: f64,
    events: Vec<(f64, What)>,
    instances: Vec<Instance>,
    next: usize,
    figures: Figures,
}

/// Runs a system.
pub fn run(system: &System, warm_up: f64, end: f64, seed: u64) -> Figures {
    let instances = system.weights.iter().map(|_| Instance::default()).collect();
    let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let figures = Figures::default();
    let mut state = State { system, random, now: 0.0, warm_up, events: Vec::new(), instances, next: 0, figures };
    state.after(0.0, What::Arrival);
    for instance in 0..system.weights.len() {
        if let Some((up, _)) = system.outages {
            let first = state.random.exponential(up);
            state.after(first, What::Toggle { instance });
        }
    }
    loop {
        let soonest = (0..state.events.len()).min_by(|a, b| state.events[*a].0.total_cmp(&state.events[*b].0));
        let (time, what) = state.events.swap_remove(soonest.expect("arrivals never end"));
        if time > end {
            break;
        }
        state.now = time;
        state.handle(what);
    }
    let down: f64 = state
        .instances
        .iter()
        .map(|it| it.seconds_down + if it.is_down { end - it.down_since.max(warm_up) } else { 0.0 })
        .sum();
    state.figures.up = 1.0 - down / (end - warm_up) / system.weights.len() as f64;
    state.figures
}

impl State<'_> {
    fn after(&mut self, seconds: f64, what: What) {
        self.events.push((self.now + seconds, what));
    }

    fn handle(&mut self, what: What) {
        match what {
            What::Arrival => {
                let gap = self.random.exponential(1.0 / self.system.rate);
                self.after(gap, What::Arrival);
                match self.choose() {
                    Some(instance) => self.enter(instance),
                    None => self.answer(None),
                }
            }
            What::Served { instance, arrived } => {
                let is_failure = self.random.uniform() < self.system.fail_prob;
                self.answer((!is_failure).then_some(arrived));
                self.instances[instance].busy -= 1;
                if !self.instances[instance].waiting.is_empty() {
                    let arrived = self.instances[instance].waiting.remove(0);
                    self.serve(instance, arrived);
                }
            }
            What::Toggle { instance } => self.toggle(instance),
        }
    }

    fn choose(&mut self) -> Option<usize> {
        let up: Vec<usize> = (0..self.instances.len()).filter(|i| !self.instances[*i].is_down).collect();
        let load = |instances: &[Instance], i: usize| instances[i].busy + instances[i].waiting.len();
        if up.is_empty() {
            return None;
        }
        match self.system.policy {
            Policy::WeightedRandom => {
                let total: f64 = up.iter().map(|i| self.system.weights[*i]).sum();
                let mut left = self.random.uniform() * total;
                let chosen = up.iter().find(|i| {
                    left -= self.system.weights[**i];
                    left < 0.0
                });
                Some(*chosen.unwrap_or(&up[0]))
            }
            Policy::LeastConnections => {
                let least = up.iter().map(|i| load(&self.instances, *i)).min()?;
                let best: Vec<usize> = up.into_iter().filter(|i| load(&self.instances, *i) == least).collect();
                Some(best[self.random.below(best.len())])
            }
            Policy::TwoChoices => {
                let first = self.random.below(up.len());
                if up.len() == 1 {
                    return Some(up[0]);
                }
                let second = (first + 1 + self.random.below(up.len() - 1)) % up.len();
                let (a, b) = (up[first], up[second]);
                Some(if load(&self.instances, b) < load(&self.instances, a) { b } else { a })
            }
            Policy::RoundRobin => {
                self.next += 1;
                Some(up[self.next % up.len()])
            }
        }
    }

    fn enter(&mut self, instance: usize) {
        if self.instances[instance].busy < self.system.workers {
            self.serve(instance, self.now);
        } else if self.system.queue_limit.is_some_and(|limit| self.instances[instance].waiting.len() >= limit) {
            self.answer(None);
        } else {
            let now = self.now;
            self.instances[instance].waiting.push(now);
        }
    }

    fn serve(&mut self, instance: usize, arrived: f64) {
        self.instances[instance].busy += 1;
        let seconds = match self.system.service {
            Service::Exponential(mean) => self.random.exponential(mean),
            Service::Uniform(low, high) => low + self.random.uniform() * (high - low),
        };
        self.after(seconds, What::Served { instance, arrived });
    }

    /// Whoever waits or is worked on fails.
    fn toggle(&mut self, instance: usize) {
        let Some((up, down)) = self.system.outages else { return };
        let (now, warm_up) = (self.now, self.warm_up);
        let it = &mut self.instances[instance];
        it.is_down = !it.is_down;
        let seconds = if it.is_down {
            it.down_since = now;
            let lost = it.waiting.len() + it.busy;
            (it.waiting, it.busy) = (Vec::new(), 0);
            self.events.retain(|(_, what)| !matches!(what, What::Served { instance: at, .. } if *at == instance));
            (0..lost).for_each(|_| self.answer(None));
            self.random.exponential(down)
        } else {
            it.seconds_down += (now - it.down_since.max(warm_up)).max(0.0);
            self.random.exponential(up)
        };
        self.after(seconds, What::Toggle { instance });
    }

    /// A request is answered; one that succeeded arrived at that time.
    fn answer(&mut self, arrived: Option<f64>) {
        if self.now < self.warm_up {
            return;
        }
        self.figures.answered += 1;
        if let Some(arrived) = arrived {
            self.figures.succeeded += 1;
            self.figures.latency += self.now - arrived;
        }
    }
}
