//! Time series in constant memory.
//!
//! Everything measured is kept as a total that only grows (a count, a sum, a
//! time integral); at the end of each window the recorder writes down by how
//! much each total has grown. Measuring so costs nothing between two ends of
//! windows, and windows can be merged by adding. When there are too many of
//! them, neighbours are merged in pairs, and windows are twice as wide from
//! then on.

use std::{mem, sync::Arc};

use crate::engine::time::{Duration, SimTime};

/// The most windows kept; even, so that they can be merged in pairs.
pub const WINDOWS: usize = 1024;

/// Growth of a fixed number of totals in windows of time.
#[derive(Clone, Debug)]
pub struct Recorder {
    width: Duration,
    start: SimTime,
    /// For each complete window, the growth of each total in it. Copies of a recorder share them: what is complete
    /// stays as it is.
    grown: Vec<Arc<[f64]>>,
    /// The totals at the end of the last complete window.
    last: Vec<f64>,
    /// Room for the totals at the end of the next one.
    spare: Vec<f64>,
}

impl Recorder {
    /// Windows of that width, from that time on, at which the totals are `totals`.
    pub fn new(start: SimTime, width: Duration, totals: Vec<f64>) -> Self {
        Self { width, start, grown: Vec::new(), last: totals, spare: Vec::new() }
    }

    /// When the present window ends.
    pub fn window_end(&self) -> SimTime {
        let nanos = self.width.as_nanos().saturating_mul(self.windows() as u64 + 1);
        self.start + Duration::from_nanos(nanos)
    }

    /// An empty list for totals that has room for them.
    pub fn take_spare(&mut self) -> Vec<f64> {
        mem::take(&mut self.spare)
    }

    /// Ends the present window; `totals` must come in the order of the start.
    pub fn end_window(&mut self, totals: Vec<f64>) {
        // In place and then copied as a whole: there are hundreds, and so the processor takes several at a time.
        for (before, total) in self.last.iter_mut().zip(&totals) {
            *before = total - *before;
        }
        self.grown.push(Arc::from(&*self.last));
        self.spare = mem::replace(&mut self.last, totals);
        self.spare.clear();
        if self.windows() == WINDOWS {
            self.merge_pairs();
        }
    }

    /// The totals have been started anew: those that were `before` are `after` now, and nothing has grown by that.
    pub fn rebase(&mut self, before: &[f64], after: &[f64]) {
        for ((last, before), after) in self.last.iter_mut().zip(before).zip(after) {
            *last += after - before;
        }
    }

    /// Other totals from now on, in the order in which they will come: for each one, what it was before it was started
    /// anew, or `None` if it is new; and what it is now. Those that were there keep their order.
    pub fn change_columns(&mut self, was: &[Option<f64>], now: &[f64]) {
        let mut known = 0..self.columns();
        let sources: Vec<Option<usize>> = was.iter().map(|was| was.and_then(|_| known.next())).collect();
        for grown in &mut self.grown {
            *grown = sources.iter().map(|source| source.map_or(0.0, |column| grown[column])).collect();
        }
        let risen = |source: Option<usize>, was: Option<f64>, total: f64| match (source, was) {
            (Some(column), Some(was)) => self.last[column] + (total - was),
            _ => total,
        };
        self.last =
            sources.iter().zip(was).zip(now).map(|((source, was), total)| risen(*source, *was, *total)).collect();
    }

    /// Number of complete windows.
    pub fn windows(&self) -> usize {
        self.grown.len()
    }

    /// Growth of a total in each window, the present, incomplete one included.
    pub fn growth(&self, column: usize, total: f64) -> impl Iterator<Item = f64> {
        let last = self.last.get(column).copied().unwrap_or(total);
        self.grown.iter().filter_map(move |grown| grown.get(column).copied()).chain([total - last])
    }

    /// Growth of a total in the last so many windows together, the present one included.
    pub fn latest(&self, column: usize, total: f64, windows: usize) -> f64 {
        let complete = windows.saturating_sub(1).min(self.windows());
        let last = self.last.get(column).copied().unwrap_or(total);
        let latest = self.grown[self.windows() - complete..].iter();
        latest.filter_map(|grown| grown.get(column)).sum::<f64>() + (total - last)
    }

    /// Windows are of another width from now on, those that have passed as well: what grew in one of the old windows
    /// is taken to have grown evenly. If that makes too many windows they are wider than asked for, as ever.
    pub fn change_width(&mut self, now: SimTime, width: Duration, totals: &[f64]) {
        let elapsed = now.since(self.start).as_nanos();
        let mut nanos = width.as_nanos().max(1);
        while elapsed / nanos >= WINDOWS as u64 {
            nanos = nanos.saturating_mul(2);
        }
        let windows = elapsed / nanos;
        let ends: Vec<u64> = (1..=windows).map(|window| window * nanos).collect();
        let old = self.width.as_nanos();
        let mut resampled = vec![vec![0.0; self.columns()]; ends.len()];
        for (place, &total) in totals.iter().enumerate().take(self.columns()) {
            let column: Vec<f64> = self.growth(place, total).collect();
            let mut before = 0.0;
            for (grown, &end) in resampled.iter_mut().zip(&ends) {
                let sum = grown_by(&column, old, elapsed, end);
                grown[place] = sum - mem::replace(&mut before, sum);
            }
            self.last[place] = total - (column.iter().sum::<f64>() - before);
        }
        self.width = Duration::from_nanos(nanos);
        self.grown = resampled.into_iter().map(Arc::from).collect();
    }

