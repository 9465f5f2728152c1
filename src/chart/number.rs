//! Numbers for people: 0.25 and not 0.25000000001, 250 ms and not 0.25 s.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use super::bounds::Bounded;

/// Names of units, and what separates the decimals.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Units {
    /// What separates the decimals.
    #[default = "."]
    pub decimal_separator: String,
    /// Nanoseconds.
    #[default = "ns"]
    pub ns: String,
    /// Microseconds.
    #[default = "µs"]
    pub us: String,
    /// Milliseconds.
    #[default = "ms"]
    pub ms: String,
    /// Seconds.
    #[default = "s"]
    pub s: String,
    /// Hours.
    #[default = "h"]
    pub h: String,
    /// Days.
    #[default = "d"]
    pub d: String,
}

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A number of things, or a number per second.
    #[default]
    Number,
    /// A span of time in seconds.
    Seconds,
    /// A share, 0 to 1, shown in per cent.
    Share,
}

impl Unit {
    /// The unit of a time series, which its name tells.
    pub fn of_series(name: &str) -> Self {
        let measure = name.rsplit('.').next().unwrap_or(name);
        let is_latency = measure.starts_with("latency_") || measure.ends_with("_mean") || measure.ends_with("_seconds");
        // Of a service it is the number of instances that are up that is recorded, of all others a share.
        let counts_instances = name.starts_with("services.") && !name.split('.').any(|part| part == "instances");
        match measure {
            _ if is_latency || name == "network.tcp" || name == "network.tls" => Self::Seconds,
            "success_ratio" | "hit_ratio" | "utilisation" | "available" => Self::Share,
            "up" if !counts_instances => Self::Share,
            _ => Self::Number,
        }
    }
}

/// One power of ten for all numbers that are to be compared, such as those of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    factor: f64,
    suffix: String,
    separator: String,
}

/// Spaces that do not break: a narrow one between thousands, a usual one before a unit.
const THIN_SPACE: char = '\u{202f}';
const SPACE: char = '\u{a0}';

/// Powers of a thousand by their letters, the largest first.
const POWERS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")];

impl Scale {
    /// The scale for numbers up to `largest`.
    pub fn new(unit: Unit, largest: f64, units: &Units) -> Self {
        let (factor, suffix) = match unit {
            Unit::Number => number_scale(largest.abs()),
            Unit::Seconds => time_scale(largest.abs(), units),
            Unit::Share => (0.01, "%"),
        };
        Self { factor, suffix: suffix.into(), separator: units.decimal_separator.clone() }
    }

    /// How many of the shown unit one unit of the axis is: 1000 for seconds shown as milliseconds.
    pub fn per_unit(&self) -> f64 {
        1.0 / self.factor
    }

    /// A number with as many decimals as tell neighbours `step` apart.
    pub fn with_step(&self, value: f64, step: f64) -> String {
        let step = (step / self.factor).abs();
        let decimals =
            if step > 0.0 && step.is_finite() { (-libm::log10(step * 1.0001).floor()).within(0.0, 12.0) } else { 0.0 };
        self.with_decimals(value, decimals as usize)
    }

    /// A number in three significant digits.
    pub fn rounded(&self, value: f64) -> String {
        let size = (value / self.factor).abs();
        let decimals = if size >= 100.0 || size == 0.0 {
            0
        } else if size >= 10.0 {
            1
        } else {
            2
        };
        self.with_decimals(value, decimals)
    }

    /// A round number without the zeros at its end.
    pub(super) fn rounded_short(&self, value: f64) -> String {
        let scaled = value / self.factor;
        let decimals = (0..3).find(|&decimals| {
            let shifted = scaled * libm::pow(10.0, f64::from(decimals));
            (shifted - shifted.round()).abs() < 1e-6 * shifted.abs()
        });
        self.with_decimals(value, decimals.unwrap_or(3) as usize)
    }

    /// A number of things: whole where it is whole, else in three significant digits.
    pub fn rounded_whole(&self, value: f64) -> String {
        if self.suffix.is_empty() && value.fract() == 0.0 { self.with_decimals(value, 0) } else { self.rounded(value) }
    }

    fn with_decimals(&self, value: f64, decimals: usize) -> String {
        let scaled = value / self.factor;
        if !scaled.is_finite() {
            return "–".into();
        }
        let mut text = if scaled.abs() >= 1e12 { one_digit(scaled) } else { grouped(scaled, decimals) };
        if self.separator != "." {
            text = text.replace('.', &self.separator);
        }
        if !self.suffix.is_empty() {
            text.push(SPACE);
            text.push_str(&self.suffix);
        }
        text
    }
}

fn number_scale(largest: f64) -> (f64, &'static str) {
    let power = POWERS.iter().find(|(power, _)| largest >= *power && largest < 1e16);
    // A thousand is written out, ten thousand is 10 k: the unit is a thousand, whatever the threshold.
    power.map_or((1.0, ""), |&(power, letter)| (if letter == "k" { 1e3 } else { power }, letter))
}

