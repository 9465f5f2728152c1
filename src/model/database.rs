//! Database clusters: reads and writes. What follows a commit is in [`replication`](super::replication).

use std::collections::VecDeque;

use super::{
    cause::Cause,
    facility::Facility,
    network::Place,
    replication::Commit,
    topology::{Cluster, ClusterId, Hop, NodeId, OnError, Topology},
    visit::{Outcome, Owner, Phase, Pooled, Stage, VisitId},
    visits::Progress::{self, Waits},
    world::World,
};
use crate::{
    engine::{
        random::Stream,
        sharing::Sharing,
        station::{Entry, Order},
        time::{Duration, SimTime},
    },
    stats::{tally::Tally, time_weighted::TimeWeighted},
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
    /// Writes that wait for replicas, in order.
    pub(super) waiting: VecDeque<(u64, VisitId)>,
    /// Recognises promotions that were broken off.
    pub(super) epoch: u32,
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
    routes: Stream,
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
            log: 0,
            acknowledged: 0,
            waiting: VecDeque::new(),
            epoch: 0,
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

    /// Nobody is being promoted any more.
    pub(super) fn break_off_promotion(&mut self) {
        self.promoting = None;
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

/// The state of a node.
#[derive(Clone, Debug)]
pub struct NodeState {
    /// What it is in its cluster.
    pub role: Role,
    /// Its connections.
    pub facility: Facility,
    /// All operations at work, if they slow each other down.
    pub(super) sharing: Option<Box<Sharing<VisitId>>>,
    /// Position in the history up to which it has applied the writes.
    pub(super) applied: u64,
    /// Writes on their way to it: position, and when they were committed.
    pub(super) coming: VecDeque<(u64, SimTime)>,
    /// When the last of them will be applied: they are applied in order.
    pub(super) last_apply: SimTime,
    /// Recognises writes that were on their way when it died.
    pub(super) epoch: u32,
    /// Whether it makes up for what it missed; the position it has to reach.
    pub(super) catching_up_to: Option<u64>,
    /// Whether it is new, and becomes a replica as soon as it has caught up.
    pub(super) is_joining: bool,
    /// When the oldest write it lacks was committed.
    pub(super) behind_since: Option<SimTime>,
    /// Writes it lacks, over time.
    pub lag: TimeWeighted,
    /// Writes it applied as a replica.
    pub applied_writes: u64,
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
            sharing: cluster.scalability.clone().map(|scalability| {
                let mut sharing = Sharing::new(None);
                sharing.set_scalability(SimTime::ZERO, Some(scalability));
                Box::new(sharing)
            }),
            applied: 0,
            coming: VecDeque::new(),
            last_apply: SimTime::ZERO,
            epoch: 0,
            catching_up_to: None,
            is_joining: false,
            behind_since: None,
            lag: TimeWeighted::default(),
            applied_writes: 0,
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
    }
}

impl World {
    /// How many writes of its primary a node lacks.
    pub fn lag_writes(&self, node: NodeId) -> u64 {
        let cluster = self.topology.nodes[node.index()].cluster;
        self.clusters[cluster.index()].log.saturating_sub(self.nodes[node.index()].applied)
    }

    #[inline]
    pub(super) fn is_node_up(&self, node: NodeId) -> bool {
        self.ctx.health(self.topology.node_component(node)).is_up()
    }

    /// Whether the cluster has a primary that works.
    pub(super) fn has_primary(&self, cluster: ClusterId) -> bool {
        let state = &self.clusters[cluster.index()];
        state.promoting.is_none() && self.is_node_up(state.primary)
    }

    fn cluster_of(&self, id: VisitId) -> Option<ClusterId> {
        self.topology.instances[self.visits[id].instance.index()].cluster
    }

    #[inline(always)]
    pub(super) fn start_read(&mut self, id: VisitId, retries: u32) -> Progress {
        self.visits[id].retries_left = retries;
        if self.has_pool(id, Pooled::Database) { self.ask_pool(id, Pooled::Database) } else { self.send_read(id) }
    }

    #[inline(always)]
    pub(super) fn send_read(&mut self, id: VisitId) -> Progress {
        let Some(cluster) = self.cluster_of(id) else { return Waits };
        self.clusters[cluster.index()].counts.reads += 1;
        let node = match self.visits[id].is_operation {
            true => self.choose_beside(id, cluster),
            false => self.choose_for_read(cluster),
        };
        self.send_query(id, node)
    }

    /// A replica with the configured probability, if it is up; else the primary.
    #[inline]
    fn choose_for_read(&mut self, cluster: ClusterId) -> Option<NodeId> {
        let described = &self.topology.clusters[cluster.index()];
        let state = &mut self.clusters[cluster.index()];
        let nodes = &self.nodes;
        let replicas = || described.nodes.iter().copied().filter(|node| nodes[node.index()].role == Role::Replica);
        if described.nodes.len() > 1 && state.routes.chance(described.replica_read_share) {
            let count = replicas().count() as u64;
            let chosen = replicas().nth(state.routes.below(count) as usize);
            if let Some(node) = chosen.filter(|&node| self.is_node_up(node)) {
                return Some(node);
            }
        }
        self.primary_for_queries(cluster)
    }

    /// For a try under a policy: another node than the try before it has read, if there is one.
    #[inline(never)]
    fn choose_beside(&mut self, id: VisitId, cluster: ClusterId) -> Option<NodeId> {
        let Owner::Try(exchange) = self.visits[id].owner else { return self.choose_for_read(cluster) };
        let node = match self.exchanges[exchange].node {
            NodeId::NONE => self.choose_for_read(cluster),
            before => self.choose_for_retry(cluster, before),
        };
        self.exchanges[exchange].node = node.unwrap_or(NodeId::NONE);
        node
    }

    /// The primary, if the cluster has one that could be asked (it may be down, which only the attempt shows).
    #[inline]
    fn primary_for_queries(&self, cluster: ClusterId) -> Option<NodeId> {
        let state = &self.clusters[cluster.index()];
        state.promoting.is_none().then_some(state.primary)
    }

    /// A node to try a failed read on: any that is up, other than the one that failed, if there is one.
    fn choose_for_retry(&mut self, cluster: ClusterId, failed: NodeId) -> Option<NodeId> {
        let serves = |node: &NodeId| {
            let role = self.nodes[node.index()].role;
            *node != failed && role != Role::Detached && self.is_node_up(*node)
        };
        let others: Vec<NodeId> =
            self.topology.clusters[cluster.index()].nodes.iter().copied().filter(serves).collect();
        let choice = self.clusters[cluster.index()].routes.below(others.len() as u64) as usize;
        others.get(choice).copied().or_else(|| self.primary_for_queries(cluster))
    }

    pub(super) fn start_write(&mut self, id: VisitId) -> Progress {
        if self.has_pool(id, Pooled::Database) { self.ask_pool(id, Pooled::Database) } else { self.send_write(id) }
    }

    pub(super) fn send_write(&mut self, id: VisitId) -> Progress {
        let Some(cluster) = self.cluster_of(id) else { return Waits };
        self.clusters[cluster.index()].counts.writes += 1;
        if !self.has_primary(cluster) && self.topology.clusters[cluster.index()].failover.on_write {
            self.start_failover(cluster, true);
        }
        let node = self.primary_for_queries(cluster);
        self.send_query(id, node)
    }

    #[inline]
    fn send_query(&mut self, id: VisitId, node: Option<NodeId>) -> Progress {
        let now = self.ctx.now;
        let visit = &mut self.visits[id];
        visit.operation_start = now;
        visit.stage = Stage::Sent;
        let instance = visit.instance;
        let Some(node) = node else {
            visit.node = NodeId(u32::MAX);
            visit.outcome = Outcome::Failure(Cause::NoPrimary);
            visit.stage = Stage::Working;
            if visit.trace.is_traced() {
                self.trace_failure(id, Cause::NoPrimary);
            }
            return self.query_failed_at_once(id);
        };
        visit.node = node;
        let (from, to) = (Place::instance(instance), Place::node(node));
        if self.send_message(id, &[Hop::ServiceDatabase], from, to) { self.query_arrived(id) } else { Waits }
    }

    /// There is nobody to ask; the instance knows that without asking.
    fn query_failed_at_once(&mut self, id: VisitId) -> Progress {
        self.return_after(id, Duration::ZERO);
        Waits
    }

    #[inline]
    pub(super) fn query_arrived(&mut self, id: VisitId) -> Progress {
        let now = self.ctx.now;
        let visit = &mut self.visits[id];
        visit.operation_start = now;
        visit.stage = Stage::Working;
        let node = visit.node;
        let component = self.topology.node_component(node);
        if let Some(cause) = self.refusal(component, Cause::DatabaseDown, Cause::DatabaseError) {
            return self.fail_query(id, cause);
        }
        match self.nodes[node.index()].facility.enter(now, id) {
            Entry::Started => self.begin_query(id, node),
            Entry::Queued => self.begin_wait(id),
            Entry::Full => return self.fail_query(id, Cause::DatabaseFull),
        }
        Waits
    }

    #[inline]
    fn begin_query(&mut self, id: VisitId, node: NodeId) {
        let cluster = self.topology.nodes[node.index()].cluster;
        let state = &mut self.nodes[node.index()];
        let is_stale = state.role == Role::Replica && state.applied < self.clusters[cluster.index()].acknowledged;
        self.visits[id].sequence = u64::from(is_stale);
        let time = self.topology.clusters[cluster.index()].operation.sample(&mut state.operations);
        let time = self.ctx.health(self.topology.node_component(node)).slowed(time);
        self.operate(id, node, time);
    }

    #[inline]
    fn begin_waiting_query(&mut self, id: VisitId, node: NodeId) {
        self.end_wait(id);
        self.begin_query(id, node);
    }

    /// The node has done its work for a query: whether it failed.
    #[inline]
    fn leave_node(&mut self, id: VisitId) -> (NodeId, ClusterId, bool) {
        let now = self.ctx.now;
        self.spend(id, Phase::Database);
        let visit = &self.visits[id];
        let (node, took) = (visit.node, now.since(visit.operation_start));
        let next = self.next_wanted(|world| world.nodes[node.index()].facility.leave(world.ctx.now));
        if let Some(next) = next {
            self.begin_waiting_query(next, node);
        }
        let cluster = self.topology.nodes[node.index()].cluster;
        let state = &mut self.nodes[node.index()];
        let fails = state.failures.chance(self.topology.clusters[cluster.index()].fail_prob);
        if !fails {
            state.latency.add(took);
        }
        (node, cluster, fails)
    }

    #[inline]
    pub(super) fn read_finished(&mut self, id: VisitId) -> Progress {
        let (node, cluster, fails) = self.leave_node(id);
        if fails {
            return self.fail_query(id, Cause::DatabaseError);
        }
        let visit = &self.visits[id];
        let state = &mut self.clusters[cluster.index()];
        state.counts.stale_reads += visit.sequence;
        state.latency.add(self.ctx.now.since(visit.operation_start));
        self.fill_cache(id);
        self.send_back(id, Outcome::Success, Hop::ServiceDatabase, Place::node(node))
    }

    pub(super) fn write_finished(&mut self, id: VisitId) -> Progress {
        let (node, cluster, fails) = self.leave_node(id);
        if fails {
            return self.fail_query(id, Cause::DatabaseError);
        }
        match self.commit(id, node, cluster) {
            Commit::Safe => self.acknowledge(id, cluster),
            Commit::Waits => Waits,
            Commit::Void => self.refuse_write(id),
        }
    }

    /// A write is safe enough to be answered with success.
    pub(super) fn acknowledge(&mut self, id: VisitId, cluster: ClusterId) -> Progress {
        self.spend(id, Phase::Database);
        let visit = &self.visits[id];
        let (node, sequence, took) = (visit.node, visit.sequence, self.ctx.now.since(visit.operation_start));
        let state = &mut self.clusters[cluster.index()];
        state.counts.acknowledged_writes += 1;
        state.acknowledged = state.acknowledged.max(sequence);
        state.latency.add(took);
        self.send_back(id, Outcome::Success, Hop::ServiceDatabase, Place::node(node))
    }

    /// A node has executed a write that will not survive, and knows it. (The operation itself did not fail.)
    pub(super) fn refuse_write(&mut self, id: VisitId) -> Progress {
        self.spend(id, Phase::Database);
        let node = self.visits[id].node;
        self.send_back(id, Outcome::Failure(Cause::DatabaseDown), Hop::ServiceDatabase, Place::node(node))
    }

    pub(super) fn fail_query(&mut self, id: VisitId, cause: Cause) -> Progress {
        self.spend(id, Phase::Database);
        let node = self.visits[id].node;
        self.nodes[node.index()].failed += 1;
        self.send_back(id, Outcome::Failure(cause), Hop::ServiceDatabase, Place::node(node))
    }

    #[inline]
    pub(super) fn read_returned(&mut self, id: VisitId, outcome: Outcome, on_error: OnError) -> Progress {
        let Some(cluster) = self.cluster_of(id) else { return Waits };
        let visit = &mut self.visits[id];
        if matches!(outcome, Outcome::Failure(_)) {
            if visit.retries_left > 0 {
                visit.retries_left -= 1;
                let failed = visit.node;
                let node = self.choose_for_retry(cluster, failed);
                return self.send_query(id, node);
            }
            self.clusters[cluster.index()].counts.failed += 1;
        }
        self.give_back_connection(id);
        on_error.after(outcome)
    }

    pub(super) fn write_returned(&mut self, id: VisitId, outcome: Outcome, on_error: OnError) -> Progress {
        if let (Some(cluster), Outcome::Failure(_)) = (self.cluster_of(id), outcome) {
            self.clusters[cluster.index()].counts.failed += 1;
        }
        self.give_back_connection(id);
        on_error.after(outcome)
    }

    /// A node has gone down: whoever waits for a connection fails at once.
    pub(super) fn turn_away_at_node(&mut self, node: NodeId) {
        while let Some(id) = self.nodes[node.index()].facility.turn_away(self.ctx.now) {
            self.end_wait(id);
            let progress = self.fail_query(id, Cause::DatabaseDown);
            self.go_on(id, progress);
        }
    }

    /// Takes note of changed numbers of a cluster.
    pub(super) fn refresh_cluster(&mut self, id: ClusterId) {
        let cluster = &self.topology.clusters[id.index()];
        let (connections, limit, nodes) = (cluster.connections, cluster.queue_limit, cluster.nodes.clone());
        self.change_contention(id);
        for node in nodes {
            self.nodes[node.index()].facility.resize(connections, limit, Order::Fifo);
            while let Some(next) = self.nodes[node.index()].facility.start_next(self.ctx.now) {
                self.begin_waiting_query(next, node);
            }
        }
        self.readmit(id);
        self.answer_safe_writes(id);
    }
}
