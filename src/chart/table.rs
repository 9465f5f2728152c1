//! The figures behind a chart, as a table.

use serde::Serialize;

use serde_json::Value;

/// The figures behind a chart, as plain numbers in the units of the configuration: seconds, shares, counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ChartTable {
    /// Headings. The first column is the time, the bin or the name of a row.
    pub columns: Vec<String>,
    /// Rows of numbers, texts, or `null` where there is nothing.
    pub rows: Vec<Vec<Value>>,
}

/// A number as a cell; what is not finite is nothing.
pub(super) fn number(value: f64) -> Value {
    Value::from(value)
}
