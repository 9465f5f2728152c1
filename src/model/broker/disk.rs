//! The disk of a broker, to which messages are written in batches.
//!
//! A sync begins when something waits for it, none runs, and the last one began an interval ago; it takes all that has come until
//! then. So the moment at which something is safe is known when it comes, and nothing has to happen in between.

use crate::engine::time::{Duration, SimTime};

/// When a disk is synced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// The beginning of the last sync that was over before the one before the latest had begun: what came by then is safe.
    done: SimTime,
    /// The sync before the latest one.
    former: Sync,
    /// The latest that has been planned; it may be still to come.
    latest: Sync,
    /// Whether there has been any.
    is_used: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sync {
    begin: SimTime,
    end: SimTime,
}

impl Disk {
    /// Something has come: when it is safe. A sync that has to be planned for it takes the time that is drawn.
    pub fn write(&mut self, now: SimTime, interval: Duration, draw: impl FnOnce() -> Duration) -> SimTime {
        if !self.is_used || self.latest.begin < now {
            let earliest = if self.is_used { self.latest.end.max(self.latest.begin + interval) } else { now };
            let begin = now.max(earliest);
            self.done = if self.former.end <= now { self.former.begin } else { self.done };
            self.former = self.latest;
            self.latest = Sync { begin, end: begin + draw() };
            self.is_used = true;
        }
        self.latest.end
    }

    /// What came after that moment is not safe yet.
    pub fn safe_until(&self, now: SimTime) -> SimTime {
        match now {
            _ if self.is_used && self.latest.end <= now => self.latest.begin,
            _ if self.former.end <= now => self.former.begin,
            _ => self.done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    /// When something is safe that comes then, to a disk that takes a second for a sync and begins one each ten seconds at most.
    fn write(disk: &mut Disk, at: f64) -> f64 {
        let span = Duration::from_seconds;
        disk.write(second(at), span(10.0), || span(1.0)).as_seconds()
    }

    #[test]
    fn a_sync_takes_all_that_has_come_before_it_begins() {
        let mut disk = Disk::default();
        assert_eq!(disk.safe_until(second(99.0)), SimTime::ZERO);
        assert_eq!([2.0, 2.0, 2.5, 7.0, 12.0, 12.5].map(|at| write(&mut disk, at)), [3.0, 3.0, 13.0, 13.0, 13.0, 23.0]);
        // After a silence it is at once.
        assert_eq!([50.0, 50.5].map(|at| write(&mut disk, at)), [51.0, 61.0]);
    }

    #[test]
    fn a_sync_that_takes_longer_than_the_interval_is_waited_for() {
        let mut disk = Disk::default();
        let mut write = |at| disk.write(second(at), Duration::ZERO, || Duration::from_seconds(4.0)).as_seconds();
        assert_eq!([0.0, 1.0, 3.0, 4.0, 5.0].map(&mut write), [4.0, 8.0, 8.0, 8.0, 12.0]);
    }

    #[test]
    fn what_has_come_since_the_last_sync_began_is_not_safe() {
        let mut disk = Disk::default();
        write(&mut disk, 2.0);
        assert_eq!([2.5, 3.0].map(|at| disk.safe_until(second(at)).as_seconds()), [0.0, 2.0]);
        write(&mut disk, 5.0);
        assert_eq!([5.0, 12.5, 13.0].map(|at| disk.safe_until(second(at)).as_seconds()), [2.0, 2.0, 12.0]);
        // One runs, and the next is planned.
        write(&mut disk, 12.5);
        assert_eq!([12.7, 13.0, 23.0].map(|at| disk.safe_until(second(at)).as_seconds()), [2.0, 12.0, 22.0]);
    }
}
