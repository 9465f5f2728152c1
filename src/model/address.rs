//! Whom the clients of a cluster take for its primary, and who takes himself for it.
//!
//! After a failover clients have the old address until they have learnt the new one, and the former primary, if it lives, does
//! not know. As long as it has not been told, it answers whoever asks it; what it acknowledges is lost when it is told.

use super::{
    context::Context,
    database::{Databases, Role},
    event::{Event, FailoverDue},
    failover::FailoverStage,
    log::Happening,
    network::Place,
    plan::Step,
    topology::{ClusterId, InstanceId, NodeId},
    visit::VisitId,
};

impl Databases {
    /// Somebody else is the primary now.
    pub(super) fn replace_address(&mut self, ctx: &mut Context, id: ClusterId, old: NodeId, by_failover: bool) {
        let learning = &ctx.topology.clusters[id.index()].failover.clients_learn;
        let state = &mut self.clusters[id.index()];
        state.address_epoch = state.address_epoch.wrapping_add(1);
        let epoch = state.address_epoch;
        if learning.is_zero() {
            state.address = None;
        } else {
            // (Who has not learnt of the failover before has the address before that.)
            state.address.get_or_insert(old);
            let time = learning.sample(&mut state.failovers);
            ctx.schedule(time, Event::Failover { cluster: id, epoch, what: FailoverDue::Learnt });
        }
        // (Who is dead and will be told at once when he is back need not be kept in mind.)
        let stays = self.is_node_up(ctx, old) || !ctx.topology.clusters[id.index()].failover.demotion_time.is_zero();
        self.clusters[id.index()].former = (by_failover && stays).then_some(old);
        self.reach_former(ctx, id);
    }

    /// Clients have the address of the present primary.
    pub(super) fn clients_learn(&mut self, id: ClusterId) {
        self.clusters[id.index()].address = None;
    }

    /// A former primary that has not been told, if it is up and the present one reaches it.
    fn former_in_reach(&self, ctx: &Context, id: ClusterId) -> Option<NodeId> {
        let state = &self.clusters[id.index()];
        state.former.filter(|&former| self.follows(ctx, state.primary, former))
    }

    /// A former primary that lives and can be reached will be told what it is.
    pub(super) fn reach_former(&mut self, ctx: &mut Context, id: ClusterId) {
        let Some(former) = self.former_in_reach(ctx, id) else { return };
        if ctx.health(ctx.topology.node_component(former)).is_stalled() {
            return;
        }
        let time = &ctx.topology.clusters[id.index()].failover.demotion_time;
        if time.is_zero() {
            return self.tell(ctx, id);
        }
        let state = &mut self.clusters[id.index()];
        state.told_epoch = state.told_epoch.wrapping_add(1);
        let epoch = state.told_epoch;
        let time = time.sample(&mut state.failovers);
        ctx.schedule(time, Event::Failover { cluster: id, epoch, what: FailoverDue::Told });
    }

    /// A former primary is told that it is none, if it can be told now.
    pub(super) fn tell(&mut self, ctx: &mut Context, id: ClusterId) {
        let Some(former) = self.former_in_reach(ctx, id) else { return };
        self.clusters[id.index()].former = None;
        if !ctx.topology.clusters[id.index()].failover.demotion_time.is_zero() {
            ctx.note(Happening::Demoted(former));
        }
        self.readmit(ctx, id);
        self.catch_up(ctx, former);
    }

    /// A node that is not the cluster's any more is nobody's address.
    pub(super) fn forget_address(&mut self, id: ClusterId, node: NodeId) {
        let state = &mut self.clusters[id.index()];
        state.address = state.address.filter(|&address| address != node);
        state.former = state.former.filter(|&former| former != node);
    }

    /// Whom an instance asks for the primary, if there is one that could be asked. (It may be down, which only the attempt
    /// shows.)
    #[inline]
    pub(super) fn primary_for(&self, ctx: &Context, id: ClusterId, asker: InstanceId) -> Option<NodeId> {
        let state = &self.clusters[id.index()];
        match (state.promoting, state.address.or(state.former)) {
            (None, None) => Some(state.primary),
            _ => self.primary_amid_failover(ctx, id, asker),
        }
    }

    #[inline(never)]
    fn primary_amid_failover(&self, ctx: &Context, id: ClusterId, asker: InstanceId) -> Option<NodeId> {
        let state = &self.clusters[id.index()];
        // Who is being replaced against its will, and lives, is still asked.
        if state.promoting.is_some() && (state.stage == FailoverStage::Calm || !self.is_node_up(ctx, state.primary)) {
            return None;
        }
        let known = state.address.unwrap_or(state.primary);
        let cut_off = |node| ctx.network.partitions.separate(Place::instance(asker), Place::node(node));
        // Who is on the side of a former primary has heard of nobody else.
        let other = state.former.filter(|&former| cut_off(known) && !cut_off(former));
        Some(other.unwrap_or(known))
    }

    /// Whether a node refuses a write that has reached it: it is no primary, and knows.
    #[inline]
    pub(super) fn refuses_write(&self, ctx: &Context, id: VisitId, node: NodeId) -> bool {
        let is_write = || matches!(ctx.topology.steps[ctx.visits[id].step as usize], Step::Write { .. });
        let knows = match self.nodes[node.index()].role {
            Role::Primary => self.has_stepped_down(ctx.topology.nodes[node.index()].cluster, node),
            _ => !self.believes_in_itself(ctx, node),
        };
        knows && is_write()
    }

    /// Whether a node takes itself for the primary and is none.
    pub(super) fn believes_in_itself(&self, ctx: &Context, node: NodeId) -> bool {
        self.clusters[ctx.topology.nodes[node.index()].cluster.index()].former == Some(node)
    }
}
