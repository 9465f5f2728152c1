//! A memory of when things happened, of constant size: it never forgets that something did, however long ago.

use crate::engine::time::{Duration, SimTime};

/// Places over the time that is foreseen. If it lasts longer there may be twice as many, and then places are merged in pairs.
pub const PLACES: usize = 240;

/// Time is cut into places of equal width. Of what happened in one of them the first is kept, and how many there were.
#[derive(Clone, Debug)]
pub struct Thinned<T> {
    width: u64,
    /// Places in which something happened, in order.
    kept: Vec<Place<T>>,
}

/// A place in which something happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<T> {
    /// When the first happened.
    pub time: SimTime,
    /// What that was.
    pub first: T,
    /// How many there were.
    pub count: u64,
}

impl<T: Copy> Thinned<T> {
    /// Nothing yet; so much time is foreseen.
    pub fn new(foreseen: Duration) -> Self {
        Self { width: foreseen.as_nanos().div_ceil(PLACES as u64).max(1), kept: Vec::new() }
    }

    /// Something happens, not before what happened last.
    pub fn add(&mut self, time: SimTime, what: T) {
        let place = time.as_nanos() / self.width;
        match self.kept.last_mut() {
            Some(last) if last.time.as_nanos() / self.width == place => last.count += 1,
            _ => self.kept.push(Place { time, first: what, count: 1 }),
        }
        while self.kept.len() > 2 * PLACES {
            self.merge_pairs();
        }
    }

    /// The places, in order of time.
    pub fn places(&self) -> &[Place<T>] {
        &self.kept
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.kept)
    }

    fn merge_pairs(&mut self) {
        self.width = self.width.saturating_mul(2);
        let width = self.width;
        self.kept.dedup_by(|next, before| {
            let is_same = next.time.as_nanos() / width == before.time.as_nanos() / width;
            before.count += if is_same { next.count } else { 0 };
            is_same
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something at every second, up to that one; 240 s are foreseen.
    fn every_second(seconds: u64) -> Thinned<u64> {
        let mut thinned = Thinned::new(Duration::from_seconds(240.0));
        (0..seconds).for_each(|second| thinned.add(SimTime::from_seconds(second as f64), second));
        thinned
    }

    #[test]
    fn of_a_place_the_first_is_kept_and_all_are_counted() {
        let mut thinned = every_second(3);
        thinned.add(SimTime::from_seconds(2.5), 7);
        let kept: Vec<_> = thinned.places().iter().map(|place| (place.first, place.count)).collect();
        assert_eq!(kept, [(0, 1), (1, 1), (2, 2)]);
    }

    #[test]
    fn what_lasts_longer_than_foreseen_is_kept_more_coarsely() {
        let thinned = every_second(100_000);
        let places = thinned.places();
        assert!((PLACES..=2 * PLACES).contains(&places.len()), "{}", places.len());
        assert_eq!((places[0].time, places[0].first), (SimTime::ZERO, 0), "the beginning is not forgotten");
        assert_eq!(places.iter().map(|place| place.count).sum::<u64>(), 100_000);
        let gaps: Vec<_> = places.windows(2).map(|pair| pair[1].first - pair[0].first).collect();
        assert!(gaps.iter().all(|gap| *gap == gaps[0]), "{gaps:?}");
    }

    #[test]
    fn everything_at_one_moment_is_one_place() {
        let mut thinned = Thinned::new(Duration::ZERO);
        (0..1000).for_each(|_| thinned.add(SimTime::ZERO, ()));
        assert_eq!(thinned.places(), [Place { time: SimTime::ZERO, first: (), count: 1000 }]);
    }
}
