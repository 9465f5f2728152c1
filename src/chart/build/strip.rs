//! The strips of infrastructure failures.

use crate::{
    chart::{
        chart::View,
        source::Source,
        state_strip::{StateStrip, StripRow},
    },
    simulation::{ComponentState, Series},
};

use super::{super::bounds::Bounded, Built, Context, series_name};

/// More strips than this do not fit on a page.
const MAX_STRIPS: usize = 40;

impl<S: Source> Context<'_, S> {
    pub(super) fn failures(&self) -> Built {
        let components = self.source.components();
        let promotions = self.source.promotions();
        let row = |component: &ComponentState| {
            let series = self.source.series(&series_name(component, "up"));
            let now = self.source.now();
            let (mut known, mut down) = series.map_or(((0.0, 0.0), Vec::new()), |series| outages(&series, now));
            extend(&mut known, &mut down, now, component.state == "down");
            let promoted = promotions.iter().filter(|(node, _)| *node == component.name);
            let marks = promoted.map(|(_, time)| *time).collect();
            StripRow { name: component.name.clone(), known, down, marks }
        };
        let rows = components.iter().take(MAX_STRIPS).map(row).collect();
        let words = ["up", "down", "promoted"].map(|word| self.texts.word(word));
        let chart = StateStrip { x: self.time_axis(), rows, words, hidden: [false; 3] };
        (View::Strip(chart), self.hidden(components.len().saturating_sub(MAX_STRIPS)))
    }
}

/// From when to when the series is known, and the outages in it.
///
/// A window says how much of it the component was up. Where it was up before
/// and down after, or the other way round, that tells the moment exactly.
fn outages(series: &Series, now: f64) -> ((f64, f64), Vec<(f64, f64)>) {
    let values = &series.values;
    let mut down: Vec<(f64, f64)> = Vec::new();
    let (start, mut end) = (series.start, series.start);
    for (index, value) in values.iter().enumerate() {
        let from = series.start + index as f64 * series.width;
        let to = if now > from { (from + series.width).min(now) } else { from + series.width };
        end = to;
        let share = 1.0 - value.within(0.0, 1.0);
        if share.is_nan() || share < 1e-9 {
            continue;
        }
        let neighbour = |index: Option<usize>| index.and_then(|index| values.get(index)).copied().unwrap_or(1.0);
        let (before, after) = (neighbour(index.checked_sub(1)), neighbour(Some(index + 1)));
        let length = (to - from) * share;
        let span = place(from, to, length, before < after);
        match down.last_mut() {
            Some(last) if span.0 - last.1 <= series.width * 1e-6 => last.1 = span.1,
            _ => down.push(span),
        }
    }
    ((start, end), down)
}

/// Goes on from the end of the last window that is recorded until now: as far as that is known, nothing has changed
/// in between but what the component is now.
fn extend(known: &mut (f64, f64), down: &mut Vec<(f64, f64)>, now: f64, is_down: bool) {
    if known.1 <= known.0 || now.is_nan() || now <= known.1 {
        return;
    }
    if is_down {
        match down.last_mut() {
            Some(last) if last.1 >= known.1 => last.1 = now,
            _ => down.push((known.1, now)),
        }
    }
    known.1 = now;
}

/// Where in a window an outage lies: at its start if it came from the window before, else at its end.
fn place(from: f64, to: f64, length: f64, came_from_before: bool) -> (f64, f64) {
    if came_from_before { (from, from + length) } else { (to - length, to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_tell_when_an_outage_began_and_ended() {
        let series = Series { start: 0.0, width: 2.0, values: vec![1.0, 0.25, 0.0, 0.0, 0.5, 1.0] };
        let (known, down) = outages(&series, 11.0);
        assert_eq!(known, (0.0, 11.0));
        assert_eq!(down, [(2.5, 9.0)]);
    }

    #[test]
    fn what_is_not_recorded_yet_is_as_it_is_now() {
        let (mut known, mut down) = ((0.0, 4.0), vec![(3.0, 4.0)]);
        extend(&mut known, &mut down, 4.4, true);
        assert_eq!((known, down.as_slice()), ((0.0, 4.4), [(3.0, 4.4)].as_slice()));
        extend(&mut known, &mut down, 4.5, false);
        assert_eq!((known, down.as_slice()), ((0.0, 4.5), [(3.0, 4.4)].as_slice()));
        extend(&mut known, &mut down, 4.7, true);
        assert_eq!(down, [(3.0, 4.4), (4.5, 4.7)]);
    }

    #[test]
    fn two_outages_stay_two() {
        let series = Series { start: 0.0, width: 1.0, values: vec![1.0, 0.0, 1.0, 1.0, 0.0] };
        assert_eq!(outages(&series, 4.5).1, [(1.0, 2.0), (4.0, 4.5)]);
        assert_eq!(outages(&Series { start: 0.0, width: 1.0, values: vec![f64::NAN; 3] }, 3.0).1, []);
    }
}
