//! Expired keys leave a cache though nobody asks for them: the active cycle of Redis (`expire.c`).

use super::{ABSENT, Keys};
use crate::{
    engine::{random::Stream, time::SimTime},
    model::topology::ActiveExpire,
};

/// A table of so many places, or twice as many and so on.
const PLACES_MIN: usize = 4;

/// The keys in an order that has nothing to do with them, as in a hash table, through which somebody goes round and round.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    /// Who stands where.
    places: Vec<u32>,
    free: Vec<u32>,
    /// Where each key stands.
    at: Vec<u32>,
    next: usize,
}

impl Scan {
    /// A table for so many different keys, in which these stand.
    fn new(keys: usize, held: impl Iterator<Item = u32>, stream: &mut Stream) -> Self {
        let mut scan = Self { at: vec![ABSENT; keys], ..Self::default() };
        held.for_each(|key| scan.add(key, stream));
        scan
    }

    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.places) + size_of_val(&*self.free) + size_of_val(&*self.at)
    }

    pub(super) fn add(&mut self, key: u32, stream: &mut Stream) {
        if self.free.is_empty() {
            self.grow(stream);
        }
        let chosen = stream.below(self.free.len() as u64) as usize;
        let place = self.free.swap_remove(chosen);
        self.put(key, place as usize);
    }

    fn put(&mut self, key: u32, place: usize) {
        self.places[place] = key;
        self.at[key as usize] = place as u32;
    }

    pub(super) fn remove(&mut self, key: u32) {
        let place = std::mem::replace(&mut self.at[key as usize], ABSENT);
        self.places[place as usize] = ABSENT;
        self.free.push(place);
    }

    /// The table becomes twice as large, and each key stays or goes to the place of that number in the other half.
    fn grow(&mut self, stream: &mut Stream) {
        let before = self.places.len();
        let after = (2 * before).max(PLACES_MIN);
        self.places.resize(after, ABSENT);
        for place in 0..before {
            let key = self.places[place];
            if stream.chance(0.5) {
                self.places[place] = ABSENT;
                self.put(key, place + before);
            }
        }
        self.free.extend((0..after as u32).filter(|&place| self.places[place as usize] == ABSENT));
    }

    /// Who stands at the next place, if anybody does.
    fn step(&mut self) -> Option<u32> {
        let key = self.places[self.next];
        self.next = if self.next + 1 == self.places.len() { 0 } else { self.next + 1 };
        (key != ABSENT).then_some(key)
    }
}

impl Keys {
    /// Whether expired keys leave by themselves from now on.
    pub fn scan(&mut self, is_active: bool) {
        match (is_active, &self.scan) {
            (true, None) => {
                let held = self.held.iter().map(|held| held.key);
                self.scan = Some(Scan::new(self.places.len(), held, &mut self.chances));
            }
            (false, Some(_)) => self.scan = None,
            _ => {}
        }
    }

    /// One cycle: as long as more than an acceptable share of those that are looked at have expired, some more are.
    pub fn sweep(&mut self, now: SimTime, active: ActiveExpire) {
        self.shrink_table();
        while !self.held.is_empty() && self.scan.is_some() {
            let wanted = active.keys_per_loop().min(self.held.len() as u64);
            let (mut seen, mut expired) = (0, 0);
            // (A place may be empty; so many are looked at, at most.)
            for _ in 0..20 * wanted {
                let Some(key) = self.scan.as_mut().and_then(Scan::step) else { continue };
                seen += 1;
                expired += u64::from(self.leave_if_expired(key, now));
                if seen == wanted {
                    break;
                }
            }
            if seen > 0 && expired * 100 / seen <= active.acceptable_stale() {
                return;
            }
        }
    }

    fn leave_if_expired(&mut self, key: u32, now: SimTime) -> bool {
        let place = self.place(key).filter(|&place| self.held[place].expires <= now);
        self.counts.expired += u64::from(place.is_some());
        place.map(|place| self.remove(place)).is_some()
    }

    /// A table of which less than a tenth is used is made anew.
    fn shrink_table(&mut self) {
        let is_wide = |scan: &Scan| scan.places.len() > PLACES_MIN && self.held.len() * 10 < scan.places.len();
        if self.scan.as_ref().is_some_and(is_wide) {
            self.scan = None;
            self.scan(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{keys::Kept, topology::Eviction};

    fn kept(expires: SimTime) -> Kept {
        Kept { expires, ..Kept::FOR_EVER }
    }

    #[test]
    fn the_table_has_every_key_once_whoever_comes_and_goes() {
        let mut stream = Stream::new(1, "", "");
        let mut keys = Keys::new(1000, 1000, Eviction::Lru, Stream::new(1, "", "eviction"));
        keys.scan(true);
        (0..700).for_each(|key| _ = keys.fill(key, SimTime::ZERO, kept(SimTime::from_seconds(1.0)), &mut stream));
        (0..1000).step_by(3).for_each(|key| _ = keys.forget(key));
        let scan = keys.scan.as_mut().unwrap();
        assert_eq!(scan.places.len(), 1024);
        let mut round: Vec<u32> = (0..1024).filter_map(|_| scan.step()).collect();
        let neighbours = round.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
        assert!(neighbours < 20, "they stand in no order");
        round.sort_unstable();
        assert_eq!(round, (0..700).filter(|key| key % 3 > 0).collect::<Vec<u32>>());
    }

    #[test]
    fn a_cycle_goes_on_while_many_have_expired() {
        let mut stream = Stream::new(1, "", "");
        let (soon, late) = (SimTime::from_seconds(1.0), SimTime::from_seconds(9.0));
        let active = ActiveExpire { hz: 10, effort: 1 };
        for (share, left) in [(0, 1000..=1000), (10, 900..=1000), (2, 500..=560), (1, 0..=0)] {
            let mut keys = Keys::new(1000, 1000, Eviction::Lru, Stream::new(1, "", "eviction"));
            keys.scan(true);
            let expires = |key: u32| if share > 0 && key.is_multiple_of(share) { soon } else { late };
            (0..1000).for_each(|key| _ = keys.fill(key, SimTime::ZERO, kept(expires(key)), &mut stream));
            keys.sweep(soon, active);
            assert!(left.contains(&keys.len()), "1 of {share}: {} are left", keys.len());
            assert_eq!(keys.counts.expired + keys.len() as u64, 1000);
        }
        let all = ActiveExpire { hz: 10, effort: 10 };
        assert_eq!((all.keys_per_loop(), all.acceptable_stale()), (65, 1));
    }
}
