//! A result of theory, the system that shows it, and what is asked of the simulation.

use crate::{
    experiment::{Summary, student},
    model::world::World,
    report::Report,
};

/// Independent replications of each system.
pub const REPLICATIONS: u64 = 20;
/// So many further replications has a system of which a claim missed. They alone then say whether it holds.
pub const MORE: u64 = 40;
/// Level of the intervals.
pub const LEVEL: f64 = 0.99;
/// What lies outside the interval of this level is no chance, and is not looked at again.
const CERTAIN: f64 = 1.0 - 1e-5;
/// An interval so many times wider than it may be stays too wide with more replications.
const HOPELESS: f64 = 1.8;
/// How wide an interval may be, half of it, as a share of the value.
const HALF_WIDTH_MAX: f64 = 0.02;

/// A result of theory and the system that shows it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Short name, the same in all languages.
    pub id: &'static str,
    /// Title in English.
    pub title: &'static str,
    /// The configuration, JSON, without seed, duration and warm-up.
    pub config: String,
    /// Simulated seconds of each replication after the warm-up.
    pub seconds: f64,
    /// Simulated seconds before, which do not count.
    pub warm_up: f64,
    /// What theory says.
    pub claims: Vec<Claim>,
    /// What is watched while the run goes on: its mean over time is a figure, too.
    pub watch: Option<fn(&World) -> f64>,
}

/// How a figure is read off a finished run: off its report and the mean of what was watched.
pub type Measure = fn(&Report, f64) -> f64;

/// That theory gives this value for a figure.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Name of the figure, as in the books.
    pub name: &'static str,
    /// What theory says.
    pub theory: f64,
    /// How it is measured.
    pub measure: Measure,
    /// How far off the theory itself may be, as a share of the value.
    pub bias: f64,
}

/// What the simulation says of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Name of the figure.
    pub name: &'static str,
    /// What theory says.
    pub theory: f64,
    /// The simulated value; NaN if there is none.
    pub mean: f64,
    /// Half the width of its confidence interval.
    pub half_width: f64,
    /// What follows.
    pub verdict: Verdict,
    /// What the first replications said, if the claim missed in them and was looked at again.
    pub missed: Option<Missed>,
}

/// What the first replications say of a claim that did not pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Missed {
    /// The simulated value.
    pub mean: f64,
    /// Half the width of its confidence interval.
    pub half_width: f64,
    /// Why it did not pass.
    pub verdict: Verdict,
}

/// What follows for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The theoretical value lies in the interval, and the interval is narrow.
    Pass,
    /// The theoretical value lies outside of the interval.
    Off,
    /// The interval is too wide to mean anything.
    TooWide,
}

impl Verdict {
    /// In a word, as in the results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Off => "off",
            Self::TooWide => "too wide",
        }
    }
}

impl Row {
    /// A system that is watched for so many seconds, all replications together; a thirtieth more, before, does not
    /// count.
    pub fn new(id: &'static str, title: &'static str, seconds: f64, config: String) -> Self {
        let seconds = seconds / REPLICATIONS as f64;
        Self { id, title, config, seconds, warm_up: seconds / 30.0, claims: Vec::new(), watch: None }
    }

    /// The same with another warm-up, in seconds.
    pub fn warm_up(self, seconds: f64) -> Self {
        Self { warm_up: seconds, ..self }
    }

    /// Adds a claim.
    pub fn claim(self, name: &'static str, theory: f64, measure: Measure) -> Self {
        self.add(Claim { name, theory, measure, bias: 0.0 })
    }

    /// The last claim is an approximation, which may be off by that share.
    pub fn approximate(mut self, share: f64) -> Self {
        self.claims.iter_mut().last().into_iter().for_each(|claim| claim.bias = share);
        self
    }

    /// Watches the system after every event.
    pub fn watch(self, what: fn(&World) -> f64) -> Self {
        Self { watch: Some(what), ..self }
    }

    fn add(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }
}

impl Claim {
    /// Holds the claim against the values of the replications. One that missed in the first of them is judged by the
    /// further ones, if there are any: chance misses once in a hundred times, but hardly twice in a row.
    pub fn check(&self, values: &[f64]) -> Finding {
        let (first, more) = values.split_at(values.len().min(REPLICATIONS as usize));
        let finding = self.judge(first);
        if more.is_empty() || finding.verdict == Verdict::Pass {
            return finding;
        }
        let Finding { mean, half_width, verdict, .. } = finding;
        Finding { missed: Some(Missed { mean, half_width, verdict }), ..self.judge(more) }
    }

