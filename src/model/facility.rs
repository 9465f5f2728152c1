//! A station whose work is measured.

use crate::{
    engine::{
        station::{Entry, Order, Station},
        time::SimTime,
    },
    stats::time_weighted::TimeWeighted,
};

use super::names::VisitId;

/// A station at which visits (or others) are served, with the integrals of its load.
#[derive(Clone, Debug)]
pub struct Facility<J = VisitId> {
    station: Station<J>,
    /// Visits in service, over time.
    pub busy: TimeWeighted,
    /// Visits that wait, over time.
    pub queue: TimeWeighted,
}

impl<J: PartialEq> Facility<J> {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.station.heap_bytes()
    }

    /// So many servers and places to wait; `None` is any number.
    pub fn new(servers: Option<u32>, places: Option<u32>, order: Order) -> Self {
        Self {
            station: Station::new(servers, places, order),
            busy: TimeWeighted::default(),
            queue: TimeWeighted::default(),
        }
    }

    /// Changes the numbers; the caller then starts the visits for which there is room.
    pub fn resize(&mut self, servers: Option<u32>, places: Option<u32>, order: Order) {
        self.station.resize(servers, places, order);
    }

    /// Lets a visit in.
    #[inline]
    pub fn enter(&mut self, now: SimTime, visit: J) -> Entry {
        let entry = self.station.enter(now, visit);
        match entry {
            Entry::Started => self.busy.set(now, f64::from(self.station.busy())),
            Entry::Queued => self.queue.set(now, self.station.waiting() as f64),
            Entry::Full => {}
        }
        entry
    }

    /// Lets a visit in that waits behind those of which `goes_behind` says so; see [`Station::enter_ranked`].
    pub fn enter_ranked(&mut self, now: SimTime, visit: J, goes_behind: impl Fn(&J) -> bool) -> (Entry, Option<J>) {
        let entry = self.station.enter_ranked(now, visit, goes_behind);
        self.measure(now);
        entry
    }

    /// Lets a visit in, whether or not there is a place to wait for it.
    pub fn admit(&mut self, now: SimTime, visit: J) -> Entry {
        let entry = self.station.admit(now, visit);
        self.measure(now);
        entry
    }

    /// Takes note of how many are in service and how many wait.
    pub fn measure(&mut self, now: SimTime) {
        self.busy.set(now, f64::from(self.station.busy()));
        self.queue.set(now, self.station.waiting() as f64);
    }

    /// Visits that wait now.
    #[inline]
    pub fn waiting(&self) -> usize {
        self.station.waiting()
    }

    /// Visits that have a server now.
    #[inline]
    pub fn in_service(&self) -> u32 {
        self.station.busy()
    }

    /// A visit has been served; the next one, if one waits, is in service from now on.
    #[inline]
    pub fn leave(&mut self, now: SimTime) -> Option<J> {
        self.station.leave();
        let next = self.station.start_next(now);
        if next.is_some() {
            self.queue.set(now, self.station.waiting() as f64);
        } else {
            self.busy.set(now, f64::from(self.station.busy()));
        }
        next
    }

    /// Starts a visit that waits, if there is a free server.
    pub fn start_next(&mut self, now: SimTime) -> Option<J> {
        let next = self.station.start_next(now)?;
        self.busy.set(now, f64::from(self.station.busy()));
        self.queue.set(now, self.station.waiting() as f64);
        Some(next)
    }

    /// Takes a waiting visit away without serving it.
    pub fn turn_away(&mut self, now: SimTime) -> Option<J> {
        let visit = self.station.turn_away()?;
        self.queue.set(now, self.station.waiting() as f64);
        Some(visit)
    }

    /// Takes a certain visit out of those that wait.
    pub fn withdraw(&mut self, now: SimTime, visit: J) {
        if self.station.withdraw(&visit) {
            self.queue.set(now, self.station.waiting() as f64);
        }
    }

    /// Number of servers; `None` is any number.
    pub fn servers(&self) -> Option<u32> {
        self.station.servers()
    }

    /// Mean share of the servers at work; without a number of servers, the mean number at work.
    pub fn utilisation(&self, now: SimTime) -> f64 {
        self.busy.mean(now) / f64::from(self.servers().unwrap_or(1))
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.busy.restart(now);
        self.queue.restart(now);
    }
}
