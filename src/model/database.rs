//! Database clusters: reads and writes. What follows a commit is in [`replication`](super::replication).

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::{
    cause::Cause,
    contention::new_sharing,
    context::Context,
    facility::Facility,
    failover::FailoverStage,
    feed::Feed,
    own_writes::OwnWrites,
    persistence::Saved,
    post::Reply,
    replication::Commit,
    topology::{Cluster, ClusterId, NodeId, Topology},
    visit::{Outcome, Phase, Stage, VisitId},
};
use crate::{
    engine::{
        random::Stream,
        sharing::Sharing,
        station::{Entry, Order},
        time::SimTime,
    },
    stats::{nano_sum::NanoSum, tally::Tally, time_weighted::TimeWeighted},
};

/// What a node is in its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes writes.
    Primary,
    /// Follows the primary, and serves reads.
    Replica,
    /// A former primary that has not rejoined, or a new node that has not caught up: serves nobody. The former primary
    /// may be promoted when nobody else can; the new node, which has next to nothing, may not.
    Detached,
}

impl Role {
    /// Name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Replica => "replica",
            Self::Detached => "detached",
        }
    }
}

/// The state of a cluster.
#[derive(Clone, Debug)]
pub struct ClusterState {
    /// The primary, or the node that was it last.
    pub primary: NodeId,
    /// The node that is being promoted.
    pub promoting: Option<NodeId>,
    /// Writes committed, in the primary's history.
    pub(super) log: u64,
    /// Position up to which writes have been answered with success.
    pub(super) acknowledged: u64,
    /// Positions up to that one of writes that nobody has heard of and nobody will, in order.
    pub(super) unacknowledged: Vec<u64>,
    /// Writes that wait for replicas, in order.
    pub(super) waiting: VecDeque<(u64, VisitId)>,
    /// Whether the time of that promotion is over: it only has to replay what it has received.
    pub(super) is_promotion_due: bool,
    /// How far it is with replacing its primary.
    pub(super) stage: FailoverStage,
    /// Whether a write has found the primary away.
    pub(super) was_found_by_write: bool,
    /// Recognises stages that were broken off.
    pub(super) epoch: u32,
    /// The primary whose address clients have, if it is not the present one.
    pub(super) address: Option<NodeId>,
    /// Recognises addresses that are older than another failover.
    pub(super) address_epoch: u32,
    /// A former primary that has not been told.
    pub(super) former: Option<NodeId>,
    /// Recognises moments at which it would have been told.
    pub(super) told_epoch: u32,
    /// What its users have written themselves.
    pub(super) own_writes: OwnWrites,
    /// The synchronous standbys that the primary has chosen, where it does.
    pub(super) chosen: Vec<NodeId>,
    /// Where the history ended when the primary last renewed its lease.
    pub(super) known_log: u64,
    /// Whether the primary could not renew its lease, and refuses writes.
    pub(super) has_stepped_down: bool,
    /// What the primary had written to disk.
    pub(super) saved: Saved,
    /// Whether the monitor's next look is scheduled.
    pub(super) is_watched: bool,
    /// Whether the log says already that nobody can take over.
    pub(super) no_candidate_logged: bool,
    /// 1 while there is a primary, over time.
    pub available: TimeWeighted,
    /// Times of reads and writes that succeeded.
    pub latency: Tally,
    /// Times from a commit until a replica had applied it.
    pub replication_lag: Tally,
    /// What is counted.
    pub counts: ClusterCounts,
    pub(super) routes: Stream,
    pub(super) failovers: Stream,
    pub(super) delays: Stream,
}

/// What is counted of a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusterCounts {
    /// Reads asked for.
    pub reads: u64,
    /// Writes asked for.
    pub writes: u64,
    /// Reads and writes that failed for good.
    pub failed: u64,
    /// Writes answered with success.
    pub acknowledged_writes: u64,
    /// Promotions.
    pub failovers: u64,
    /// Writes acknowledged and then lost.
    pub lost_writes: u64,
    /// Reads answered by a replica that lacked an acknowledged write.
    pub stale_reads: u64,
    /// Reads that lacked the reader's own latest acknowledged write.
    pub own_stale_reads: u64,
}

