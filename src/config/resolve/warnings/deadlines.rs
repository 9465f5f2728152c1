//! How much time requests have left where they get to: a deadline travels with them.

use crate::config::{
    resolve::{
        calls::{asked, policy_of},
        layout::Layout,
    },
    schema::UsersConfig,
};

/// The most seconds that any request has left when it gets to each endpoint; `None` where none gets.
pub(super) struct Deadlines(Vec<Option<f64>>);

impl Deadlines {
    pub fn new(layout: &Layout) -> Self {
        let asked = asked(layout);
        let mut deadlines = Self(vec![None; asked.len()]);
        let mut open = Vec::new();
        for users in layout.config.users.values() {
            for (node, left) in asked_by(layout, users) {
                deadlines.raise(node, left, &mut open);
            }
        }
        while let Some(node) = open.pop() {
            let left = deadlines.0[node].unwrap_or_default();
            for (callee, deadline) in &asked[node] {
                deadlines.raise(*callee, left.min(*deadline), &mut open);
            }
        }
        deadlines
    }

    /// The most seconds that a request to any of some endpoints has left.
    pub fn left(&self, nodes: impl Iterator<Item = usize>) -> f64 {
        let reached = nodes.filter_map(|node| self.0[node]);
        // (Where nobody gets, nothing is in vain that is not so anyway.)
        reached.reduce(f64::max).unwrap_or(f64::INFINITY)
    }

    fn raise(&mut self, node: usize, left: f64, open: &mut Vec<usize>) {
        if self.0[node].is_none_or(|known| known < left) {
            self.0[node] = Some(left);
            open.push(node);
        }
    }
}

/// Whom a group of users asks, and the seconds that it leaves them.
fn asked_by(layout: &Layout, users: &UsersConfig) -> Vec<(usize, f64)> {
    let policy = users.policy.as_ref().and_then(|used| policy_of(layout, used));
    let deadline = policy.and_then(|policy| policy.deadline).map_or(f64::INFINITY, |deadline| deadline.0);
    let targets = users.targets.iter().filter(|(_, weight)| **weight > 0.0).map(|(name, _)| (name.as_str(), deadline));
    // Whoever is asked when the policy has come to nothing, is asked without its deadline.
    let fallback = policy.and_then(|policy| policy.fallback.as_deref()).map(|name| (name, f64::INFINITY));
    let named = targets.chain(fallback);
    named.filter_map(|(name, left)| Some((layout.node(layout.callee(name)?), left))).collect()
}
