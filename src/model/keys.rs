//! The keys that a cache holds, and which one leaves.

mod candidates;
mod scan;

use self::{candidates::Candidates, scan::Scan};
use super::topology::{Eviction, Keyed, Sampling};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

/// A key that no cache holds: the visit has not asked for one.
pub const NO_KEY: u32 = u32::MAX;

/// The bit that says of a key in the hands of a visit that the database has not heard of it.
pub const UNFLUSHED: u32 = 1 << 31;

/// Whether the database has not heard of a key in the hands of a visit.
pub fn is_unflushed(key: u32) -> bool {
    key != NO_KEY && key & UNFLUSHED != 0
}

const ABSENT: u32 = u32::MAX;
/// The bit that says that something else has been written since.
const OUTDATED: u32 = 1 << 31;

/// Keys in a cache of limited size.
///
/// Where an order decides who leaves, they stand in a binary heap whose root is
/// the next one to leave, else they stand anyhow. Each key knows its place, so
/// that every operation is logarithmic and allocates nothing.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The heap.
    held: Vec<Held>,
    /// Place of each key in the heap.
    places: Vec<u32>,
    capacity: usize,
    eviction: Eviction,
    /// Counts uses, to tell what was used last.
    uses: u64,
    /// Who has been looked at, if nobody knows the order in which they leave.
    candidates: Candidates,
    /// By which those that have expired are found, if that is looked for.
    scan: Option<Scan>,
    /// Whom approximations look at.
    chances: Stream,
    /// What became of keys.
    pub counts: KeyCounts,
}

/// What became of keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyCounts {
    /// Left for want of room.
    pub evicted: u64,
    /// Left because they had expired.
    pub expired: u64,
    /// Did not get in, as there was no room and nobody may leave.
    pub refused: u64,
}

/// What a cache knows of a key that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// When it leaves.
    pub expires: SimTime,
    /// How many microseconds it took to fetch it.
    pub took: u32,
    /// Whether something else has been written to the database since.
    pub is_outdated: bool,
}

impl Kept {
    /// Nothing more is known of it.
    pub const FOR_EVER: Self = Self { expires: SimTime::NEVER, took: 0, is_outdated: false };
}

#[derive(Clone, Copy, Debug)]
struct Held {
    key: u32,
    /// Microseconds, and in the highest bit whether it is outdated.
    took: u32,
    /// Since it was filled; stays 0 unless that decides who leaves.
    frequency: u64,
    /// Number of the use, or what a coarse clock showed.
    last_use: u64,
    expires: SimTime,
}

impl Held {
    fn rank(&self) -> (u64, u64) {
        (self.frequency, self.last_use)
    }
}

impl Keys {
    /// An empty cache for `keys` different keys, of which `capacity` fit.
    pub fn new(keys: u32, capacity: u32, eviction: Eviction, chances: Stream) -> Self {
        let capacity = capacity.min(keys).max(1) as usize;
        Self {
            held: Vec::with_capacity(capacity),
            places: vec![ABSENT; keys as usize],
            capacity,
            eviction,
            uses: 0,
            candidates: Candidates::default(),
            scan: None,
            chances,
            counts: KeyCounts::default(),
        }
    }

