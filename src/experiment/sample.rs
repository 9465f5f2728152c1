//! What a handful of values, one from each replication, says about the figure behind them.

use super::student;

/// Count, mean and spread of values from independent replications.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Replications that have a value.
    pub n: u64,
    /// Mean of the values; `None` if there is none.
    pub mean: Option<f64>,
    /// Standard deviation of the values (with n - 1); `None` if there are fewer than two.
    pub sd: Option<f64>,
}

impl Summary {
    /// Sums up values. Replications without a value (NaN) do not count. The order of the values matters in the last
    /// digit of the sums, so give them in the order of their replications.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let values = values.filter(|value| !value.is_nan());
        let n = values.clone().count() as u64;
        if n == 0 {
            return Self::default();
        }
        let mean = values.clone().sum::<f64>() / n as f64;
        let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
        let sd = (n > 1).then(|| libm::sqrt(squares / (n - 1) as f64));
        Self { n, mean: Some(mean), sd }
    }

    /// Half the width of the confidence interval of the mean at that level, such as 0.95: the mean of the figure lies
    /// within so much of the sample's with that probability. `None` with fewer than two values.
    pub fn half_width(&self, level: f64) -> Option<f64> {
        self.sd.map(|sd| if sd > 0.0 { student::two_sided(level, self.n - 1) * self.standard_error(sd) } else { 0.0 })
    }

    fn standard_error(&self, sd: f64) -> f64 {
        sd / libm::sqrt(self.n as f64)
    }
}

/// A quantile of the values, and where that of the figure lies with a certain probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// The sample's quantile.
    pub value: f64,
    /// Lower end of the interval: one of the values.
    pub low: f64,
    /// Upper end of the interval: one of the values.
    pub high: f64,
}

impl Quantile {
    /// The quantile `share` (0 to 1) of values, and its interval at that level, between two of the ordered values: how
    /// many of them lie below the true quantile is binomial, whatever their distribution. `None` if the sample is too
    /// small to support such an interval.
    pub fn of(values: &[f64], share: f64, level: f64) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (low, high) = ranks(sorted.len(), share, level)?;
        let position = ((share * sorted.len() as f64) as usize).min(sorted.len() - 1);
        Some(Self { value: sorted[position], low: sorted[low], high: sorted[high] })
    }

    /// The fewest values that support an interval of the quantile `share` at that level, each between 0 and 1: all of
    /// them lie on one side of the true quantile with probability `share`ⁿ + (1 - `share`)ⁿ.
    pub fn needs(share: f64, level: f64) -> f64 {
        let outside = |n: f64| libm::pow(share, n) + libm::pow(1.0 - share, n);
        // From the larger of the two alone, which is nearly all of it; the other one may ask for one more.
        let least = libm::ceil(libm::log(1.0 - level) / libm::log(share.max(1.0 - share)) - 1e-9).max(2.0);
        if outside(least) <= 1.0 - level { least } else { least + 1.0 }
    }
}

/// Positions of two of `n` ordered values between which the quantile lies with at least that probability.
fn ranks(n: usize, share: f64, level: f64) -> Option<(usize, usize)> {
    if n < 2 || !(share > 0.0 && share < 1.0) {
        return None;
    }
    let weights = binomial(n, share);
    let all: f64 = weights.iter().sum();
    // The quantile lies between the values `low` and `high` if low to high - 1 of the values are below it. With none
    // of them, or all, below it there would be no end to the interval.
    let mut low = ((share * n as f64) as usize).clamp(1, n - 1);
    let mut high = low + 1;
    let mut inside = weights[low];
    while inside < level * all {
        let (below, above) =
            (if low > 1 { weights[low - 1] } else { -1.0 }, if high < n { weights[high] } else { -1.0 });
        if below < 0.0 && above < 0.0 {
            return None;
        }
        if below > above {
            low -= 1;
            inside += below;
        } else {
            high += 1;
            inside += above;
        }
    }
    Some((low - 1, high - 1))
}

/// The binomial distribution, times some factor: from the likeliest number outwards, so that nothing overflows.
fn binomial(n: usize, share: f64) -> Vec<f64> {
    let mut weights = vec![0.0; n + 1];
    let top = ((share * (n + 1) as f64) as usize).min(n);
    weights[top] = 1.0;
    for k in top..n {
        weights[k + 1] = weights[k] * (n - k) as f64 / (k + 1) as f64 * share / (1.0 - share);
    }
    for k in (0..top).rev() {
        weights[k] = weights[k + 1] * (k + 1) as f64 / (n - k) as f64 * (1.0 - share) / share;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_students() {
        let summary = Summary::of((1..=20).map(f64::from));
        assert_eq!((summary.n, summary.mean), (20, Some(10.5)));
        // The variance is 35.
        let expected = 2.860_935 * libm::sqrt(35.0 / 20.0);
        assert!((summary.half_width(0.99).unwrap() - expected).abs() < 1e-6);
    }

    #[test]
    fn what_has_no_value_does_not_count() {
        let summary = Summary::of([1.0, f64::NAN, 3.0].into_iter());
        assert_eq!((summary.n, summary.mean), (2, Some(2.0)));
        assert_eq!(Summary::of([f64::NAN].into_iter()), Summary::default());
        let one = Summary::of([7.0].into_iter());
        assert_eq!((one.mean, one.sd, one.half_width(0.95)), (Some(7.0), None, None));
        assert_eq!(Summary::of([7.0, 7.0].into_iter()).half_width(0.95), Some(0.0));
    }

    #[test]
    fn ranks_are_those_of_the_textbooks() {
        // The median of 10 lies between the 2nd and the 9th with probability 0.979 (with the 2nd to the 8th: 0.934+).
        assert_eq!(ranks(10, 0.5, 0.95), Some((1, 8)));
        // Six values cannot say more of their median than that it lies between them: 1 - 2/64.
        assert_eq!(ranks(6, 0.5, 0.95), Some((0, 5)));
        assert_eq!(ranks(5, 0.5, 0.95), None);
        // A 99th percentile of a hundred values has no upper end.
        assert_eq!(ranks(100, 0.99, 0.95), None);
        assert!(ranks(1_000, 0.99, 0.95).is_some());
    }

    #[test]
    fn so_many_values_are_needed_and_no_fewer() {
        for share in [0.05, 0.3, 0.5, 0.6, 0.9, 0.95, 0.99, 0.999] {
            let needs = Quantile::needs(share, 0.95) as usize;
            assert!(ranks(needs, share, 0.95).is_some(), "{share}: {needs}");
            assert_eq!(ranks(needs - 1, share, 0.95), None, "{share}: {needs}");
        }
        assert_eq!([0.5, 0.95, 0.99].map(|share| Quantile::needs(share, 0.95)), [6.0, 59.0, 299.0]);
    }

    #[test]
    fn quantiles_of_uniform_values_are_covered() {
        use crate::engine::random::Stream;
        let mut stream = Stream::new(1, "test", "quantiles");
        let covered = (0..1_000).filter(|_| {
            let values: Vec<f64> = (0..50).map(|_| stream.uniform()).collect();
            let quantile = Quantile::of(&values, 0.8, 0.95).unwrap();
            (quantile.low..=quantile.high).contains(&0.8)
        });
        let covered = covered.count();
        assert!((935..=985).contains(&covered), "{covered} of 1000");
    }
}
