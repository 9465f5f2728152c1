//! Everything that is recorded over time, as totals that only grow.
//!
//! A list made once names them; the values are read in the same walk over the
//! system, so that names and values cannot get out of step.

use super::{
    cause::Cause,
    topology::{BrokerId, CacheId, ClusterId, EdgeId, InstanceId, MemberId, NodeId, QueueId, ServiceId},
    world::World,
};
use crate::{
    engine::time::SimTime,
    stats::{heat::BINS, tally::Tally, time_weighted::TimeWeighted},
};

/// Something recorded over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Of whom.
    pub of: Of,
    /// What.
    pub what: What,
}

/// Whose gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Requests as such.
    Requests,
    /// Logins.
    Auth,
    /// TCP handshakes.
    Tcp,
    /// TLS handshakes.
    Tls,
    /// A service.
    Service(ServiceId),
    /// A service instance.
    Instance(InstanceId),
    /// A database cluster.
    Cluster(ClusterId),
    /// A database node.
    Node(NodeId),
    /// A cache.
    Cache(CacheId),
    /// A broker.
    Broker(BrokerId),
    /// A node of a broker that has several.
    Member(MemberId),
    /// A queue.
    Queue(QueueId),
    /// An edge that has a policy.
    Edge(EdgeId),
}

/// What is gauged. Counts are totals; integrals are of a number over seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Count of successes.
    Succeeded,
    /// Count of failures.
    Failed,
    /// Count of rejections.
    Rejected,
    /// Count of spans.
    Spans,
    /// Sum of spans, in seconds.
    SpanSum,
    /// Count of requests begun.
    Begun,
    /// Count of latencies in a bin.
    LatencyBin(u16),
    /// Count of failures in a bin of latency.
    VainBin(u16),
    /// Count of attempts.
    Attempts,
    /// Count of retries.
    Retries,
    /// Count of attempts given up.
    GivenUp,
    /// Count of attempts refused by the policy itself, or of requests that an instance did not let in.
    Refused,
    /// Count of further tries beside the first one.
    Hedges,
    /// Integral of the number of breakers that are open.
    BreakersOpen,
    /// Integral of the number in flight.
    InFlight,
    /// Integral of the number that may be in flight.
    Limit,
    /// Integral of the number in service.
    Busy,
    /// Integral of the number that wait.
    Queue,
    /// Integral of 1 while up (or available).
    Up,
    /// Integral of the number of instances wanted.
    Wanted,
    /// Integral of the number of instances ready.
    Ready,
    /// Integral of the number of writes lacked.
    Lag,
    /// Count of reads.
    Reads,
    /// Count of writes.
    Writes,
    /// Count of failovers.
    Failovers,
    /// Count of lost writes.
    LostWrites,
    /// Count of stale reads.
    StaleReads,
    /// Count of hits.
    Hits,
    /// Count of misses.
    Misses,
    /// Count of messages put into a queue.
    Sent,
    /// Count of messages consumed.
    Consumed,
    /// Count of messages dropped.
    Dropped,
    /// Count of messages put back into a queue.
    Redelivered,
    /// Count of messages that have waited as long as they may.
    Expired,
    /// Count of times that a consumer failed at a message.
    Failures,
    /// Count of messages that came back too often.
    OverLimit,
    /// Count of messages that went to the dead letters.
    DeadLetters,
    /// Count of messages that died with their broker.
    LostMessages,
}

/// Tells gauges and their values, in a fixed order.
struct Walk<'a, G> {
    now: SimTime,
    of: Of,
    told: &'a mut G,
}

/// The values of gauges, without the gauges.
struct Values(Vec<f64>);

impl Extend<(Gauge, f64)> for Values {
    fn extend<I: IntoIterator<Item = (Gauge, f64)>>(&mut self, gauges: I) {
        self.0.extend(gauges.into_iter().map(|(_, value)| value));
    }
}

impl<G: Extend<(Gauge, f64)>> Walk<'_, G> {
    fn put(&mut self, what: What, value: f64) {
        self.told.extend([(Gauge { of: self.of, what }, value)]);
    }

    fn count(&mut self, what: What, count: u64) {
        self.put(what, count_as_f64(count));
    }

    /// Counts of latencies by bin, all together: there are as many of them as of gauges of twenty components.
    fn bins(&mut self, what: impl Fn(u16) -> What, counts: &[f64; BINS]) {
        let of = self.of;
        let gauge = |bin: usize| Gauge { of, what: what(bin as u16) };
        self.told.extend(counts.iter().enumerate().map(|(bin, &count)| (gauge(bin), count)));
    }

    fn integral(&mut self, what: What, level: &TimeWeighted) {
        self.put(what, level.integral(self.now));
    }

    fn spans(&mut self, tally: &Tally) {
        self.count(What::Spans, tally.count());
        self.put(What::SpanSum, tally.sum());
    }
}

