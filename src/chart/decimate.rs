//! Fewer points where a line has more of them than pixels.

/// Keeps, of all points in a column of pixels, the first, the lowest, the highest and the last.
///
/// A line through the kept points covers the same pixels as one through all of
/// them; a mean or every n-th point would lose the spikes, and latency spikes
/// are the content.
pub(super) fn decimate(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept = Vec::with_capacity(points.len().min(8192));
    for column in points.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        if column.len() <= 4 {
            kept.extend_from_slice(column);
        } else {
            keep_extremes(column, &mut kept);
        }
    }
    kept
}

fn keep_extremes(column: &[(f64, f64)], kept: &mut Vec<(f64, f64)>) {
    let last = column.len() - 1;
    let (mut low, mut high) = (0, 0);
    for (index, point) in column.iter().enumerate() {
        if point.1 < column[low].1 {
            low = index;
        }
        if point.1 > column[high].1 {
            high = index;
        }
    }
    let mut indices = [0, low.min(high), low.max(high), last].to_vec();
    indices.dedup();
    kept.extend(indices.into_iter().map(|index| column[index]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_are_kept() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|i| (f64::from(i) / 1000.0, 1.0)).collect();
        points[77_777].1 = 9.0;
        points[33_333].1 = -9.0;
        let kept = decimate(&points);
        assert!(kept.len() <= 400);
        assert!(kept.contains(&points[77_777]) && kept.contains(&points[33_333]));
        assert!(kept.is_sorted_by(|a, b| a.0 <= b.0));
        assert_eq!((kept.first(), kept.last()), (points.first(), points.last()));
    }

    #[test]
    fn few_points_are_all_kept() {
        let points: Vec<(f64, f64)> = (0..50).map(|i| (f64::from(i) * 10.0, f64::from(i % 7))).collect();
        assert_eq!(decimate(&points), points);
        assert_eq!(decimate(&[]), []);
    }
}