impl ClusterState {
    /// Writes in the primary's history: what has not been lost.
    pub fn committed(&self) -> u64 {
        self.log
    }

    /// A cluster whose first node is the primary and whose replicas lack nothing.
    pub fn new(seed: u64, cluster: &Cluster) -> Self {
        let stream = |purpose| Stream::new(seed, &cluster.name, purpose);
        Self {
            primary: cluster.nodes[0],
            promoting: None,
            is_promotion_due: false,
            log: 0,
            acknowledged: 0,
            unacknowledged: Vec::new(),
            waiting: VecDeque::new(),
            stage: FailoverStage::Calm,
            was_found_by_write: false,
            epoch: 0,
            address: None,
            address_epoch: 0,
            former: None,
            told_epoch: 0,
            own_writes: OwnWrites::default(),
            chosen: Vec::new(),
            known_log: 0,
            has_stepped_down: false,
            saved: Saved::default(),
            is_watched: false,
            no_candidate_logged: false,
            available: TimeWeighted::new(1.0),
            latency: Tally::new(2),
            replication_lag: Tally::new(2),
            counts: ClusterCounts::default(),
            routes: stream("routes"),
            failovers: stream("failovers"),
            delays: stream("replication"),
        }
    }

    /// The history ends at a position: how many writes beyond it, which never were, had been answered with success.
    pub(super) fn end_history(&mut self, end: u64) -> u64 {
        let silent =
            self.unacknowledged.iter().filter(|&&position| end < position && position <= self.acknowledged).count();
        self.unacknowledged.retain(|&position| position <= end);
        let lost = self.acknowledged.saturating_sub(end) - silent as u64;
        (self.log, self.acknowledged) = (end, self.acknowledged.min(end));
        self.own_writes.cut(end);
        self.counts.lost_writes += lost;
        lost
    }

    /// Nobody is being promoted any more.
    pub(super) fn break_off_promotion(&mut self) {
        (self.promoting, self.is_promotion_due) = (None, false);
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.available.restart(now);
        self.latency.restart();
        self.replication_lag.restart();
        self.counts = ClusterCounts::default();
    }
}

/// Whether a node has a history of its own, which it has to rewind (as by pg_rewind).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewind {
    /// It has not.
    None,
    /// It has.
    Due,
    /// It is at it until then.
    Until(SimTime),
}

/// The state of a node.
#[derive(Clone, Debug)]
pub struct NodeState {
    /// What it is in its cluster.
    pub role: Role,
    /// Its connections.
    pub facility: Facility,
    /// All operations at work, if they slow each other down.
    pub(super) sharing: Option<Box<Sharing<VisitId>>>,
    /// What it has applied of the history, and what is on its way to it.
    pub feed: Feed,
    /// Reads that wait until it has applied so much, the first first.
    pub(super) behind: BinaryHeap<Reverse<(u64, VisitId)>>,
    /// What it has to rewind, if anything, before it can follow the primary.
    pub(super) rewind: Rewind,
    /// Whether it makes up for what it missed; the position it has to reach.
    pub(super) catching_up_to: Option<u64>,
    /// Whether it is new, and becomes a replica as soon as it has caught up.
    pub(super) is_joining: bool,
    /// Since when the network has separated it from the primary, which it followed until then.
    pub(super) parted_since: Option<SimTime>,
    /// When the oldest write it lacks was committed.
    pub(super) behind_since: Option<SimTime>,
    /// Writes it lacks, over time.
    pub lag: TimeWeighted,
    /// Writes it applied as a replica.
    pub applied_writes: u64,
    /// How long it replayed them, all together.
    pub replayed_for: NanoSum,
    /// Times of reads and writes that succeeded, waits included.
    pub latency: Tally,
    /// Reads and writes that failed here.
    pub failed: u64,
    operations: Stream,
    pub(super) applications: Stream,
    pub(super) failures: Stream,
}

