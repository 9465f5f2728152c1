//! Messages that wait in a queue, in the order in which they are delivered.

use std::collections::VecDeque;

use crate::{
    engine::time::{Duration, SimTime},
    model::topology::CIRCLE_MAX,
};

/// A message. There may be millions of them, so it is small, and no allocation of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// When its publication began; dead letters keep that moment.
    pub published: SimTime,
    /// When it came into the queue that it belongs to.
    pub entered: SimTime,
    /// Which of the messages of its queue it is: who comes back goes before whoever came later. (Numbers may come round: no two
    /// billions of messages are there at a time.)
    pub(super) number: u32,
    /// How long it may wait in a queue.
    pub life: Life,
    /// How hard it is to handle, the lower the harder: a consumer for which so large a share is poison fails below that.
    pub grain: u32,
    /// How often it has come back into its queue.
    pub returns: u16,
    /// How important it is.
    pub priority: u8,
    /// How often it has gone on along a circle of dead letters, and whether it is written to disk.
    pub trail: Trail,
}

/// How long a message may wait, by itself: whole milliseconds, as AMQP has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life(u32);

impl Life {
    /// For ever.
    pub const ENDLESS: Self = Self(u32::MAX);

    /// So many milliseconds.
    pub const fn millis(millis: u32) -> Self {
        Self(millis)
    }

    /// The time that is left when a queue has a limit too: the shorter one counts.
    pub fn within(self, limit: Option<Duration>) -> Option<Duration> {
        let own = (self != Self::ENDLESS).then(|| Duration::from_nanos(u64::from(self.0) * 1_000_000));
        match (own, limit) {
            (Some(own), Some(limit)) => Some(own.min(limit)),
            (own, limit) => own.or(limit),
        }
    }
}

/// What else a message carries with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trail(u8);

impl Trail {
    /// The most hops that it knows.
    pub const HOPS_MAX: u8 = CIRCLE_MAX;
    const TRANSIENT: u8 = 0x80;

    /// The beginning of the way of a message that is persistent, or is not.
    pub const fn begin(is_persistent: bool) -> Self {
        Self(if is_persistent { 0 } else { Self::TRANSIENT })
    }

    /// How often it has gone on along a circle of dead letters without having been rejected.
    pub const fn hops(self) -> u8 {
        self.0 & Self::HOPS_MAX
    }

    /// Whether it dies with the node at which it is.
    pub const fn is_transient(self) -> bool {
        self.0 & Self::TRANSIENT != 0
    }

    /// The same with so many hops.
    #[must_use]
    pub const fn with_hops(self, hops: u8) -> Self {
        Self(self.0 & Self::TRANSIENT | hops & Self::HOPS_MAX)
    }
}

// A queue may hold ten million of them.
const _: () = assert!(size_of::<Message>() <= 32);

impl Message {
    /// One that any consumer can handle.
    pub const EASY: u32 = u32::MAX;

    /// A message on its way into its first queue.
    pub fn new(published: SimTime, priority: u8, grain: u32) -> Self {
        let (life, trail) = (Life::ENDLESS, Trail::begin(true));
        Self { published, entered: published, number: 0, life, grain, returns: 0, priority, trail }
    }

    /// When it has waited as long as it may in a queue with that limit.
    pub fn due(&self, limit: Option<Duration>) -> Option<SimTime> {
        self.life.within(limit).map(|life| self.entered + life)
    }

    /// Whether it came into its queue before another one.
    fn is_before(&self, other: &Self) -> bool {
        (self.number.wrapping_sub(other.number) as i32) < 0
    }
}

/// What waits: the highest priority first, and within one of them whoever came first.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// By priority. There is at least one.
    lines: Vec<VecDeque<Message>>,
    /// The highest priority that is known.
    top: u8,
    count: usize,
    /// How many have ever come.
    came: u32,
}

