//! How much of the start of a run does not belong to its steady state.
//!
//! MSER-5 (White, 1997): the observations are averaged in fives, and so many of these averages are dropped at the start
//! that the mean of the rest has the smallest standard error. What is dropped beyond that would only cost data.

/// Observations averaged at a time.
const BATCH: usize = 5;

/// What MSER-5 says of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncation {
    /// So many observations at the start, at most half of them, do not belong to the rest.
    Drop(usize),
    /// Too few observations to say anything.
    TooShort,
}

/// Finds out how many observations at the start to drop. Observations that have no value (NaN) are left out of the
/// averages.
pub fn mser5(series: &[f64]) -> Truncation {
    let batches: Vec<f64> = series.chunks_exact(BATCH).filter_map(mean).collect();
    if batches.len() < 2 * BATCH {
        return Truncation::TooShort;
    }
    // From the end to the start, so that every step adds one value: sums of the values that are kept, taken from the
    // last one lest they cancel out.
    let offset = batches[batches.len() - 1];
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut best = (f64::INFINITY, 0);
    for (start, value) in batches.iter().enumerate().rev() {
        let kept = (batches.len() - start) as f64;
        sum += value - offset;
        squares += (value - offset) * (value - offset);
        let score = (squares - sum * sum / kept).max(0.0) / (kept * kept);
        // Only places in the first half: what is left behind others may have hardly any spread, by chance.
        if start <= batches.len() / 2 && score <= best.0 {
            best = (score, start);
        }
    }
    Truncation::Drop(best.1 * BATCH)
}

fn mean(values: &[f64]) -> Option<f64> {
    let known = values.iter().filter(|value| !value.is_nan());
    let count = known.clone().count();
    (count > 0).then(|| known.sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Stream;

    fn noise(length: usize, level: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut stream = Stream::new(1, "test", "noise");
        (0..length).map(|i| level(i) + stream.normal()).collect()
    }

    #[test]
    fn a_step_at_the_start_is_cut_off() {
        let series = noise(500, |i| if i < 60 { 20.0 } else { 0.0 });
        let Truncation::Drop(dropped) = mser5(&series) else { panic!("the series settles") };
        assert!((60..=100).contains(&dropped), "{dropped}");
    }

    #[test]
    fn a_steady_series_loses_little() {
        let Truncation::Drop(dropped) = mser5(&noise(1_000, |_| 3.0)) else { panic!("it is steady") };
        assert!(dropped <= 250, "{dropped}");
        assert_eq!(mser5(&[1.0; 100]), Truncation::Drop(0));
    }

    #[test]
    fn what_grows_for_ever_loses_half() {
        assert_eq!(mser5(&noise(500, |i| i as f64)), Truncation::Drop(250));
        assert_eq!(mser5(&[1.0; 49]), Truncation::TooShort);
        assert_eq!(mser5(&[f64::NAN; 100]), Truncation::TooShort);
    }
}
