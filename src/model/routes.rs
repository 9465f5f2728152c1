//! Where reads and writes are to go.

use super::{
    context::Context,
    database::{Databases, Role},
    topology::{ClusterId, InstanceId, NodeId},
    visit::VisitId,
};

impl Databases {
    /// Where a read is to go: to a replica or the primary as chance wants it, or to another node than the one that has been
    /// asked before. `None` if there is nobody to ask.
    #[inline]
    pub fn address_read(&mut self, ctx: &Context, cluster: ClusterId, id: VisitId, before: NodeId) -> Option<NodeId> {
        self.clusters[cluster.index()].counts.reads += 1;
        match before {
            NodeId::NONE => self.choose_for_read(ctx, cluster, id),
            before => self.address_again(ctx, cluster, id, before),
        }
    }

    /// Where a write is to go; if the primary is dead, it may be what starts a failover.
    #[inline]
    pub fn address_write(&mut self, ctx: &mut Context, cluster: ClusterId, asker: InstanceId) -> Option<NodeId> {
        self.clusters[cluster.index()].counts.writes += 1;
        if !self.has_primary(ctx, cluster) && ctx.topology.clusters[cluster.index()].failover.on_write {
            self.find_away(ctx, cluster, true);
        }
        self.primary_for(ctx, cluster, asker)
    }

    /// A replica with the configured probability, if it is up; else the primary.
    #[inline]
    fn choose_for_read(&mut self, ctx: &Context, cluster: ClusterId, id: VisitId) -> Option<NodeId> {
        let described = &ctx.topology.clusters[cluster.index()];
        let state = &mut self.clusters[cluster.index()];
        if described.nodes.len() > 1
            && state.routes.chance(described.replica_read_share)
            && !self.sticks_to_primary(ctx, id, cluster)
            && let Some(node) = self.choose_replica(ctx, cluster, id)
        {
            return Some(node);
        }
        self.primary_for(ctx, cluster, ctx.visits[id].instance)
    }

    /// A replica, uniformly chosen of those where the reader may read, if it is up.
    #[inline]
    fn choose_replica(&mut self, ctx: &Context, cluster: ClusterId, id: VisitId) -> Option<NodeId> {
        let count = self.replicas_for(ctx, cluster, id).count() as u64;
        let choice = self.clusters[cluster.index()].routes.below(count) as usize;
        self.replicas_for(ctx, cluster, id).nth(choice).filter(|&node| self.is_node_up(ctx, node))
    }

    /// The replicas, up or not, where a reader may read.
    #[inline]
    fn replicas_for(&self, ctx: &Context, cluster: ClusterId, id: VisitId) -> impl Iterator<Item = NodeId> {
        let nodes = ctx.topology.clusters[cluster.index()].nodes.iter().copied();
        let replicas = nodes.filter(|node| self.nodes[node.index()].role == Role::Replica);
        replicas.filter(move |&node| self.may_read_at(ctx, id, node, cluster))
    }

    /// A node to try a failed read on: any that is up, other than the one that failed, if there is one.
    pub fn address_again(&mut self, ctx: &Context, cluster: ClusterId, id: VisitId, failed: NodeId) -> Option<NodeId> {
        let serves = |node: &NodeId| match self.nodes[node.index()].role {
            _ if *node == failed || !self.is_node_up(ctx, *node) => false,
            Role::Detached => false,
            Role::Replica => self.may_read_at(ctx, id, *node, cluster),
            Role::Primary => true,
        };
        let others: Vec<NodeId> = ctx.topology.clusters[cluster.index()].nodes.iter().copied().filter(serves).collect();
        let choice = self.clusters[cluster.index()].routes.below(others.len() as u64) as usize;
        others.get(choice).copied().or_else(|| self.primary_for(ctx, cluster, ctx.visits[id].instance))
    }
}
