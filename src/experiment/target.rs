//! Running until an interval is narrow enough.
//!
//! How many replications come next is decided at certain numbers of them only, and from their values alone, so the
//! result does not depend on how many ran at the same time.

use super::sample::Summary;

/// Replications before the first look: with fewer the interval itself is a guess.
const FIRST: u64 = 10;
/// More than seem to be needed, by that share: the next look is to be the last one.
const MARGIN: f64 = 1.05;

/// How narrow the interval of a figure shall be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// Half the width, in the figure's own unit.
    Absolute(f64),
    /// Half the width, as a share of the mean.
    Relative(f64),
}

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// How narrow the interval shall be.
    pub width: Width,
    /// Level of the interval, such as 0.95.
    pub level: f64,
    /// The most replications.
    pub most: u64,
}

/// What is to be done after some replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// So many replications in all, then look again.
    Run(u64),
    /// The interval is narrow enough.
    Reached,
    /// The cap is reached and the interval is not narrow enough.
    TooWide {
        /// Half its width.
        half_width: f64,
        /// Half the width that is asked for.
        wanted: f64,
        /// Replications that would probably be needed.
        needed: f64,
    },
    /// The figure does not exist in any replication, or in one only.
    NoValue,
    /// The mean is 0, and the width is asked for as a share of it.
    MeanIsZero,
}

impl Target {
    /// Replications to run before anything is known.
    pub fn first(&self) -> u64 {
        FIRST.min(self.most)
    }

    /// What to do after the replications that these are the figures of.
    pub fn next(&self, values: &[f64]) -> Next {
        let done = values.len() as u64;
        let summary = Summary::of(values.iter().copied());
        let (Some(mean), Some(half_width)) = (summary.mean, summary.half_width(self.level)) else {
            return if done < self.most { Next::Run(self.after(done, 2.0 * done as f64)) } else { Next::NoValue };
        };
        let wanted = match self.width {
            Width::Absolute(width) => width,
            Width::Relative(share) => share * mean.abs(),
        };
        if half_width <= wanted {
            // No spread at all, around 0: more replications would say the same.
            return Next::Reached;
        }
        if wanted <= 0.0 && done >= self.most {
            return Next::MeanIsZero;
        }
        let ratio = half_width / wanted;
        let needed = (done as f64 * ratio * ratio * MARGIN).ceil();
        if done >= self.most {
            Next::TooWide { half_width, wanted, needed }
        } else {
            Next::Run(self.after(done, needed))
        }
    }

    /// The number of replications of the next look: what is needed, but neither too few nor far too many.
    fn after(&self, done: u64, needed: f64) -> u64 {
        (needed.min(3.0 * done as f64) as u64).max(done + 1).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Stream;

    fn target(width: Width, most: u64) -> Target {
        Target { width, level: 0.95, most }
    }

    /// Runs "replications" until told to stop; how many, and why.
    fn run(target: Target, mut draw: impl FnMut() -> f64) -> (u64, Next) {
        let mut values: Vec<f64> = (0..target.first()).map(|_| draw()).collect();
        loop {
            match target.next(&values) {
                Next::Run(more) => {
                    assert!(more > values.len() as u64 && more <= target.most);
                    values.resize_with(more as usize, &mut draw);
                }
                end => return (values.len() as u64, end),
            }
        }
    }

    #[test]
    fn it_stops_when_the_interval_is_narrow_enough() {
        let mut stream = Stream::new(1, "test", "target");
        // With a standard deviation of 1 it takes (1.96 / 0.1)² = 384.
        let (done, end) = run(target(Width::Absolute(0.1), 10_000), || stream.normal());
        assert_eq!(end, Next::Reached);
        assert!((250..700).contains(&done), "{done}");
        let (done, end) = run(target(Width::Relative(0.01), 10_000), || 10.0 + stream.normal());
        assert_eq!(end, Next::Reached);
        assert!((250..700).contains(&done), "{done}");
    }

    #[test]
    fn what_cannot_be_reached_ends_with_a_word() {
        let mut stream = Stream::new(1, "test", "target");
        let (done, end) = run(target(Width::Absolute(1e-6), 50), || stream.normal());
        assert!(done == 50 && matches!(end, Next::TooWide { needed, .. } if needed > 1e12), "{end:?}");
        assert_eq!(run(target(Width::Absolute(1.0), 20), || f64::NAN), (20, Next::NoValue));
        let mut sign = 1.0;
        let alternating = || {
            sign = -sign;
            sign
        };
        assert_eq!(run(target(Width::Relative(0.1), 20), alternating).1, Next::MeanIsZero);
        assert_eq!(run(target(Width::Relative(0.1), 20), || 0.0), (10, Next::Reached));
    }
}
