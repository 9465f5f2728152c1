//! The servers of a backend.

use super::super::{
    lines::Line,
    notes::{Notes, shortened},
};
use crate::config::limits::{CHECKS_MAX, DURATION_SECONDS_MAX, INTERVAL_SECONDS_MIN, WORKERS_MAX};

/// What a server is said to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Server {
    pub weight: f64,
    pub is_backup: bool,
    pub is_disabled: bool,
    pub alike: Alike,
}

/// What all instances of a service have alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    pub is_checked: bool,
    pub interval: f64,
    pub fall: u32,
    pub rise: u32,
    pub max_conn: Option<u32>,
    pub max_queue: Option<u32>,
    pub pool: Option<u32>,
    pub slow_start: Option<f64>,
}

impl Default for Server {
    fn default() -> Self {
        let alike = Alike {
            is_checked: false,
            interval: 2.0,
            fall: 3,
            rise: 2,
            max_conn: None,
            max_queue: None,
            pool: None,
            slow_start: None,
        };
        Self { weight: 1.0, is_backup: false, is_disabled: false, alike }
    }
}

/// Words of a server that play no part and are followed by another one.
const IDLE_WITH_VALUE: [&str; 20] = [
    "cookie",
    "verify",
    "ca-file",
    "crt",
    "sni",
    "alpn",
    "id",
    "init-addr",
    "resolvers",
    "resolve-prefer",
    "proto",
    "source",
    "port",
    "addr",
    "check-sni",
    "check-proto",
    "on-marked-down",
    "on-marked-up",
    "verifyhost",
    "resolve-net",
];
/// Those that stand alone.
const IDLE: [&str; 9] = [
    "ssl",
    "check-ssl",
    "send-proxy",
    "send-proxy-v2",
    "check-send-proxy",
    "no-ssl-reuse",
    "allow-0rtt",
    "tfo",
    "non-stick",
];

impl Server {
    /// Takes what stands behind a server's address, or behind `default-server`.
    pub fn take(&mut self, line: &Line, words: &[String], notes: &mut Notes) {
        let mut rest = words.iter().map(String::as_str);
        while let Some(word) = rest.next() {
            let is_read = match word {
                "check" => set(&mut self.alike.is_checked, true),
                "no-check" => set(&mut self.alike.is_checked, false),
                "backup" => set(&mut self.is_backup, true),
                "disabled" => set(&mut self.is_disabled, true),
                _ if IDLE.contains(&word) => true,
                _ if IDLE_WITH_VALUE.contains(&word) => rest.next().is_some(),
                _ => self.take_value(word, rest.next().unwrap_or_default()),
            };
            if !is_read {
                notes.at(line.number, format!("`{}` of a server has no counterpart", shortened(word)));
            }
        }
    }

    fn take_value(&mut self, word: &str, value: &str) -> bool {
        let alike = &mut self.alike;
        let count = || value.parse::<u32>().ok();
        match word {
            "weight" => count().filter(|weight| *weight <= 256).map(|weight| self.weight = weight.into()).is_some(),
            "inter" => span(value).map(|time| alike.interval = time).is_some(),
            "fall" => count().map(|checks| alike.fall = checks.clamp(1, CHECKS_MAX)).is_some(),
            "rise" => count().map(|checks| alike.rise = checks.clamp(1, CHECKS_MAX)).is_some(),
            // (0 is without.)
            "maxconn" => count().map(|most| alike.max_conn = (most > 0).then_some(most.min(WORKERS_MAX))).is_some(),
            "maxqueue" => count().map(|most| alike.max_queue = (most > 0).then_some(most.min(WORKERS_MAX))).is_some(),
            "pool-max-conn" => count().map(|most| alike.pool = Some(most.min(WORKERS_MAX))).is_some(),
            "slowstart" => span(value).map(|time| alike.slow_start = Some(time)).is_some(),
            _ => false,
        }
    }
}

fn set(target: &mut bool, value: bool) -> bool {
    *target = value;
    true
}

/// A time in seconds: `500`, which are milliseconds, or with a unit, `5s`.
pub fn seconds(text: &str) -> Option<f64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: f64 = text[..digits].parse().ok()?;
    // (A fraction is a division: 20 / 10^6 is the float nearest to 0.00002.)
    let seconds = match &text[digits..] {
        "us" => number / 1e6,
        "" | "ms" => number / 1e3,
        "s" => number,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        "d" => number * 86_400.0,
        _ => return None,
    };
    Some(seconds).filter(|seconds| seconds.is_finite())
}

/// A time that may be one here.
pub fn span(text: &str) -> Option<f64> {
    seconds(text).map(|seconds| seconds.clamp(INTERVAL_SECONDS_MIN, DURATION_SECONDS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_milliseconds_unless_they_say_otherwise() {
        assert_eq!(
            (seconds("500"), seconds("5s"), seconds("1m"), seconds("20us")),
            (Some(0.5), Some(5.0), Some(60.0), Some(2e-5))
        );
        assert_eq!((seconds(""), seconds("s"), seconds("1.5s"), seconds("5 s")), (None, None, None, None));
    }
}
