//! PostgreSQL's notation of times, and YAML's of yes and no.

use crate::config::limits::DURATION_SECONDS_MAX;

/// A time such as `5min`, `30s` or `200`, which are milliseconds, in seconds. `None` if it is none.
pub fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: f64 = text[..digits].parse().ok()?;
    let seconds = match text[digits..].trim_start() {
        "us" => number / 1e6,
        "" | "ms" => number / 1e3,
        "s" => number,
        "min" => number * 60.0,
        "h" => number * 3600.0,
        "d" => number * 86_400.0,
        _ => return None,
    };
    Some(seconds.min(DURATION_SECONDS_MAX))
}

/// Whether something is switched on, in any of YAML's and PostgreSQL's words.
pub fn is_on(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Some(true),
        "false" | "off" | "no" | "0" | "" | "null" | "~" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_milliseconds_unless_they_say_otherwise() {
        assert_eq!(
            (seconds("200"), seconds("5min"), seconds("30 s"), seconds("1h")),
            (Some(0.2), Some(300.0), Some(30.0), Some(3600.0))
        );
        assert_eq!((seconds(""), seconds("min"), seconds("1.5s"), seconds("5 m")), (None, None, None, None));
    }

    #[test]
    fn yes_and_no() {
        assert_eq!((is_on("On"), is_on("false"), is_on("quorum")), (Some(true), Some(false), None));
    }
}
