//! Axes: ranges that end at round numbers, and the ticks in them.

use super::{
    bounds::Bounded,
    number::{Scale, Unit, Units},
};

/// An axis of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What the numbers are, in words.
    pub title: String,
    /// Their unit.
    pub unit: Unit,
    /// First and last number on it.
    pub range: (f64, f64),
}

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub at: f64,
    pub label: String,
}

impl Axis {
    /// An axis from zero to the largest number, or to 1 if there is none above zero.
    pub(super) fn from_zero(title: String, unit: Unit, largest: f64) -> Self {
        let largest = if largest > 0.0 && largest.is_finite() { largest } else { 1.0 };
        Self { title, unit, range: (0.0, largest) }
    }

    /// The range, made drawable: finite, and with its ends apart.
    pub(super) fn safe_range(&self) -> (f64, f64) {
        safe_range(self.range)
    }

    /// The same axis with the end moved out to the next tick, so that a live chart does not twitch.
    pub(super) fn rounded_up(&self, wanted: usize) -> Self {
        let (from, to) = self.safe_range();
        let step = self.step(wanted);
        // A full share is the end of its axis, and not a reason for another tick.
        let end = ((to / step - 1e-9).ceil() * step).max(to);
        let range = if end.is_finite() { (from, end) } else { (from, to) };
        Self { title: self.title.clone(), unit: self.unit, range }
    }

    /// Ticks at round numbers, about as many as wanted.
    pub(super) fn ticks(&self, wanted: usize, units: &Units) -> Vec<Tick> {
        let (from, to) = self.safe_range();
        let step = self.step(wanted);
        let (first, last) = ((from / step - 1e-9).ceil(), (to / step + 1e-9).floor());
        if !(first.is_finite() && last.is_finite()) || last < first || last - first > 1000.0 {
            return Vec::new();
        }
        let scale = Scale::new(self.unit, from.abs().max(to.abs()), units);
        let count = (last - first) as usize;
        // Multiples, not a running sum, so that no error piles up.
        let at = (0..=count).map(|index| (first + index as f64) * step);
        at.map(|at| Tick { at, label: scale.with_step(at, step) }).collect()
    }

    /// Ticks as far as there is room for them, but two at least: one alone tells no scale.
    pub(super) fn scale(&self, wanted: usize, units: &Units) -> Vec<Tick> {
        (wanted..wanted + 3).map(|wanted| self.ticks(wanted, units)).find(|ticks| ticks.len() > 1).unwrap_or_default()
    }

    /// 1, 2 or 5 times a power of ten of the unit that is shown.
    fn step(&self, wanted: usize) -> f64 {
        let (from, to) = self.safe_range();
        let shown = Scale::new(self.unit, from.abs().max(to.abs()), &Units::default()).per_unit();
        let raw = (to - from) / wanted.max(1) as f64 * shown;
        let power = libm::pow(10.0, libm::log10(raw).floor());
        let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= raw * 0.9999).unwrap_or(10.0);
        let step = digit * power / shown;
        if step > 0.0 && step.is_finite() { step } else { to - from }
    }
}

/// A range that can be drawn: finite, in order, and wide enough to tell its ends apart.
pub(super) fn safe_range((from, to): (f64, f64)) -> (f64, f64) {
    let bounded = |value: f64, otherwise: f64| {
        if value.is_finite() { value.within(-1e300, 1e300) } else { otherwise }
    };
    let (from, to) = (bounded(from, 0.0), bounded(to, 1.0));
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    let least = from.abs().max(to.abs()).max(1e-15) * 1e-9;
    if to - from >= least { (from, to) } else { (from, from + least.max(if from == 0.0 { 1.0 } else { 0.0 })) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(unit: Unit, range: (f64, f64), wanted: usize) -> Vec<String> {
        let axis = Axis { title: String::new(), unit, range };
        axis.ticks(wanted, &Units::default()).into_iter().map(|tick| tick.label.replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn a_narrow_axis_still_tells_its_scale() {
        for (unit, end) in [(Unit::Seconds, 28.6), (Unit::Seconds, 0.473), (Unit::Number, 130.0), (Unit::Share, 1.0)] {
            let axis = Axis { title: String::new(), unit, range: (0.0, end) };
            for wanted in 1..10 {
                let ticks = axis.scale(wanted, &Units::default());
                assert!((2..=2 * wanted + 2).contains(&ticks.len()), "{unit:?} {end} {wanted}: {ticks:?}");
            }
        }
        assert_eq!(labels(Unit::Seconds, (0.0, 28.6), 1), ["0 s"]);
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(labels(Unit::Number, (0.0, 0.93), 5), ["0.0", "0.2", "0.4", "0.6", "0.8"]);
        assert_eq!(labels(Unit::Seconds, (0.0, 50.0), 5), ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s"]);
        assert_eq!(labels(Unit::Share, (0.0, 1.0), 4), ["0 %", "50 %", "100 %"]);
    }

    #[test]
    fn an_axis_grows_to_its_next_tick() {
        let axis = Axis::from_zero(String::new(), Unit::Number, 93.0).rounded_up(5);
        assert_eq!(axis.range, (0.0, 100.0));
        let full = Axis::from_zero(String::new(), Unit::Share, 1.0).rounded_up(5);
        assert_eq!(full.range, (0.0, 1.0));
    }

    #[test]
    fn hours_are_divided_as_hours() {
        let labels = labels(Unit::Seconds, (0.0, 40_000.0), 6);
        assert_eq!(labels, ["0 h", "2 h", "4 h", "6 h", "8 h", "10 h"]);
    }

    #[test]
    fn any_range_can_be_drawn() {
        let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, 0.0, 1e300, -3.0];
        for from in numbers {
            for to in numbers {
                let axis = Axis { title: String::new(), unit: Unit::Seconds, range: (from, to) };
                let (low, high) = axis.safe_range();
                assert!(low < high && (high - low).is_finite(), "{from} {to}");
                assert!(axis.ticks(5, &Units::default()).len() < 100, "{from} {to}");
                let _ = axis.rounded_up(5).ticks(0, &Units::default());
            }
        }
    }
}
