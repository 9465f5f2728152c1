//! Replication: how writes reach the replicas. What happens when the primary dies is in [`failover`](super::failover).
//!
//! Each cluster has a history of writes, counted from 1. A node has applied the history up to a position; what its primary has
//! shipped to it beyond that is in its [`Feed`](super::feed::Feed), from which it replays. What a node has missed it asks for as
//! soon as it is up.

use super::{
    context::Context,
    database::{ClusterState, Databases, Rewind, Role},
    event::Event,
    feed::{Applied, Shipment},
    log::Happening,
    network::Place,
    topology::{ClusterId, ComponentId, ComponentKind, NodeId, Replication},
    visit::{Stage, VisitId},
};
use crate::engine::time::{Duration, SimTime};

/// How often a replica tries again to apply a write; then it succeeds, for it cannot skip one.
const APPLY_ATTEMPTS_MAX: u32 = 100;

/// What becomes of a write that a node has executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commit {
    /// It can be answered with success at once.
    Safe,
    /// It waits for replicas.
    Waits,
    /// It is lost already: somebody else is the primary now.
    Void,
}

impl Databases {
    pub(super) fn other_nodes(&self, ctx: &Context, cluster: ClusterId, than: NodeId) -> impl Iterator<Item = NodeId> {
        ctx.topology.clusters[cluster.index()].nodes.iter().copied().filter(move |&node| node != than)
    }

    /// The node at a place of a cluster, if there is one and it is another one.
    pub(super) fn other_node(&self, ctx: &Context, cluster: ClusterId, place: usize, than: NodeId) -> Option<NodeId> {
        ctx.topology.clusters[cluster.index()].nodes.get(place).copied().filter(|&node| node != than)
    }

    pub(super) fn node_count(&self, ctx: &Context, cluster: ClusterId) -> usize {
        ctx.topology.clusters[cluster.index()].nodes.len()
    }

    /// Of some nodes in order the one that has received most, the first of equals.
    pub(super) fn foremost(&self, ctx: &Context, nodes: &[NodeId]) -> Option<NodeId> {
        // (Of equals the last maximum would win; counting down makes it the first.)
        nodes.iter().rev().copied().max_by_key(|node| self.nodes[node.index()].feed.received(ctx.now))
    }

    /// Whether writes of a primary reach a node.
    pub(super) fn follows(&self, ctx: &Context, primary: NodeId, node: NodeId) -> bool {
        self.is_node_up(ctx, node) && !Self::are_parted(ctx, primary, node)
    }

    /// Whether the network separates two nodes.
    pub(super) fn are_parted(ctx: &Context, a: NodeId, b: NodeId) -> bool {
        ctx.network.partitions.separate(Place::node(a), Place::node(b))
    }

    /// A node has executed a write.
    pub(super) fn commit(&mut self, ctx: &mut Context, id: VisitId, node: NodeId, cluster: ClusterId) -> Commit {
        if self.nodes[node.index()].role != Role::Primary {
            // The node was replaced while it worked. If it has to hear from its replicas first, or has been told, it notices;
            // if not, it answers, not knowing that its history has been cut off.
            let is_sync = ctx.topology.clusters[cluster.index()].replication != Replication::Async;
            let knows = self.is_node_up(ctx, node) && !self.believes_in_itself(ctx, node);
            if is_sync || knows {
                return Commit::Void;
            }
            let counts = &mut self.clusters[cluster.index()].counts;
            counts.lost_writes += 1;
            ctx.visits[id].sequence = 0;
            self.nodes[node.index()].rewind = Rewind::Due;
            return Commit::Safe;
        }
        if self.has_stepped_down(cluster, node) {
            return Commit::Void;
        }
        self.before_commit(ctx, cluster);
        let state = &mut self.clusters[cluster.index()];
        state.log += 1;
        let position = state.log;
        ctx.visits[id].sequence = position;
        self.nodes[node.index()].feed.advance(position);
        let primary_is_up = self.is_node_up(ctx, node);
        for place in 0..self.node_count(ctx, cluster) {
            let Some(other) = self.other_node(ctx, cluster, place, node) else { continue };
            let now = ctx.now;
            self.nodes[other.index()].behind_since.get_or_insert(now);
            if primary_is_up && self.follows(ctx, node, other) {
                self.ship(ctx, other, position, now);
            }
            self.measure_lag(ctx, other);
        }
        if !self.waits_for_replicas(ctx, node, cluster) {
            return Commit::Safe;
        }
        ctx.visits[id].stage = Stage::Replicating;
        self.clusters[cluster.index()].waiting.push_back((position, id));
        if let Some(timeout) = ctx.topology.clusters[cluster.index()].wait.and_then(|wait| wait.timeout) {
            ctx.wait_at_most(id, timeout);
        }
        Commit::Waits
    }

