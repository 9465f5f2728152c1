//! Warnings about groups of users.

use super::{
    Problems,
    edge::{self, Edge},
    within,
};
use crate::config::{
    resolve::{Number, layout::Layout},
    schema::{ArrivalsConfig, UsersConfig},
};

pub(super) fn check(warnings: &mut Problems, layout: &Layout) {
    for (name, users) in &layout.config.users {
        within("users", name, |path| {
            if users.reuse_prob > 0.0 && matches!(users.arrivals, Some(ArrivalsConfig::Closed { .. })) {
                let rule = "has no effect: in a closed population each user keeps coming back";
                warnings.found(&path.key("reuse_prob"), Number(users.reuse_prob), rule);
            }
            let Some(policy) = &users.policy else { return };
            let edge = Edge { policy, is_ignored: false, can_repeat: can_repeat(layout, users), left: f64::INFINITY };
            edge::check(warnings, &path.key("policy"), layout.config, &edge);
        });
    }
}

/// Whether any request of the group may happen twice.
fn can_repeat(layout: &Layout, users: &UsersConfig) -> bool {
    let targets = users.targets.iter().filter(|(_, weight)| **weight > 0.0);
    let reads = users.read_share > 0.0;
    targets.into_iter().any(|(name, _)| edge::can_repeat(layout, name, reads))
}