impl NodeState {
    /// An idle node.
    pub fn new(seed: u64, topology: &Topology, id: usize) -> Self {
        let cluster = &topology.clusters[topology.nodes[id].cluster.index()];
        let name = topology.component_name(topology.node_component(NodeId(id as u32)));
        let is_first = cluster.nodes[0].index() == id;
        let stream = |purpose| Stream::new(seed, name, purpose);
        Self {
            role: if is_first { Role::Primary } else { Role::Replica },
            facility: Facility::new(cluster.connections, cluster.queue_limit, Order::Fifo),
            sharing: new_sharing(cluster),
            feed: Feed::default(),
            behind: BinaryHeap::new(),
            rewind: Rewind::None,
            catching_up_to: None,
            is_joining: false,
            parted_since: None,
            behind_since: None,
            lag: TimeWeighted::default(),
            applied_writes: 0,
            replayed_for: NanoSum::default(),
            latency: Tally::new(2),
            failed: 0,
            operations: stream("operations"),
            applications: stream("applications"),
            failures: stream("failures"),
        }
    }

    /// Whether it makes up for writes it missed.
    pub fn is_catching_up(&self) -> bool {
        self.catching_up_to.is_some()
    }

    /// Age of the oldest write it lacks, in seconds.
    pub fn lag_seconds(&self, now: SimTime) -> f64 {
        self.behind_since.map_or(0.0, |since| now.since(since).as_seconds())
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.facility.restart(now);
        self.lag.restart(now);
        self.latency.restart();
        (self.applied_writes, self.failed) = (0, 0);
        self.replayed_for = NanoSum::default();
    }
}

/// All clusters and their nodes.
#[derive(Clone, Debug, Default)]
pub struct Databases {
    /// Lists of states go with the lists of the topology.
    pub clusters: Vec<ClusterState>,
    /// All nodes of all clusters.
    pub nodes: Vec<NodeState>,
}

impl Databases {
    /// All that a topology has.
    pub fn new(seed: u64, topology: &Topology) -> Self {
        Self {
            clusters: topology.clusters.iter().map(|cluster| ClusterState::new(seed, cluster)).collect(),
            nodes: (0..topology.nodes.len()).map(|id| NodeState::new(seed, topology, id)).collect(),
        }
    }

    /// How many writes of its primary a node lacks.
    pub fn lag_writes(&self, ctx: &Context, node: NodeId) -> u64 {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        self.clusters[cluster.index()].log.saturating_sub(self.nodes[node.index()].feed.applied())
    }

    #[inline]
    pub(super) fn is_node_up(&self, ctx: &Context, node: NodeId) -> bool {
        ctx.health(ctx.topology.node_component(node)).is_up()
    }

    /// Whether the cluster has a primary that works.
    pub(super) fn has_primary(&self, ctx: &Context, cluster: ClusterId) -> bool {
        let state = &self.clusters[cluster.index()];
        state.promoting.is_none() && self.is_node_up(ctx, state.primary)
    }

    #[inline(always)]
    fn begin_query(&mut self, ctx: &mut Context, id: VisitId, node: NodeId) {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        let state = &self.nodes[node.index()];
        let is_stale =
            state.role != Role::Primary && state.feed.applied() < self.clusters[cluster.index()].acknowledged;
        let staleness = match is_stale {
            true if self.lacks_own_write(ctx, id, node, cluster) => 2,
            stale => u64::from(stale),
        };
        ctx.visits[id].sequence = staleness;
        let state = &mut self.nodes[node.index()];
        let time = ctx.topology.clusters[cluster.index()].operation.sample(&mut state.operations);
        let time = ctx.health(ctx.topology.node_component(node)).slowed(time);
        let time = self.slowed_by_checkpoint(ctx, node, time);
        self.operate(ctx, id, node, time);
    }

    #[inline]
    fn begin_waiting_query(&mut self, ctx: &mut Context, id: VisitId, node: NodeId) {
        ctx.end_wait(id);
        self.begin_query(ctx, id, node);
    }

