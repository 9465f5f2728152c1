//! A system that somebody has measured.

use super::{claim::Claim, run::Run};
use crate::config::{ConfigErrors, apply_patch, schema::Config};

/// Replications of a system in which something is random.
pub const REPLICATIONS: u64 = 100;

/// Why a claim does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Short name, the same in all languages.
    pub id: &'static str,
    /// The reason in English.
    pub text: &'static str,
}

/// A system that somebody has measured, and what was measured.
#[derive(Clone, Debug)]
pub struct Row {
    /// Short name, the same in all languages.
    pub id: &'static str,
    /// Which product, with its version.
    pub product: &'static str,
    /// What was measured, in a sentence, English.
    pub title: &'static str,
    /// How: load and settings, English.
    pub how: &'static str,
    /// The same system as a configuration (JSON) and merge patches on it.
    pub texts: Vec<String>,
    /// What was measured, figure by figure.
    pub claims: Vec<Claim>,
    /// Replications begin later by a number of seconds that is below this, evenly spread.
    pub phase: f64,
    /// Moments, in seconds, at which the system is looked at before the end.
    pub looks: Vec<f64>,
    /// Independent replications.
    pub replications: u64,
    /// Whether requests are traced.
    pub is_traced: bool,
}

// (Rows are made by the dozen: what makes them is not to be repeated in each place.)
impl Row {
    /// A row with nothing measured yet.
    #[inline(never)]
    pub fn new(id: &'static str, product: &'static str, title: &'static str, config: impl Into<String>) -> Self {
        Self {
            id,
            product,
            title,
            how: "",
            texts: vec![config.into()],
            claims: Vec::new(),
            phase: 0.0,
            looks: Vec::new(),
            replications: REPLICATIONS,
            is_traced: false,
        }
    }

    /// How it was measured.
    #[inline(never)]
    pub fn how(self, how: &'static str) -> Self {
        Self { how, ..self }
    }

    /// The same system but for a merge patch.
    #[inline(never)]
    pub fn but(mut self, patch: impl Into<String>) -> Self {
        self.texts.push(patch.into());
        self
    }

    /// Nobody knows at what moment of a balancer's second, or between which of its checks, the measurement began.
    #[inline(never)]
    pub fn begins_within(self, phase: f64) -> Self {
        Self { phase, ..self }
    }

    /// The system is looked at before the end, too.
    #[inline(never)]
    pub fn looked_at(self, looks: impl Into<Vec<f64>>) -> Self {
        Self { looks: looks.into(), ..self }
    }

    /// Nothing in it is random.
    pub fn once(self) -> Self {
        self.replications(1)
    }

    /// So many replications.
    #[inline(never)]
    pub fn replications(self, replications: u64) -> Self {
        Self { replications, ..self }
    }

    /// Single requests are asked for.
    #[inline(never)]
    pub fn traced(self) -> Self {
        Self { is_traced: true, ..self }
    }

    /// Adds a claim.
    #[inline(never)]
    pub fn claim(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }

    /// The last claim does not hold, and why.
    #[inline(never)]
    pub fn known(mut self, reason: Reason) -> Self {
        self.claims.iter_mut().last().into_iter().for_each(|claim| claim.known = Some(reason));
        self
    }

    /// Adds the mean latency of requests that succeeded, in seconds.
    #[inline(never)]
    pub fn mean(self, measured: f64) -> Self {
        self.claim(Claim::seconds("mean latency", measured, |run: &Run| or_nan(run.report.requests.latency.mean)))
    }

    /// Adds the 99th percentile of the latencies of requests that succeeded, in seconds.
    #[inline(never)]
    pub fn p99(self, measured: f64) -> Self {
        self.claim(Claim::percentile("p99 latency", measured, |run: &Run| or_nan(run.report.requests.latency.p99)))
    }

    /// Nobody fails.
    #[inline(never)]
    pub fn nobody_fails(self) -> Self {
        let failed = |run: &Run| run.report.requests.failed as f64;
        self.claim(Claim::count("failed", 0.0, failed).always(0.0, 0.0))
    }

    /// The system.
    ///
    /// # Errors
    /// If it is bad, which it is not.
    pub fn config(&self) -> Result<Config, ConfigErrors> {
        let (first, patches) = self.texts.split_first().map_or(("{}", &[][..]), |(first, more)| (first.as_str(), more));
        let mut config = Config::from_json(first)?;
        for patch in patches {
            config = apply_patch(&config, patch)?;
        }
        Ok(config)
    }

    /// By how much a replication begins later.
    pub(super) fn later(&self, replication: u64) -> f64 {
        (replication * 37 % self.replications) as f64 / self.replications as f64 * self.phase
    }
}

/// What does not exist is not a number.
pub(super) fn or_nan(figure: Option<f64>) -> f64 {
    figure.unwrap_or(f64::NAN)
}
