//! When the next request of an open group comes.

use super::topology::Arrivals;
use crate::engine::{
    distribution::Distribution,
    random::Stream,
    time::{Duration, SimTime},
};

/// Where an arrival process is between two arrivals.
#[derive(Clone, Debug)]
pub struct ArrivalProcess {
    stream: Stream,
    /// Of bursty arrivals: the present state, and when it ends.
    burst: usize,
    burst_end: Option<SimTime>,
}

impl ArrivalProcess {
    /// The process of a group.
    pub fn new(seed: u64, group: &str) -> Self {
        Self { stream: Stream::new(seed, group, "arrivals"), burst: 0, burst_end: None }
    }

    /// When the next request comes; `None` if none comes before `end`, or if requests
    /// do not come by themselves (closed and sequential groups).
    #[inline]
    pub fn next(&mut self, arrivals: &Arrivals, now: SimTime, end: SimTime) -> Option<SimTime> {
        let next = match arrivals {
            Arrivals::Poisson { rate } => poisson(now, *rate, &mut self.stream)?,
            Arrivals::Gaps(gap) => now + gap.sample(&mut self.stream),
            Arrivals::Bursty { states } => self.next_bursty(states, now, end)?,
            Arrivals::Profile { points, steps, repeat } => {
                let work = self.stream.exponential();
                Profile { points, steps: *steps, repeat: *repeat }.after(now, work)?
            }
            Arrivals::Wave { mean, amplitude, period } => self.next_wave(*mean, *amplitude, *period, now, end)?,
            Arrivals::Closed { .. } | Arrivals::Sequential { .. } => return None,
        };
        (next <= end).then_some(next)
    }

    /// Within a state arrivals are Poisson, so a gap that outlasts the state may be drawn anew in the next.
    fn next_bursty(&mut self, states: &[(f64, Distribution); 2], now: SimTime, end: SimTime) -> Option<SimTime> {
        let mut from = now;
        while from <= end {
            let (rate, time) = &states[self.burst];
            let state_end = *self.burst_end.get_or_insert_with(|| from + time.sample(&mut self.stream));
            let next = poisson(from, *rate, &mut self.stream).unwrap_or(SimTime::NEVER);
            if next <= state_end {
                return Some(next);
            }
            from = from.max(state_end);
            self.burst = 1 - self.burst;
            self.burst_end = None;
        }
        None
    }

    /// Thinning (Lewis and Shedler, 1979): candidates at the highest rate, kept in proportion to the rate of their moment.
    fn next_wave(
        &mut self,
        mean: f64,
        amplitude: f64,
        period: Duration,
        now: SimTime,
        end: SimTime,
    ) -> Option<SimTime> {
        let highest = mean + amplitude;
        let mut at = now;
        while at <= end {
            at = poisson(at, highest, &mut self.stream)?;
            let turns = (at.as_nanos() % period.as_nanos()) as f64 / period.as_nanos() as f64;
            let rate = mean + amplitude * libm::sin(turns * 2.0 * std::f64::consts::PI);
            if self.stream.uniform() * highest < rate {
                return Some(at);
            }
        }
        None
    }
}

fn poisson(now: SimTime, rate: f64, stream: &mut Stream) -> Option<SimTime> {
    (rate > 0.0).then(|| now + Duration::from_seconds(stream.exponential() / rate))
}

/// A rate that changes over time, as points joined by lines or steps.
struct Profile<'a> {
    points: &'a [(SimTime, f64)],
    steps: bool,
    repeat: bool,
}

/// A piece of a profile: from a moment (in seconds) with a rate, which changes by a slope.
struct Piece {
    from: f64,
    length: f64,
    rate: f64,
    slope: f64,
}