    /// A connection of a node is free for the next query.
    #[inline]
    pub(super) fn free_connection(&mut self, ctx: &mut Context, node: NodeId) {
        if let Some(next) = ctx.next_wanted(&mut self.nodes[node.index()].facility) {
            self.begin_waiting_query(ctx, next, node);
        }
    }

    /// The node has done its work for a query: whether it failed.
    #[inline(always)]
    fn work_done(&mut self, ctx: &mut Context, id: VisitId) -> (NodeId, ClusterId, bool) {
        let now = ctx.now;
        ctx.spend(id, Phase::Database);
        let visit = &ctx.visits[id];
        let (node, took) = (visit.node, now.since(visit.operation_start));
        let cluster = ctx.topology.nodes[node.index()].cluster;
        let state = &mut self.nodes[node.index()];
        let fails = state.failures.chance(ctx.topology.clusters[cluster.index()].fail_prob);
        if !fails {
            state.latency.add(took);
        }
        (node, cluster, fails)
    }

    /// A read or a write is there.
    #[inline]
    pub fn ask(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        let visit = &mut ctx.visits[id];
        visit.operation_start = ctx.now;
        visit.stage = Stage::Working;
        let node = visit.node;
        let component = ctx.topology.node_component(node);
        if let Some(cause) = ctx.refusal(component, Cause::DatabaseDown, Cause::DatabaseError) {
            return self.fail(ctx, id, cause);
        }
        if self.refuses_write(ctx, id, node) {
            return self.fail(ctx, id, Cause::NoPrimary);
        }
        match self.wait_for_own_write(ctx, id, node) {
            Some(longest) => self.await_own_write(ctx, id, node, longest),
            None => self.enter(ctx, id, node),
        }
    }

    /// A read or a write takes a connection, or waits for one.
    #[inline]
    pub(super) fn enter(&mut self, ctx: &mut Context, id: VisitId, node: NodeId) -> Reply {
        match self.nodes[node.index()].facility.enter(ctx.now, id) {
            Entry::Started => self.begin_query(ctx, id, node),
            Entry::Queued => {
                ctx.begin_wait(id);
                let cluster = ctx.topology.nodes[node.index()].cluster;
                if let Some(patience) = ctx.topology.clusters[cluster.index()].longest_wait {
                    ctx.wait_with(id, patience);
                }
            }
            Entry::Full => return self.fail(ctx, id, Cause::DatabaseFull),
        }
        Reply::Later
    }

    /// A read has taken its time.
    #[inline]
    pub fn read_finished(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        let (node, cluster, fails) = self.work_done(ctx, id);
        self.free_connection(ctx, node);
        if fails {
            return self.fail(ctx, id, Cause::DatabaseError);
        }
        let visit = &ctx.visits[id];
        let state = &mut self.clusters[cluster.index()];
        state.counts.stale_reads += visit.sequence.min(1);
        state.counts.own_stale_reads += visit.sequence >> 1;
        state.latency.add(ctx.now.since(visit.operation_start));
        Reply::Now(Outcome::Success)
    }

    /// A write has taken its time.
    pub fn write_finished(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        let (node, cluster, fails) = self.work_done(ctx, id);
        let fails = fails || self.lacks_replicas(ctx, node, cluster);
        // (Who waits for replicas keeps his connection, as PostgreSQL's backends do, and Redis's clients do not.)
        let is_detached = ctx.topology.clusters[cluster.index()].wait.is_some();
        if fails || is_detached || !self.waits_for_replicas(ctx, node, cluster) {
            self.free_connection(ctx, node);
        }
        if fails {
            return self.fail(ctx, id, Cause::DatabaseError);
        }
        ctx.visits[id].is_detached = is_detached;
        match self.commit(ctx, id, node, cluster) {
            Commit::Safe => Reply::Now(self.acknowledge(ctx, id, cluster)),
            Commit::Waits => Reply::Later,
            Commit::Void => Reply::Now(Self::refuse_write(ctx, id)),
        }
    }

