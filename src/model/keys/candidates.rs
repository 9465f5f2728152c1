//! Approximate eviction, as in Redis 7 (`evict.c`): nobody keeps the keys of a cache in order. Before one leaves, a few of them
//! are looked at, and the best of those that have been looked at so far, which are remembered, leaves.

use super::{Held, Keys};
use crate::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    model::topology::{Criterion, Eviction, Sampling},
};

/// How many candidates are remembered from one eviction to the next (`EVPOOL_SIZE`).
const REMEMBERED: usize = 16;
/// The use of a key that has just come, so that it has a chance to be used again before it leaves (`LFU_INIT_VAL`).
const FIRST_FREQUENCY: u64 = 5;
/// The counter of frequency has eight bits.
const FREQUENCY_MAX: u64 = 255;
/// The time of the last use is known in whole minutes where frequency counts.
const MINUTE: Duration = Duration::from_nanos(60_000_000_000);

/// The keys that would leave soonest of those that have been looked at. One may have left since, or stand there twice, or have
/// been used again: what it was like when it was looked at counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    /// The last one leaves first.
    remembered: [Candidate; REMEMBERED],
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Candidate {
    /// The higher, the sooner it leaves.
    score: u64,
    key: u32,
}

impl Candidates {
    /// Remembers a key, if it is better than the worst one or there is room.
    fn consider(&mut self, score: u64, key: u32) {
        let place = self.remembered[..self.count].partition_point(|known| known.score < score);
        if self.count < REMEMBERED {
            self.remembered.copy_within(place..self.count, place + 1);
            self.remembered[place] = Candidate { score, key };
            self.count += 1;
        } else if place > 0 {
            self.remembered.copy_within(1..place, 0);
            self.remembered[place - 1] = Candidate { score, key };
        }
    }

    /// The best one, which is a candidate no more.
    fn take(&mut self) -> Option<u32> {
        self.count = self.count.checked_sub(1)?;
        Some(self.remembered[self.count].key)
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }
}

impl Held {
    /// Takes note of its coming (with a use of its own) or of a use.
    pub(super) fn touch(&mut self, by: Criterion, is_new: bool, now: SimTime, stream: &mut Stream) {
        match by {
            Criterion::Idle { clock } => self.last_use = ticks(now, clock),
            Criterion::Frequency { log_factor, decay_time } => {
                self.frequency = match is_new {
                    true => FIRST_FREQUENCY,
                    false => used_again(self.decayed(now, decay_time), log_factor, stream),
                };
                self.last_use = ticks(now, MINUTE);
            }
            Criterion::Expiry => {}
        }
    }

    /// Its counter by now: one less for each time that it has not been used for so long.
    fn decayed(&self, now: SimTime, decay_time: Duration) -> u64 {
        let idle = (ticks(now, MINUTE) - self.last_use.min(ticks(now, MINUTE))).saturating_mul(MINUTE.as_nanos());
        self.frequency.saturating_sub(idle.checked_div(decay_time.as_nanos()).unwrap_or(0))
    }

    /// The higher, the sooner it leaves.
    fn score(&self, by: Criterion, now: SimTime) -> u64 {
        match by {
            Criterion::Idle { clock } => ticks(now, clock).saturating_sub(self.last_use),
            Criterion::Frequency { decay_time, .. } => FREQUENCY_MAX - self.decayed(now, decay_time).min(FREQUENCY_MAX),
            Criterion::Expiry => u64::MAX - self.expires.as_nanos(),
        }
    }
}

/// What a clock shows that goes so coarsely.
fn ticks(now: SimTime, clock: Duration) -> u64 {
    now.as_nanos() / clock.as_nanos().max(1)
}

/// A logarithmic counter: the higher it is, the rarer a use is counted.
fn used_again(counter: u64, log_factor: u32, stream: &mut Stream) -> u64 {
    let above = counter.saturating_sub(FIRST_FREQUENCY);
    let is_counted = counter < FREQUENCY_MAX && stream.chance(1.0 / (above as f64 * f64::from(log_factor) + 1.0));
    counter + u64::from(is_counted)
}

impl Keys {
    /// The place of the key that leaves by approximation: some keys, any, are looked at, or all if they are so few. A candidate
    /// that has left meanwhile is passed over.
    pub(super) fn choose(&mut self, Sampling { by, samples }: Sampling, now: SimTime) -> usize {
        loop {
            let held = self.held.len();
            for sample in 0..held.min(samples as usize) {
                let place = if held <= samples as usize { sample } else { self.chances.below(held as u64) as usize };
                let it = self.held[place];
                self.candidates.consider(it.score(by, now), it.key);
            }
            while let Some(key) = self.candidates.take() {
                if let Some(place) = self.place(key) {
                    return place;
                }
            }
        }
    }

