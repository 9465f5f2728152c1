//! CoDel: a queue that drops what has waited while it never gets short (RFC 8289).

use super::time::{Duration, SimTime};

/// The two numbers of CoDel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codel {
    /// A wait that may last. RFC 8289: 5 ms.
    pub target: Duration,
    /// For so long the wait must have been longer before something is dropped, above 0. RFC 8289: 100 ms.
    pub interval: Duration,
}

impl Default for Codel {
    fn default() -> Self {
        Self { target: Duration::from_nanos(5_000_000), interval: Duration::from_nanos(100_000_000) }
    }
}

/// The control loop of RFC 8289, section 5. Once every wait of an interval has been longer than the target, it drops one
/// job and then more and more often: the `n`th `interval ÷ √n` after the one before, until a wait is short again. After a
/// short pause it goes on about where it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodelState {
    /// When waits will have been long for an interval, if all are until then.
    above_until: Option<SimTime>,
    /// When the next job is dropped, while jobs are dropped.
    drop_next: SimTime,
    is_dropping: bool,
    /// Drops since it began to drop; and their number at that moment, if it went on from an earlier time.
    count: u32,
    count_at_first: u32,
    /// A job has been dropped, and the time of the next drop is not yet known.
    has_dropped: bool,
}

impl CodelState {
    /// Whether the job that comes out of the queue now, having waited for so long, is dropped, and the next one is looked
    /// at in its place. `is_last` says that nothing waits behind it: then the queue is short, however long it took.
    pub fn drops(&mut self, codel: &Codel, now: SimTime, waited: Duration, is_last: bool) -> bool {
        let is_bad = self.is_bad(codel, now, waited, is_last);
        let has_dropped = std::mem::take(&mut self.has_dropped);
        if !is_bad {
            self.is_dropping = false;
            return false;
        }
        if !self.is_dropping {
            self.begin(codel, now);
            return true;
        }
        if has_dropped {
            self.drop_next = after(self.drop_next, codel, self.count);
        }
        if now < self.drop_next {
            return false;
        }
        self.count = self.count.saturating_add(1);
        self.has_dropped = true;
        true
    }

    /// Whether waits have been long for an interval.
    fn is_bad(&mut self, codel: &Codel, now: SimTime, waited: Duration, is_last: bool) -> bool {
        if waited < codel.target || is_last {
            self.above_until = None;
            return false;
        }
        now >= *self.above_until.get_or_insert(now + codel.interval)
    }

    fn begin(&mut self, codel: &Codel, now: SimTime) {
        let drops = self.count - self.count_at_first.min(self.count);
        let pause = Duration::from_nanos(codel.interval.as_nanos().saturating_mul(16));
        let goes_on = drops > 1 && now.since(self.drop_next) < pause;
        self.count = if goes_on { drops } else { 1 };
        self.count_at_first = self.count;
        self.is_dropping = true;
        self.drop_next = after(now, codel, self.count);
    }
}

/// The control law.
fn after(moment: SimTime, codel: &Codel, count: u32) -> SimTime {
    let nanos = codel.interval.as_nanos_f64() / libm::sqrt(f64::from(count.max(1)));
    moment + Duration::from_nanos_f64(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: f64) -> SimTime {
        SimTime::from_seconds(milliseconds / 1000.0)
    }

    const LONG: Duration = Duration::from_nanos(20_000_000);
    const SHORT: Duration = Duration::from_nanos(1_000_000);

    /// The milliseconds at which one job a millisecond is dropped.
    fn drops(state: &mut CodelState, times: std::ops::Range<u32>, waited: Duration) -> Vec<u32> {
        let codel = Codel::default();
        times
            .filter(|&time| {
                let mut is_dropped = false;
                while state.drops(&codel, at(time.into()), waited, false) {
                    is_dropped = true;
                }
                is_dropped
            })
            .collect()
    }

    #[test]
    fn short_waits_are_left_alone() {
        let mut state = CodelState::default();
        assert_eq!(drops(&mut state, 0..10_000, SHORT), [0; 0]);
        // Long ones are so, too, as long as one in an interval is short.
        for start in (0..1000).step_by(100) {
            assert_eq!(drops(&mut state, start..start + 99, LONG), [0; 0]);
            assert_eq!(drops(&mut state, start + 99..start + 100, SHORT), [0; 0]);
        }
    }

    #[test]
    fn drops_come_faster_with_the_root_of_their_number() {
        let mut state = CodelState::default();
        // An interval of long waits, then 100 ms, 100/√2 = 70.7 ms, 100/√3 = 57.7 ms, 50 ms, 44.7 ms later.
        assert_eq!(drops(&mut state, 0..530, LONG), [100, 200, 271, 329, 379, 424, 464, 502]);
        assert_eq!(drops(&mut state, 530..531, SHORT), [0; 0]);
        assert!(!state.is_dropping);
    }

    #[test]
    fn it_goes_on_where_it_was_after_a_short_pause_and_begins_anew_after_a_long_one() {
        let mut state = CodelState::default();
        drops(&mut state, 0..530, LONG);
        drops(&mut state, 530..531, SHORT);
        // Eight drops, seven of them after the first: the pause to the next one is 100/√7 = 37.8 ms.
        assert_eq!(drops(&mut state, 531..680, LONG), [631, 669]);
        let mut state = CodelState::default();
        drops(&mut state, 0..530, LONG);
        drops(&mut state, 530..3000, SHORT);
        assert_eq!(drops(&mut state, 3000..3210, LONG), [3100, 3200]);
    }

    #[test]
    fn several_are_dropped_at_once_when_nothing_came_out_for_a_while() {
        let (codel, mut state) = (Codel::default(), CodelState::default());
        drops(&mut state, 0..150, LONG);
        let mut dropped = 0;
        while state.drops(&codel, at(350.0), LONG, false) {
            dropped += 1;
        }
        assert_eq!(dropped, 3, "those of 200, 271 and 329 ms");
    }

    #[test]
    fn the_last_job_is_never_dropped() {
        let (codel, mut state) = (Codel::default(), CodelState::default());
        assert!((0..10_000).all(|time| !state.drops(&codel, at(time.into()), LONG, true)));
    }
}
