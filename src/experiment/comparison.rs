//! Two configurations under common random numbers.
//!
//! Replication by replication both see the same random numbers, component by component, so much of what happens by
//! chance happens to both, and cancels out in the difference.

use super::{sample::Summary, table::Table};

/// A figure of two configurations, A and B.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// In A.
    pub a: Summary,
    /// In B.
    pub b: Summary,
    /// B - A, replication by replication.
    pub difference: Summary,
    /// Half the width of the difference's interval; `None` with fewer than two pairs.
    pub half_width: Option<f64>,
    /// What may be said.
    pub verdict: Verdict,
}

/// What may be said of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All replications gave the same value in A and B.
    Same,
    /// Higher in B: the interval of the difference lies above 0.
    Higher,
    /// Lower in B: the interval of the difference lies below 0.
    Lower,
    /// The interval of the difference holds 0: nothing can be said.
    Undecided,
    /// Too few pairs of values for an interval.
    NoValue,
}

impl Comparison {
    /// Compares the values of a figure; those of the same replication stand at the same place.
    pub fn of(a: &[f64], b: &[f64], level: f64) -> Self {
        let pairs = || a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan());
        let difference = Summary::of(pairs().map(|(a, b)| b - a));
        let half_width = difference.half_width(level);
        let verdict = match (difference.mean, half_width) {
            (Some(0.0), Some(0.0)) => Verdict::Same,
            (Some(mean), Some(half_width)) if mean > half_width => Verdict::Higher,
            (Some(mean), Some(half_width)) if mean < -half_width => Verdict::Lower,
            (Some(_), Some(_)) => Verdict::Undecided,
            _ => Verdict::NoValue,
        };
        let (a, b) = (Summary::of(pairs().map(|(a, _)| *a)), Summary::of(pairs().map(|(_, b)| *b)));
        Self { a, b, difference, half_width, verdict }
    }

    /// By which factor the variance of the difference is smaller than it would be with independent random numbers: so
    /// many times more replications those would have taken. `None` if there is nothing to compare.
    pub fn variance_saved(&self) -> Option<f64> {
        let square = |summary: &Summary| summary.sd.map(|sd| sd * sd);
        let independent = square(&self.a)? + square(&self.b)?;
        let common = square(&self.difference).filter(|common| *common > 0.0)?;
        Some(independent / common)
    }
}

/// Compares all figures that both configurations have, in the order of A. Only replications that both have count.
pub fn compare(a: &Table, b: &Table, level: f64) -> Vec<(String, Comparison)> {
    let [mut columns_a, mut columns_b] = [a, b].map(|table| vec![Vec::new(); table.names().len()]);
    let mut rows_b = b.rows().peekable();
    for (replication, row_a) in a.rows() {
        while rows_b.next_if(|(other, _)| *other < replication).is_some() {}
        let Some((_, row_b)) = rows_b.next_if(|(other, _)| *other == replication) else { continue };
        columns_a.iter_mut().zip(row_a).for_each(|(column, value)| column.push(*value));
        columns_b.iter_mut().zip(row_b).for_each(|(column, value)| column.push(*value));
    }
    let positions: std::collections::BTreeMap<&String, usize> = b.names().iter().zip(0..).collect();
    let both = a.names().iter().zip(&columns_a).filter_map(|(name, column)| {
        let other = &columns_b[*positions.get(name)?];
        Some((name.clone(), Comparison::of(column, other, level)))
    });
    both.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_of_the_difference() {
        let a: Vec<f64> = (0..10).map(f64::from).collect();
        let b: Vec<f64> = a.iter().enumerate().map(|(i, a)| a + 0.5 + 0.01 * (i % 2) as f64).collect();
        let comparison = Comparison::of(&a, &b, 0.95);
        // The intervals of both overlap widely, that of the difference is narrow.
        assert_eq!(comparison.verdict, Verdict::Higher);
        assert!(comparison.a.half_width(0.95).unwrap() > 2.0 && comparison.half_width.unwrap() < 0.01);
        assert!(comparison.variance_saved().unwrap() > 1e5);
        assert_eq!(Comparison::of(&b, &a, 0.95).verdict, Verdict::Lower);
        assert_eq!(Comparison::of(&a, &a, 0.95).verdict, Verdict::Same);
        assert_eq!(Comparison::of(&a, &[f64::NAN; 10], 0.95).verdict, Verdict::NoValue);
        let reversed: Vec<f64> = a.iter().rev().copied().collect();
        assert_eq!(Comparison::of(&a, &reversed, 0.95).verdict, Verdict::Undecided);
    }

    #[test]
    fn only_what_both_have_is_compared() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let (mut a, mut b) = (Table::new(names(&["x", "y"])), Table::new(names(&["z", "y"])));
        for replication in 0..5 {
            a.insert(replication, vec![1.0, replication as f64]);
            b.insert(replication + 2, vec![1.0, 10.0 + replication as f64]);
        }
        let all = compare(&a, &b, 0.95);
        assert_eq!(all.len(), 1);
        let (name, comparison) = &all[0];
        assert_eq!((name.as_str(), comparison.a.n, comparison.difference.mean), ("y", 3, Some(8.0)));
    }
}
