//! A part of an experiment as a file, and how parts are put together again.
//!
//! A part holds its plan and the figures of its replications by number, written so that they are read back exactly. So
//! parts that were run anywhere make the whole, to the last bit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    plan::{Plan, PlanError},
    study::{Results, Shard},
    table::Table,
};
use crate::config::{ConfigErrors, read_json_within};

/// Longest text of a part: that of ten million figures or so.
const BYTES_MAX: usize = 1 << 30;

/// A part of an experiment: the plan of the whole, and the results of some of its jobs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// The plan.
    pub plan: Plan,
    /// Which part of how many it is, from 1.
    pub shard: [u64; 2],
    /// For each configuration, its replications.
    tables: Vec<Columns>,
    /// For each configuration, the windows of its time series.
    courses: Vec<Columns>,
}

/// Replications of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Columns {
    metrics: Vec<String>,
    replications: Vec<u64>,
    /// Figures of each replication; `null` where one does not exist.
    figures: Vec<Vec<Option<f64>>>,
}

/// Why parts do not make a whole. Parts are told by their place among those given, from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("there is nothing to merge")]
    Nothing,
    /// Two parts belong to different experiments.
    #[error("part {} belongs to another experiment than the first one", .0 + 1)]
    OtherPlan(usize),
    /// The plan cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A replication is none of the plan's.
    #[error("part {} has a replication that is none of the experiment's", .0 + 1)]
    Foreign(usize),
    /// Figures do not belong to the plan, or contradict those of another part.
    #[error("part {} has figures that do not fit the experiment or those of another part", .0 + 1)]
    Misfit(usize),
}

impl MergeError {
    /// Which of the parts is the matter, from 0.
    pub const fn part(&self) -> Option<usize> {
        match self {
            Self::Nothing | Self::Plan(_) => None,
            Self::OtherPlan(part) | Self::Foreign(part) | Self::Misfit(part) => Some(*part),
        }
    }
}

impl Part {
    /// The part with these results.
    pub fn new(plan: &Plan, shard: Shard, results: &Results) -> Self {
        let number = |value: f64| (!value.is_nan()).then_some(value);
        let columns = |table: &Table| Columns {
            metrics: table.names().to_vec(),
            replications: table.rows().map(|(replication, _)| replication).collect(),
            figures: table.rows().map(|(_, row)| row.iter().map(|value| number(*value)).collect()).collect(),
        };
        let [tables, courses] = [&results.tables, &results.courses].map(|all| all.iter().map(columns).collect());
        Self { plan: plan.clone(), shard: [shard.index.saturating_add(1), shard.count], tables, courses }
    }

    /// The part as JSON text.
    pub fn to_json(&self) -> String {
        format!("{}\n", json!(self))
    }

    /// Reads a part from JSON text.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        read_json_within(text, BYTES_MAX)
    }
}

/// Puts parts together. The same replication may be in several parts if it gave the same figures.
///
/// # Errors
/// If the parts do not belong together.
pub fn merge(parts: Vec<Part>) -> Result<(Plan, Results), MergeError> {
    let plan = parts.first().ok_or(MergeError::Nothing)?.plan.clone();
    let mut results = plan.study()?.results();
    for (place, part) in parts.into_iter().enumerate() {
        if part.plan != plan {
            return Err(MergeError::OtherPlan(place));
        }
        // Else what is missing would not be missed.
        if part.tables.iter().flat_map(|columns| &columns.replications).any(|number| *number >= plan.replications) {
            return Err(MergeError::Foreign(place));
        }
        if !put(part.tables, &mut results.tables) || !put(part.courses, &mut results.courses) {
            return Err(MergeError::Misfit(place));
        }
    }
    Ok((plan, results))
}

fn put(all: Vec<Columns>, tables: &mut [Table]) -> bool {
    if all.len() != tables.len() {
        return false;
    }
    all.into_iter().zip(tables).all(|(columns, table)| {
        let numbers = |row: Vec<Option<f64>>| row.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        columns.metrics == table.names()
            && columns.replications.len() == columns.figures.len()
            && columns.replications.iter().zip(columns.figures).all(|(number, row)| table.insert(*number, numbers(row)))
    })
}
