//! CoDel: the pseudocode of RFC 8289, section 5, with its names, over a queue of jobs that stand for packets.

use std::collections::VecDeque;

use web_service_model::engine::{
    codel::{Codel, CodelState},
    time::{Duration, SimTime},
};

use super::stream;

const TARGET: u64 = 5_000_000;
const INTERVAL: u64 = 100_000_000;

/// What comes out of the queue.
struct Popped {
    tstamp: Option<u64>,
    ok_to_drop: bool,
}

/// A queue by the RFC. Of `bytes() <= MAXPACKET` it is only asked whether anything is left.
#[derive(Default)]
struct Rfc {
    queue: VecDeque<u64>,
    first_above_time: u64,
    drop_next: u64,
    count: u64,
    lastcount: u64,
    dropping: bool,
    dropped: Vec<u64>,
}

impl Rfc {
    fn control_law(t: u64, count: u64) -> u64 {
        t + (INTERVAL as f64 / (count as f64).sqrt()).round() as u64
    }

    fn dodequeue(&mut self, now: u64) -> Popped {
        let Some(tstamp) = self.queue.pop_front() else {
            self.first_above_time = 0;
            return Popped { tstamp: None, ok_to_drop: false };
        };
        let mut ok_to_drop = false;
        let sojourn_time = now - tstamp;
        if sojourn_time < TARGET || self.queue.is_empty() {
            self.first_above_time = 0;
        } else if self.first_above_time == 0 {
            self.first_above_time = now + INTERVAL;
        } else if now >= self.first_above_time {
            ok_to_drop = true;
        }
        Popped { tstamp: Some(tstamp), ok_to_drop }
    }

    fn drop(&mut self, popped: &Popped) {
        self.dropped.extend(popped.tstamp);
    }

    fn deque(&mut self, now: u64) -> Option<u64> {
        let mut r = self.dodequeue(now);
        if self.dropping {
            if !r.ok_to_drop {
                self.dropping = false;
            }
            while now >= self.drop_next && self.dropping {
                self.drop(&r);
                self.count += 1;
                r = self.dodequeue(now);
                if r.ok_to_drop {
                    self.drop_next = Self::control_law(self.drop_next, self.count);
                } else {
                    self.dropping = false;
                }
            }
        } else if r.ok_to_drop {
            self.drop(&r);
            r = self.dodequeue(now);
            self.dropping = true;
            let delta = self.count as i64 - self.lastcount as i64;
            self.count = 1;
            if delta > 1 && (now as i64 - self.drop_next as i64) < 16 * INTERVAL as i64 {
                self.count = delta as u64;
            }
            self.drop_next = Self::control_law(now, self.count);
            self.lastcount = self.count;
        }
        r.tstamp
    }
}

/// The same queue with the engine's rule.
#[derive(Default)]
struct Ours {
    queue: VecDeque<u64>,
    state: CodelState,
    dropped: Vec<u64>,
}

impl Ours {
    fn deque(&mut self, now: u64) -> Option<u64> {
        let codel = Codel { target: Duration::from_nanos(TARGET), interval: Duration::from_nanos(INTERVAL) };
        loop {
            let tstamp = self.queue.pop_front()?;
            let waited = Duration::from_nanos(now - tstamp);
            if !self.state.drops(&codel, SimTime::from_nanos(now), waited, self.queue.is_empty()) {
                return Some(tstamp);
            }
            self.dropped.push(tstamp);
        }
    }
}

/// Jobs come and go at random, now more of the ones and now more of the others, with pauses of some intervals.
#[test]
fn codel_drops_what_the_rfc_drops() {
    let mut dropped = 0;
    for seed in 1..=40 {
        let (mut random, mut rfc, mut ours, mut now) = (stream(seed), Rfc::default(), Ours::default(), 1);
        for step in 0..20_000 {
            now += 1 + random.below(2_000_000);
            if step % 997 == 0 {
                now += random.below(20) * INTERVAL;
            }
            let comes = if step / 1500 % 2 == 0 { 60 } else { 45 };
            if random.below(100) < comes {
                rfc.queue.push_back(now);
                ours.queue.push_back(now);
            } else {
                assert_eq!(ours.deque(now), rfc.deque(now), "seed {seed}, step {step}");
            }
        }
        assert_eq!(ours.dropped, rfc.dropped, "seed {seed}");
        dropped += rfc.dropped.len();
    }
    assert!(dropped > 10_000, "{dropped}");
}
