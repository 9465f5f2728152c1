//! From the state of the system to the report.

use std::collections::BTreeMap;

use super::{
    AdmissionReport, Auth, Broker, BrokerNode, Cache, DbCluster, DeadLetters, Edge, Endpoint, Instance, Latency, Level,
    Network, Node, PausesReport, PoolReport, Queue, Replicas, Report, Requests, Service, Users,
    amplification::{Chains, Tries},
};
use crate::{
    config::schema::Named,
    engine::time::SimTime,
    model::{
        broker::Reason,
        cause::Cause,
        facility::Facility,
        outcomes::Outcomes,
        topology::{
            self, AdmissionRule, CacheId, ClusterId, ComponentKind, EdgeId, InstanceId, Knowledge, MemberId, NodeId,
            QueueId, QueueKind, ServiceId,
        },
        world::World,
    },
    stats::{tally::Tally, time_weighted::TimeWeighted},
};

impl Report {
    /// The report on a system as it is now.
    pub fn new(scenario: &str, seed: u64, world: &World) -> Self {
        let builder = Builder { world, now: world.now() };
        let topology = world.topology();
        Self {
            scenario: scenario.to_owned(),
            seed,
            simulated_seconds: builder.now.as_seconds(),
            warm_up_seconds: world.totals().since.as_seconds(),
            events: world.handled(),
            requests: builder.requests(),
            users: builder.users(),
            services: named(topology.services.len(), |id| builder.service(id)),
            auth: builder.auth(),
            db_clusters: builder.clusters(),
            caches: builder.caches(),
            brokers: named(topology.brokers.len(), |id| builder.broker(id)),
            network: builder.network(),
            edges: (0..topology.edges.len() as u32).map(|id| Edge::of(world, EdgeId(id))).collect(),
        }
    }
}

fn named<T>(count: usize, build: impl Fn(usize) -> (String, T)) -> Named<T> {
    (0..count).map(build).collect()
}

struct Builder<'a> {
    world: &'a World,
    now: SimTime,
}

