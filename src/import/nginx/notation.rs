//! nginx's notation of times and rates.

use crate::config::limits::{DURATION_SECONDS_MAX, INTERVAL_SECONDS_MIN};

/// Units of time by name, in seconds; longer names first.
const UNITS: [(&str, f64); 8] = [
    ("ms", 0.001),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
    ("d", 86_400.0),
    ("w", 604_800.0),
    ("M", 2_592_000.0),
    ("y", 31_536_000.0),
];

/// A time such as `60`, `500ms`, `1h30m` or `1h 30m`, in seconds. `None` if it is none.
pub fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = UNITS.iter().find(|(name, _)| rest.starts_with(name));
        // (Without a unit it is seconds, and the last.)
        let (name, factor) = unit.copied().unwrap_or(("", 1.0));
        if name.is_empty() && !rest.is_empty() {
            return None;
        }
        sum += number * factor;
        rest = rest[name.len()..].trim_start();
    }
    (!text.trim().is_empty() && sum.is_finite()).then_some(sum)
}

/// A time that may be one here; 0 and what is longer than any run become the nearest that may.
pub fn span(text: &str) -> Option<f64> {
    seconds(text).map(|seconds| seconds.clamp(INTERVAL_SECONDS_MIN, DURATION_SECONDS_MAX))
}

/// Requests a second: `10r/s`, `30r/m`.
pub fn rate(text: &str) -> Option<f64> {
    let (number, per) =
        [("r/s", 1.0), ("r/m", 60.0)].iter().find_map(|(unit, per)| Some((text.strip_suffix(unit)?, per)))?;
    let number: f64 = number.parse().ok()?;
    (number > 0.0 && number <= 1e6).then_some(number / per)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_that_add_up() {
        for (text, expected) in [
            ("60", 60.0),
            ("500ms", 0.5),
            ("1h30m", 5400.0),
            ("1m 30s", 90.0),
            ("1M", 2_592_000.0),
            ("2w", 1_209_600.0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for wrong in ["", " ", "s", "1.5s", "-1", "1 2", "1x", "ten", "1s2x"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        assert_eq!(span("0"), Some(0.001));
    }

    #[test]
    fn rates() {
        assert_eq!((rate("10r/s"), rate("30r/m"), rate("10"), rate("0r/s")), (Some(10.0), Some(0.5), None, None));
    }
}
