//! Replication and failover: how writes reach the replicas, and what happens when the primary dies.
//!
//! Each cluster has a history of writes, counted from 1. A node has applied
//! the history up to a position; writes reach a replica in order, each after
//! the replication delay and the replica's own operation time. A failover cuts
//! the history back to what the new primary has, and everybody else with it.
//! What a returned primary lacks meanwhile, it asks for as soon as it is up.

use super::{
    context::Context,
    database::{Databases, Role},
    event::Event,
    log::Happening,
    network::Place,
    topology::{ClusterId, FailoverStrategy, NodeId, Rejoin, Replication},
    visit::{Stage, VisitId},
};

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
    pub(super) fn start_monitors(&mut self, ctx: &mut Context) {
        for id in 0..self.clusters.len() as u32 {
            self.schedule_monitor(ctx, ClusterId(id));
        }
    }

    pub(super) fn schedule_monitor(&mut self, ctx: &mut Context, id: ClusterId) {
        let cluster = &ctx.topology.clusters[id.index()];
        // There is nothing to watch over in a cluster of one.
        if cluster.nodes.len() > 1 && !self.clusters[id.index()].is_watched && !ctx.topology.is_cluster_retired(id) {
            let interval = cluster.failover.monitor_interval;
            self.clusters[id.index()].is_watched = true;
            ctx.schedule(interval, Event::Monitor(id));
        }
    }

    fn other_nodes(&self, ctx: &Context, cluster: ClusterId, than: NodeId) -> impl Iterator<Item = NodeId> {
        ctx.topology.clusters[cluster.index()].nodes.iter().copied().filter(move |&node| node != than)
    }

    /// The node at a place of a cluster, if there is one and it is another one.
    fn other_node(&self, ctx: &Context, cluster: ClusterId, place: usize, than: NodeId) -> Option<NodeId> {
        ctx.topology.clusters[cluster.index()].nodes.get(place).copied().filter(|&node| node != than)
    }

    fn node_count(&self, ctx: &Context, cluster: ClusterId) -> usize {
        ctx.topology.clusters[cluster.index()].nodes.len()
    }

    /// Whether writes of a primary reach a node.
    pub(super) fn follows(&self, ctx: &Context, primary: NodeId, node: NodeId) -> bool {
        self.is_node_up(ctx, node) && !ctx.network.partitions.separate(Place::node(primary), Place::node(node))
    }

    /// A node has executed a write.
    pub(super) fn commit(&mut self, ctx: &mut Context, id: VisitId, node: NodeId, cluster: ClusterId) -> Commit {
        if self.nodes[node.index()].role != Role::Primary {
            // The node was replaced while it worked. If it has to hear from its replicas first, it notices;
            // if not, it answers, not knowing that its history has been cut off.
            if matches!(ctx.topology.clusters[cluster.index()].replication, Replication::Sync(_)) {
                return Commit::Void;
            }
            let counts = &mut self.clusters[cluster.index()].counts;
            counts.lost_writes += 1;
            ctx.visits[id].sequence = 0;
            return Commit::Safe;
        }
        let state = &mut self.clusters[cluster.index()];
        state.log += 1;
        let position = state.log;
        ctx.visits[id].sequence = position;
        self.nodes[node.index()].applied = position;
        let primary_is_up = self.is_node_up(ctx, node);
        for place in 0..self.node_count(ctx, cluster) {
            let Some(other) = self.other_node(ctx, cluster, place, node) else { continue };
            let now = ctx.now;
            self.nodes[other.index()].behind_since.get_or_insert(now);
            if primary_is_up && self.follows(ctx, node, other) {
                self.replicate(ctx, other, position);
            }
            self.measure_lag(ctx, other);
        }
        if self.required(ctx, cluster) == 0 {
            return Commit::Safe;
        }
        ctx.visits[id].stage = Stage::Replicating;
        self.clusters[cluster.index()].waiting.push_back((position, id));
        Commit::Waits
    }

    /// A write (or all writes up to that position) goes to a replica, which will apply it.
    fn replicate(&mut self, ctx: &mut Context, node: NodeId, position: u64) {
        let cluster_id = ctx.topology.nodes[node.index()].cluster;
        let cluster = &ctx.topology.clusters[cluster_id.index()];
        let health = ctx.health(ctx.topology.node_component(node));
        let state = &mut self.nodes[node.index()];
        let mut time = cluster.replication_delay.sample(&mut self.clusters[cluster_id.index()].delays);
        for _ in 0..APPLY_ATTEMPTS_MAX {
            time += health.slowed(cluster.operation.sample(&mut state.applications));
            if !state.failures.chance(cluster.fail_prob) {
                break;
            }
        }
        state.last_apply = state.last_apply.max(ctx.now + time);
        let committed = match state.coming.is_empty() {
            true => state.behind_since.unwrap_or(ctx.now),
            false => ctx.now,
        };
        state.coming.push_back((position, committed));
        ctx.future.schedule(state.last_apply, Event::Applied { node, epoch: state.epoch });
    }

    pub(super) fn on_applied(&mut self, ctx: &mut Context, node: NodeId, epoch: u32) {
        let now = ctx.now;
        let state = &mut self.nodes[node.index()];
        if state.epoch != epoch {
            return;
        }
        let Some((position, committed)) = state.coming.pop_front() else { return };
        state.applied_writes += position.saturating_sub(state.applied);
        state.applied = state.applied.max(position);
        state.behind_since = state.coming.front().map(|&(_, committed)| committed);
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
        self.answer_safe_writes(ctx, cluster);
    }

    /// Takes note of how many writes a node lacks.
    pub(super) fn measure_lag(&mut self, ctx: &mut Context, node: NodeId) -> u64 {
        let log = self.clusters[ctx.topology.nodes[node.index()].cluster.index()].log;
        let state = &mut self.nodes[node.index()];
        let behind = log.saturating_sub(state.applied);
        if behind == 0 {
            state.behind_since = None;
        }
        state.lag.set(ctx.now, behind as f64);
        behind
    }

    /// How many replicas must have applied a write before it is answered.
    fn required(&self, ctx: &Context, id: ClusterId) -> usize {
        let Replication::Sync(wanted) = ctx.topology.clusters[id.index()].replication else { return 0 };
        let live = self.followers(ctx, id).count();
        wanted.map_or(live, |wanted| live.min(wanted as usize))
    }

    /// Replicas that the primary's writes reach.
    fn followers(&self, ctx: &Context, id: ClusterId) -> impl Iterator<Item = NodeId> {
        let primary = self.clusters[id.index()].primary;
        self.other_nodes(ctx, id, primary)
            .filter(move |&node| self.nodes[node.index()].role == Role::Replica && self.follows(ctx, primary, node))
    }

    /// Answers the writes that enough replicas have applied.
    pub(super) fn answer_safe_writes(&mut self, ctx: &mut Context, id: ClusterId) {
        while let Some(&(position, visit)) = self.clusters[id.index()].waiting.front() {
            let have = self.followers(ctx, id).filter(|node| self.nodes[node.index()].applied >= position).count();
            if have < self.required(ctx, id) {
                return;
            }
            self.clusters[id.index()].waiting.pop_front();
            let outcome = self.acknowledge(ctx, visit, id);
            ctx.answer(visit, outcome);
        }
    }

    /// Starts to replace a dead primary, if somebody can take over.
    pub(super) fn start_failover(&mut self, ctx: &mut Context, id: ClusterId, by_write: bool) {
        if self.clusters[id.index()].promoting.is_some() {
            return;
        }
        let Some(candidate) = self.choose_candidate(ctx, id) else {
            let has_strategy = ctx.topology.clusters[id.index()].failover.strategy != FailoverStrategy::None;
            let state = &mut self.clusters[id.index()];
            if has_strategy && !std::mem::replace(&mut state.no_candidate_logged, true) {
                ctx.note(Happening::NoCandidate(id));
            }
            return;
        };
        ctx.note(Happening::FailoverStarted { cluster: id, by_write });
        self.begin_promotion(ctx, id, candidate);
    }

    /// Nodes that could take over: the replicas that are up or, if the primary is dead and there are none, the former
    /// primaries that are up. What these lack is lost, but without them nobody would take writes until the dead return.
    fn candidates(&self, ctx: &Context, id: ClusterId) -> Vec<NodeId> {
        let nodes = &ctx.topology.clusters[id.index()].nodes;
        let live = |role| {
            nodes.iter().copied().filter(move |&it| self.nodes[it.index()].role == role && self.is_node_up(ctx, it))
        };
        let replicas: Vec<NodeId> = live(Role::Replica).collect();
        if !replicas.is_empty() || self.is_node_up(ctx, self.clusters[id.index()].primary) {
            return replicas;
        }
        live(Role::Detached).filter(|node| !self.nodes[node.index()].is_joining).collect()
    }

    /// Whether somebody may make a node the primary.
    pub(super) fn can_be_promoted(&self, ctx: &Context, node: NodeId) -> bool {
        self.candidates(ctx, ctx.topology.nodes[node.index()].cluster).contains(&node)
    }

    /// The node that takes over, by the cluster's strategy.
    fn choose_candidate(&mut self, ctx: &mut Context, id: ClusterId) -> Option<NodeId> {
        let candidates = self.candidates(ctx, id);
        let cluster = &ctx.topology.clusters[id.index()];
        match cluster.failover.strategy {
            FailoverStrategy::None => None,
            FailoverStrategy::Random => {
                let choice = self.clusters[id.index()].failovers.below(candidates.len() as u64);
                candidates.get(choice as usize).copied()
            }
            FailoverStrategy::MostCaughtUp => {
                // Of equals the last maximum would win; counting down makes it the first.
                candidates.into_iter().rev().max_by_key(|node| self.nodes[node.index()].applied)
            }
            FailoverStrategy::Priority => {
                let mut wanted =
                    cluster.failover.priority.iter().filter_map(|&place| cluster.nodes.get(place as usize).copied());
                wanted.find(|node| candidates.contains(node))
            }
        }
    }

    /// A node is to become the primary.
    pub(super) fn begin_promotion(&mut self, ctx: &mut Context, id: ClusterId, node: NodeId) {
        let state = &mut self.clusters[id.index()];
        let time = ctx.topology.clusters[id.index()].failover.promotion_time.sample(&mut state.failovers);
        state.promoting = Some(node);
        state.epoch = state.epoch.wrapping_add(1);
        let epoch = state.epoch;
        self.measure_availability(ctx, id);
        if time.is_zero() {
            self.on_promoted(ctx, id, epoch);
        } else {
            ctx.schedule(time, Event::Promoted { cluster: id, epoch });
        }
    }

    pub(super) fn on_promoted(&mut self, ctx: &mut Context, id: ClusterId, epoch: u32) {
        let state = &mut self.clusters[id.index()];
        if state.epoch != epoch {
            return;
        }
        let Some(node) = state.promoting.take() else { return };
        if self.is_node_up(ctx, node) {
            self.promote(ctx, id, node);
        }
        // Else the monitor, or a write, starts again.
        self.measure_availability(ctx, id);
    }

    pub(super) fn promote(&mut self, ctx: &mut Context, id: ClusterId, node: NodeId) {
        let state = &mut self.clusters[id.index()];
        let old = std::mem::replace(&mut state.primary, node);
        state.no_candidate_logged = false;
        state.log = self.nodes[node.index()].applied;
        let lost = state.acknowledged.saturating_sub(state.log);
        state.acknowledged = state.acknowledged.min(state.log);
        state.counts.failovers += 1;
        state.counts.lost_writes += lost;
        self.nodes[old.index()].role = Role::Detached;
        self.nodes[node.index()].role = Role::Primary;
        self.break_off_replication(ctx, node);
        self.measure_lag(ctx, node);
        ctx.note(Happening::Promoted(node, lost));
        self.readmit(ctx, id);
        for place in 0..self.node_count(ctx, id) {
            let Some(other) = self.other_node(ctx, id, place, node) else { continue };
            self.break_off_replication(ctx, other);
            // What the new primary lacks is rewound, as by pg_rewind.
            let log = self.clusters[id.index()].log;
            let state = &mut self.nodes[other.index()];
            state.applied = state.applied.min(log);
            self.measure_lag(ctx, other);
            self.catch_up(ctx, other);
        }
        self.settle_waiting_writes(ctx, id);
    }

    /// Writes on their way to a node will not arrive.
    pub(super) fn break_off_replication(&mut self, ctx: &mut Context, node: NodeId) {
        let state = &mut self.nodes[node.index()];
        state.epoch = state.epoch.wrapping_add(1);
        if let Some(&(_, committed)) = state.coming.front() {
            state.behind_since = Some(state.behind_since.map_or(committed, |since| since.min(committed)));
        }
        state.coming.clear();
        state.last_apply = ctx.now;
        state.catching_up_to = None;
    }

    /// After a failover: writes that waited for replicas have survived, or fail.
    fn settle_waiting_writes(&mut self, ctx: &mut Context, id: ClusterId) {
        let log = self.clusters[id.index()].log;
        let waiting = std::mem::take(&mut self.clusters[id.index()].waiting);
        for (position, visit) in waiting {
            let outcome = match position <= log {
                true => self.acknowledge(ctx, visit, id),
                false => Self::refuse_write(ctx, visit),
            };
            ctx.answer(visit, outcome);
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
        if node == primary || !self.has_primary(ctx, cluster) || !self.follows(ctx, primary, node) {
            return;
        }
        let state = &mut self.nodes[node.index()];
        let last_coming = state.coming.back().map_or(state.applied, |&(position, _)| position);
        if last_coming >= log {
            return;
        }
        state.catching_up_to = Some(log);
        let missing = log - state.applied;
        self.replicate(ctx, node, log);
        ctx.note(Happening::ResyncStarted(node, missing));
    }

    pub(super) fn on_monitor(&mut self, ctx: &mut Context, id: ClusterId) {
        self.clusters[id.index()].is_watched = false;
        self.schedule_monitor(ctx, id);
        let state = &self.clusters[id.index()];
        if state.promoting.is_none() && !self.is_node_up(ctx, state.primary) {
            self.start_failover(ctx, id, false);
        }
        for place in 0..self.node_count(ctx, id) {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            let state = &self.nodes[node.index()];
            let returns = state.role == Role::Detached && self.is_node_up(ctx, node) && self.has_primary(ctx, id);
            if returns && state.catching_up_to.is_none() && self.lacks_nothing_old(ctx, node, id) {
                self.rejoin(ctx, node);
            }
        }
    }

    /// Where former primaries count as replicas at once, they do so from now on, up or not.
    pub(super) fn readmit(&mut self, ctx: &mut Context, id: ClusterId) {
        if ctx.topology.clusters[id.index()].failover.rejoin != Rejoin::AtOnce {
            return;
        }
        for place in 0..self.node_count(ctx, id) {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            let state = &self.nodes[node.index()];
            if state.role == Role::Detached && !state.is_joining {
                self.rejoin(ctx, node);
            }
        }
    }

    /// A node is a replica from now on.
    fn rejoin(&mut self, ctx: &mut Context, node: NodeId) {
        let is_up = self.is_node_up(ctx, node);
        let state = &mut self.nodes[node.index()];
        state.role = Role::Replica;
        let what = match std::mem::replace(&mut state.is_joining, false) {
            true => Happening::Joined(node),
            false => Happening::Rejoined { node, is_up },
        };
        ctx.note(what);
    }

    /// Whether a node lacks only writes that are on their way to it; if not, it asks for the others.
    fn lacks_nothing_old(&mut self, ctx: &mut Context, node: NodeId, id: ClusterId) -> bool {
        let log = self.clusters[id.index()].log;
        let state = &self.nodes[node.index()];
        let expected = state.coming.back().map_or(state.applied, |&(position, _)| position);
        if expected < log {
            self.catch_up(ctx, node);
        }
        expected >= log
    }

    /// A node has gone down.
    pub(super) fn on_node_down(&mut self, ctx: &mut Context, node: NodeId) {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        self.break_off_replication(ctx, node);
        self.turn_away_at_node(ctx, node);
        self.measure_availability(ctx, cluster);
        self.answer_safe_writes(ctx, cluster);
    }

    /// A node has come back up.
    pub(super) fn on_node_up(&mut self, ctx: &mut Context, node: NodeId) {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        self.measure_availability(ctx, cluster);
        if self.clusters[cluster.index()].primary == node {
            // It goes on as the primary; what it could not send while it was down it sends now.
            self.clusters[cluster.index()].no_candidate_logged = false;
            for place in 0..self.node_count(ctx, cluster) {
                self.other_node(ctx, cluster, place, node).into_iter().for_each(|other| self.catch_up(ctx, other));
            }
        } else {
            self.catch_up(ctx, node);
        }
    }

    /// The network has parted: what is on its way between the sides will not arrive.
    pub(super) fn break_off_parted_replication(&mut self, ctx: &mut Context) {
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            let primary = self.clusters[ctx.topology.nodes[node.index()].cluster.index()].primary;
            if node != primary && ctx.network.partitions.separate(Place::node(primary), Place::node(node)) {
                self.break_off_replication(ctx, node);
            }
        }
        self.answer_all_safe_writes(ctx);
    }

    fn answer_all_safe_writes(&mut self, ctx: &mut Context) {
        for cluster in 0..self.clusters.len() as u32 {
            self.answer_safe_writes(ctx, ClusterId(cluster));
        }
    }

    /// The network between nodes has healed: whoever lacks something asks for it.
    pub(super) fn catch_up_everywhere(&mut self, ctx: &mut Context) {
        for node in 0..self.nodes.len() as u32 {
            if self.is_node_up(ctx, NodeId(node)) {
                self.catch_up(ctx, NodeId(node));
            }
        }
        self.answer_all_safe_writes(ctx);
    }

    pub(super) fn measure_availability(&mut self, ctx: &mut Context, id: ClusterId) {
        let available = self.has_primary(ctx, id);
        self.clusters[id.index()].available.set(ctx.now, f64::from(u8::from(available)));
    }
}