impl Builder<'_> {
    fn seconds(&self) -> f64 {
        self.now.since(self.world.totals().since).as_seconds()
    }

    fn per_second(&self, count: u64) -> f64 {
        if self.seconds() > 0.0 { count as f64 / self.seconds() } else { 0.0 }
    }

    fn level(&self, level: &TimeWeighted) -> Level {
        Level { now: level.value(), mean: level.mean(self.now), max: level.max() }
    }

    fn requests(&self) -> Requests {
        let totals = self.world.totals();
        let outcomes = &totals.outcomes;
        let succeeded = outcomes.succeeded();
        Requests {
            total: outcomes.total(),
            succeeded,
            failed: outcomes.failed(),
            success_ratio: ratio(succeeded, outcomes.total()),
            offered: self.per_second(self.world.begun()),
            rps: self.per_second(outcomes.total()),
            goodput: self.per_second(succeeded),
            amplification: self.amplification(),
            in_flight: self.world.in_flight() as u64,
            attempts: totals.attempts,
            retries: totals.retries,
            timeouts: totals.timeouts,
            latency: Latency::of(&outcomes.latency),
            response: Latency::of(&outcomes.response()),
            time_in: self.world.spent().means(succeeded).collect(),
            failures: failures(outcomes),
        }
    }

    fn amplification(&self) -> Option<f64> {
        let (world, totals) = (self.world, self.world.totals());
        let begun = world.begun();
        let users = Tries { first: begun, all: begun + totals.retries };
        Chains::new(world.topology()).amplification(users, |id| Tries::of(&world.edge_sum(id).counts))
    }

    fn users(&self) -> Named<Users> {
        let groups = self.world.groups().iter().zip(&self.world.topology().users);
        let told = groups.filter_map(|(state, users)| Some((users.name.clone(), state.outcomes.as_ref()?)));
        told.map(|(name, outcomes)| (name, self.group(outcomes))).collect()
    }

    fn group(&self, outcomes: &Outcomes) -> Users {
        Users {
            total: outcomes.total(),
            succeeded: outcomes.succeeded(),
            failed: outcomes.failed(),
            success_ratio: ratio(outcomes.succeeded(), outcomes.total()),
            goodput: self.per_second(outcomes.succeeded()),
            latency: Latency::of(&outcomes.latency),
            response: Latency::of(&outcomes.response()),
            failures: failures(outcomes),
        }
    }

    fn service(&self, id: usize) -> (String, Service) {
        let service = &self.world.topology().services[id];
        let state = &self.world.services()[id];
        let outcomes = &state.outcomes;
        let leaving = self.world.leaving_from(ServiceId(id as u32));
        let instances: Named<Instance> =
            service.instances.iter().copied().chain(leaving).map(|instance| self.instance(instance)).collect();
        let utilisation = match service.lifecycle.is_elastic() {
            false => {
                let count = service.instances.len();
                instances.values().take(count).map(|instance| instance.utilisation).sum::<f64>() / count as f64
            }
            true => self.elastic_utilisation(service),
        };
        let report = Service {
            total: outcomes.total(),
            succeeded: outcomes.succeeded(),
            failed: outcomes.failed(),
            success_ratio: ratio(outcomes.succeeded(), outcomes.total()),
            rps: self.per_second(outcomes.total()),
            latency: Latency::of(&outcomes.latency),
            time_in: state.spent().means(outcomes.succeeded()).collect(),
            utilisation,
            availability: match service.lifecycle.is_elastic() {
                true => share(state.front.up.mean(self.now), state.front.headcount.mean(self.now)),
                false => state.front.up.mean(self.now) / state.front.headcount.mean(self.now),
            },
            availability_any: state.front.any_up.mean(self.now),
            failures: failures(outcomes),
            ejections: (service.knowledge != Knowledge::AtOnce).then_some(state.front.ejections),
            balancer_queue: service.line.map(|_| self.level(&state.front.line.queue)),
            turned_away: service.balancing.max_conns.map(|_| state.front.turned_away),
            replicas: state.scaling.as_ref().filter(|_| service.lifecycle.is_elastic()).map(|scaling| Replicas {
                wanted: self.level(&scaling.wanted),
                ready: self.level(&scaling.ready),
                release: scaling.release,
                rolling: scaling.is_rolling,
            }),
            endpoints: self.endpoints(ServiceId(id as u32)),
            instances,
        };
        (service.name.clone(), report)
    }

    /// Mean share of the workers at work, of those instances that were there.
    fn elastic_utilisation(&self, service: &topology::Service) -> f64 {
        let (states, hosts) = (self.world.instances(), self.world.hosts());
        let places = service.instances.iter().map(|id| (&states[id.index()], &hosts[id.index()]));
        let sums = places
            .map(|(it, host)| (it.server.facility.busy.integral(self.now), host.presence.there.integral(self.now)));
        let (busy, there) = sums.fold((0.0, 0.0), |(busy, there), (b, t)| (busy + b, there + t));
        busy / (there.max(f64::MIN_POSITIVE) * f64::from(service.workers.unwrap_or(1)))
    }

    fn endpoints(&self, id: ServiceId) -> Named<Endpoint> {
        let endpoints = self.world.topology().endpoints.iter().zip(self.world.endpoints());
        let of_service = endpoints.filter(|(endpoint, _)| endpoint.service == id);
        let report = |outcomes: &Outcomes| Endpoint {
            total: outcomes.total(),
            succeeded: outcomes.succeeded(),
            failed: outcomes.failed(),
            success_ratio: ratio(outcomes.succeeded(), outcomes.total()),
            latency: Latency::of(&outcomes.latency),
            failures: failures(outcomes),
        };
        of_service
            .filter_map(|(endpoint, outcomes)| Some((endpoint.name.clone()?, report(outcomes.as_ref()?))))
            .collect()
    }

    fn instance(&self, id: InstanceId) -> (String, Instance) {
        let topology = self.world.topology();
        let component = topology.instance_component(id);
        let health = self.world.health(component);
        let (state, host) = (&self.world.instances()[id.index()], &self.world.hosts()[id.index()]);
        let service = &topology.services[topology.instances[id.index()].service.index()];
        let report = Instance {
            total: state.outcomes.total(),
            succeeded: state.outcomes.succeeded(),
            failed: state.outcomes.failed(),
            state: host.presence.word(health.is_up()),
            latency: Latency::of(&state.outcomes.latency),
            utilisation: state.utilisation(host, service, self.now),
            queue: self.level(&state.server.facility.queue),
            connections_made: service.keep_alive.map(|_| state.connections.made),
            admission: service.admission.as_ref().zip(state.server.gate.as_ref()).map(|(admission, gate)| {
                AdmissionReport {
                    refused: gate.refused,
                    inside: self.level(&gate.inside),
                    limit: (!matches!(admission.rule, AdmissionRule::Rate(_))).then(|| self.level(&gate.limit)),
                }
            }),
            pool: self.pool(&state.pools.database),
            cache_pool: self.pool(&state.pools.cache),
            availability: match service.lifecycle.is_elastic() {
                true => share(health.up.integral(self.now), host.presence.there.integral(self.now)),
                false => health.up.mean(self.now),
            },
            outages: health.outages,
            pauses: (service.lifecycle.pauses.is_some() || host.pace.pauses > 0)
                .then(|| PausesReport { count: host.pace.pauses, share: host.pace.still.mean(self.now) }),
            failures: failures(&state.outcomes),
        };
        (topology.component_name(component).to_owned(), report)
    }

    /// A pool, if it has a number of connections.
    fn pool(&self, pool: &Facility) -> Option<PoolReport> {
        Some(PoolReport { size: pool.servers()?, in_use: self.level(&pool.busy), waiting: self.level(&pool.queue) })
    }

    fn auth(&self) -> Auth {
        let totals = self.world.totals();
        Auth { succeeded: totals.logins_succeeded, failed: totals.logins_failed, rejected: totals.rejected }
    }

    fn clusters(&self) -> Named<DbCluster> {
        let topology = self.world.topology();
        let shown = self.world.shown().into_iter().filter_map(|id| match topology.components[id.index()].kind {
            ComponentKind::Node(node) => {
                let cluster = topology.nodes[node.index()].cluster;
                (topology.clusters[cluster.index()].nodes.first() == Some(&node)).then(|| self.cluster(cluster))
            }
            _ => None,
        });
        shown.collect()
    }

    fn caches(&self) -> Named<Cache> {
        let topology = self.world.topology();
        let shown = self.world.shown().into_iter().filter_map(|id| match topology.components[id.index()].kind {
            ComponentKind::Cache(cache) => Some(self.cache(cache.index())),
            _ => None,
        });
        shown.collect()
    }

    fn cluster(&self, id: ClusterId) -> (String, DbCluster) {
        let cluster = &self.world.topology().clusters[id.index()];
        let state = &self.world.clusters()[id.index()];
        let counts = &state.counts;
        let availability = state.available.mean(self.now);
        let report = DbCluster {
            reads: counts.reads,
            writes: counts.writes,
            failed: counts.failed,
            acknowledged_writes: counts.acknowledged_writes,
            failovers: counts.failovers,
            lost_writes: counts.lost_writes,
            stale_reads: counts.stale_reads,
            own_stale_reads: counts.own_stale_reads,
            unavailable_seconds: state.available.seconds(self.now) - state.available.integral(self.now),
            availability,
            latency: Latency::of(&state.latency),
            replication_lag: Latency::of(&state.replication_lag),
            nodes: cluster.nodes.iter().map(|&node| self.node(node)).collect(),
        };
        (cluster.name.clone(), report)
    }

    fn node(&self, id: NodeId) -> (String, Node) {
        let component = self.world.topology().node_component(id);
        let health = self.world.health(component);
        let state = &self.world.nodes()[id.index()];
        let report = Node {
            role: state.role.name(),
            state: if health.is_up() && state.is_catching_up() { "catching_up" } else { up_or_down(health.is_up()) },
            outages: health.outages,
            availability: health.up.mean(self.now),
            operations: state.latency.count() + state.failed,
            failed: state.failed,
            latency: Latency::of(&state.latency),
            utilisation: state.facility.utilisation(self.now),
            queue: self.level(&state.facility.queue),
            lag_writes: self.world.lag_writes(id),
            lag_seconds: state.lag_seconds(self.now),
            lag: self.level(&state.lag),
            applied_writes: state.applied_writes,
            replaying: state.replayed_for.as_seconds() / self.seconds().max(f64::MIN_POSITIVE),
        };
        (self.world.topology().component_name(component).to_owned(), report)
    }

    fn cache(&self, id: usize) -> (String, Cache) {
        let topology = self.world.topology();
        let health = self.world.health(topology.cache_component(CacheId(id as u32)));
        let state = &self.world.caches()[id];
        let content = &topology.caches[id].content;
        let told = |count: u64| topology.caches[id].is_told.then_some(count);
        let first = |count: u64| topology.caches[id].is_told_first.then_some(count);
        let counts = state.key_counts().filter(|_| content.tells_of_keys());
        let report = Cache {
            state: up_or_down(health.is_up()),
            hits: state.hits,
            misses: state.misses,
            coalesced: content.has_single_flight().then_some(state.coalesced),
            outdated_hits: told(state.outdated_hits),
            updates: told(state.updates),
            lost_writes: first(state.lost_writes),
            unflushed: first(state.unflushed()),
            stale_hits: content.refreshes().then_some(state.stale_hits),
            refreshes: content.refreshes().then_some(state.refreshes),
            failed: state.failed,
            hit_ratio: ratio(state.hits, state.hits + state.misses),
            outages: health.outages,
            availability: health.up.mean(self.now),
            latency: Latency::of(&state.latency),
            keys: state.keys_held(),
            evicted_keys: counts.map(|counts| counts.evicted),
            expired_keys: counts.map(|counts| counts.expired),
            refused_keys: counts.map(|counts| counts.refused),
        };
        (topology.caches[id].name.clone(), report)
    }

    fn broker(&self, id: usize) -> (String, Broker) {
        let topology = self.world.topology();
        let broker = &topology.brokers[id];
        let members = || broker.members.clone().map(|id| self.member(MemberId(id)));
        let count = broker.members.len();
        let state = &self.world.brokers()[id];
        let queues: Named<Queue> = broker.queues.clone().map(|queue| self.queue(queue as usize)).collect();
        let report = Broker {
            state: up_or_down(members().any(|(_, member)| member.state == up_or_down(true))),
            outages: members().map(|(_, member)| member.outages).sum(),
            availability: members().map(|(_, member)| member.availability).sum::<f64>() / count as f64,
            nodes: members().filter(|_| count > 1).collect(),
            broker_messages_sent: queues.values().map(|queue| queue.sent).sum(),
            broker_messages_failed: queues.values().map(|queue| queue.failed).sum::<u64>() + state.counts.failed,
            unroutable_messages: state.tells.unroutable.then_some(state.counts.unroutable),
            lost_unnoticed: state.tells.unnoticed.then_some(state.counts.unnoticed),
            broker_avg_latency: state.latency.mean(),
            broker_queue_sizes: queues.iter().map(|(name, queue)| (name.clone(), queue.size.clone())).collect(),
            publish_latency: Latency::of(&state.latency),
            confirm_latency: state.tells.confirms.then(|| Latency::of(&state.confirmed)),
            queues,
        };
        (broker.name.clone(), report)
    }

    fn member(&self, id: MemberId) -> (String, BrokerNode) {
        let topology = self.world.topology();
        let component = topology.member_component(id);
        let health = self.world.health(component);
        let (state, availability) = (up_or_down(health.is_up()), health.up.mean(self.now));
        (topology.component_name(component).to_owned(), BrokerNode { state, outages: health.outages, availability })
    }

    /// Whether messages of a queue may die with the broker. (It must not depend on what has come into it so far: figures are known
    /// by the names that they have before the beginning.)
    fn may_lose(&self, id: usize) -> bool {
        let (topology, states) = (self.world.topology(), self.world.queues());
        let queue = &topology.queues[id];
        let is_synced = topology.brokers[queue.broker.index()].sync.is_some();
        let leads_here = |from: usize| {
            let next = |at: &QueueId| topology.queues[at.index()].dead_letter;
            let way = std::iter::successors(topology.queues[from].dead_letter, next);
            // (Dead letters may go round in a circle.)
            way.take(topology.queues.len()).any(|at| at.index() == id)
        };
        let gets_some = || (0..states.len()).any(|from| states[from].tells.lost && leads_here(from));
        states[id].tells_of_losses() || (queue.kind != QueueKind::Quorum && (is_synced || gets_some()))
    }

    fn queue(&self, id: usize) -> (String, Queue) {
        let topology = self.world.topology();
        let queue = &topology.queues[id];
        let has_type = queue.kind != QueueKind::Plain;
        let state = &self.world.queues()[id];
        let counts = &state.counts;
        let report = Queue {
            leader: has_type.then(|| topology.component_name(topology.member_component(state.leader)).to_owned()),
            elections: has_type.then_some(counts.elections),
            served: has_type.then(|| state.served.mean(self.now)),
            sent: counts.sent,
            failed: counts.failed,
            consumed: counts.consumed,
            dropped: counts.dropped,
            redelivered: counts.redelivered,
            expired: state.tells_of_expiry().then_some(counts.expired),
            consumer_failures: state.tells.failures.then_some(counts.failures),
            rejected_by_consumer: state.tells.failures.then_some(counts.rejected),
            over_limit: state.tells.over_limit.then_some(counts.over_limit),
            lost_messages: self.may_lose(id).then_some(counts.lost),
            consumer_timeouts: state.tells.timeouts.then_some(counts.timeouts),
            dead_letters: state.tells.dead_letters.then(|| DeadLetters {
                expired: counts.dead_letters.of(Reason::Expired),
                rejected: counts.dead_letters.of(Reason::Rejected),
                maxlen: counts.dead_letters.of(Reason::MaxLen),
                delivery_limit: counts.dead_letters.of(Reason::DeliveryLimit),
            }),
            unacknowledged: state.unacknowledged,
            size: self.level(&state.size),
            delivery: Latency::of(&state.delivery),
            delivery_by_priority: (state.delivery_by_priority.iter().map(Latency::of).enumerate())
                .filter(|(_, latency)| latency.count > 0)
                .collect(),
            consumer_utilisation: share(state.busy.mean(self.now), state.headcount.mean(self.now)),
        };
        (queue.name.clone(), report)
    }

    fn network(&self) -> Network {
        let network = self.world.network();
        Network {
            tcp: Latency::of(&network.tcp),
            tls: Latency::of(&network.tls),
            retransmissions: network.retransmissions,
        }
    }
}

impl Latency {
    /// The figures of a sample.
    pub fn of(tally: &Tally) -> Self {
        let all = tally.quantiles([0.5, 0.9, 0.95, 0.99, 0.999]);
        let [p50, p90, p95, p99, p999] = all.map_or([None; 5], |all| all.map(Some));
        let [min, max] = [tally.min(), tally.max()];
        Self { count: tally.count(), mean: tally.mean(), p50, p90, p95, p99, p999, min, max }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A share of a mean number of members. (One that finishes its work after it has been taken away is busy, but no member.)
fn share(busy: f64, members: f64) -> f64 {
    if members > 0.0 { (busy / members).min(1.0) } else { 0.0 }
}

/// Causes that occurred, with their counts.
fn failures(outcomes: &Outcomes) -> BTreeMap<&'static str, u64> {
    let counted = Cause::ALL.iter().map(|&cause| (cause.name(), outcomes.failed_for(cause)));
    counted.filter(|&(_, count)| count > 0).collect()
}

const fn up_or_down(is_up: bool) -> &'static str {
    if is_up { "up" } else { "down" }
}