fn time_scale(largest: f64, units: &Units) -> (f64, &str) {
    match largest {
        l if l >= 10.0 * 86_400.0 => (86_400.0, &units.d),
        l if l >= 36_000.0 => (3600.0, &units.h),
        // Nothing at all is zero seconds, not zero nanoseconds.
        l if l >= 1.0 || l == 0.0 => (1.0, &units.s),
        l if l >= 1e-3 => (1e-3, &units.ms),
        l if l >= 1e-6 => (1e-6, &units.us),
        _ => (1e-9, &units.ns),
    }
}

/// A number in one digit and a power of ten.
fn one_digit(value: f64) -> String {
    let power = libm::pow(10.0, libm::log10(value.abs()).floor());
    format!("{:e}", (value / power).round_ties_even() * power)
}

/// A number with thin spaces between thousands, from ten thousand on.
fn grouped(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$}");
    // Minus zero, which rounding makes of small negative numbers, is zero.
    let plain =
        if plain.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.')) { plain.replace('-', "") } else { plain };
    if value.abs() < 1e4 {
        return plain;
    }
    let whole = plain.split('.').next().unwrap_or_default();
    let rest = plain.strip_prefix(whole).unwrap_or_default();
    let mut text = String::with_capacity(plain.len() + 8);
    for (position, digit) in whole.chars().enumerate() {
        let left = whole.len() - position;
        if position > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(unit: Unit, largest: f64, value: f64, step: f64) -> String {
        Scale::new(unit, largest, &Units::default()).with_step(value, step).replace([SPACE, THIN_SPACE], " ")
    }

    #[test]
    fn numbers_have_the_decimals_of_their_step() {
        assert_eq!(text(Unit::Number, 1.0, 0.1 + 0.2, 0.1), "0.3");
        assert_eq!(text(Unit::Number, 1.0, 0.25, 0.05), "0.25");
        assert_eq!(text(Unit::Number, 100.0, 40.0, 20.0), "40");
        assert_eq!(text(Unit::Number, 5000.0, 2000.0, 1000.0), "2000");
        assert_eq!(text(Unit::Number, 60_000.0, 20_000.0, 20_000.0), "20 k");
        assert_eq!(text(Unit::Number, 2e6, 1.5e6, 5e5), "1.5 M");
        assert_eq!(text(Unit::Number, 1e300, 1e300, 1e299), "1e300");
        assert_eq!(text(Unit::Number, 1e300, -9.6e299, 1e299), "-1e300");
        assert_eq!(text(Unit::Number, 1e17, 3e16, 1e16), "3e16");
        assert_eq!(text(Unit::Number, 1.0, -0.0, 0.5), "0.0");
    }

    #[test]
    fn times_have_the_unit_of_the_axis() {
        assert_eq!(text(Unit::Seconds, 0.5, 0.25, 0.05), "250 ms");
        assert_eq!(text(Unit::Seconds, 50.0, 10.0, 10.0), "10 s");
        assert_eq!(text(Unit::Seconds, 20_000.0, 12_000.0, 2_000.0), "12 000 s");
        assert_eq!(text(Unit::Seconds, 72_000.0, 36_000.0, 18_000.0), "10 h");
        assert_eq!(text(Unit::Seconds, 2e-9, 1e-9, 1e-9), "1 ns");
        assert_eq!(text(Unit::Share, 1.0, 0.5, 0.25), "50 %");
    }

    #[test]
    fn hostile_numbers_are_text_too() {
        for value in [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0] {
            for unit in [Unit::Number, Unit::Seconds, Unit::Share] {
                assert!(!text(unit, value, value, value).is_empty());
                assert!(!Scale::new(unit, value, &Units::default()).rounded(value).is_empty());
            }
        }
    }

    #[test]
    fn three_digits_are_enough_for_reading() {
        let scale = Scale::new(Unit::Seconds, 0.6, &Units { decimal_separator: ",".into(), ..Units::default() });
        assert_eq!(scale.rounded(0.2468).replace(SPACE, " "), "247 ms");
        assert_eq!(scale.rounded(0.0468).replace(SPACE, " "), "46,8 ms");
        assert_eq!(scale.rounded(0.0).replace(SPACE, " "), "0 ms");
    }

    #[test]
    fn names_tell_units() {
        let cases = [
            ("requests.latency_p95", Unit::Seconds),
            ("brokers.B.queues.q.delivery_mean", Unit::Seconds),
            ("network.tls", Unit::Seconds),
            ("services.Shop.instances.Shop-0.utilisation", Unit::Share),
            ("services.Shop.instances.Shop-0.up", Unit::Share),
            ("services.Shop.up", Unit::Number),
            ("db_clusters.DB.available", Unit::Share),
            ("caches.C.hit_ratio", Unit::Share),
            ("requests.success_ratio", Unit::Share),
            ("requests.succeeded", Unit::Number),
            ("db_clusters.DB.nodes.DB/1.lag_writes", Unit::Number),
            ("", Unit::Number),
        ];
        for (name, unit) in cases {
            assert_eq!(Unit::of_series(name), unit, "{name}");
        }
    }
}