    /// A write, or all that a replica has not been sent up to that position, goes to it; the first of them was committed at that
    /// moment.
    fn ship(&mut self, ctx: &mut Context, node: NodeId, last: u64, committed: SimTime) {
        let now = ctx.now;
        let id = ctx.topology.nodes[node.index()].cluster;
        let cluster = &ctx.topology.clusters[id.index()];
        let delays = &mut self.clusters[id.index()].delays;
        let (delay, apply_delay) = cluster.delays_of(node);
        let arrives = now + delay.sample(delays);
        let ready = arrives.max(now + apply_delay.sample(delays));
        let feed = &mut self.nodes[node.index()].feed;
        let leaves = if cluster.is_delayed_on_wire { now } else { arrives };
        let latest = if last > feed.shipped() + 1 { now } else { committed };
        // (Who has nothing gets a copy of all, and does not replay a history.)
        let is_copy = feed.shipped() == 0 && last > 1;
        let committed = [committed, latest];
        let arrives = feed.ship(now, Shipment { last, is_copy, committed, leaves, arrives, ready });
        if cluster.counts_received() {
            ctx.future.schedule(arrives, Event::Received(node));
        }
        self.replay(ctx, node);
    }

    /// A replica that has something to replay, and is not at as many writes as it can be, begins with the next.
    pub(super) fn replay(&mut self, ctx: &mut Context, node: NodeId) {
        if !self.is_node_up(ctx, node) {
            return;
        }
        let cluster = &ctx.topology.clusters[ctx.topology.nodes[node.index()].cluster.index()];
        let component = ctx.topology.node_component(node);
        let state = &mut self.nodes[node.index()];
        while let Some(next) = state.feed.next() {
            let last = match cluster.replay_workers {
                Some(workers) if state.feed.replaying() >= workers as usize => break,
                Some(_) if !next.is_copy => next.position,
                _ => next.last,
            };
            let mut takes = Duration::ZERO;
            for _ in 0..APPLY_ATTEMPTS_MAX {
                let time = cluster.replay_time.as_ref().unwrap_or(&cluster.operation);
                takes += ctx.healths[component.index()].slowed(time.sample(&mut state.applications));
                if !state.failures.chance(cluster.fail_prob) {
                    break;
                }
            }
            let done = state.feed.replay(last, next.ready.max(ctx.now), takes);
            ctx.future.schedule(done, Event::Applied(node));
        }
    }

    /// A write may have arrived at a replica that only has to receive it.
    pub(super) fn on_received(&mut self, ctx: &mut Context, node: NodeId) {
        self.answer_safe_writes(ctx, ctx.topology.nodes[node.index()].cluster);
    }

    /// A replica may be done with a write.
    pub(super) fn on_applied(&mut self, ctx: &mut Context, node: NodeId) {
        while self.apply_next(ctx, node) {}
        self.replay(ctx, node);
        self.go_on_with_promotion(ctx, ctx.topology.nodes[node.index()].cluster, node);
    }

    /// A replica has applied the next write, if it is done with it by now.
    fn apply_next(&mut self, ctx: &mut Context, node: NodeId) -> bool {
        let now = ctx.now;
        let state = &mut self.nodes[node.index()];
        let before = state.feed.applied();
        let Some(Applied { position, committed, took }) = state.feed.finish(now) else { return false };
        state.replayed_for.add(took);
        state.applied_writes += position - before;
        // (Of what has not been sent to it nobody knows how old it is: younger than this.)
        state.behind_since = state.feed.oldest().or(Some(committed));
        let caught_up = state.catching_up_to.is_some_and(|target| position >= target);
        if caught_up {
            state.catching_up_to = None;
        }
        let cluster = ctx.topology.nodes[node.index()].cluster;
        let lag = now.since(committed);
        self.clusters[cluster.index()].replication_lag.add(lag);
        let behind = self.measure_lag(ctx, node);
        ctx.note(Happening::ReplicatedWrite(node, lag, behind));
        if caught_up {
            ctx.note(Happening::ResyncDone(node));
            if self.nodes[node.index()].is_joining {
                self.rejoin(ctx, node);
            }
        }
        self.serve_who_waited(ctx, node);
        self.answer_safe_writes(ctx, cluster);
        true
    }

    /// A node's times are multiplied by so much more from now on: what is left of its replays takes that much longer.
    pub(super) fn change_replay_pace(&mut self, ctx: &mut Context, component: ComponentId, ratio: f64) {
        if let ComponentKind::Node(node) = ctx.topology.components[component.index()].kind {
            let ends = self.nodes[node.index()].feed.change_pace(ctx.now, ratio);
            ends.for_each(|done| ctx.future.schedule(done, Event::Applied(node)));
        }
    }

