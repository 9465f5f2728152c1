//! The figures of many replications, kept by number, so that it does not matter who ran which of them and when.

use std::collections::BTreeMap;

use super::sample::Summary;

/// Columns that are gathered at a time; more would leave the processor's cache.
const BLOCK: usize = 16;

/// Figures of the replications of one configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Names of the figures.
    names: Vec<String>,
    rows: BTreeMap<u64, Vec<f64>>,
}

impl Table {
    /// An empty table of figures of those names.
    pub fn new(names: Vec<String>) -> Self {
        Self { names, rows: BTreeMap::new() }
    }

    /// Names of the figures.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Puts in the figures of a replication. Says whether they could be: there must be one for each name, and if the
    /// replication is there already, the figures must be the same.
    pub fn insert(&mut self, replication: u64, figures: Vec<f64>) -> bool {
        if !self.has_room(&figures) {
            return false;
        }
        // Bits, because figures that do not exist (NaN) are equal too.
        let same = |row: &Vec<f64>| row.iter().zip(&figures).all(|(a, b)| a.to_bits() == b.to_bits());
        match self.rows.get(&replication) {
            Some(row) => same(row),
            None => self.rows.insert(replication, figures).is_none(),
        }
    }

    /// Whether there is one value for each name.
    pub fn has_room(&self, figures: &[f64]) -> bool {
        figures.len() == self.names.len()
    }

    /// Figures by replication, in order of the replications.
    pub fn rows(&self) -> impl Iterator<Item = (u64, &[f64])> {
        self.rows.iter().map(|(replication, figures)| (*replication, figures.as_slice()))
    }

    /// Number of replications.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no replication.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where the figure of that name stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// The values of a figure, in order of the replications; NaN where it does not exist.
    pub fn column(&self, position: usize) -> Vec<f64> {
        self.rows.values().filter_map(|figures| figures.get(position).copied()).collect()
    }

    /// All figures, summed up. The result depends on what is in the table, and not on how it came there.
    pub fn summaries(&self) -> Vec<Summary> {
        let mut summaries = Vec::with_capacity(self.names.len());
        for start in (0..self.names.len()).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.names.len());
            let mut columns: Vec<Vec<f64>> = (start..end).map(|_| Vec::with_capacity(self.len())).collect();
            for figures in self.rows.values() {
                columns.iter_mut().zip(&figures[start..end]).for_each(|(column, value)| column.push(*value));
            }
            summaries.extend(columns.iter().map(|column| Summary::of(column.iter().copied())));
        }
        summaries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|i| i.to_string()).collect()
    }

    #[test]
    fn the_order_of_insertion_does_not_matter() {
        let row = |replication: u64| (0..40).map(|i| 1.0 / (1 + i + 7 * replication) as f64).collect::<Vec<f64>>();
        let (mut up, mut down) = (Table::new(names(40)), Table::new(names(40)));
        (0..100).for_each(|replication| assert!(up.insert(replication, row(replication))));
        (0..100).rev().for_each(|replication| assert!(down.insert(replication, row(replication))));
        assert_eq!(up.summaries(), down.summaries());
        assert_eq!(up.summaries()[17], Summary::of(up.column(17).into_iter()));
    }

    #[test]
    fn what_contradicts_is_refused() {
        let mut table = Table::new(names(2));
        assert!(table.insert(3, vec![1.0, f64::NAN]) && table.insert(3, vec![1.0, f64::NAN]));
        assert!(!table.insert(3, vec![1.0, 2.0]) && !table.insert(4, vec![1.0]));
        assert_eq!(table.len(), 1);
    }
}
