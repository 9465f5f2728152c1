//! The workloads once more, each as a plain loop over a binary heap: what one would write by hand for just this system,
//! with no more measured than the mean latency. The simulator's speed is told as a share of these.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    hint::black_box,
};

use web_service_model::engine::random::Stream;

/// What happens next; ties are broken by the order of scheduling.
type Agenda = BinaryHeap<Reverse<(u64, u64, What)>>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Arrival,
    /// A request leaves a station. It is known by the moment of its arrival.
    Departure {
        station: usize,
        arrived: u64,
    },
}

/// Servers and a queue.
struct Station {
    free: u32,
    mean: f64,
    waiting: VecDeque<u64>,
    times: Stream,
}

/// Requests, the stations that one of them chooses among by weight, and then perhaps one that all share, the last one.
struct System {
    now: u64,
    scheduled: u64,
    agenda: Agenda,
    stations: Vec<Station>,
    weights: Vec<f64>,
    gap: f64,
    gaps: Stream,
    choices: Stream,
}

/// One worker, 8 requests a second of 0.1 s each.
pub fn w1(seconds: f64) -> u64 {
    System::new(8.0, vec![1.0], vec![(1, 0.1)]).run(seconds)
}

/// Three instances of eight workers and a database of twenty connections.
pub fn w2(seconds: f64) -> u64 {
    System::new(80.0, vec![7.0, 3.0, 7.0], vec![(8, 0.1), (8, 0.1), (8, 0.1), (20, 0.15)]).run(seconds)
}

/// W2 without its database.
pub fn w2l(seconds: f64) -> u64 {
    System::new(80.0, vec![7.0, 3.0, 7.0], vec![(8, 0.1), (8, 0.1), (8, 0.1)]).run(seconds)
}

impl System {
    fn new(rate: f64, weights: Vec<f64>, stations: Vec<(u32, f64)>) -> Self {
        let stream = |purpose: &str| Stream::new(1, "plain", purpose);
        let station = |(place, (servers, mean)): (usize, (u32, f64))| Station {
            free: servers,
            mean: mean * 1e9,
            waiting: VecDeque::new(),
            times: stream(&place.to_string()),
        };
        Self {
            now: 0,
            scheduled: 0,
            agenda: Agenda::new(),
            stations: stations.into_iter().enumerate().map(station).collect(),
            weights,
            gap: 1e9 / rate,
            gaps: stream("gaps"),
            choices: stream("choices"),
        }
    }

    /// How many requests were answered in so many seconds.
    fn run(mut self, seconds: f64) -> u64 {
        let end = (seconds * 1e9) as u64;
        let (mut answered, mut latencies) = (0, 0);
        self.schedule_arrival();
        while let Some(Reverse((time, _, what))) = self.agenda.pop()
            && time <= end
        {
            self.now = time;
            match what {
                What::Arrival => {
                    self.schedule_arrival();
                    let station = self.choose();
                    self.enter(station, time);
                }
                What::Departure { station, arrived } => {
                    self.leave(station);
                    if station < self.weights.len() && self.stations.len() > self.weights.len() {
                        self.enter(self.weights.len(), arrived);
                    } else {
                        answered += 1;
                        latencies += time - arrived;
                    }
                }
            }
        }
        black_box(latencies);
        answered
    }

    fn schedule(&mut self, after: f64, what: What) {
        self.scheduled += 1;
        self.agenda.push(Reverse((self.now + after as u64, self.scheduled, what)));
    }

    fn schedule_arrival(&mut self) {
        let after = self.gap * self.gaps.exponential();
        self.schedule(after, What::Arrival);
    }

    fn choose(&mut self) -> usize {
        let mut left = self.choices.uniform() * self.weights.iter().sum::<f64>();
        let chosen = self.weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        chosen.unwrap_or(0)
    }

    fn enter(&mut self, station: usize, arrived: u64) {
        if self.stations[station].free == 0 {
            return self.stations[station].waiting.push_back(arrived);
        }
        self.stations[station].free -= 1;
        self.serve(station, arrived);
    }

    fn leave(&mut self, station: usize) {
        match self.stations[station].waiting.pop_front() {
            Some(next) => self.serve(station, next),
            None => self.stations[station].free += 1,
        }
    }

    fn serve(&mut self, station: usize, arrived: u64) {
        let Station { mean, times, .. } = &mut self.stations[station];
        let after = *mean * times.exponential();
        self.schedule(after, What::Departure { station, arrived });
    }
}
