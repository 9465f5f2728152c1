//! Policies of a virtual host: what they set for the queues and exchanges whose names they fit.

use serde_json::{Map, Value};

use super::{
    definitions::{Definitions, text},
    host_of,
    patterns::Pattern,
};
use crate::import::notes::{Notes, shortened};

/// The policies of a virtual host, the one that counts most first.
#[derive(Debug, Default)]
pub struct Policies(Vec<Policy>);

#[derive(Debug)]
struct Policy {
    line: usize,
    pattern: Pattern,
    applies_to: String,
    priority: i64,
    definition: Map<String, Value>,
}

impl Policies {
    pub fn of(definitions: &Definitions, host: &str, notes: &mut Notes) -> Self {
        let mut all = Vec::new();
        for (line, policy) in definitions.list("policies").iter().filter(|(_, policy)| host_of(policy) == host) {
            let Some(pattern) = Pattern::parse(text(policy, "pattern")) else {
                let pattern = shortened(text(policy, "pattern"));
                notes.at(*line, format!("the pattern `{pattern}` is not understood, and the policy left out"));
                continue;
            };
            let definition = policy.get("definition").and_then(Value::as_object).cloned().unwrap_or_default();
            let applies_to = text(policy, "apply-to").to_owned();
            let priority = policy.get("priority").and_then(Value::as_i64).unwrap_or(0);
            all.push(Policy { line: *line, pattern, applies_to, priority, definition });
        }
        for (line, policy) in definitions.list("operator_policies").iter().filter(|(_, it)| host_of(it) == host) {
            notes.at(
                *line,
                format!("operator policies, such as `{}`, are not taken over", shortened(text(policy, "name"))),
            );
        }
        // (Of equals the first one stays first.)
        all.sort_by_key(|policy| std::cmp::Reverse(policy.priority));
        Self(all)
    }

    /// What the one policy that counts for something says, and in which line: only one ever does.
    pub fn for_name(&self, name: &str, kinds: &[&str]) -> Option<(usize, &Map<String, Value>)> {
        let applies = |policy: &&Policy| {
            let applies_to = policy.applies_to.as_str();
            (applies_to.is_empty() || applies_to == "all" || kinds.contains(&applies_to))
                && policy.pattern.matches(name)
        };
        self.0.iter().find(applies).map(|policy| (policy.line, &policy.definition))
    }
}
