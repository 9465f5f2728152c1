//! Aligned tables of text.

/// A table: the first column is text, the others are figures.
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    name_max: usize,
}

/// A line longer than this would be broken by many terminals.
pub const WIDTH_MAX: usize = 100;
/// A name longer than this is cut.
const NAME_MAX: usize = 30;

impl Table {
    /// A table without rows.
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|title| title.to_string()).collect(), rows: Vec::new(), name_max: NAME_MAX }
    }

    /// The same for longer names.
    pub fn with_names(self, name_max: usize) -> Self {
        Self { name_max, ..self }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table, figures aligned to the right.
    pub fn figures(&self) -> String {
        self.lines(|width, cell, first| if first { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
    }

    /// The table, everything aligned to the left.
    pub fn plain(&self) -> String {
        self.lines(|width, cell, _| format!("{cell:<width$}"))
    }

    fn lines(&self, align: impl Fn(usize, &str, bool) -> String) -> String {
        let rows: Vec<Vec<String>> = std::iter::once(&self.head)
            .chain(&self.rows)
            .map(|row| row.iter().enumerate().map(|(column, cell)| fitted(cell, column, self.name_max)).collect())
            .collect();
        let width =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.head.len()).map(|column| width(column).unwrap_or(0)).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate();
            let cells: Vec<String> = cells.map(|(column, (cell, width))| align(*width, cell, column == 0)).collect();
            format!("  {}\n", cells.join("  ").trim_end())
        };
        rows.iter().map(line).collect()
    }
}

/// The cell, with a name cut in the middle if it is too long: names differ at their ends.
fn fitted(cell: &str, column: usize, name_max: usize) -> String {
    let letters: Vec<char> = cell.chars().collect();
    if column > 0 || letters.len() <= name_max {
        return cell.into();
    }
    let half = name_max / 2;
    letters[..half].iter().chain(&['…']).chain(&letters[letters.len() - half + 1..]).collect()
}

/// Puts parts behind a name, in as many lines as it takes; all but the first are indented under the parts.
pub fn wrapped(name: &str, width: usize, parts: &[String]) -> String {
    let mut text = format!("  {:<width$}", fitted(name, 0, NAME_MAX));
    let indent = width + 2;
    let mut column = text.chars().count();
    for (index, part) in parts.iter().enumerate() {
        let part = if index + 1 < parts.len() { format!("{part},") } else { part.clone() };
        let length = part.chars().count() + 1;
        if column + length > WIDTH_MAX && column > indent {
            text.push_str(&format!("\n{}", " ".repeat(indent)));
            column = indent;
        }
        text.push(' ');
        text.push_str(&part);
        column += length;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_long_names_cut() {
        let mut table = Table::new(&["name", "count"]);
        table.row(vec!["a".into(), "1".into()]);
        table.row(vec!["a-very-long-name-that-goes-on-and-on-0".into(), "1000".into()]);
        assert_eq!(
            table.figures(),
            "  name                            count\n  \
               a                                   1\n  \
               a-very-long-nam…es-on-and-on-0   1000\n"
        );
    }

    #[test]
    fn long_lists_are_wrapped() {
        let parts: Vec<String> = (0..30).map(|part| format!("part-{part}")).collect();
        let text = wrapped("all", 8, &parts);
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= WIDTH_MAX));
        assert!(text.lines().skip(1).all(|line| line.starts_with("           part")));
    }
}