impl Profile<'_> {
    /// The moment by which the integral of the rate has grown by `work` since `now`: with `work` drawn
    /// from the exponential distribution that is the next arrival, exactly.
    fn after(&self, now: SimTime, mut work: f64) -> Option<SimTime> {
        let length = self.points.last().map_or(0.0, |(at, _)| at.as_seconds());
        let now = now.as_seconds();
        let mut cycle = 0.0;
        if self.repeat {
            cycle = libm::floor(now / length) * length;
        }
        let mut from = now - cycle;
        if self.repeat {
            if let Some(at) = self.within(from, length, &mut work) {
                return Some(SimTime::from_seconds(cycle + at));
            }
            // Whole repetitions are skipped at once, however many there are.
            let per_cycle = self.pieces(length).map(|piece| piece.area(0.0, f64::INFINITY)).sum::<f64>();
            if per_cycle <= 0.0 {
                return None;
            }
            let whole = libm::floor(work / per_cycle);
            work -= whole * per_cycle;
            cycle += length * (whole + 1.0);
            from = 0.0;
        }
        let end = if self.repeat { length } else { f64::INFINITY };
        let at = self.within(from, end, &mut work).or(self.repeat.then_some(length))?;
        Some(SimTime::from_seconds(cycle + at))
    }

    /// The same within the pieces from `from` to `end`; otherwise takes their integral off `work`.
    fn within(&self, from: f64, end: f64, work: &mut f64) -> Option<f64> {
        for piece in self.pieces(end) {
            let area = piece.area(from, f64::INFINITY);
            if area >= *work && area > 0.0 {
                return Some(piece.solve(from, *work));
            }
            *work -= area;
        }
        None
    }

    /// Pieces from time 0 to `end`: before the first point, between points, after the last one.
    fn pieces(&self, end: f64) -> impl Iterator<Item = Piece> {
        let first =
            self.points.first().map(|&(at, rate)| Piece { from: 0.0, length: at.as_seconds(), rate, slope: 0.0 });
        let between = self.points.windows(2).map(|pair| {
            let ((start, rate), (stop, next)) = (pair[0], pair[1]);
            let length = stop.as_seconds() - start.as_seconds();
            let slope = if self.steps { 0.0 } else { (next - rate) / length };
            Piece { from: start.as_seconds(), length, rate, slope }
        });
        let last = self.points.last().map(|&(at, rate)| {
            let from = at.as_seconds();
            Piece { from, length: end - from, rate, slope: 0.0 }
        });
        first.into_iter().chain(between).chain(last).filter(|piece| piece.length > 0.0)
    }
}

impl Piece {
    /// Integral of the rate over the part of the piece between two moments.
    fn area(&self, from: f64, to: f64) -> f64 {
        let start = (from - self.from).max(0.0).min(self.length);
        let stop = (to - self.from).max(0.0).min(self.length);
        if stop <= start {
            return 0.0;
        }
        if self.slope == 0.0 {
            return if self.rate == 0.0 { 0.0 } else { self.rate * (stop - start) };
        }
        (stop - start) * (self.rate + self.slope * (start + stop) / 2.0)
    }

    /// The moment by which the integral since `from` has reached `work`, which the piece holds.
    fn solve(&self, from: f64, work: f64) -> f64 {
        let start = (from - self.from).max(0.0);
        let rate = self.rate + self.slope * start;
        // The stable form of the solution of rate·x + slope·x²/2 = work.
        let root = libm::sqrt((rate * rate + 2.0 * self.slope * work).max(0.0));
        self.from + start + 2.0 * work / (rate + root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(arrivals: &Arrivals, from: f64, to: f64) -> usize {
        let mut process = ArrivalProcess::new(3, "test");
        let mut now = SimTime::ZERO;
        let mut count = 0;
        while let Some(next) = process.next(arrivals, now, SimTime::from_seconds(to)) {
            count += usize::from(next.as_seconds() >= from);
            now = next;
        }
        count
    }

    /// Four standard deviations of a Poisson count.
    fn close(count: usize, mean: f64) {
        let allowed = 4.0 * mean.sqrt();
        assert!((count as f64 - mean).abs() <= allowed, "{count} arrivals, {mean} ± {allowed} expected");
    }

    fn profile(steps: bool, repeat: bool) -> Arrivals {
        let points = [(0.0, 10.0), (100.0, 30.0), (200.0, 0.0)];
        let points = points.map(|(at, rate)| (SimTime::from_seconds(at), rate)).to_vec();
        Arrivals::Profile { points, steps, repeat }
    }

    #[test]
    fn profiles_have_the_integral_of_their_rate() {
        close(count(&profile(false, false), 0.0, 100.0), 2000.0);
        close(count(&profile(false, false), 100.0, 1000.0), 1500.0);
        close(count(&profile(true, false), 0.0, 1000.0), 4000.0);
        close(count(&profile(true, true), 0.0, 1000.0), 20_000.0);
        close(count(&profile(false, true), 100.0, 1100.0), 17_500.0);
    }

    #[test]
    fn a_rate_of_zero_ends_the_arrivals_instead_of_the_patience() {
        let points = vec![(SimTime::ZERO, 0.0), (SimTime::from_seconds(10.0), 0.0)];
        for repeat in [false, true] {
            let silent = Arrivals::Profile { points: points.clone(), steps: true, repeat };
            assert_eq!(count(&silent, 0.0, 1e9), 0);
        }
        assert_eq!(count(&Arrivals::Poisson { rate: 0.0 }, 0.0, 1e9), 0);
    }

    #[test]
    fn waves_and_bursts_have_their_mean() {
        let period = Duration::from_seconds(10.0);
        close(count(&Arrivals::Wave { mean: 50.0, amplitude: 50.0, period }, 0.0, 100.0), 5000.0);
        let constant = |seconds| Distribution::constant(seconds).expect("valid");
        let states = [(10.0, constant(1.0)), (90.0, constant(1.0))];
        close(count(&Arrivals::Bursty { states }, 0.0, 100.0), 5000.0);
    }
}
