//! The future event list: what happens next, and in which order.
//!
//! A monotone radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, 1990) with a
//! sorted front. Far events lie in buckets by the highest bit in which their
//! time differs from a reference time; a bucket is opened only when it is the
//! next one. If it holds few events they are sorted into the front, from which
//! events are taken; if it holds many they are spread over the lower buckets.
//! Each event so moves at most 64 times, and in practice two or three times.
//! While there are only few events, all of them stand sorted in the front: for
//! so few that is quicker than anything cleverer.

use super::time::SimTime;

/// Events in order of time, and in order of insertion where times are equal.
///
/// Nothing may be scheduled before the time of the last event taken.
#[derive(Clone, Debug)]
pub struct FutureEventList<E> {
    /// The next events, the soonest one last. All lie before `front_end`.
    front: Vec<Entry<E>>,
    /// Events before this moment belong to the front.
    front_end: u64,
    /// Reference of the buckets; not after `front_end`.
    base: u64,
    /// Bucket `k` holds events whose time differs from `base` in bit `k` and in no higher one.
    buckets: Vec<Vec<Entry<E>>>,
    /// Bit `k` is set when bucket `k` is not empty.
    occupied: u64,
    /// Time of the last event taken.
    last: u64,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    time: u64,
    event: E,
}

/// A bucket of at most so many events is sorted at once instead of being spread further.
const SORT_AT_MOST: usize = 10;
/// A front longer than this has become too slow to insert into, and is spread over the buckets again.
const FRONT_AT_MOST: usize = 40;
/// So many events at most are all gathered in the front. Well below [`FRONT_AT_MOST`], so that a list whose length varies
/// is not gathered and spread again and again.
const GATHER_AT_MOST: usize = 24;
/// The end of a front in which all events are gathered. Beyond it, after 292 years, lies one bucket, the highest, so that
/// it stays true wherever `base` moves meanwhile.
const FAR_END: u64 = 1 << 63;