    /// Bytes on the heap; of windows that copies share, this one's share.
    pub fn heap_bytes(&self) -> usize {
        let row = |grown: &Arc<[f64]>| size_of::<Arc<[f64]>>() + size_of_val(&**grown) / Arc::strong_count(grown);
        self.grown.iter().map(row).sum::<usize>() + size_of_val(&*self.last)
    }

    /// Number of totals.
    pub fn columns(&self) -> usize {
        self.last.len()
    }

    /// Start of the first window.
    pub fn start(&self) -> SimTime {
        self.start
    }

    /// Width of a window.
    pub fn width(&self) -> Duration {
        self.width
    }

    fn merge_pairs(&mut self) {
        for pair in 0..WINDOWS / 2 {
            let [first, second] = [2 * pair, 2 * pair + 1].map(|window| &self.grown[window]);
            self.grown[pair] = first.iter().zip(second.iter()).map(|(first, second)| first + second).collect();
        }
        self.grown.truncate(WINDOWS / 2);
        self.width += self.width;
    }
}

/// By how much something has grown in so many nanoseconds, given its growth in windows of `old` nanoseconds, the last
/// of which ends after `elapsed`.
fn grown_by(column: &[f64], old: u64, elapsed: u64, end: u64) -> f64 {
    let whole = ((end / old) as usize).min(column.len().saturating_sub(1));
    let from = whole as u64 * old;
    let length = old.min(elapsed - from);
    let part = if length == 0 { 0.0 } else { (end - from) as f64 / length as f64 };
    column[..whole].iter().sum::<f64>() + part * column[whole]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_merged_when_there_are_too_many() {
        let mut recorder = Recorder::new(SimTime::ZERO, Duration::from_seconds(1.0), vec![0.0]);
        for window in 1..=WINDOWS {
            assert_eq!(recorder.window_end(), SimTime::from_seconds(window as f64));
            recorder.end_window(vec![3.0 * window as f64]);
        }
        assert_eq!(recorder.width(), Duration::from_seconds(2.0));
        assert_eq!(recorder.window_end(), SimTime::from_seconds(WINDOWS as f64 + 2.0));
        let growth: Vec<f64> = recorder.growth(0, 3.0 * WINDOWS as f64 + 1.0).collect();
        assert_eq!(growth.len(), WINDOWS / 2 + 1);
        assert_eq!((growth[0], growth[WINDOWS / 2]), (6.0, 1.0));
    }

    #[test]
    fn new_totals_have_not_grown_before() {
        let mut recorder = Recorder::new(SimTime::ZERO, Duration::from_seconds(1.0), vec![1.0, 2.0]);
        recorder.end_window(vec![11.0, 22.0]);
        recorder.change_columns(&[Some(15.0), None, Some(30.0)], &[0.0, 7.0, 30.0]);
        recorder.end_window(vec![1.0, 8.0, 30.0]);
        let growth = |column| recorder.growth(column, 30.0).take(2).collect::<Vec<_>>();
        assert_eq!([growth(0), growth(1), growth(2)], [[10.0, 5.0], [0.0, 1.0], [20.0, 8.0]]);
    }

    /// Ten windows of a second with a growth of 4 in each, and half a window with a growth of 1.
    fn grown() -> Recorder {
        let mut recorder = Recorder::new(SimTime::ZERO, Duration::from_seconds(1.0), vec![0.0]);
        (1..=10).for_each(|window| recorder.end_window(vec![4.0 * f64::from(window)]));
        recorder
    }

    #[track_caller]
    fn check_width(seconds: f64, expected: &[f64]) {
        let mut recorder = grown();
        recorder.change_width(SimTime::from_seconds(10.5), Duration::from_seconds(seconds), &[41.0]);
        assert_eq!(recorder.growth(0, 41.0).collect::<Vec<_>>(), expected);
        let windows = expected.len() as f64;
        assert_eq!(recorder.window_end(), SimTime::from_seconds(windows * recorder.width().as_seconds()));
    }

    #[test]
    fn windows_of_another_width_share_what_has_grown() {
        check_width(1.0, &[4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 1.0]);
        check_width(2.0, &[8.0, 8.0, 8.0, 8.0, 8.0, 1.0]);
        check_width(4.0, &[16.0, 16.0, 9.0]);
        check_width(3.5, &[14.0, 14.0, 13.0, 0.0]);
        check_width(100.0, &[41.0]);
        let mut recorder = grown();
        recorder.change_width(SimTime::from_seconds(10.5), Duration::from_seconds(0.001), &[41.0]);
        assert_eq!(recorder.width(), Duration::from_seconds(0.016), "no more windows than there may be");
        let all: f64 = recorder.growth(0, 41.0).sum();
        assert!((all - 41.0).abs() < 1e-9, "{all}");
    }
}
