//! Any time series, by name.

use crate::chart::{number::Unit, source::Source};

use super::{Built, Context, lines::Wanted};

impl<S: Source> Context<'_, S> {
    pub(super) fn custom(&self, names: &[String]) -> Built {
        let wanted: Vec<Wanted> = names.iter().map(|name| Wanted::new(name, name)).collect();
        let mut units = names.iter().map(|name| Unit::of_series(name));
        let first = units.next().unwrap_or_default();
        // Seconds and numbers share an axis of numbers.
        let unit = if units.all(|unit| unit == first) { first } else { Unit::Number };
        self.built(&wanted, "", unit)
    }
}
