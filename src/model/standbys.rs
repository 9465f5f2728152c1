//! Synchronous standbys: which replicas must have a write before it is answered, and the writes that wait for them.

use super::{
    context::Context,
    database::{Databases, Role},
    topology::{ClusterId, NodeId, Replication},
    visit::VisitId,
};

impl Databases {
    /// Whether a write that a node has executed waits for replicas.
    #[inline]
    pub(super) fn waits_for_replicas(&self, ctx: &Context, node: NodeId, id: ClusterId) -> bool {
        self.nodes[node.index()].role == Role::Primary
            && match ctx.topology.clusters[id.index()].replication {
                Replication::Async => false,
                Replication::Sync(_) => self.node_count(ctx, id) > 1,
                Replication::First(..) | Replication::Any(..) => true,
                Replication::Chosen { is_strict, .. } => is_strict || !self.clusters[id.index()].chosen.is_empty(),
            }
    }

    /// Whether enough replicas have what they must have of a write. If there are too few, it waits for them, as PostgreSQL's
    /// commits do.
    fn have_enough(&self, ctx: &Context, id: ClusterId, position: u64) -> bool {
        match &ctx.topology.clusters[id.index()].replication {
            Replication::Async => true,
            Replication::Sync(wanted) => {
                let others = self.node_count(ctx, id).saturating_sub(1) as u32;
                let wanted = wanted.unwrap_or_else(|| self.followers(ctx, id).count().max(1) as u32);
                self.having(ctx, id, position, self.followers(ctx, id)) >= wanted.min(others)
            }
            Replication::First(wanted, listed) => {
                self.having(ctx, id, position, self.listed(ctx, id, listed).take(*wanted as usize)) >= *wanted
            }
            Replication::Any(wanted, listed) => self.having(ctx, id, position, self.listed(ctx, id, listed)) >= *wanted,
            Replication::Chosen { is_strict, .. } => {
                let chosen = &self.clusters[id.index()].chosen;
                match chosen.is_empty() {
                    true => !is_strict || self.having(ctx, id, position, self.followers(ctx, id)) > 0,
                    false => {
                        let live = self.followers(ctx, id).filter(|node| chosen.contains(node));
                        self.having(ctx, id, position, live) as usize >= chosen.len()
                    }
                }
            }
        }
    }

    /// Those of a list of places that the primary's writes reach, in order of the list.
    fn listed<'a>(
        &'a self,
        ctx: &'a Context,
        id: ClusterId,
        places: &'a [u32],
    ) -> impl Iterator<Item = NodeId> + use<'a> {
        let nodes = &ctx.topology.clusters[id.index()].nodes;
        let listed = places.iter().filter_map(|&place| nodes.get(place as usize).copied());
        listed.filter(move |&node| self.is_follower(ctx, id, node))
    }

    /// How many of some nodes have what they must have of a write.
    fn having(&self, ctx: &Context, id: ClusterId, position: u64, nodes: impl Iterator<Item = NodeId>) -> u32 {
        nodes.filter(|&node| self.has_up_to(ctx, id, node) >= position).count() as u32
    }

    /// Up to which position a replica has what it must have for a write to count.
    fn has_up_to(&self, ctx: &Context, id: ClusterId, node: NodeId) -> u64 {
        let feed = &self.nodes[node.index()].feed;
        if ctx.topology.clusters[id.index()].needs_applied { feed.applied() } else { feed.received(ctx.now) }
    }

    /// Whether a node is a replica that the primary's writes reach.
    fn is_follower(&self, ctx: &Context, id: ClusterId, node: NodeId) -> bool {
        let primary = self.clusters[id.index()].primary;
        node != primary && self.nodes[node.index()].role == Role::Replica && self.follows(ctx, primary, node)
    }

    /// Replicas that the primary's writes reach.
    fn followers(&self, ctx: &Context, id: ClusterId) -> impl Iterator<Item = NodeId> {
        let nodes = ctx.topology.clusters[id.index()].nodes.iter().copied();
        nodes.filter(move |&node| self.is_follower(ctx, id, node))
    }

    /// Answers the writes that enough replicas have.
    pub(super) fn answer_safe_writes(&mut self, ctx: &mut Context, id: ClusterId) {
        if self.clusters[id.index()].waiting.is_empty() || !self.is_node_up(ctx, self.clusters[id.index()].primary) {
            return;
        }
        while let Some(&(position, visit)) = self.clusters[id.index()].waiting.front() {
            if !self.have_enough(ctx, id, position) {
                return;
            }
            self.clusters[id.index()].waiting.pop_front();
            self.end_waiting_write(ctx, visit, id, true);
        }
    }

    /// A write has waited for replicas until now: it is answered, and its connection is free.
    pub(super) fn end_waiting_write(&mut self, ctx: &mut Context, visit: VisitId, id: ClusterId, is_safe: bool) {
        self.free_connection(ctx, ctx.visits[visit].node);
        let outcome = match is_safe {
            true => self.acknowledge(ctx, visit, id),
            false => Self::refuse_write(ctx, visit),
        };
        ctx.answer(visit, outcome);
    }

    /// The primary looks who follows it: it keeps of those whom it had chosen as its synchronous standbys who still does, and
    /// chooses others that have received most in the places of the rest (Patroni's `synchronous_mode`).
    pub(super) fn choose_standbys(&mut self, ctx: &mut Context, id: ClusterId) {
        let Replication::Chosen { count, .. } = ctx.topology.clusters[id.index()].replication else { return };
        let mut chosen = std::mem::take(&mut self.clusters[id.index()].chosen);
        chosen.retain(|&node| self.is_follower(ctx, id, node));
        while chosen.len() < count as usize {
            let others: Vec<NodeId> = self.followers(ctx, id).filter(|node| !chosen.contains(node)).collect();
            match self.foremost(ctx, &others) {
                Some(node) => chosen.push(node),
                None => break,
            }
        }
        chosen.truncate(count as usize);
        self.clusters[id.index()].chosen = chosen;
        self.answer_safe_writes(ctx, id);
    }
}