    /// All keys count as having just come, since what is known of them means nothing to the way in which they leave from now on.
    pub(super) fn forget_uses(&mut self, from: Eviction, now: SimTime) {
        self.candidates.clear();
        match (from, self.eviction) {
            (Eviction::Sampled(before), Eviction::Sampled(after)) if before.by.is_like(after.by) => {}
            (_, Eviction::Sampled(Sampling { by, .. })) => {
                self.held.iter_mut().for_each(|held| held.touch(by, true, now, &mut self.chances));
            }
            (Eviction::Sampled(_), _) => {
                self.held.iter_mut().zip(0..).for_each(|(held, use_)| held.last_use = use_);
                self.uses = self.held.len() as u64;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::keys::Kept;

    fn kept(expires: SimTime) -> Kept {
        Kept { expires, ..Kept::FOR_EVER }
    }

    fn keys(by: Criterion, capacity: u32) -> Keys {
        let eviction = Eviction::Sampled(Sampling { by, samples: 5 });
        Keys::new(1000, capacity, eviction, Stream::new(1, "keys", "eviction"))
    }

    fn seconds(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    #[test]
    fn sixteen_candidates_are_remembered_and_the_best_leaves_first() {
        let mut candidates = Candidates::default();
        (0..40).for_each(|key| candidates.consider(u64::from(key * 7 % 40), key));
        let scores: Vec<u64> = std::iter::from_fn(|| candidates.take()).map(|key| u64::from(key * 7 % 40)).collect();
        assert_eq!(scores, (24..40).rev().collect::<Vec<u64>>());
        // Of those that are alike the one that came first leaves first; one that is no better than the worst does not come in.
        (0..20).for_each(|key| candidates.consider(3, key));
        assert_eq!(std::iter::from_fn(|| candidates.take()).collect::<Vec<_>>(), (0..16).collect::<Vec<_>>());
    }

    #[test]
    fn who_was_used_in_the_same_second_counts_as_used_at_the_same_moment() {
        let by = Criterion::Idle { clock: Duration::from_seconds(1.0) };
        let mut held = Held { key: 1, took: 0, frequency: 0, last_use: 0, expires: SimTime::NEVER };
        let mut stream = Stream::new(1, "", "");
        held.touch(by, true, seconds(3.1), &mut stream);
        let scores = [3.2, 3.99, 4.0, 9.5].map(|now| held.score(by, seconds(now)));
        assert_eq!(scores, [0, 0, 1, 6]);
    }

    #[test]
    fn a_counter_grows_by_its_logarithm_and_decays_by_the_minute() {
        let mut stream = Stream::new(1, "", "");
        // From the comment on `lfu-log-factor 10` in redis.conf: 100 hits make 10, 1000 make 18, 100 thousand 142, a million 255.
        let count = |hits: u64, stream: &mut Stream| {
            let runs = 30;
            let sum: u64 = (0..runs).map(|_| (0..hits).fold(FIRST_FREQUENCY, |it, _| used_again(it, 10, stream))).sum();
            sum as f64 / runs as f64
        };
        for (hits, counter, within) in [(100, 10.0, 1.5), (1000, 18.0, 2.0), (100_000, 142.0, 8.0)] {
            let found = count(hits, &mut stream);
            assert!((found - counter).abs() < within, "{hits} hits make {found}");
        }
        assert_eq!(used_again(FREQUENCY_MAX, 0, &mut stream), FREQUENCY_MAX);
        let by = Criterion::Frequency { log_factor: 10, decay_time: Duration::from_seconds(120.0) };
        let mut held = Held { key: 1, took: 0, frequency: 0, last_use: 0, expires: SimTime::NEVER };
        held.touch(by, true, seconds(59.0), &mut stream);
        let left = [60.0, 119.0, 120.0, 300.0, 6000.0].map(|now| 255 - held.score(by, seconds(now)));
        assert_eq!(left, [5, 5, 4, 3, 0]);
    }

    #[test]
    fn the_least_recently_used_of_some_leaves_mostly() {
        let mut keys = keys(Criterion::Idle { clock: Duration::from_seconds(1.0) }, 100);
        // Key n is used at second n; then a hundred others come.
        (0..100).for_each(|key| {
            _ = keys.fill(key, seconds(f64::from(key)), kept(SimTime::NEVER), &mut Stream::new(1, "", ""))
        });
        (100..150)
            .for_each(|key| _ = keys.fill(key, seconds(200.0), kept(SimTime::NEVER), &mut Stream::new(1, "", "")));
        let left = |keys: &Keys, range: std::ops::Range<u32>| range.filter(|&key| keys.place(key).is_some()).count();
        assert_eq!(keys.len(), 100);
        // Chance alone would leave half of either.
        assert!(left(&keys, 0..50) < 15, "{}", left(&keys, 0..50));
        assert!(left(&keys, 50..100) > 30);
        assert_eq!(left(&keys, 100..150), 50);
    }

    #[test]
    fn who_expires_soonest_leaves_first() {
        let mut keys = keys(Criterion::Expiry, 4);
        let mut stream = Stream::new(1, "", "");
        for key in [3, 1, 4, 2, 9, 8] {
            keys.fill(key, SimTime::ZERO, kept(seconds(f64::from(key))), &mut stream);
        }
        // All four are looked at each time.
        let left: Vec<u32> = (0..10).filter(|&key| keys.place(key).is_some()).collect();
        assert_eq!(left, [3, 4, 8, 9]);
    }
}
