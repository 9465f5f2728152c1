//! A station: servers, a queue in front of them, and a rule for who is next.

use std::collections::VecDeque;

use super::time::{Duration, SimTime};

/// Who is served next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// First in, first out.
    Fifo,
    /// Last in, first out; work in progress is not interrupted.
    Lifo,
    /// First in, first out, until the queue has not been empty for so long: then last in, first out, until it is empty again
    /// (adaptive LIFO, B. Maurer, "Fail at Scale", ACM Queue 13(8), 2015).
    Adaptive(Duration),
}

/// Servers and the jobs that wait for them. How long a job takes is its owner's business.
#[derive(Clone, Debug)]
pub struct Station<J> {
    servers: u32,
    places: u32,
    order: Order,
    busy: u32,
    waiting: VecDeque<J>,
    /// When the first of those who wait found nobody waiting.
    waited_since: SimTime,
}

/// What became of a job that entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A server has taken it.
    Started,
    /// It waits.
    Queued,
    /// It found neither a server nor a place to wait.
    Full,
}

impl<J> Station<J> {
    /// A station of so many servers and places to wait; `None` is any number.
    pub fn new(servers: Option<u32>, places: Option<u32>, order: Order) -> Self {
        Self {
            servers: servers.unwrap_or(u32::MAX),
            places: places.unwrap_or(u32::MAX),
            order,
            busy: 0,
            waiting: VecDeque::new(),
            waited_since: SimTime::ZERO,
        }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.waiting.len() * size_of::<J>()
    }

    /// Changes the numbers. Jobs in progress go on; the caller starts those for which there is room now
    /// (see [`Station::start_next`]).
    pub fn resize(&mut self, servers: Option<u32>, places: Option<u32>, order: Order) {
        self.servers = servers.unwrap_or(u32::MAX);
        self.places = places.unwrap_or(u32::MAX);
        self.order = order;
    }

    /// Lets a job in.
    #[inline]
    pub fn enter(&mut self, now: SimTime, job: J) -> Entry {
        if self.busy < self.servers {
            self.busy += 1;
            return Entry::Started;
        }
        if self.waiting.len() >= self.places as usize {
            return Entry::Full;
        }
        self.wait(now, job);
        Entry::Queued
    }

    #[inline]
    fn wait(&mut self, now: SimTime, job: J) {
        if self.waiting.is_empty() {
            self.waited_since = now;
        }
        self.waiting.push_back(job);
    }

    /// Lets a job in that waits behind those of which `goes_behind` says so, and before the others; those that wait stand in
    /// such an order already. If there is no place, the last one makes room unless the job would wait behind it: that one is
    /// returned, and does not wait any more.
    pub fn enter_ranked(&mut self, now: SimTime, job: J, goes_behind: impl Fn(&J) -> bool) -> (Entry, Option<J>) {
        if self.busy < self.servers {
            self.busy += 1;
            return (Entry::Started, None);
        }
        let place = self.waiting.partition_point(goes_behind);
        let is_full = self.waiting.len() >= self.places as usize;
        if is_full && place == self.waiting.len() {
            return (Entry::Full, None);
        }
        if self.waiting.is_empty() {
            self.waited_since = now;
        }
        let displaced = if is_full { self.waiting.pop_back() } else { None };
        self.waiting.insert(place, job);
        (Entry::Queued, displaced)
    }

    /// Lets a job in that is there already: it is never refused.
    pub fn admit(&mut self, now: SimTime, job: J) -> Entry {
        if self.busy < self.servers {
            self.busy += 1;
            return Entry::Started;
        }
        self.wait(now, job);
        Entry::Queued
    }

    /// A job has been done: its server is free.
    #[inline]
    pub fn leave(&mut self) {
        self.busy = self.busy.saturating_sub(1);
    }

    /// Gives a free server to the next job that waits, if there are both.
    #[inline]
    pub fn start_next(&mut self, now: SimTime) -> Option<J> {
        if self.busy >= self.servers {
            return None;
        }
        let job = match self.order {
            Order::Fifo => self.waiting.pop_front(),
            Order::Lifo => self.waiting.pop_back(),
            Order::Adaptive(after) if now.since(self.waited_since) >= after => self.waiting.pop_back(),
            Order::Adaptive(_) => self.waiting.pop_front(),
        }?;
        self.busy += 1;
        Some(job)
    }

    /// Takes the longest waiting job away without serving it.
    pub fn turn_away(&mut self) -> Option<J> {
        self.waiting.pop_front()
    }

    /// Takes a certain job out of those that wait; whether it was there. It is looked for from the front, as who leaves a
    /// queue has mostly waited long.
    pub fn withdraw(&mut self, job: &J) -> bool
    where
        J: PartialEq,
    {
        let place = self.waiting.iter().position(|waiting| waiting == job);
        place.is_some_and(|place| self.waiting.remove(place).is_some())
    }

