//! A place in a JSON value that outlives the walk that found it.

use std::fmt;

use serde_json::Value;

use crate::config::path::write_key;

/// A step down from a value to a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// A place in a JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place(pub Vec<Step>);

impl Place {
    /// The place that serde was at when it gave up.
    pub fn of(path: &serde_path_to_error::Path) -> Self {
        use serde_path_to_error::Segment;
        let steps = path.iter().map_while(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { variant } => Some(Step::Key(variant.clone())),
            Segment::Unknown => None,
        });
        Self(steps.collect())
    }

    /// A field of this object.
    pub fn key(&self, key: &str) -> Self {
        let mut place = self.clone();
        place.0.push(Step::Key(key.to_owned()));
        place
    }

    /// The place that this is a part of, and the last step.
    pub fn split(&self) -> Option<(Self, &Step)> {
        let (last, parent) = self.0.split_last()?;
        Some((Self(parent.to_vec()), last))
    }

    /// Whether a component, a group of users or a queue stands there, or should.
    pub fn is_named_entry(&self) -> bool {
        let is_key = |step: &Step, names: &[&str]| matches!(step, Step::Key(key) if names.contains(&key.as_str()));
        match self.0.as_slice() {
            [list, _] => is_key(list, &["users", "services", "db_clusters", "caches", "brokers"]),
            [brokers, _, queues, _] => is_key(brokers, &["brokers"]) && is_key(queues, &["queues"]),
            _ => false,
        }
    }

    /// What stands there.
    pub fn get<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }

    /// The part of the way down that exists.
    pub fn existing(mut self, value: &Value) -> Self {
        while !self.0.is_empty() && self.get(value).is_none() {
            self.0.pop();
        }
        self
    }

    /// What stands there, to be changed.
    pub fn get_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(index),
        })
    }

    /// Whether one of the two places is a part of the other.
    pub fn is_related(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a == b)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) => write_key(f, key, i == 0)?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
