//! Who belongs to a cluster, and what becomes of it when somebody comes or goes.

use super::{
    context::Context,
    database::{ClusterState, Databases, NodeState, Role},
    feed::Feed,
    topology::{ClusterId, NodeId, Topology},
    visit::Outcome,
};
use crate::engine::time::SimTime;

impl Databases {
    /// Nodes have been taken from a cluster, or added to it.
    pub(super) fn change_nodes(&mut self, ctx: &mut Context, id: ClusterId, before: &[NodeId]) {
        if ctx.topology.clusters[id.index()].nodes == before {
            return;
        }
        let nodes = ctx.topology.clusters[id.index()].nodes.clone();
        let state = &mut self.clusters[id.index()];
        let is_removed = |node: &NodeId| !nodes.contains(node);
        if state.promoting.as_ref().is_some_and(is_removed) {
            state.break_off_promotion();
        }
        if is_removed(&state.primary) {
            self.hand_over(ctx, id);
        }
        before.iter().filter(|node| is_removed(node)).for_each(|&node| self.leave_cluster(ctx, node));
        nodes.iter().filter(|node| !before.contains(node)).for_each(|&node| self.join_cluster(ctx, node));
        self.measure_availability(ctx, id);
    }

    /// The primary is to go: the replica that is up and lacks least takes over at once. If the primary can reach it,
    /// it gets what it lacks, so that nothing is lost.
    fn hand_over(&mut self, ctx: &mut Context, id: ClusterId) {
        let Some(successor) = self.successor(ctx, id, usize::MAX) else { return };
        let state = &mut self.clusters[id.index()];
        state.break_off_promotion();
        let (primary, log) = (state.primary, state.log);
        if self.is_node_up(ctx, primary) && self.follows(ctx, primary, successor) {
            let state = &mut self.nodes[successor.index()];
            state.applied_writes += log.saturating_sub(state.feed.applied());
            state.feed.set_applied(log);
        }
        self.promote(ctx, id, successor);
    }

    /// Who would take over if only the first so many nodes of a cluster stayed, and the primary did not. A cluster that
    /// has been taken away itself is content with a node that is down.
    fn successor(&self, ctx: &Context, id: ClusterId, staying: usize) -> Option<NodeId> {
        let primary = self.clusters[id.index()].primary;
        let nodes = || ctx.topology.clusters[id.index()].nodes.iter().copied().take(staying);
        let is_live = |node: &NodeId| self.nodes[node.index()].role == Role::Replica && self.is_node_up(ctx, *node);
        let live: Vec<NodeId> = nodes().filter(is_live).collect();
        self.foremost(ctx, &live).or_else(|| nodes().find(|&node| node != primary).filter(|_| staying == usize::MAX))
    }

    /// Whether a cluster would be left without anybody to take over, if only its first so many nodes stayed.
    pub fn needs_its_primary(&self, ctx: &Context, id: ClusterId, staying: usize) -> bool {
        let primary = self.clusters[id.index()].primary;
        let mut stay = ctx.topology.clusters[id.index()].nodes.iter().take(staying);
        !stay.any(|&node| node == primary) && self.successor(ctx, id, staying).is_none()
    }

    fn leave_cluster(&mut self, ctx: &mut Context, node: NodeId) {
        self.break_off_replication(ctx, node);
        self.forget_address(ctx.topology.nodes[node.index()].cluster, node);
        self.turn_away_who_waits_behind(ctx, node, Outcome::Miss);
        let state = &mut self.nodes[node.index()];
        state.role = Role::Detached;
        state.is_joining = false;
        state.behind_since = None;
        state.lag.set(ctx.now, 0.0);
    }

    /// A new node has nothing, and serves nobody until it has everything.
    fn join_cluster(&mut self, ctx: &mut Context, node: NodeId) {
        self.break_off_replication(ctx, node);
        let log = self.clusters[ctx.topology.nodes[node.index()].cluster.index()].log;
        let state = &mut self.nodes[node.index()];
        state.feed = Feed::default();
        state.is_joining = log > 0;
        state.role = if log > 0 { Role::Detached } else { Role::Replica };
        state.behind_since = Some(ctx.now);
        self.measure_lag(ctx, node);
        self.catch_up(ctx, node);
    }

    /// States for whoever has none yet.
    pub fn make_newcomers(&mut self, topology: &Topology, seed: u64, now: SimTime) {
        for id in self.clusters.len()..topology.clusters.len() {
            self.clusters.push(ClusterState::new(seed, &topology.clusters[id]));
            self.clusters[id].restart(now);
        }
        for id in self.nodes.len()..topology.nodes.len() {
            self.nodes.push(NodeState::new(seed, topology, id));
            self.nodes[id].restart(now);
        }
    }
}
