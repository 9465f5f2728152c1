//! A result of theory, the system that shows it, and what is asked of the simulation.

use crate::{
    experiment::{Summary, student},
    report::Report,
};

/// Independent replications of each system.
pub const REPLICATIONS: u64 = 20;
/// Level of the intervals.
pub const LEVEL: f64 = 0.99;
/// How wide an interval may be, half of it, as a share of the value, unless a claim says otherwise.
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
    /// What is looked at while the run goes on.
    pub look: Option<Look>,
}

/// A look at a running system at regular times. The mean of what was seen is a figure, too.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Seconds from one look to the next.
    pub every: f64,
    /// What is seen; the number counts the looks from 0.
    pub at: fn(&Report, u64) -> f64,
}

/// How a figure is read off a finished run: off its report and the mean of the looks.
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
    /// How wide the interval may be, half of it, as a share of the value.
    pub half_width_max: f64,
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
        Self { id, title, config, seconds, warm_up: seconds / 30.0, claims: Vec::new(), look: None }
    }

    /// The same with another warm-up, in seconds.
    pub fn warm_up(self, seconds: f64) -> Self {
        Self { warm_up: seconds, ..self }
    }

    /// Adds a claim.
    pub fn claim(self, name: &'static str, theory: f64, measure: Measure) -> Self {
        self.add(Claim { name, theory, measure, half_width_max: HALF_WIDTH_MAX, bias: 0.0 })
    }

    /// The last claim may have an interval that wide: half of it, as a share of the value.
    pub fn half_width(mut self, share: f64) -> Self {
        self.claims.iter_mut().last().into_iter().for_each(|claim| claim.half_width_max = share);
        self
    }

    /// The last claim is an approximation, which may be off by that share.
    pub fn approximate(mut self, share: f64) -> Self {
        self.claims.iter_mut().last().into_iter().for_each(|claim| claim.bias = share);
        self
    }

    /// Looks at the system at regular times.
    pub fn look(self, every: f64, at: fn(&Report, u64) -> f64) -> Self {
        Self { look: Some(Look { every, at }), ..self }
    }

    fn add(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }
}

impl Claim {
    /// Holds the claim against the values of the replications.
    pub fn check(&self, values: &[f64]) -> Finding {
        let summary = Summary::of(values.iter().copied());
        // A replication without a value is none that agrees.
        let mean = summary.mean.filter(|_| summary.n == values.len() as u64).unwrap_or(f64::NAN);
        let half_width = match summary.sd {
            Some(sd) => student::two_sided(LEVEL, summary.n - 1) * sd / libm::sqrt(summary.n as f64),
            None => f64::INFINITY,
        };
        // A figure without any spread is still rounded.
        let allowed = half_width + self.bias.max(1e-9) * self.theory.abs();
        let verdict = if mean.is_nan() || (mean - self.theory).abs() > allowed {
            Verdict::Off
        } else if half_width > self.half_width_max * self.theory.abs() {
            Verdict::TooWide
        } else {
            Verdict::Pass
        };
        Finding { name: self.name, theory: self.theory, mean, half_width, verdict }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(theory: f64) -> Claim {
        Claim { name: "W", theory, measure: |_, _| 0.0, half_width_max: 0.02, bias: 0.0 }
    }

    #[test]
    fn the_value_must_lie_in_a_narrow_interval() {
        let values: Vec<f64> = (0..20).map(|i| 1.0 + 0.01 * f64::from(i % 2)).collect();
        assert_eq!(claim(1.005).check(&values).verdict, Verdict::Pass);
        assert_eq!(claim(1.02).check(&values).verdict, Verdict::Off);
        let values: Vec<f64> = (0..20).map(|i| 1.0 + 0.2 * f64::from(i % 2)).collect();
        assert_eq!(claim(1.1).check(&values).verdict, Verdict::TooWide);
        assert_eq!(claim(1.0).check(&[1.0, f64::NAN, 1.0]).verdict, Verdict::Off);
        assert_eq!(claim(1.0).check(&[1.0; 20]).verdict, Verdict::Pass);
    }
}