    /// An empty cache that does with its keys what is described.
    pub fn of(described: &Keyed, chances: Stream) -> Self {
        let &Keyed { keys, capacity, eviction, active_expire, .. } = described;
        let mut made = Self::new(keys, capacity, eviction, chances);
        made.scan(active_expire.is_some());
        made
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.held) + size_of_val(&*self.places) + self.scan.as_ref().map_or(0, Scan::heap_bytes)
    }

    /// Whether these are its numbers.
    pub fn is_for(&self, keys: u32, capacity: u32, eviction: Eviction) -> bool {
        let fits = capacity.min(keys).max(1) as usize;
        (self.places.len(), self.capacity, self.eviction) == (keys as usize, fits, eviction)
    }

    /// Goes on with other numbers: keys that do not exist any more leave, and then those whose turn it is until the rest
    /// fits. If frequency decides from now on, every key counts as used once.
    pub fn resize(&mut self, keys: u32, capacity: u32, eviction: Eviction, now: SimTime, stream: &mut Stream) {
        let had_scan = self.scan.take().is_some();
        // In order of rank they are a heap.
        self.held.sort_by_key(Held::rank);
        if eviction != self.eviction {
            let before = std::mem::replace(&mut self.eviction, eviction);
            let frequency = u64::from(eviction == Eviction::Lfu);
            if !matches!((before, eviction), (Eviction::Sampled(_), Eviction::Sampled(_))) {
                self.held.iter_mut().for_each(|held| held.frequency = frequency);
            }
            self.forget_uses(before, now);
            self.held.sort_by_key(Held::rank);
        }
        self.held.retain(|held| held.key < keys);
        self.places.clear();
        self.places.resize(keys as usize, ABSENT);
        for (place, held) in self.held.iter().enumerate() {
            self.places[held.key as usize] = place as u32;
        }
        self.scan(had_scan);
        self.capacity = capacity.min(keys).max(1) as usize;
        while self.held.len() > self.capacity && self.evict(now, stream) {}
    }

    /// Asks for a key: whether it is there. A key that has expired leaves (as in Redis, when it is asked for).
    #[inline]
    pub fn ask(&mut self, key: u32, now: SimTime) -> Option<Kept> {
        let place = self.place(key)?;
        let Held { expires, took, .. } = self.held[place];
        if expires <= now {
            self.remove(place);
            self.counts.expired += 1;
            return None;
        }
        match self.eviction {
            Eviction::Sampled(Sampling { by, .. }) => self.held[place].touch(by, false, now, &mut self.chances),
            Eviction::Never => {}
            Eviction::Lru | Eviction::Lfu | Eviction::Random => {
                self.uses += 1;
                self.held[place].last_use = self.uses;
                if self.eviction == Eviction::Lfu {
                    self.held[place].frequency += 1;
                }
                self.sink(place);
            }
        }
        Some(Kept { expires, took: took & !OUTDATED, is_outdated: took & OUTDATED != 0 })
    }

    /// Puts a key in; another one leaves if there is no room. Whether it is in.
    pub fn fill(&mut self, key: u32, now: SimTime, Kept { expires, took, .. }: Kept, stream: &mut Stream) -> bool {
        let took = took.min(OUTDATED - 1);
        if let Some(place) = self.place(key) {
            // Somebody else has filled it meanwhile.
            (self.held[place].expires, self.held[place].took) = (expires, took);
            if let Eviction::Sampled(Sampling { by, .. }) = self.eviction {
                self.held[place].touch(by, false, now, &mut self.chances);
            }
            return true;
        }
        if key as usize >= self.places.len() {
            // It was asked for when there were more keys.
            return false;
        }
        if self.held.len() >= self.capacity && !self.evict(now, stream) {
            self.counts.refused += 1;
            return false;
        }
        self.uses += 1;
        let frequency = u64::from(self.eviction == Eviction::Lfu);
        let mut held = Held { key, took, frequency, last_use: self.uses, expires };
        if let Eviction::Sampled(Sampling { by, .. }) = self.eviction {
            held.touch(by, true, now, &mut self.chances);
        }
        self.held.push(held);
        self.places[key as usize] = self.held.len() as u32 - 1;
        if let Some(scan) = &mut self.scan {
            scan.add(key, &mut self.chances);
        }
        if self.is_heap() {
            self.rise(self.held.len() - 1);
        }
        true
    }

    /// Something else has been written to the database than what is held under a key.
    pub fn outdate(&mut self, key: u32) {
        if let Some(place) = self.place(key) {
            self.held[place].took |= OUTDATED;
        }
    }

    /// How long it took to fetch a key, if it is there.
    pub fn took(&self, key: u32) -> u32 {
        self.place(key).map_or(0, |place| self.held[place].took & !OUTDATED)
    }

    /// What expires does so by so much later than it would have, where that was so much before.
    pub fn postpone(&mut self, before: Duration, by: Duration) {
        let ending = self.held.iter_mut().filter(|held| held.expires != SimTime::NEVER);
        for held in ending {
            let nanos = held.expires.as_nanos().saturating_sub(before.as_nanos());
            held.expires = SimTime::from_nanos(nanos) + by;
        }
    }

    /// A key leaves, if it is there.
    pub fn forget(&mut self, key: u32) -> bool {
        self.place(key).map(|place| self.remove(place)).is_some()
    }

    /// Number of keys held, expired ones that nobody has asked for included.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        for held in self.held.drain(..) {
            self.places[held.key as usize] = ABSENT;
            if let Some(scan) = &mut self.scan {
                scan.remove(held.key);
            }
        }
        self.candidates.clear();
    }

    /// Makes room for a key, if one may leave.
    fn evict(&mut self, now: SimTime, stream: &mut Stream) -> bool {
        let leaves = match self.eviction {
            Eviction::Never => return false,
            Eviction::Random => stream.below(self.held.len() as u64) as usize,
            Eviction::Lru | Eviction::Lfu => 0,
            Eviction::Sampled(sampling) => self.choose(sampling, now),
        };
        self.remove(leaves);
        self.counts.evicted += 1;
        true
    }

    /// Whether they stand in the order in which they leave.
    fn is_heap(&self) -> bool {
        // (That of those that leave at random goes back to the first release, and what they draw depends on it.)
        matches!(self.eviction, Eviction::Lru | Eviction::Lfu | Eviction::Random)
    }

    fn place(&self, key: u32) -> Option<usize> {
        self.places.get(key as usize).filter(|&&place| place != ABSENT).map(|&place| place as usize)
    }

    fn remove(&mut self, place: usize) {
        let last = self.held.len() - 1;
        self.swap(place, last);
        if let Some(held) = self.held.pop() {
            self.places[held.key as usize] = ABSENT;
            if let Some(scan) = &mut self.scan {
                scan.remove(held.key);
            }
        }
        if place < self.held.len() && self.is_heap() {
            self.sink(place);
            self.rise(place);
        }
    }

    fn rise(&mut self, mut place: usize) {
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.held[parent].rank() <= self.held[place].rank() {
                return;
            }
            self.swap(parent, place);
            place = parent;
        }
    }

    fn sink(&mut self, mut place: usize) {
        loop {
            let children = 2 * place + 1..(2 * place + 3).min(self.held.len());
            let Some(least) = children.min_by_key(|&child| self.held[child].rank()) else { return };
            if self.held[place].rank() <= self.held[least].rank() {
                return;
            }
            self.swap(place, least);
            place = least;
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.held.swap(a, b);
        self.places[self.held[a].key as usize] = a as u32;
        self.places[self.held[b].key as usize] = b as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(expires: SimTime) -> Kept {
        Kept { expires, ..Kept::FOR_EVER }
    }

    fn new(keys: u32, capacity: u32, eviction: Eviction) -> Keys {
        Keys::new(keys, capacity, eviction, Stream::new(1, "keys", "eviction"))
    }

    /// Asks for keys in turn, filling after each miss; which of them hit.
    fn hits(eviction: Eviction, capacity: u32, asked: &[u32]) -> Vec<bool> {
        let mut keys = new(10, capacity, eviction);
        let mut stream = Stream::new(1, "keys", "");
        asked
            .iter()
            .map(|&key| {
                let hit = keys.ask(key, SimTime::ZERO).is_some();
                if !hit {
                    keys.fill(key, SimTime::ZERO, kept(SimTime::NEVER), &mut stream);
                }
                hit
            })
            .collect()
    }

    #[test]
    fn the_least_recently_used_leaves() {
        assert_eq!(hits(Eviction::Lru, 2, &[1, 2, 1, 3, 1, 2]), [false, false, true, false, true, false]);
    }

    #[test]
    fn the_least_frequently_used_leaves() {
        assert_eq!(hits(Eviction::Lfu, 2, &[1, 1, 2, 3, 1, 2]), [false, true, false, false, true, false]);
    }

    #[test]
    fn other_numbers_keep_the_keys_that_still_fit() {
        let mut stream = Stream::new(1, "keys", "");
        let mut keys = new(100, 50, Eviction::Lru);
        (0..50).for_each(|key| _ = keys.fill(key, SimTime::ZERO, kept(SimTime::NEVER), &mut stream));
        assert!(keys.ask(3, SimTime::ZERO).is_some());
        keys.resize(40, 10, Eviction::Lru, SimTime::ZERO, &mut stream);
        let held = |keys: &mut Keys| (0..100).filter(|&key| keys.ask(key, SimTime::ZERO).is_some()).collect::<Vec<_>>();
        assert_eq!(held(&mut keys), [3, 31, 32, 33, 34, 35, 36, 37, 38, 39], "the latest of those that exist");
        keys.fill(77, SimTime::ZERO, kept(SimTime::NEVER), &mut stream);
        assert_eq!(keys.len(), 10, "there is no such key any more");
        keys.resize(1000, 11, Eviction::Lfu, SimTime::ZERO, &mut stream);
        (0..1000).for_each(|key| _ = keys.fill(key, SimTime::ZERO, kept(SimTime::NEVER), &mut stream));
        assert_eq!(keys.len(), 11);
    }

    #[test]
    fn expired_keys_are_gone_and_places_stay_true() {
        let mut keys = new(100, 50, Eviction::Random);
        let mut stream = Stream::new(1, "keys", "");
        for key in 0..100 {
            keys.fill(key, SimTime::ZERO, kept(SimTime::from_seconds(1.0)), &mut stream);
        }
        assert_eq!(keys.len(), 50);
        assert!((0..100).all(|key| keys.place(key).is_none_or(|place| keys.held[place].key == key)));
        assert!((0..100).all(|key| keys.ask(key, SimTime::from_seconds(1.0)).is_none()));
        assert!(keys.is_empty());
    }
}
