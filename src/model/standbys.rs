//! Synchronous standbys: which replicas must have a write before it is answered, and the writes that wait for them.

use super::{
    context::Context,
    database::{ClusterState, Databases, Role},
    event::Event,
    topology::{ClusterId, NodeId, Replication},
    visit::{Visit, VisitId},
};
use crate::engine::time::SimTime;

/// The most writes that are remembered of which nobody has heard.
const UNHEARD_OF_MAX: usize = 4096;

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
        let timeout = ctx.topology.clusters[id.index()].sender_timeout;
        listed.filter(move |&node| {
            self.is_follower(ctx, id, node) || self.is_parted(id, node, |since| ctx.now.since(since) < timeout)
        })
    }

    /// Whether a node followed the primary until the network separated the two at a moment that passes: the primary does not know
    /// what has become of it.
    fn is_parted(&self, id: ClusterId, node: NodeId, passes: impl Fn(SimTime) -> bool) -> bool {
        node != self.clusters[id.index()].primary && self.nodes[node.index()].parted_since.is_some_and(passes)
    }

    /// The network has changed: which replicas have lost their primary, or found it again. A write may wait for one that has until
    /// the primary's patience with it is over.
    pub(super) fn note_who_is_parted(&mut self, ctx: &mut Context) {
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            let id = ctx.topology.nodes[node.index()].cluster;
            let primary = self.clusters[id.index()].primary;
            let is_parted = node != primary && Self::are_parted(ctx, primary, node);
            match (self.nodes[node.index()].parted_since, is_parted) {
                (None, true) if self.nodes[node.index()].role == Role::Replica && self.is_node_up(ctx, node) => {
                    self.nodes[node.index()].parted_since = Some(ctx.now);
                    let cluster = &ctx.topology.clusters[id.index()];
                    if matches!(cluster.replication, Replication::First(..)) {
                        ctx.schedule(cluster.sender_timeout, Event::Received(node));
                    }
                }
                (Some(_), false) => self.nodes[node.index()].parted_since = None,
                _ => {}
            }
        }
    }

    /// There is another primary, to which nobody has ever been connected whom it does not reach.
    pub(super) fn forget_who_is_parted(&mut self, ctx: &Context, id: ClusterId) {
        let nodes = &ctx.topology.clusters[id.index()].nodes;
        nodes.iter().for_each(|node| self.nodes[node.index()].parted_since = None);
    }

    /// Whether a primary refuses writes since too few replicas are there (Redis's `min-replicas-to-write`). One that is dead is gone at
    /// once; from one that cannot be reached nothing is heard any more: it has told once a second, and the primary looks as often.
    pub(super) fn lacks_replicas(&self, ctx: &Context, node: NodeId, id: ClusterId) -> bool {
        let cluster = &ctx.topology.clusters[id.index()];
        if cluster.min_replicas == 0 || self.clusters[id.index()].primary != node {
            return false;
        }
        let seconds = |at: SimTime| at.as_nanos() / 1_000_000_000;
        let is_heard_of = |since: SimTime| seconds(ctx.now) - seconds(since) <= cluster.min_replicas_max_lag;
        let is_there = |node: NodeId| self.is_follower(ctx, id, node) || self.is_parted(id, node, is_heard_of);
        (cluster.nodes.iter().filter(|&&node| is_there(node)).count() as u32) < cluster.min_replicas
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
        match ctx.visits[visit].is_detached {
            // (The end of its patience is stale.)
            true => _ = ctx.visits[visit].next_turn(),
            false => self.free_connection(ctx, ctx.visits[visit].node),
        }
        let outcome = match is_safe {
            true => self.acknowledge(ctx, visit, id),
            false => Self::refuse_write(ctx, visit),
        };
        ctx.answer(visit, outcome);
    }

    /// A write has waited for replicas as long as it does: it is answered all the same, and they have it later, or never.
    pub(super) fn wait_for_replicas_is_over(&mut self, ctx: &mut Context, visit: VisitId) {
        let id = ctx.topology.nodes[ctx.visits[visit].node.index()].cluster;
        let waiting = &mut self.clusters[id.index()].waiting;
        let Some(place) = waiting.iter().position(|&(_, other)| other == visit) else { return };
        waiting.remove(place);
        self.end_waiting_write(ctx, visit, id, true);
    }

    /// Whoever asked for a write that waits for replicas does not wait for it any more, and says so: the wait is over, the connection
    /// free, and the write stays where it is, as after a cancel in PostgreSQL. Whether it did wait.
    pub(super) fn cancel_wait_for_replicas(&mut self, ctx: &mut Context, visit: VisitId) -> bool {
        let Visit { node, is_detached, .. } = ctx.visits[visit];
        let Some(id) = ctx.topology.nodes.get(node.index()).map(|node| node.cluster) else { return false };
        let ClusterState { waiting, unacknowledged, .. } = &mut self.clusters[id.index()];
        let Some(place) = waiting.iter().position(|&(_, other)| other == visit) else { return false };
        // (Of a run in which that happens again and again the latest are enough: the others are safe by now, or never will be.)
        if unacknowledged.len() >= UNHEARD_OF_MAX {
            unacknowledged.remove(0);
        }
        unacknowledged.extend(waiting.remove(place).map(|(position, _)| position));
        ctx.visits[visit].next_turn();
        if !is_detached {
            self.free_connection(ctx, node);
        }
        true
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
