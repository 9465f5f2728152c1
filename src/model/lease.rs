//! The lease that a primary holds, as under Patroni: at each look of the monitor it renews it, and leaves word of what it has.
//! A primary that cannot renew it steps down; who replaces it is judged by that word.

use super::{
    context::Context,
    database::Databases,
    event::FailoverDue,
    log::Happening,
    topology::{ClusterId, NodeId, Replication},
};

impl Databases {
    /// The monitor has looked, and the primary is there.
    pub(super) fn renew_lease(&mut self, ctx: &mut Context, id: ClusterId) {
        self.clusters[id.index()].known_log = self.clusters[id.index()].log;
        self.choose_standbys(ctx, id);
    }

    /// The monitor has looked for the first time and the primary is away: if it lives but is cut off, it will step down.
    pub(super) fn miss_renewal(&mut self, ctx: &mut Context, id: ClusterId) {
        let Some(lease) = ctx.topology.clusters[id.index()].failover.lease else { return };
        if self.is_cut_off(ctx, id) {
            self.go_on_after(ctx, id, lease.retry_timeout, FailoverDue::SteppedDown);
        }
    }

    /// Whether the primary works, but is parted from most of the others.
    fn is_cut_off(&self, ctx: &Context, id: ClusterId) -> bool {
        self.is_node_up(ctx, self.clusters[id.index()].primary) && self.is_isolated(ctx, id)
    }

    /// A primary has tried in vain to renew its lease: it refuses writes from now on, those that wait for replicas too.
    pub(super) fn step_down(&mut self, ctx: &mut Context, id: ClusterId) {
        let primary = self.clusters[id.index()].primary;
        if !self.is_cut_off(ctx, id) {
            return;
        }
        self.clusters[id.index()].has_stepped_down = true;
        ctx.note(Happening::SteppedDown(primary));
        for (position, visit) in std::mem::take(&mut self.clusters[id.index()].waiting) {
            self.clusters[id.index()].unacknowledged.push(position);
            self.end_waiting_write(ctx, visit, id, false);
        }
    }

    /// Whether a node is the primary and has stepped down.
    #[inline]
    pub(super) fn has_stepped_down(&self, id: ClusterId, node: NodeId) -> bool {
        let state = &self.clusters[id.index()];
        state.has_stepped_down && state.primary == node
    }

    /// Whether a node that could take over may: it lacks little enough, and is a synchronous standby where there is to be one.
    pub(super) fn is_eligible(&self, ctx: &Context, id: ClusterId, node: NodeId) -> bool {
        let (cluster, state) = (&ctx.topology.clusters[id.index()], &self.clusters[id.index()]);
        let has_enough =
            |most: u64| self.nodes[node.index()].feed.received(ctx.now).saturating_add(most) >= state.known_log;
        cluster.failover.lease.and_then(|lease| lease.maximum_lag).is_none_or(has_enough)
            && (!matches!(cluster.replication, Replication::Chosen { .. }) || state.chosen.contains(&node))
    }
}