/// A count as a float. Signed, as no count is that large: processors convert signed integers in one step.
fn count_as_f64(count: u64) -> f64 {
    count as i64 as f64
}

impl World {
    /// The values of all gauges now, in the order of [`World::gauges`].
    pub fn gauge_values(&self) -> Vec<f64> {
        self.gauge_values_in(Vec::with_capacity(self.recorder.columns()))
    }

    /// The same, in a list that is empty.
    pub(super) fn gauge_values_in(&self, list: Vec<f64>) -> Vec<f64> {
        let mut values = Values(list);
        self.walk_gauges(&mut values);
        values.0
    }

    /// All gauges with their values now.
    pub fn gauges(&self) -> Vec<(Gauge, f64)> {
        let mut gauges = Vec::new();
        self.walk_gauges(&mut gauges);
        gauges
    }

    fn walk_gauges(&self, told: &mut impl Extend<(Gauge, f64)>) {
        let mut walk = Walk { now: self.ctx.now, of: Of::Requests, told };
        self.walk_requests(&mut walk);
        self.walk_services(&mut walk);
        self.walk_databases(&mut walk);
        self.walk_caches(&mut walk);
        self.walk_brokers(&mut walk);
        self.walk_edges(&mut walk);
    }

    fn walk_edges(&self, walk: &mut Walk<impl Extend<(Gauge, f64)>>) {
        for id in (0..self.topology.edges.len() as u32).map(EdgeId) {
            let edge = self.edge_sum(id);
            let counts = &edge.counts;
            walk.of = Of::Edge(id);
            walk.count(What::Attempts, counts.attempts);
            walk.count(What::Retries, counts.retries);
            walk.count(What::Succeeded, counts.succeeded);
            walk.count(What::Failed, counts.failed);
            walk.count(What::GivenUp, counts.given_up);
            walk.count(What::Refused, counts.refused());
            walk.count(What::Hedges, counts.hedges);
            walk.put(What::BreakersOpen, edge.open_seconds);
            walk.put(What::Busy, edge.inside.integral);
            walk.put(What::Queue, edge.waiting.integral);
        }
    }

    fn walk_requests(&self, walk: &mut Walk<impl Extend<(Gauge, f64)>>) {
        let totals = &self.totals;
        walk.count(What::Succeeded, totals.outcomes.succeeded());
        walk.count(What::Failed, totals.outcomes.failed());
        walk.count(What::Begun, self.begun);
        walk.count(What::Retries, totals.retries);
        walk.integral(What::InFlight, &totals.in_flight);
        walk.spans(&totals.outcomes.latency);
        walk.bins(What::LatencyBin, totals.heat.counts());
        walk.bins(What::VainBin, totals.heat_in_vain.counts());
        walk.of = Of::Auth;
        walk.count(What::Succeeded, totals.logins_succeeded);
        walk.count(What::Failed, totals.logins_failed);
        walk.count(What::Rejected, totals.rejected);
        walk.of = Of::Tcp;
        walk.spans(&self.ctx.network.tcp);
        walk.of = Of::Tls;
        walk.spans(&self.ctx.network.tls);
    }

    fn walk_services(&self, walk: &mut Walk<impl Extend<(Gauge, f64)>>) {
        for (id, service) in self.services.iter().enumerate() {
            walk.of = Of::Service(ServiceId(id as u32));
            walk.count(What::Succeeded, service.outcomes.succeeded());
            walk.count(What::Failed, service.outcomes.failed());
            walk.count(What::Rejected, service.outcomes.failed_for(Cause::Unauthorised));
            walk.spans(&service.outcomes.latency);
            walk.integral(What::Up, &service.front.up);
            if let Some(scaling) = &service.scaling {
                walk.integral(What::Wanted, &scaling.wanted);
                walk.integral(What::Ready, &scaling.ready);
            }
        }
        for (id, instance) in self.instances.iter().enumerate() {
            let instance_id = InstanceId(id as u32);
            walk.of = Of::Instance(instance_id);
            walk.count(What::Succeeded, instance.outcomes.succeeded());
            walk.count(What::Failed, instance.outcomes.failed());
            walk.spans(&instance.outcomes.latency);
            walk.integral(What::Busy, &instance.server.facility.busy);
            walk.integral(What::Queue, &instance.server.facility.queue);
            if let Some(gate) = &instance.server.gate {
                walk.integral(What::InFlight, &gate.inside);
                walk.count(What::Refused, gate.refused);
                if gate.has_limit {
                    walk.integral(What::Limit, &gate.limit);
                }
            }
            walk.integral(What::Up, &self.ctx.health(self.topology.instance_component(instance_id)).up);
        }
    }