    /// Takes note of how many writes a node lacks.
    pub(super) fn measure_lag(&mut self, ctx: &mut Context, node: NodeId) -> u64 {
        let log = self.clusters[ctx.topology.nodes[node.index()].cluster.index()].log;
        let state = &mut self.nodes[node.index()];
        let behind = log.saturating_sub(state.feed.applied());
        if behind == 0 {
            state.behind_since = None;
        }
        state.lag.set(ctx.now, behind as f64);
        behind
    }

    /// Writes on their way to a node will not arrive; what it has received it goes on replaying.
    pub(super) fn break_off_replication(&mut self, ctx: &mut Context, node: NodeId) {
        let state = &mut self.nodes[node.index()];
        state.feed.lose_unarrived(ctx.now);
        state.catching_up_to = None;
        // What it lacks begins with the oldest write of its feed, if anything is left of that.
        if let Some(oldest) = state.feed.oldest() {
            state.behind_since = Some(state.behind_since.map_or(oldest, |since| since.min(oldest)));
        }
    }

    /// A node that is up asks for what it lacks, if there is somebody to ask.
    pub(super) fn catch_up(&mut self, ctx: &mut Context, node: NodeId) {
        if ctx.topology.components[ctx.topology.node_component(node).index()].is_retired {
            return;
        }
        let cluster = ctx.topology.nodes[node.index()].cluster;
        let state = &self.clusters[cluster.index()];
        let (primary, log) = (state.primary, state.log);
        if node == primary
            || self.believes_in_itself(ctx, node)
            || !self.has_primary(ctx, cluster)
            || !self.follows(ctx, primary, node)
        {
            return;
        }
        let state = &mut self.nodes[node.index()];
        if state.rewind != Rewind::None {
            return self.rewind(ctx, node);
        }
        if state.feed.shipped() >= log {
            return;
        }
        state.catching_up_to = Some(log);
        let missing = log - state.feed.applied();
        let committed = state.behind_since.filter(|_| state.feed.is_empty()).unwrap_or(ctx.now);
        self.ship(ctx, node, log, committed);
        ctx.note(Happening::ResyncStarted(node, missing));
    }

    /// A node with a history of its own rewinds that before it follows the primary, and then asks for what it lacks.
    fn rewind(&mut self, ctx: &mut Context, node: NodeId) {
        if self.nodes[node.index()].rewind != Rewind::Due {
            return;
        }
        let id = ctx.topology.nodes[node.index()].cluster;
        let time = &ctx.topology.clusters[id.index()].failover.rewind_time;
        if time.is_zero() {
            self.nodes[node.index()].rewind = Rewind::None;
            return self.catch_up(ctx, node);
        }
        let time = time.sample(&mut self.clusters[id.index()].failovers);
        self.nodes[node.index()].rewind = Rewind::Until(ctx.now + time);
        ctx.note(Happening::Rewinding(node));
        ctx.schedule(time, Event::Rewound(node));
    }

    /// A node has rewound its history, if it is not at another rewinding by now.
    pub(super) fn on_rewound(&mut self, ctx: &mut Context, node: NodeId) {
        if self.nodes[node.index()].rewind == Rewind::Until(ctx.now) {
            self.nodes[node.index()].rewind = Rewind::None;
            self.catch_up(ctx, node);
        }
    }

    /// Whether a node lacks only writes that are on their way to it; if not, it asks for the others.
    pub(super) fn lacks_nothing_old(&mut self, ctx: &mut Context, node: NodeId, id: ClusterId) -> bool {
        let log = self.clusters[id.index()].log;
        let expected = self.nodes[node.index()].feed.shipped();
        if expected < log {
            self.catch_up(ctx, node);
        }
        expected >= log
    }

    /// A node has gone down.
    pub(super) fn on_node_down(&mut self, ctx: &mut Context, node: NodeId) {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        self.break_off_replication(ctx, node);
        // (What it has received is on its disk: it replays that again when it is back.)
        self.nodes[node.index()].feed.interrupt();
        if self.nodes[node.index()].rewind != Rewind::None {
            self.nodes[node.index()].rewind = Rewind::Due;
        }
        let state = &mut self.clusters[cluster.index()];
        if state.promoting == Some(node) {
            // (The monitor, or a write, starts again.)
            state.break_off_promotion();
        }
        if state.primary == node {
            self.lose_unsaved(ctx, cluster);
            self.lose_backlog(ctx, cluster, node);
        }
        self.turn_away_at_node(ctx, node);
        self.measure_availability(ctx, cluster);
        self.answer_safe_writes(ctx, cluster);
    }

