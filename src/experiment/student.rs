//! Quantiles of Student's t distribution, which make confidence intervals.
//!
//! For whole degrees of freedom the distribution is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4), which is
//! inverted by bisection; for many of them Fisher's expansion about the normal quantile (26.7.5) is as exact.
//! Statistics libraries go through the standard library's `ln`, `exp` and `powf`, whose last bits differ between
//! machines; an experiment's intervals are the same everywhere.

use std::f64::consts::{FRAC_2_PI, SQRT_2};

/// From so many degrees of freedom on the expansion is used: it is then good to ten digits.
const MANY: u64 = 200;
/// Halvings of an interval of floats until nothing is left of it.
const HALVINGS: usize = 64;

/// The number that a t variable with so many degrees of freedom exceeds, up or down, with probability `1 - level`.
/// With level 0.95 and 19 degrees: 2.093. Infinite without any degree of freedom; the level is kept within 0 and
/// 1 - 1e-9.
pub fn two_sided(level: f64, degrees: u64) -> f64 {
    let level = if level > 0.0 { level.min(1.0 - 1e-9) } else { 0.0 };
    match degrees {
        0 => f64::INFINITY,
        1..MANY => inverse(level, |t| within(t, degrees)),
        _ => expanded(inverse(level, |x| libm::erf(x / SQRT_2)), degrees as f64),
    }
}

/// Probability that a t variable lies between `-t` and `t`.
fn within(t: f64, degrees: u64) -> f64 {
    let freedom = degrees as f64;
    let sine = t / libm::sqrt(freedom + t * t);
    let cosine_squared = freedom / (freedom + t * t);
    let is_odd = degrees % 2 == 1;
    // The terms of the sum: each is the one before it times (k - 1) / k and the squared cosine.
    let first = if is_odd { libm::sqrt(cosine_squared) } else { 1.0 };
    let (mut term, mut sum) = (first, 0.0);
    let mut k = if is_odd { 1 } else { 0 };
    while k + 2 <= degrees {
        sum += term;
        k += 2;
        term *= cosine_squared * (k - 1) as f64 / k as f64;
    }
    if is_odd { FRAC_2_PI * (libm::atan(t / libm::sqrt(freedom)) + sine * sum) } else { sine * sum }
}

/// Where a function that grows from 0 at 0 towards 1 reaches that level.
fn inverse(level: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while function(high) < level && high < 1e12 {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if function(middle) < level { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The quantile of t, from that of the normal distribution.
fn expanded(x: f64, freedom: f64) -> f64 {
    let square = x * x;
    let terms = [
        (square + 1.0) / 4.0,
        ((5.0 * square + 16.0) * square + 3.0) / 96.0,
        (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0,
        ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92_160.0,
    ];
    x * (1.0 + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / freedom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Two-sided levels 0.90, 0.95 and 0.99.
        let table = [
            (1, [6.313_752, 12.706_205, 63.656_741]),
            (2, [2.919_986, 4.302_653, 9.924_843]),
            (3, [2.353_363, 3.182_446, 5.840_909]),
            (4, [2.131_847, 2.776_445, 4.604_095]),
            (9, [1.833_113, 2.262_157, 3.249_836]),
            (10, [1.812_461, 2.228_139, 3.169_273]),
            (19, [1.729_133, 2.093_024, 2.860_935]),
            (30, [1.697_261, 2.042_272, 2.749_996]),
            (120, [1.657_651, 1.979_930, 2.617_421]),
            (1_000, [1.646_379, 1.962_339, 2.580_755]),
            (1_000_000_000, [1.644_854, 1.959_964, 2.575_829]),
        ];
        for (degrees, expected) in table {
            for (level, expected) in [0.90, 0.95, 0.99].into_iter().zip(expected) {
                let t = two_sided(level, degrees);
                assert!((t - expected).abs() < 1e-6 * expected, "{level}, {degrees}: {t}, {expected} expected");
            }
        }
    }

    #[test]
    fn the_sum_and_the_expansion_meet() {
        for level in [0.5, 0.9, 0.99, 0.9999] {
            let expansion = expanded(inverse(level, |x| libm::erf(x / SQRT_2)), MANY as f64);
            let sum = inverse(level, |t| within(t, MANY));
            assert!((expansion - sum).abs() < 1e-8, "{level}: {expansion} {sum}");
        }
    }

    #[test]
    fn no_level_is_trouble() {
        assert_eq!(two_sided(0.95, 0), f64::INFINITY);
        for level in [-1.0, 0.0, f64::NAN] {
            assert!(two_sided(level, 5).abs() < 1e-9);
        }
        assert!(two_sided(1.0, 1).is_finite());
    }
}