    /// A write is safe enough to be answered with success.
    pub(super) fn acknowledge(&mut self, ctx: &mut Context, id: VisitId, cluster: ClusterId) -> Outcome {
        ctx.spend(id, Phase::Database);
        self.note_own_write(ctx, id, cluster);
        let visit = &ctx.visits[id];
        let (sequence, took) = (visit.sequence, ctx.now.since(visit.operation_start));
        let state = &mut self.clusters[cluster.index()];
        state.counts.acknowledged_writes += 1;
        state.acknowledged = state.acknowledged.max(sequence);
        state.latency.add(took);
        Outcome::Success
    }

    /// A node has executed a write that will not survive, and knows it. (The operation itself did not fail.)
    pub(super) fn refuse_write(ctx: &mut Context, id: VisitId) -> Outcome {
        ctx.spend(id, Phase::Database);
        Outcome::Failure(Cause::DatabaseDown)
    }

    fn fail(&mut self, ctx: &mut Context, id: VisitId, cause: Cause) -> Reply {
        ctx.spend(id, Phase::Database);
        self.nodes[ctx.visits[id].node.index()].failed += 1;
        Reply::Now(Outcome::Failure(cause))
    }

    /// A read or a write has failed for good.
    pub fn give_up(&mut self, cluster: ClusterId) {
        self.clusters[cluster.index()].counts.failed += 1;
    }

    /// A read or a write does not wait any more, for a connection or for what a replica lacks.
    pub fn withdraw(&mut self, ctx: &Context, id: VisitId) {
        let state = &mut self.nodes[ctx.visits[id].node.index()];
        match ctx.visits[id].stage {
            Stage::Behind => state.behind.retain(|&Reverse((_, other))| other != id),
            _ => state.facility.withdraw(ctx.now, id),
        }
    }

    /// A node has gone down: whoever waits for a connection fails at once.
    pub(super) fn turn_away_at_node(&mut self, ctx: &mut Context, node: NodeId) {
        let state = &mut self.nodes[node.index()];
        state.failed += ctx.turn_away(&mut state.facility, Cause::DatabaseDown);
        let behind = self.turn_away_who_waits_behind(ctx, node, Outcome::Failure(Cause::DatabaseDown));
        self.nodes[node.index()].failed += behind;
    }

    /// A node has lost an operation that it was at.
    pub fn lose(&mut self, ctx: &mut Context, id: VisitId) {
        let state = &mut self.nodes[ctx.visits[id].node.index()];
        if !ctx.visits[id].is_detached || ctx.visits[id].stage != Stage::Replicating {
            state.facility.leave(ctx.now);
        }
        state.failed += 1;
        ctx.answer(id, Outcome::Failure(Cause::DatabaseDown));
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.clusters.iter_mut().for_each(|cluster| cluster.restart(now));
        self.nodes.iter_mut().for_each(|node| node.restart(now));
    }
    /// Takes note of changed numbers.
    pub fn refresh(&mut self, ctx: &mut Context) {
        (0..self.clusters.len() as u32).for_each(|id| self.refresh_cluster(ctx, ClusterId(id)));
    }

    /// Takes note of changed numbers of a cluster.
    pub(super) fn refresh_cluster(&mut self, ctx: &mut Context, id: ClusterId) {
        let cluster = &ctx.topology.clusters[id.index()];
        let (connections, limit, nodes) = (cluster.connections, cluster.queue_limit, cluster.nodes.clone());
        self.change_contention(ctx, id);
        for node in nodes {
            self.nodes[node.index()].facility.resize(connections, limit, Order::Fifo);
            while let Some(next) = self.nodes[node.index()].facility.start_next(ctx.now) {
                self.begin_waiting_query(ctx, next, node);
            }
        }
        for place in 0..ctx.topology.clusters[id.index()].nodes.len() {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            self.replay(ctx, node);
        }
        self.readmit(ctx, id);
        self.answer_safe_writes(ctx, id);
    }
}

#[cfg(test)]
mod tests;