    /// A node has lost its work: writes at it that wait for replicas stay in the history, but nobody will hear of them.
    pub(super) fn take_waiting(&mut self, ctx: &Context, component: ComponentId) -> Vec<VisitId> {
        let ComponentKind::Node(node) = ctx.topology.components[component.index()].kind else { return Vec::new() };
        let state = &mut self.clusters[ctx.topology.nodes[node.index()].cluster.index()];
        let ClusterState { waiting, unacknowledged, .. } = state;
        let mut lost = Vec::new();
        waiting.retain(|&(position, visit)| {
            let is_lost = ctx.visits[visit].node == node;
            if is_lost {
                unacknowledged.push(position);
                lost.push(visit);
            }
            !is_lost
        });
        lost
    }

    /// A primary has died: what it had not sent yet stays with it.
    fn lose_backlog(&mut self, ctx: &mut Context, id: ClusterId, primary: NodeId) {
        for place in 0..self.node_count(ctx, id) {
            if let Some(other) = self.other_node(ctx, id, place, primary) {
                self.nodes[other.index()].feed.lose_unsent(ctx.now);
            }
        }
    }

    /// A node has come back up.
    pub(super) fn on_node_up(&mut self, ctx: &mut Context, node: NodeId) {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        self.come_back_with_what_was_kept(ctx, cluster, node);
        self.measure_availability(ctx, cluster);
        if self.clusters[cluster.index()].primary == node {
            // It goes on as the primary; what it could not send while it was down it sends now.
            self.clusters[cluster.index()].no_candidate_logged = false;
            self.call_off(ctx, cluster);
            self.catch_up_in(ctx, cluster);
            self.answer_safe_writes(ctx, cluster);
        } else {
            self.reach_former(ctx, cluster);
            self.replay(ctx, node);
            self.catch_up(ctx, node);
        }
    }

    /// The history has become what the primary has: everybody else follows it there, and writes that waited for replicas have
    /// survived, or fail.
    pub(super) fn follow_history(&mut self, ctx: &mut Context, id: ClusterId) {
        let ClusterState { primary, log, .. } = self.clusters[id.index()];
        for place in 0..self.node_count(ctx, id) {
            let Some(other) = self.other_node(ctx, id, place, primary) else { continue };
            // What the primary lacks is rewound, as by pg_rewind. (Who is up and has it all goes on from what has arrived.)
            self.break_off_replication(ctx, other);
            if self.nodes[other.index()].feed.applied() > log {
                self.nodes[other.index()].rewind = Rewind::Due;
            }
            self.nodes[other.index()].feed.cut(log);
            self.measure_lag(ctx, other);
            self.serve_who_waited(ctx, other);
            self.catch_up(ctx, other);
        }
        self.settle_waiting_writes(ctx, id);
    }

    fn settle_waiting_writes(&mut self, ctx: &mut Context, id: ClusterId) {
        let log = self.clusters[id.index()].log;
        let waiting = std::mem::take(&mut self.clusters[id.index()].waiting);
        for (position, visit) in waiting {
            self.end_waiting_write(ctx, visit, id, position <= log);
        }
    }

    /// All nodes of a cluster ask for what they lack.
    pub(super) fn catch_up_in(&mut self, ctx: &mut Context, id: ClusterId) {
        for place in 0..self.node_count(ctx, id) {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            if self.is_node_up(ctx, node) {
                self.catch_up(ctx, node);
            }
        }
    }

    /// The network has parted: what is on its way between the sides will not arrive.
    pub(super) fn break_off_parted_replication(&mut self, ctx: &mut Context) {
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            let primary = self.clusters[ctx.topology.nodes[node.index()].cluster.index()].primary;
            if node != primary && Self::are_parted(ctx, primary, node) {
                self.break_off_replication(ctx, node);
            }
        }
        self.note_who_is_parted(ctx);
        self.look_everywhere(ctx);
    }

    /// The network has changed: who is away, or back, and which writes are safe.
    fn look_everywhere(&mut self, ctx: &mut Context) {
        for id in (0..self.clusters.len() as u32).map(ClusterId) {
            self.look(ctx, id);
            self.answer_safe_writes(ctx, id);
        }
    }

    /// The network between nodes has healed: whoever lacks something asks for it.
    pub(super) fn catch_up_everywhere(&mut self, ctx: &mut Context) {
        for node in 0..self.nodes.len() as u32 {
            if self.is_node_up(ctx, NodeId(node)) {
                self.catch_up(ctx, NodeId(node));
            }
        }
        self.note_who_is_parted(ctx);
        self.look_everywhere(ctx);
    }
}