impl<E: Copy> Default for FutureEventList<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy> FutureEventList<E> {
    /// An empty list.
    pub fn new() -> Self {
        Self {
            front: Vec::with_capacity(2 * FRONT_AT_MOST),
            front_end: 1,
            base: 0,
            buckets: (0..64).map(|_| Vec::new()).collect(),
            occupied: 0,
            last: 0,
            len: 0,
        }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.buckets) + self.len * size_of::<Entry<E>>()
    }

    /// Number of events that wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no event waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Schedules an event. In constant time, for all practical purposes.
    #[inline]
    pub fn schedule(&mut self, at: SimTime, event: E) {
        let time = at.as_nanos();
        debug_assert!(time >= self.last, "scheduled at {time}, which is before the present {}", self.last);
        // A release build that broke the rule would still keep events in order.
        let time = time.max(self.last);
        self.len += 1;
        if time < self.front_end {
            self.insert_in_front(Entry { time, event });
            if self.front.len() > FRONT_AT_MOST {
                self.spread_front();
            }
        } else {
            self.put_in_bucket(Entry { time, event });
        }
    }

    /// When the next event happens; `None` if there is none. Nothing is moved, so this may look at a whole bucket.
    pub fn next_time(&self) -> Option<SimTime> {
        let next = match self.front.last() {
            Some(entry) => entry.time,
            // Of the buckets the lowest one holds the soonest events.
            None => self.buckets.get(self.occupied.trailing_zeros() as usize)?.iter().map(|entry| entry.time).min()?,
        };
        Some(SimTime::from_nanos(next))
    }

    /// Takes the next event if it happens at `until` or before.
    #[inline]
    pub fn next_until(&mut self, until: SimTime) -> Option<(SimTime, E)> {
        if self.front.is_empty() {
            self.refill();
        }
        let entry = *self.front.last()?;
        if entry.time > until.as_nanos() {
            return None;
        }
        self.front.pop();
        self.len -= 1;
        self.last = entry.time;
        Some((SimTime::from_nanos(entry.time), entry.event))
    }

    #[inline]
    fn put_in_bucket(&mut self, entry: Entry<E>) {
        // Times in buckets are at least `front_end`, which is above `base`: some bit differs.
        let k = 63 - (entry.time ^ self.base).leading_zeros();
        self.buckets[k as usize].push(entry);
        self.occupied |= 1 << k;
    }

    /// Inserts behind events of the same time, which happen first because they were there first.
    #[inline]
    fn insert_in_front(&mut self, entry: Entry<E>) {
        let mut place = self.front.len();
        self.front.push(entry);
        // Those that happen first move by one while they are looked at: they are few, and `Vec::insert` would move them
        // by a call that costs more than the move.
        while place > 0 && self.front[place - 1].time <= entry.time {
            self.front[place] = self.front[place - 1];
            place -= 1;
        }
        self.front[place] = entry;
    }

    /// Fills the empty front from the next bucket, if there is one.
    #[cold]
    fn refill(&mut self) {
        // Both the reference and the buckets must lie below the far end, the highest bit.
        if self.len <= GATHER_AT_MOST && (self.base | self.occupied) < FAR_END {
            return self.gather();
        }
        while self.occupied != 0 && self.front.is_empty() {
            let k = self.occupied.trailing_zeros();
            // The bucket's events agree with `base` above bit `k`, and have that bit set.
            self.base = ((self.base >> k) | 1) << k;
            self.occupied &= !(1 << k);
            let mut bucket = std::mem::take(&mut self.buckets[k as usize]);
            if bucket.len() <= SORT_AT_MOST {
                self.front_end = self.base.saturating_add(1 << k);
                bucket.drain(..).for_each(|entry| self.insert_in_front(entry));
            } else {
                self.front_end = self.base.saturating_add(1);
                self.spread(&mut bucket);
            }
            // The bucket keeps its memory, so that nothing is allocated in the long run.
            self.buckets[k as usize] = bucket;
        }
    }

    /// Fills the empty front with all events.
    fn gather(&mut self) {
        self.front_end = FAR_END;
        while self.occupied != 0 {
            let k = self.occupied.trailing_zeros();
            self.occupied &= !(1 << k);
            let mut bucket = std::mem::take(&mut self.buckets[k as usize]);
            bucket.drain(..).for_each(|entry| self.insert_in_front(entry));
            self.buckets[k as usize] = bucket;
        }
    }

    /// Spreads events over the buckets below; those at `base` itself are next and go to the front.
    fn spread(&mut self, entries: &mut Vec<Entry<E>>) {
        for entry in entries.drain(..) {
            if entry.time <= self.base {
                self.front.push(entry);
            } else {
                self.put_in_bucket(entry);
            }
        }
        self.front.reverse();
    }

    /// Spreads an overlong front over the buckets, except for the events that are due at once.
    #[cold]
    fn spread_front(&mut self) {
        // Times below `front_end` share their upper bits with `base`, as far as the buckets in use reach.
        self.base = self.base.max(self.last);
        self.front_end = self.base.saturating_add(1);
        let mut front = std::mem::take(&mut self.front);
        let due = front.partition_point(|entry| entry.time > self.base);
        // Soonest first, so that events of the same time stay in order.
        front[..due].reverse();
        for &entry in &front[..due] {
            self.put_in_bucket(entry);
        }
        front.drain(..due);
        self.front = front;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    fn drain(list: &mut FutureEventList<u32>) -> Vec<(u64, u32)> {
        std::iter::from_fn(|| list.next_until(SimTime::NEVER)).map(|(time, event)| (time.as_nanos(), event)).collect()
    }

    #[test]
    fn events_of_the_same_time_come_in_order_of_insertion() {
        let mut list = FutureEventList::new();
        for event in 0..200 {
            list.schedule(at(if event % 2 == 0 { 7 } else { 1 << 40 }), event);
        }
        let events: Vec<u32> = drain(&mut list).into_iter().map(|(_, event)| event).collect();
        let expected: Vec<u32> = (0..200).step_by(2).chain((1..200).step_by(2)).collect();
        assert_eq!(events, expected);
    }

    #[test]
    fn looking_ahead_does_not_forbid_the_present() {
        let mut list = FutureEventList::new();
        list.schedule(at(1_000_000), 1);
        assert_eq!(list.next_until(at(10)), None);
        list.schedule(at(10), 2);
        list.schedule(at(5), 3);
        assert_eq!(drain(&mut list), [(5, 3), (10, 2), (1_000_000, 1)]);
    }

    #[test]
    fn the_next_time_is_that_of_the_next_event() {
        let mut list = FutureEventList::new();
        assert_eq!(list.next_time(), None);
        for event in 0..500_u32 {
            list.schedule(at(u64::from(event.wrapping_mul(2_654_435_761)) << (event % 20)), event);
        }
        while let Some(next) = list.next_time() {
            assert_eq!(list.next_until(SimTime::NEVER).map(|(time, _)| time), Some(next));
        }
        assert!(list.is_empty());
    }

    #[test]
    fn the_end_of_time_can_be_scheduled() {
        let mut list = FutureEventList::new();
        (0..100).for_each(|event| list.schedule(SimTime::NEVER, event));
        list.schedule(at(u64::MAX - 1), 100);
        assert_eq!(drain(&mut list).first(), Some(&(u64::MAX - 1, 100)));
    }

    #[test]
    fn few_events_are_gathered_and_many_spread_again() {
        let mut list = FutureEventList::new();
        let mut expected = Vec::new();
        let (mut event, mut now) = (0_u32, 0_u64);
        // The list grows to 100 events and shrinks to none, over and over; times are often equal, some far beyond the rest.
        for round in 0..4_000_u32 {
            let grows = round / 100 % 2 == 0;
            for _ in 0..if grows { 2 } else { 0 } {
                let mixed = event.wrapping_mul(2_654_435_761);
                let ahead = if mixed % 29 == 0 { FAR_END - u64::from(mixed % 2) } else { u64::from(mixed % 50) };
                let time = (now + ahead).max(now);
                list.schedule(at(time), event);
                expected.push((time, event));
                event += 1;
            }
            let until = expected.iter().map(|&(time, _)| time).min().filter(|&time| time < FAR_END / 2);
            if let Some(until) = until {
                expected.sort_unstable();
                let next = expected.remove(0);
                assert_eq!(list.next_until(at(until)), Some((at(next.0), next.1)));
                now = until;
            }
        }
        expected.sort_unstable();
        assert_eq!(drain(&mut list), expected);
    }

    #[test]
    fn a_front_that_grows_is_spread_and_stays_in_order() {
        let mut list = FutureEventList::new();
        list.schedule(at(1 << 30), 0);
        assert_eq!(list.next_until(at(0)), None);
        // All of these fall into the front that the look ahead has opened.
        for event in 1..1000 {
            list.schedule(at((1 << 30) - u64::from(event % 17)), event);
        }
        let drained = drain(&mut list);
        assert_eq!(drained.len(), 1000);
        assert!(drained.is_sorted_by(|a, b| a.0 < b.0 || (a.0 == b.0 && (a.1 < b.1 || a.1 == 0))));
    }
}
