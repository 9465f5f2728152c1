//! Database nodes at which operations slow each other down: all that are at work are in one [`Sharing`], and leave it as that
//! says, not by an event each.

use super::{
    context::Context,
    database::Databases,
    event::Event,
    topology::{Cluster, ClusterId, ComponentId, ComponentKind, NodeId},
    visit::VisitId,
};
use crate::engine::{sharing::Sharing, time::Duration};

/// What the operations at a node of a cluster are in, if they slow each other down.
pub(super) fn new_sharing(cluster: &Cluster) -> Option<Box<Sharing<VisitId>>> {
    cluster.scalability.is_some().then(|| Box::new(Sharing::new(None).with_scalability(cluster.scalability.clone())))
}

impl Databases {
    /// A node begins with an operation, which takes so long if nobody slows it down.
    #[inline]
    pub(super) fn operate(&mut self, ctx: &mut Context, id: VisitId, node: NodeId, time: Duration) {
        match self.nodes[node.index()].sharing {
            None => ctx.finish_after(id, time),
            Some(_) => self.operate_among_others(ctx, id, node, time),
        }
    }

    #[inline(never)]
    fn operate_among_others(&mut self, ctx: &mut Context, id: VisitId, node: NodeId, work: Duration) {
        let now = ctx.now;
        // It leaves by no event of its own, and one that it had is stale.
        ctx.visits[id].next_turn();
        if let Some(sharing) = &mut self.nodes[node.index()].sharing {
            sharing.enter(now, id, work);
        }
        self.expect_departure(ctx, node);
    }

    fn expect_departure(&mut self, ctx: &mut Context, node: NodeId) {
        let sharing = self.nodes[node.index()].sharing.as_ref();
        if let Some((at, epoch)) = sharing.and_then(|sharing| sharing.next_departure()) {
            ctx.future.schedule(at.max(ctx.now), Event::NodeDeparture { node, epoch });
        }
    }

    pub(super) fn on_node_departure(&mut self, ctx: &mut Context, node: NodeId, epoch: u32) -> Option<VisitId> {
        let now = ctx.now;
        let departed = self.nodes[node.index()].sharing.as_mut().and_then(|sharing| sharing.depart(now, epoch));
        departed.inspect(|_| self.expect_departure(ctx, node))
    }

    /// A node has lost all that it was at.
    pub(super) fn forget_work(&mut self, ctx: &mut Context, component: ComponentId) {
        let now = ctx.now;
        if let ComponentKind::Node(node) = ctx.topology.components[component.index()].kind
            && let Some(sharing) = &mut self.nodes[node.index()].sharing
        {
            sharing.take_all(now);
        }
    }

    /// A node needs so many times the time for what it is at; whether it is one where operations slow each other down.
    pub(super) fn scale_operations(&mut self, ctx: &mut Context, component: ComponentId, ratio: f64) -> bool {
        let now = ctx.now;
        let ComponentKind::Node(node) = ctx.topology.components[component.index()].kind else { return false };
        let Some(sharing) = &mut self.nodes[node.index()].sharing else { return false };
        sharing.scale(now, ratio);
        self.expect_departure(ctx, node);
        true
    }

    /// Takes note of how operations slow each other down at the nodes of a cluster.
    pub(super) fn change_contention(&mut self, ctx: &mut Context, id: ClusterId) {
        for place in 0..ctx.topology.clusters[id.index()].nodes.len() {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            let before = self.nodes[node.index()].sharing.as_ref().and_then(|sharing| sharing.scalability());
            if before != ctx.topology.clusters[id.index()].scalability.as_ref() {
                self.change_contention_at(ctx, node, id);
            }
        }
    }

    fn change_contention_at(&mut self, ctx: &mut Context, node: NodeId, cluster: ClusterId) {
        let now = ctx.now;
        let at_work = match &mut self.nodes[node.index()].sharing {
            Some(sharing) => sharing.take_all(now),
            None => {
                let at_work = ctx.working_at(ctx.topology.node_component(node)).into_iter();
                at_work.map(|id| (id, ctx.visits[id].until.since(now))).collect()
            }
        };
        self.nodes[node.index()].sharing = new_sharing(&ctx.topology.clusters[cluster.index()]);
        at_work.into_iter().for_each(|(id, left)| self.operate(ctx, id, node, left));
    }
}
