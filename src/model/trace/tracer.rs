//! Which requests are traced, and which records are kept.

use std::{cmp::Reverse, collections::VecDeque};

use super::{
    Link,
    record::{About, Record},
};
use crate::{
    engine::time::{Duration, SimTime},
    model::cause::Cause,
};

/// Requests traced at a time. Those that begin beyond it are not traced, but counted.
pub const IN_FLIGHT_MAX: usize = 4096;
/// Records kept of each kind.
pub const KEPT: usize = 64;

/// A list of records that are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those that took longest of those that succeeded (since the end of the warm-up), slowest first.
    Slowest,
    /// The latest that failed, latest first.
    Failed,
    /// The latest of all, latest first.
    #[default]
    Latest,
}

/// Records of requests, those being written and those that are kept.
#[derive(Clone, Debug, Default)]
pub struct Tracer {
    is_on: bool,
    records: Vec<Record>,
    /// Records that nobody needs; the last one is used next.
    free: Vec<u32>,
    in_flight: usize,
    untraced: u64,
    /// In no order.
    slowest: Vec<u32>,
    /// The shortest latency among the slowest, once there are [`KEPT`] of them.
    slow_enough: Duration,
    /// Oldest first.
    failed: VecDeque<u32>,
    /// Oldest first.
    latest: VecDeque<u32>,
}

impl Tracer {
    /// Whether requests that begin now are traced.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let records: usize = self.records.iter().map(Record::heap_bytes).sum();
        size_of_val(&*self.records) + records
    }

    /// Requests that were not traced because too many were in flight.
    pub fn untraced(&self) -> u64 {
        self.untraced
    }

    /// Switches it. Whoever is in flight is not traced (any more); what is kept stays.
    pub(in crate::model) fn switch(&mut self, is_on: bool) {
        if self.is_on && !is_on {
            for slot in 0..self.records.len() as u32 {
                let record = &mut self.records[slot as usize];
                if record.is_in_flight {
                    record.is_in_flight = false;
                    record.epoch = record.epoch.wrapping_add(1);
                    self.free.push(slot);
                }
            }
            self.in_flight = 0;
        }
        self.is_on = is_on;
    }

    /// A request begins.
    pub(in crate::model) fn begin(&mut self, about: About) -> Link {
        if self.in_flight >= IN_FLIGHT_MAX {
            self.untraced += 1;
            return Link::NOWHERE;
        }
        self.in_flight += 1;
        let slot = match self.free.pop() {
            Some(slot) => {
                self.records[slot as usize].restart(about);
                slot
            }
            None => {
                self.records.push(Record::new(about));
                self.records.len() as u32 - 1
            }
        };
        Link::new(slot, self.records[slot as usize].epoch)
    }

    /// The record that a link leads to, if it is still being written.
    #[inline]
    pub(in crate::model) fn record(&mut self, link: Link) -> Option<&mut Record> {
        self.records.get_mut(link.slot() as usize).filter(|record| record.epoch == link.epoch)
    }

    /// A request has ended: its record is kept for as long as it is among the latest, or the slowest.
    pub(in crate::model) fn finish(&mut self, link: Link, cause: Option<Cause>, attempts: u32, now: SimTime) {
        let Some(record) = self.record(link) else { return };
        (record.ended, record.cause, record.attempts) = (now, cause, attempts);
        record.epoch = record.epoch.wrapping_add(1);
        record.is_in_flight = false;
        record.held = 1;
        self.in_flight -= 1;
        self.latest.push_back(link.slot());
        if cause.is_some() {
            self.hold(link.slot());
            self.failed.push_back(link.slot());
        } else {
            self.keep_if_slow(link.slot());
        }
        for list in [&mut self.latest, &mut self.failed] {
            if list.len() > KEPT
                && let Some(oldest) = list.pop_front()
            {
                release(&mut self.records, &mut self.free, oldest);
            }
        }
    }

    fn hold(&mut self, slot: u32) {
        self.records[slot as usize].held += 1;
    }

    fn keep_if_slow(&mut self, slot: u32) {
        let latency = |slot: u32| self.records[slot as usize].latency();
        if self.slowest.len() < KEPT {
            self.slowest.push(slot);
        } else if latency(slot) > self.slow_enough {
            let quickest = (0..KEPT).min_by_key(|&place| latency(self.slowest[place])).unwrap_or(0);
            let gone = std::mem::replace(&mut self.slowest[quickest], slot);
            release(&mut self.records, &mut self.free, gone);
        } else {
            return;
        }
        self.hold(slot);
        if self.slowest.len() == KEPT {
            let latencies = self.slowest.iter().map(|&slot| self.records[slot as usize].latency());
            self.slow_enough = latencies.min().unwrap_or_default();
        }
    }

    /// The statistics start anew: who was slow before does not count. The latest are the latest all the same.
    pub(in crate::model) fn restart(&mut self) {
        for slot in self.slowest.drain(..) {
            release(&mut self.records, &mut self.free, slot);
        }
    }

    /// Records that are kept.
    pub fn kept(&self, which: Which) -> Vec<&Record> {
        let record = |&slot: &u32| &self.records[slot as usize];
        match which {
            Which::Latest => self.latest.iter().rev().map(record).collect(),
            Which::Failed => self.failed.iter().rev().map(record).collect(),
            Which::Slowest => {
                let mut kept: Vec<&Record> = self.slowest.iter().map(record).collect();
                kept.sort_by_key(|record| (Reverse(record.latency()), record.about.number));
                kept
            }
        }
    }

    /// The record of that request or login, if it is kept.
    pub fn find(&self, number: u64) -> Option<&Record> {
        self.records.iter().find(|record| record.held > 0 && record.about.number == number)
    }
}

/// A list does without a record; if it was the last one to hold it, the record is free.
fn release(records: &mut [Record], free: &mut Vec<u32>, slot: u32) {
    let record = &mut records[slot as usize];
    record.held -= 1;
    if record.held == 0 {
        free.push(slot);
    }
}
