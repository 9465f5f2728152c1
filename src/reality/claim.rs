//! A figure that was measured, and what is asked of the simulation.

use std::{fmt, sync::Arc};

use super::{row::Reason, run::Run};
use crate::engine::random::Stream;

/// How far from the mean of the replications a mean or a share may lie that was measured, as a share of it.
const NEAR: f64 = 0.05;
/// The same for a high percentile.
const NEAR_PERCENTILE: f64 = 0.1;
/// Of so many replications one at either end is no part of their spread.
const OUTSIDE: usize = 100;
/// Means of several replications are drawn so often ...
const DRAWN: usize = 2000;
/// ... of which, of so many, one at either end is no part of their spread.
const OUTSIDE_MEANS: usize = 40;

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A time, in seconds.
    Seconds,
    /// A part of all, 0 to 1.
    Share,
    /// How many.
    Count,
}

impl Unit {
    /// In a word, as in the results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Share => "share",
            Self::Count => "count",
        }
    }
}

/// How a figure is read off a replication.
type Figure = Arc<dyn Fn(&Run) -> f64 + Send + Sync>;

/// What was measured of a figure.
#[derive(Clone)]
pub struct Claim {
    /// Name of the figure, English.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What was measured, in one run or in several.
    pub measured: Vec<f64>,
    /// Whether the mean of those runs is compared, and not each of them.
    pub is_mean: bool,
    /// How far from the mean of the replications that may lie, as a share of it; 0 if it must lie in their spread.
    pub near: f64,
    /// How many events outside of the spread it may lie.
    pub give_or_take: f64,
    /// The value that the product's rules give on paper, and how far from it the mean of the replications may lie, as a share.
    pub rule: Option<(f64, f64)>,
    /// Bounds that no replication may leave.
    pub always: Option<(f64, f64)>,
    /// Why the claim does not hold, if that is known.
    pub known: Option<Reason>,
    figure: Figure,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").field("name", &self.name).field("measured", &self.measured).finish_non_exhaustive()
    }
}

/// What the simulation says of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Name of the figure.
    pub name: &'static str,
    /// What was measured: the mean if there are several runs.
    pub measured: f64,
    /// The mean of the replications; NaN if there is none.
    pub mean: f64,
    /// Where their spread begins: of single replications, or of means of as many as were measured.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// What follows for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What was measured lies in the spread of the replications, or near their mean.
    Holds,
    /// It does not.
    Off,
    /// The simulation does not do what the product's rules say, whatever was measured.
    BreaksRule,
}

impl Verdict {
    /// In a word, as in the results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Off => "off",
            Self::BreaksRule => "breaks the rule",
        }
    }
}

impl Claim {
    /// A time on average, in seconds.
    pub fn seconds(name: &'static str, measured: f64, figure: impl Fn(&Run) -> f64 + Send + Sync + 'static) -> Self {
        Self::new(name, Unit::Seconds, measured, NEAR, Arc::new(figure))
    }

    /// A high percentile of times, in seconds.
    pub fn percentile(name: &'static str, measured: f64, figure: impl Fn(&Run) -> f64 + Send + Sync + 'static) -> Self {
        Self::new(name, Unit::Seconds, measured, NEAR_PERCENTILE, Arc::new(figure))
    }

    /// A part of all.
    pub fn share(name: &'static str, measured: f64, figure: impl Fn(&Run) -> f64 + Send + Sync + 'static) -> Self {
        Self::new(name, Unit::Share, measured, NEAR, Arc::new(figure))
    }

    /// A number of events, which must lie in the spread.
    pub fn count(name: &'static str, measured: f64, figure: impl Fn(&Run) -> f64 + Send + Sync + 'static) -> Self {
        Self::new(name, Unit::Count, measured, 0.0, Arc::new(figure))
    }

    // (Claims are made by the dozen: this is not to be repeated in each place.)
    #[inline(never)]
    fn new(name: &'static str, unit: Unit, measured: f64, near: f64, figure: Figure) -> Self {
        let measured = vec![measured];
        let give_or_take = 0.0;
        Self { name, unit, measured, is_mean: false, near, give_or_take, rule: None, always: None, known: None, figure }
    }

    /// How far from the mean of the replications it may lie, as a share of it.
    #[inline(never)]
    pub fn near(self, near: f64) -> Self {
        Self { near, ..self }
    }

    /// It must lie in the spread.
    pub fn in_spread(self) -> Self {
        self.near(0.0)
    }

    /// One event more or less says nothing.
    #[inline(never)]
    pub fn give_or_take_one(self) -> Self {
        Self { give_or_take: 1.0, ..self }
    }

    /// Further runs gave these values, and each must hold.
    #[inline(never)]
    pub fn and(mut self, measured: &[f64]) -> Self {
        self.measured.extend(measured);
        self
    }

    /// Runs gave these values, whose mean must lie near that of the replications or in the spread of means of as many.
    #[inline(never)]
    pub fn runs(self, measured: &[f64]) -> Self {
        Self { measured: measured.to_vec(), is_mean: true, near: NEAR, ..self }
    }

    /// The product's rules, on paper, give this value; the mean of the replications must lie so near.
    #[inline(never)]
    pub fn rule(self, value: f64, share: f64) -> Self {
        Self { rule: Some((value, share)), ..self }
    }

    /// No replication may be outside.
    #[inline(never)]
    pub fn always(self, low: f64, high: f64) -> Self {
        Self { always: Some((low, high)), ..self }
    }

    /// The figure in a replication.
    pub fn figure(&self, run: &Run) -> f64 {
        (self.figure)(run)
    }

