//! What a user does to the system while it runs.

use super::{
    health::DownBecause,
    topology::{ComponentId, ComponentKind},
    world::World,
};
use crate::engine::time::Duration;

/// Why an action is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// There is no component of that name.
    #[error("there is no component \"{0}\"")]
    UnknownComponent(String),
    /// Only a replica that is up can be promoted or, if there is none and the primary is dead, a former primary that is up.
    #[error("\"{0}\" is not a replica that is up, so it can't be promoted")]
    NotPromotable(String),
    /// A time is negative or not a number.
    #[error("\"{0}\" can't go down for so long: the time must be a number of seconds, not negative")]
    BadTime(String),
}

impl World {
    /// Makes a component go down (all instances of a service, all nodes of a cluster, …), for so many
    /// seconds; without a time, as long as its outages say, else until it is recovered.
    pub fn crash_by_user(&mut self, name: &str, seconds: Option<f64>) -> Result<(), ActionError> {
        if seconds.is_some_and(|seconds| !(seconds >= 0.0 && seconds.is_finite())) {
            return Err(ActionError::BadTime(name.to_owned()));
        }
        for component in self.named(name)? {
            let fate = self.usual_fate(component);
            self.crash(component, DownBecause::User, seconds.map(Duration::from_seconds), fate);
        }
        Ok(())
    }

    /// Makes a component come back up.
    pub fn recover_by_user(&mut self, name: &str) -> Result<(), ActionError> {
        for component in self.named(name)? {
            self.recover(component);
        }
        self.hand_on();
        Ok(())
    }

    /// Makes a replica the primary of its cluster.
    pub fn promote_by_user(&mut self, name: &str) -> Result<(), ActionError> {
        for component in self.named(name)? {
            let ComponentKind::Node(node) = self.topology.components[component.index()].kind else {
                return Err(ActionError::NotPromotable(name.to_owned()));
            };
            if !self.databases.can_be_promoted(&self.ctx, node) {
                return Err(ActionError::NotPromotable(name.to_owned()));
            }
            self.databases.begin_promotion(&mut self.ctx, self.topology.nodes[node.index()].cluster, node);
            self.hand_on();
        }
        Ok(())
    }

    fn named(&self, name: &str) -> Result<Vec<ComponentId>, ActionError> {
        let target = self.topology.targets.get(name).ok_or_else(|| ActionError::UnknownComponent(name.to_owned()))?;
        Ok(self.components_of(target))
    }
}
