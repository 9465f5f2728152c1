//! Whom an instance lets in.

use super::Limiter;
use crate::model::policy::{aimd::Aimd, gradient::Gradient};

/// Whom an instance lets in, of those who have reached it.
#[derive(Clone, Debug, PartialEq)]
pub struct Admission {
    /// How many.
    pub rule: AdmissionRule,
    /// The share of the limit, or of the bucket, that each class leaves free for the one above it, 0 to 1.
    pub reserve: f64,
}

/// How many requests an instance lets in.
#[derive(Clone, Debug, PartialEq)]
pub enum AdmissionRule {
    /// So many are inside at a time, at least 1.
    Concurrency(u32),
    /// So many a second; nobody waits for a token.
    Rate(Limiter),
    /// So many at a time as failures allow.
    Aimd(Aimd),
    /// So many at a time as latencies allow.
    Gradient(Gradient),
}

impl Admission {
    /// What a class may use of a limit, 0 being the highest: a whole number, at least 1.
    pub fn left_for(&self, limit: f64, class: u8) -> f64 {
        let left = (0..class).fold(limit, |left, _| left * (1.0 - self.reserve));
        // (Where something is reserved, it is at least for one; rounding must not make it one more.)
        if class == 0 { limit } else { libm::ceil(left - 1e-9).max(1.0) }
    }
}