    /// Servers at work.
    #[inline]
    pub fn busy(&self) -> u32 {
        self.busy
    }

    /// Jobs that wait.
    #[inline]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Number of servers; `None` is any number.
    pub fn servers(&self) -> Option<u32> {
        Some(self.servers).filter(|&servers| servers != u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SimTime = SimTime::ZERO;

    #[test]
    fn jobs_start_wait_and_are_refused() {
        let mut station = Station::new(Some(1), Some(2), Order::Fifo);
        let entries: Vec<Entry> = (0..4).map(|job| station.enter(NOW, job)).collect();
        assert_eq!(entries, [Entry::Started, Entry::Queued, Entry::Queued, Entry::Full]);
        station.leave();
        assert_eq!(station.start_next(NOW), Some(1));
        assert_eq!(station.start_next(NOW), None, "the server is busy again");
    }

    #[test]
    fn last_in_first_out_takes_the_newest() {
        let mut station = Station::new(Some(1), None, Order::Lifo);
        (0..3).for_each(|job| assert_ne!(station.enter(NOW, job), Entry::Full));
        station.leave();
        assert_eq!(station.start_next(NOW), Some(2));
    }

    #[test]
    fn adaptive_order_turns_when_the_queue_has_not_been_empty_for_long_and_turns_back_when_it_is() {
        let at = |milliseconds: u64| SimTime::from_nanos(milliseconds * 1_000_000);
        let mut station = Station::new(Some(1), None, Order::Adaptive(Duration::from_nanos(100_000_000)));
        assert_eq!(station.enter(at(0), 0), Entry::Started);
        let enter = |station: &mut Station<i32>, jobs: std::ops::Range<i32>| {
            jobs.for_each(|job| assert_eq!(station.enter(at(10 * job as u64), job), Entry::Queued));
        };
        let next = |station: &mut Station<i32>, time| {
            station.leave();
            station.start_next(at(time))
        };
        // The queue is not empty from 10 ms on, and so turns at 110 ms.
        enter(&mut station, 1..7);
        assert_eq!([60, 109].map(|time| next(&mut station, time)), [Some(1), Some(2)]);
        assert_eq!([110, 120].map(|time| next(&mut station, time)), [Some(6), Some(5)]);
        // Newcomers go first, although they have only just come.
        enter(&mut station, 13..14);
        assert_eq!([131, 140, 150].map(|time| next(&mut station, time)), [Some(13), Some(4), Some(3)]);
        // It is empty: the next one to wait begins another hundred milliseconds.
        enter(&mut station, 16..19);
        assert_eq!([190, 259, 260].map(|time| next(&mut station, time)), [Some(16), Some(17), Some(18)]);
        assert_eq!(next(&mut station, 270), None);
    }

    #[test]
    fn a_job_that_leaves_the_queue_makes_room() {
        let mut station = Station::new(Some(1), Some(2), Order::Fifo);
        (0..3).for_each(|job| assert_ne!(station.enter(NOW, job), Entry::Full));
        assert!(station.withdraw(&1) && !station.withdraw(&1) && !station.withdraw(&0));
        assert_eq!(station.enter(NOW, 3), Entry::Queued);
        station.leave();
        assert_eq!(station.start_next(NOW), Some(2));
    }

    #[test]
    fn ranked_jobs_wait_in_their_order_and_the_last_makes_room() {
        let mut station = Station::new(Some(1), Some(2), Order::Fifo);
        let mut enter = |job: (u8, char)| station.enter_ranked(NOW, job, |other| other.0 <= job.0);
        assert_eq!(enter((5, 'a')), (Entry::Started, None));
        assert_eq!(enter((1, 'b')), (Entry::Queued, None));
        assert_eq!(enter((1, 'c')), (Entry::Queued, None));
        assert_eq!(enter((1, 'd')), (Entry::Full, None), "it would be the last");
        assert_eq!(enter((0, 'e')), (Entry::Queued, Some((1, 'c'))));
        let served = [(); 3].map(|()| {
            station.leave();
            station.start_next(NOW)
        });
        assert_eq!(served, [Some((0, 'e')), Some((1, 'b')), None]);
    }

    #[test]
    fn more_servers_take_waiting_jobs() {
        let mut station = Station::new(Some(1), None, Order::Fifo);
        (0..3).for_each(|job| assert_ne!(station.enter(NOW, job), Entry::Full));
        station.resize(Some(3), None, Order::Fifo);
        assert_eq!(
            (station.start_next(NOW), station.start_next(NOW), station.start_next(NOW)),
            (Some(1), Some(2), None)
        );
    }
}