impl Backlog {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.lines) + self.count * size_of::<Message>()
    }

    /// Nothing waits; so many priorities beside 0 are known.
    pub fn new(max_priority: u8) -> Self {
        let mut backlog = Self { lines: Vec::new(), top: 0, count: 0, came: 0 };
        backlog.reach(max_priority);
        backlog
    }

    /// So many priorities are known from now on. (What waits already stays where it is.)
    pub fn reach(&mut self, max_priority: u8) {
        self.top = max_priority;
        let lines = self.lines.len().max(usize::from(max_priority) + 1);
        self.lines.resize_with(lines, VecDeque::new);
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A message comes into the queue.
    pub fn push(&mut self, message: Message) {
        let message = Message { number: self.came, ..message };
        self.came = self.came.wrapping_add(1);
        self.count += 1;
        self.line(message.priority).push_back(message);
    }

    /// A message that has been delivered comes back, to where it was.
    pub fn put_back(&mut self, message: Message) {
        self.count += 1;
        let line = self.line(message.priority);
        // Most of those that come back are older than all that wait.
        match line.front() {
            Some(first) if first.is_before(&message) => {
                let place = line.partition_point(|other| other.is_before(&message));
                line.insert(place, message);
            }
            _ => line.push_front(message),
        }
    }

    /// The message that is delivered next.
    pub fn head(&self) -> Option<&Message> {
        self.lines.iter().rev().find_map(VecDeque::front)
    }

    /// Takes out the message that is delivered next.
    pub fn pop(&mut self) -> Option<Message> {
        let message = self.lines.iter_mut().rev().find_map(VecDeque::pop_front)?;
        self.count -= 1;
        Some(message)
    }

    /// Takes out all that do not pass; how many they are.
    pub fn retain(&mut self, passes: impl Fn(&Message) -> bool) -> u64 {
        let before = self.count;
        self.lines.iter_mut().for_each(|line| line.retain(&passes));
        self.count = self.lines.iter().map(VecDeque::len).sum();
        (before - self.count) as u64
    }

    fn line(&mut self, priority: u8) -> &mut VecDeque<Message> {
        &mut self.lines[usize::from(priority.min(self.top))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(second: u64, priority: u8) -> Message {
        Message::new(SimTime::from_nanos(second), priority, Message::EASY)
    }

    /// Takes everything out; when each was published.
    fn drained(backlog: &mut Backlog) -> Vec<u64> {
        let order = std::iter::from_fn(|| backlog.pop().map(|message| message.published.as_nanos())).collect();
        assert!(backlog.is_empty() && backlog.head().is_none());
        order
    }

    #[test]
    fn who_comes_back_goes_where_he_was() {
        let mut backlog = Backlog::new(0);
        (0..6).for_each(|second| backlog.push(message(second, 0)));
        let [a, b, c, d] = [(); 4].map(|()| backlog.pop().expect("it waits"));
        [c, a, d].into_iter().for_each(|message| backlog.put_back(message));
        assert_eq!((backlog.len(), backlog.head()), (5, Some(&a)));
        assert_eq!(backlog.pop(), Some(a));
        // Two have come back and one is delivered meanwhile: the next one that returns goes between.
        backlog.put_back(b);
        assert_eq!(drained(&mut backlog), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn the_important_ones_go_first() {
        let mut backlog = Backlog::new(2);
        for (second, priority) in [(0, 0), (1, 2), (2, 1), (3, 2), (4, 7)] {
            backlog.push(message(second, priority));
        }
        let first = backlog.pop().expect("it waits");
        backlog.put_back(first);
        assert_eq!(drained(&mut backlog), [1, 3, 4, 2, 0], "7 is as much as 2, the highest one");
        backlog.reach(9);
        backlog.push(message(5, 9));
        backlog.reach(0);
        (6..8).for_each(|second| backlog.push(message(second, second as u8)));
        assert_eq!(drained(&mut backlog), [5, 6, 7], "none is more than 0 now, but for those that wait");
    }

    #[test]
    fn numbers_come_round() {
        let mut backlog = Backlog::new(0);
        backlog.came = u32::MAX - 1;
        (0..4).for_each(|second| backlog.push(message(second, 0)));
        let [a, b, c] = [(); 3].map(|()| backlog.pop().expect("it waits"));
        [c, a, b].into_iter().for_each(|message| backlog.put_back(message));
        assert_eq!(drained(&mut backlog), [0, 1, 2, 3]);
    }

    #[test]
    fn the_shorter_life_counts() {
        let life = |life: Life, limit: Option<u64>| {
            let limit = limit.map(|millis| Duration::from_nanos(millis * 1_000_000));
            life.within(limit).map(|it| it.as_nanos() / 1_000_000)
        };
        let own = Life::millis(7);
        assert_eq!([life(own, None), life(own, Some(9)), life(own, Some(3))], [Some(7), Some(7), Some(3)]);
        assert_eq!([life(Life::ENDLESS, None), life(Life::ENDLESS, Some(3))], [None, Some(3)]);
    }

    #[test]
    fn a_trail_is_hops_and_a_mark() {
        for is_persistent in [true, false] {
            let trail = Trail::begin(is_persistent).with_hops(127);
            assert_eq!((trail.hops(), trail.is_transient()), (127, !is_persistent));
            assert_eq!(trail.with_hops(0), Trail::begin(is_persistent));
        }
    }

    #[test]
    fn what_does_not_pass_is_taken_out() {
        let mut backlog = Backlog::new(1);
        (0..6).for_each(|second| backlog.push(message(second, (second % 2) as u8)));
        assert_eq!(backlog.retain(|message| message.published.as_nanos() > 1), 2);
        assert_eq!(backlog.len(), 4);
        assert_eq!(drained(&mut backlog), [3, 5, 2, 4]);
    }
}