    /// Whether these first values leave open if the claim holds: it missed, but not by so much that it is no chance.
    pub fn is_open(&self, values: &[f64]) -> bool {
        let finding = self.judge(values);
        match finding.verdict {
            Verdict::Pass => false,
            Verdict::TooWide => finding.half_width <= HOPELESS * HALF_WIDTH_MAX * self.theory.abs(),
            // (A comparison with what does not exist is false.)
            Verdict::Off => (finding.mean - self.theory).abs() <= self.allowed(half_width(values, CERTAIN)),
        }
    }

    /// How far off a mean may be whose interval is that wide. A figure without any spread is still rounded.
    fn allowed(&self, half_width: f64) -> f64 {
        half_width + self.bias.max(1e-9) * self.theory.abs()
    }

    fn judge(&self, values: &[f64]) -> Finding {
        let summary = Summary::of(values.iter().copied());
        // A replication without a value is none that agrees.
        let mean = summary.mean.filter(|_| summary.n == values.len() as u64).unwrap_or(f64::NAN);
        let half_width = half_width(values, LEVEL);
        let verdict = if !mean.is_finite() || (mean - self.theory).abs() > self.allowed(half_width) {
            Verdict::Off
        } else if half_width > HALF_WIDTH_MAX * self.theory.abs() {
            Verdict::TooWide
        } else {
            Verdict::Pass
        };
        Finding { name: self.name, theory: self.theory, mean, half_width, verdict, missed: None }
    }
}

/// Half the width of the interval of the mean at a level; infinite where too few values make none.
fn half_width(values: &[f64], level: f64) -> f64 {
    let summary = Summary::of(values.iter().copied());
    summary.sd.map_or(f64::INFINITY, |sd| student::two_sided(level, summary.n - 1) * sd / libm::sqrt(summary.n as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(theory: f64) -> Claim {
        Claim { name: "W", theory, measure: |_, _| 0.0, bias: 0.0 }
    }

    #[test]
    fn the_value_must_lie_in_a_narrow_interval() {
        let values: Vec<f64> = (0..20).map(|i| 1.0 + 0.01 * f64::from(i % 2)).collect();
        assert_eq!(claim(1.005).check(&values).verdict, Verdict::Pass);
        assert_eq!(claim(1.02).check(&values).verdict, Verdict::Off);
        let values: Vec<f64> = (0..20).map(|i| 1.0 + 0.2 * f64::from(i % 2)).collect();
        assert_eq!(claim(1.1).check(&values).verdict, Verdict::TooWide);
        assert_eq!(claim(1.0).check(&[1.0, f64::NAN, 1.0]).verdict, Verdict::Off);
        assert_eq!(claim(1.0).check(&[f64::INFINITY; 20]).verdict, Verdict::Off);
        assert_eq!(claim(1.0).check(&[1.0; 20]).verdict, Verdict::Pass);
    }

    /// Twenty values around a mean, whose interval of 99 % is a hundredth wide to either side.
    fn around(mean: f64) -> impl Iterator<Item = f64> {
        let sd = 0.01 / student::two_sided(LEVEL, 19) * libm::sqrt(19.0);
        (0..20).map(move |i| mean + sd * f64::from(1 - i % 2 * 2))
    }

    #[test]
    fn what_missed_is_judged_by_further_replications() {
        let miss: Vec<f64> = around(1.011).collect();
        assert!(claim(1.0).is_open(&miss) && claim(1.0).check(&miss).verdict == Verdict::Off);
        let good: Vec<f64> = around(1.011).chain(around(1.0)).chain(around(1.0)).collect();
        let finding = claim(1.0).check(&good);
        assert_eq!((finding.verdict, finding.missed.map(|it| it.verdict)), (Verdict::Pass, Some(Verdict::Off)));
        assert!((finding.mean - 1.0).abs() < 1e-9, "the further ones alone count");
        let bad: Vec<f64> = around(1.011).chain(around(1.011)).chain(around(1.011)).collect();
        assert_eq!(claim(1.0).check(&bad).verdict, Verdict::Off);
        // What passed at first is not looked at again, although its row may go on for another claim.
        let passed: Vec<f64> = around(1.0).chain(around(2.0)).collect();
        assert_eq!((claim(1.0).check(&passed).verdict, claim(1.0).check(&passed).missed), (Verdict::Pass, None));
    }

    #[test]
    fn what_is_no_chance_is_not_looked_at_again() {
        let values: Vec<f64> = around(1.03).collect();
        assert!(!claim(1.0).is_open(&values) && !claim(1.0).is_open(&[1.0, f64::NAN, 1.0]));
        let wide: Vec<f64> = (0..20).map(|i| 1.0 + 0.2 * f64::from(i % 2)).collect();
        assert!(!claim(1.1).is_open(&wide));
        assert!(!claim(1.0).is_open(&around(1.0).collect::<Vec<_>>()));
    }
}