    fn walk_databases(&self, walk: &mut Walk<impl Extend<(Gauge, f64)>>) {
        for (id, cluster) in self.databases.clusters.iter().enumerate() {
            walk.of = Of::Cluster(ClusterId(id as u32));
            walk.count(What::Reads, cluster.counts.reads);
            walk.count(What::Writes, cluster.counts.writes);
            walk.count(What::Failed, cluster.counts.failed);
            walk.count(What::Failovers, cluster.counts.failovers);
            walk.count(What::LostWrites, cluster.counts.lost_writes);
            walk.count(What::StaleReads, cluster.counts.stale_reads);
            walk.spans(&cluster.latency);
            walk.integral(What::Up, &cluster.available);
        }
        for (id, node) in self.databases.nodes.iter().enumerate() {
            let node_id = NodeId(id as u32);
            walk.of = Of::Node(node_id);
            walk.count(What::Failed, node.failed);
            walk.spans(&node.latency);
            walk.integral(What::Busy, &node.facility.busy);
            walk.integral(What::Queue, &node.facility.queue);
            walk.integral(What::Lag, &node.lag);
            walk.integral(What::Up, &self.ctx.health(self.topology.node_component(node_id)).up);
        }
    }

    fn walk_caches(&self, walk: &mut Walk<impl Extend<(Gauge, f64)>>) {
        for (id, cache) in self.caches.iter().enumerate() {
            let cache_id = CacheId(id as u32);
            walk.of = Of::Cache(cache_id);
            walk.count(What::Hits, cache.hits);
            walk.count(What::Misses, cache.misses);
            walk.count(What::Failed, cache.failed);
            walk.spans(&cache.latency);
            walk.integral(What::Busy, &cache.facility.busy);
            walk.integral(What::Queue, &cache.facility.queue);
            walk.integral(What::Up, &self.ctx.health(self.topology.cache_component(cache_id)).up);
        }
    }

    fn walk_brokers(&self, walk: &mut Walk<impl Extend<(Gauge, f64)>>) {
        for (id, broker) in self.brokers.brokers.iter().enumerate() {
            let broker_id = BrokerId(id as u32);
            let queues = self.topology.brokers[id].queues.clone();
            let of_queues: u64 = queues.map(|queue| self.brokers.queues[queue as usize].counts.failed).sum();
            let failed = of_queues + broker.counts.failed;
            walk.of = Of::Broker(broker_id);
            walk.count(What::Failed, failed);
            walk.spans(&broker.latency);
            let members = self.topology.brokers[id].members.clone();
            for member in members.clone().map(MemberId) {
                if members.len() > 1 {
                    walk.of = Of::Member(member);
                }
                walk.integral(What::Up, &self.ctx.health(self.topology.member_component(member)).up);
            }
        }
        for (id, queue) in self.brokers.queues.iter().enumerate() {
            walk.of = Of::Queue(QueueId(id as u32));
            walk.count(What::Sent, queue.counts.sent);
            walk.count(What::Consumed, queue.counts.consumed);
            walk.count(What::Dropped, queue.counts.dropped);
            walk.count(What::Redelivered, queue.counts.redelivered);
            let more = [
                (queue.tells.expired, What::Expired, queue.counts.expired),
                (queue.tells.failures, What::Failures, queue.counts.failures),
                (queue.tells.failures, What::Rejected, queue.counts.rejected),
                (queue.tells.over_limit, What::OverLimit, queue.counts.over_limit),
                (queue.tells.dead_letters, What::DeadLetters, queue.counts.dead_letters.total()),
                (queue.tells.lost, What::LostMessages, queue.counts.lost),
            ];
            more.iter().filter(|(is_told, ..)| *is_told).for_each(|&(_, what, count)| walk.count(what, count));
            walk.spans(&queue.delivery);
            walk.integral(What::Queue, &queue.size);
            walk.integral(What::Busy, &queue.busy);
        }
    }
}