    /// Holds the claim against the figures of the replications, in their order.
    pub fn check(&self, values: &[f64]) -> Finding {
        let mean = mean(values);
        let (low, high) = match self.is_mean {
            true => spread(means(values, self.measured.len()), OUTSIDE_MEANS),
            false => spread(values.to_vec(), OUTSIDE),
        };
        let measured = self::mean(&self.measured);
        let is_near = |value: f64, of: f64| (value - of).abs() <= self.near * of.abs();
        // Between two values that a percentile may have, nothing may lie but what is near to one of them. (A comparison with
        // what does not exist is false.)
        let is_found = |value: f64| self.near == 0.0 || self.is_mean || values.iter().any(|&of| is_near(value, of));
        let is_inside = |value: f64| value >= low - self.give_or_take && value <= high + self.give_or_take;
        let holds = |value: f64| (is_near(value, mean) || is_inside(value)) && is_found(value);
        let all_hold = if self.is_mean { holds(measured) } else { self.measured.iter().copied().all(holds) };
        let verdict = match all_hold {
            _ if !self.keeps_rule(mean, values) => Verdict::BreaksRule,
            true => Verdict::Holds,
            false => Verdict::Off,
        };
        Finding { name: self.name, measured, mean, low, high, verdict }
    }

    /// Whether a verdict is what one knows of the claim.
    pub fn is_expected(&self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Holds => true,
            Verdict::Off => self.known.is_some(),
            Verdict::BreaksRule => false,
        }
    }

    fn keeps_rule(&self, mean: f64, values: &[f64]) -> bool {
        let is_near = self.rule.is_none_or(|(value, share)| (mean - value).abs() <= share * value.abs());
        is_near && self.always.is_none_or(|(low, high)| values.iter().all(|value| (low..=high).contains(value)))
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Means of so many replications, taken at random: what as many measurements might have shown.
fn means(values: &[f64], count: usize) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let mut chosen = Stream::new(0, "reality", "means");
    let mut one = || values[chosen.below(values.len() as u64) as usize];
    (0..DRAWN).map(|_| (0..count).map(|_| one()).sum::<f64>() / count as f64).collect()
}

/// Where values begin and end but for one of so many at either end; NaN if one of them is none.
fn spread(mut values: Vec<f64>, outside: usize) -> (f64, f64) {
    if values.is_empty() || values.iter().any(|value| value.is_nan()) {
        return (f64::NAN, f64::NAN);
    }
    values.sort_by(f64::total_cmp);
    let outside = values.len() / outside;
    (values[outside], values[values.len() - 1 - outside])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict on a claim of which 100 replications give 50 to 149, in some order.
    fn verdict(claim: Claim) -> Verdict {
        let values: Vec<f64> = (0..100).map(|i| f64::from(50 + i * 37 % 100)).collect();
        claim.check(&values).verdict
    }

    fn count(measured: f64) -> Claim {
        Claim::count("lost", measured, |_| 0.0)
    }

    #[test]
    fn what_was_measured_lies_in_the_spread_or_near_the_mean() {
        assert_eq!(
            [50.0, 51.0, 148.0, 149.0].map(|value| verdict(count(value))),
            [Verdict::Off, Verdict::Holds, Verdict::Holds, Verdict::Off]
        );
        let same = |near: f64| count(1.04).near(near).check(&[1.0; 100]).verdict;
        assert_eq!([0.05, 0.03].map(same), [Verdict::Holds, Verdict::Off]);
        assert_eq!(verdict(count(100.0).and(&[60.0, 150.0])), Verdict::Off, "each must hold");
    }

    #[test]
    fn what_lies_between_two_values_is_neither() {
        let values: Vec<f64> = (0..100).map(|i| if i % 10 == 0 { 1.05 } else { 0.05 }).collect();
        let p99 = |measured: f64| Claim::percentile("p99", measured, |_| 0.0).check(&values).verdict;
        // (The mean of the percentiles is 0.15.)
        assert_eq!([0.052, 0.14, 1.0].map(p99), [Verdict::Holds, Verdict::Off, Verdict::Holds]);
    }

    #[test]
    fn one_event_more_or_less_says_nothing() {
        let verdicts = [49.0, 50.0, 149.0, 150.0].map(|value| verdict(count(value).give_or_take_one()));
        assert_eq!(verdicts, [Verdict::Off, Verdict::Holds, Verdict::Holds, Verdict::Off]);
    }

    #[test]
    fn a_mean_of_runs_is_held_against_such_means() {
        assert_eq!(verdict(count(0.0).runs(&[80.0, 120.0, 90.0, 110.0])), Verdict::Holds);
        assert_eq!(verdict(count(0.0).runs(&[60.0; 9])), Verdict::Off, "one of them would hold, not nine");
        assert_eq!(verdict(count(60.0)), Verdict::Holds);
    }

    #[test]
    fn rules_hold_whatever_was_measured() {
        assert_eq!(verdict(count(100.0).rule(99.0, 0.01)), Verdict::Holds);
        assert_eq!(verdict(count(100.0).rule(90.0, 0.05)), Verdict::BreaksRule);
        assert_eq!(verdict(count(100.0).always(50.0, 149.0)), Verdict::Holds);
        assert_eq!(verdict(count(500.0).always(50.0, 148.0)), Verdict::BreaksRule);
    }

    #[test]
    fn what_does_not_exist_does_not_hold() {
        assert_eq!(count(1.0).check(&[1.0, f64::NAN, 1.0]).verdict, Verdict::Off);
        assert_eq!(count(1.0).rule(1.0, 0.1).check(&[f64::NAN]).verdict, Verdict::BreaksRule);
        assert_eq!(count(1.0).check(&[]).verdict, Verdict::Off);
        assert_eq!(count(1.0).runs(&[1.0, 1.0]).check(&[]).verdict, Verdict::Off);
    }
}
