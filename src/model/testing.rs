//! A bench on which a room of the model is tried out alone: a topology with nothing but what it needs, and the part of the
//! world that finds out what happens next. Visits are put at a step by hand, and nobody moves them on from there.

use std::sync::Arc;

use super::{
    context::Context,
    event::Event,
    names::VisitId,
    plan::{SERVICE_TIME, Step},
    post::{Post, Reply},
    topology::{
        Balancing, Broker, BrokerId, Cache, CacheContent, CacheId, Cluster, ClusterId, Component, ComponentIds,
        ComponentKind, Consumer, ConsumerId, Discipline, EndpointId, Failover, FailoverStrategy, HOPS, Holds,
        InProgress, Instance, InstanceId, Knowledge, Lifecycle, Member, MemberId, Network, NextUpstream, Node, NodeId,
        OnCacheError, OnError, Overflow, Persistence, Publication, PublicationId, Queue, QueueId, QueueKind, Rejoin,
        Replication, Run, Service, ServiceId, Topology,
    },
    visit::{Outcome, Phase, Stage, Visit},
};
use crate::engine::{
    distribution::Distribution,
    time::{Duration, SimTime},
};

/// The steps that there are, in the order of the topology's list.
pub const LOOK_UP: u32 = 0;
pub const READ: u32 = 1;
pub const WRITE: u32 = 2;
pub const PUBLISH: u32 = 3;
pub const PROCESS: u32 = 4;

/// What a room says to a visit, and at which second.
pub type Said = (f64, VisitId, Reply);

pub const HIT: Reply = Reply::Now(Outcome::Success);
pub const DONE: Reply = Reply::Now(Outcome::Success);
pub const MISS: Reply = Reply::Now(Outcome::Miss);

pub fn at(seconds: f64) -> SimTime {
    SimTime::from_seconds(seconds)
}

pub fn span(seconds: f64) -> Duration {
    Duration::from_seconds(seconds)
}

/// Something that always takes so many seconds.
pub fn lasting(seconds: f64) -> Distribution {
    Distribution::constant(seconds).expect("a time")
}

/// Nobody and nothing, and a network that takes no time.
fn nothing() -> Topology {
    let on_error = OnError::Fail;
    Topology {
        run: Run { duration: at(1e6), warm_up: SimTime::ZERO, window: span(1.0) },
        users: Vec::new(),
        network: Network {
            tcp: Distribution::ZERO,
            tls: Distribution::ZERO,
            keep_alive_prob: 1.0,
            delays: [Distribution::ZERO; HOPS],
            loss: 0.0,
            retransmit_after: span(1.0),
            retransmits_max: 0,
            partition_timeout: span(1.0),
        },
        auth: None,
        services: Vec::new(),
        instances: Vec::new(),
        endpoints: Vec::new(),
        calls: Vec::new(),
        edges: Vec::new(),
        clusters: Vec::new(),
        nodes: Vec::new(),
        caches: Vec::new(),
        brokers: Vec::new(),
        members: Vec::new(),
        queues: Vec::new(),
        consumers: Vec::new(),
        components: Vec::new(),
        component_ids: ComponentIds::default(),
        order: Vec::new(),
        targets: Default::default(),
        faults: Vec::new(),
        steps: vec![
            Step::LookUp { on_error: OnCacheError::Fail, skip: 0 },
            Step::Read { on_error, retries: 0 },
            Step::Write { on_error },
            Step::Publish { publication: PublicationId(0), on_error },
            Step::Process { time: SERVICE_TIME },
        ],
        times: Vec::new(),
        probs: Vec::new(),
        forks: Vec::new(),
        guards: Vec::new(),
        publications: Vec::new(),
    }
}

fn add_component(topology: &mut Topology, name: &str, kind: ComponentKind) {
    let name = name.to_owned();
    topology.order.push(super::topology::ComponentId(topology.components.len() as u32));
    let component = Component { name, kind, outages: None, in_progress: InProgress::Finished, is_retired: false };
    topology.components.push(component);
}

/// A cache that always has what is wanted, after a second.
pub fn cache() -> Cache {
    let content = CacheContent::HitProb(1.0);
    Cache {
        name: "Cache".to_owned(),
        operation: lasting(1.0),
        fail_prob: 0.0,
        connections: None,
        content,
        is_told: false,
        is_told_first: false,
    }
}

/// One cache.
pub fn with_cache(cache: Cache) -> Context {
    let mut topology = nothing();
    add_component(&mut topology, &cache.name, ComponentKind::Cache(CacheId(0)));
    topology.caches.push(cache);
    context(topology)
}

/// A cluster of so many nodes, whose operations take a second, whose replicas begin with a write two seconds after it, and
/// at which a monitor looks every ten seconds; a promotion takes five.
pub fn cluster(nodes: u32) -> Cluster {
    Cluster {
        name: "DB".to_owned(),
        nodes: (0..nodes).map(NodeId).collect(),
        is_redis: false,
        operation: lasting(1.0),
        fail_prob: 0.0,
        connections: None,
        scalability: None,
        queue_limit: None,
        longest_wait: None,
        replica_read_share: 0.0,
        read_your_writes: None,
        replication: Replication::Async,
        wait: None,
        sender_timeout: Duration::ZERO,
        min_replicas: 0,
        min_replicas_max_lag: 10,
        needs_applied: true,
        replication_delay: lasting(2.0),
        is_delayed_on_wire: false,
        apply_delay: lasting(0.0),
        own_delays: Vec::new(),
        replay_workers: Some(1),
        replay_time: None,
        persistence: Persistence::Disk,
        checkpoints: None,
        failover: Failover {
            strategy: FailoverStrategy::MostCaughtUp,
            priority: Vec::new(),
            monitor_interval: span(10.0),
            on_write: false,
            patience: Duration::ZERO,
            election_time: lasting(0.0),
            clients_learn: lasting(0.0),
            demotion_time: lasting(0.0),
            promotion_time: lasting(5.0),
            rejoin: Rejoin::WhenCaughtUp,
            rewind_time: lasting(0.0),
            lease: None,
        },
    }
}

/// One cluster, and so many nodes, of which some may not belong to it yet.
pub fn with_cluster(cluster: Cluster, nodes: u32) -> Context {
    let mut topology = nothing();
    for node in 0..nodes {
        add_component(&mut topology, &format!("DB/{node}"), ComponentKind::Node(NodeId(node)));
        topology.nodes.push(Node { cluster: ClusterId(0) });
    }
    topology.clusters.push(cluster);
    context(topology)
}

/// A queue without a limit.
pub fn queue() -> Queue {
    Queue {
        name: "Queue".to_owned(),
        broker: BrokerId(0),
        kind: QueueKind::Plain,
        members: vec![MemberId(0)],
        limit: None,
        overflow: Overflow::Reject,
        ttl: None,
        dead_letter: None,
        circle: 0,
        max_priority: 0,
        delivery_limit: None,
        is_durable: true,
        consumer_timeout: None,
        may_fail: false,
        consumers: Vec::new(),
    }
}

/// A message that is published straight to the queue.
pub fn publication() -> Publication {
    Publication {
        broker: BrokerId(0),
        queues: vec![QueueId(0)],
        is_routed: false,
        needs_quorum: false,
        priority: 0,
        ttl: None,
        is_persistent: true,
        is_confirmed: true,
    }
}

/// A consumer that has one message at a time, and needs so many seconds for it.
pub fn consumer(seconds: f64) -> Consumer {
    let service_time = lasting(seconds);
    Consumer {
        member: None,
        queue: QueueId(0),
        instance: None,
        service_time,
        prefetch: Some(1),
        fail_prob: 0.0,
        poison: 0.0,
        rejects: false,
        is_retired: false,
    }
}

/// One broker, to which publishing takes a second; and the instances to which the consumers of its queue belong.
pub fn with_broker(queue: Queue, consumers: Vec<Consumer>) -> Context {
    with_nodes(queue, consumers, 1)
}

/// The same of so many nodes, which tell each other something in two seconds, and elect a leader in three.
pub fn with_nodes(queue: Queue, consumers: Vec<Consumer>, nodes: u32) -> Context {
    let instances = consumers.iter().filter_map(|consumer| consumer.instance).max().map_or(0, |last| last.0 + 1);
    let mut topology = nothing();
    if instances > 0 {
        add_service(&mut topology, service(), instances);
    }
    for member in 0..nodes {
        add_component(&mut topology, &format!("Broker/{member}"), ComponentKind::Broker(MemberId(member)));
        topology.members.push(Member { broker: BrokerId(0) });
    }
    topology.brokers.push(Broker {
        name: "Broker".to_owned(),
        queues: 0..1,
        members: 0..nodes,
        between: lasting(2.0),
        election_time: lasting(3.0),
        publish: lasting(1.0),
        fail_prob: 0.0,
        heartbeat: span(60.0),
        has_poison: consumers.iter().any(|consumer| consumer.poison > 0.0),
        has_exchanges: false,
        sync: None,
        reconnect: lasting(5.0),
    });
    let needs_quorum = queue.kind == QueueKind::Quorum;
    topology.publications.push(Publication { needs_quorum, ..publication() });
    topology.queues.push(Queue { consumers: (0..consumers.len() as u32).map(ConsumerId).collect(), ..queue });
    topology.consumers = consumers;
    context(topology)
}

/// A service whose instances have one worker each, who needs two seconds.
pub fn service() -> Service {
    Service {
        name: "Shop".to_owned(),
        instances: Vec::new(),
        balancing: Balancing::USUAL,
        knowledge: Knowledge::AtOnce,
        line: None,
        keep_alive: None,
        next_upstream: NextUpstream {
            on: super::cause::CauseSet::NONE,
            tries: 1,
            timeout: None,
            non_idempotent: false,
            try_timeout: None,
            connect_only: false,
            retries: 0,
            retry_after: crate::engine::time::Duration::ZERO,
        },
        service_time: lasting(2.0),
        admission: None,
        workers: Some(1),
        scalability: None,
        queue_limit: None,
        longest_wait: None,
        holds: Holds::Processing,
        discipline: Discipline::Fifo,
        codel: None,
        lifecycle: Lifecycle::default(),
        requires_auth: false,
        fail_prob: 0.0,
        cache: None,
        database: None,
        publish: None,
        calls: 0..0,
        read: EndpointId(0),
        write: EndpointId(0),
    }
}

fn add_service(topology: &mut Topology, service: Service, instances: u32) {
    for instance in 0..instances {
        let kind = ComponentKind::Instance(InstanceId(instance));
        add_component(topology, &format!("{}-{instance}", service.name), kind);
        let service = ServiceId(0);
        topology.instances.push(Instance { service, weight: 1.0, is_backup: false, cluster: None, cache: None });
    }
    topology.services.push(Service { instances: (0..instances).map(InstanceId).collect(), ..service });
}

/// One instance of a service.
pub fn with_service(service: Service) -> Context {
    let mut topology = nothing();
    add_service(&mut topology, service, 1);
    context(topology)
}

fn context(mut topology: Topology) -> Context {
    topology.number_components();
    Context::new(Arc::new(topology), 1)
}

/// The configuration changes; the room has not taken note of that yet.
pub fn change(ctx: &mut Context, change: impl FnOnce(&mut Topology)) {
    change(Arc::make_mut(&mut ctx.topology));
}

/// A visit that has just come to a step, where it is the turn of the first of a kind.
pub fn visit(ctx: &mut Context, step: u32) -> VisitId {
    ctx.visits.insert(Visit {
        instance: InstanceId(0),
        step,
        last_step: step,
        is_read: step != WRITE,
        node: NodeId(0),
        cache: CacheId(0),
        member: MemberId(0),
        ..Visit::blank(ctx.now)
    })
}

/// The next thing that happens, up to and including a moment. Ends and waits that something has forestalled do not happen.
fn next_until(ctx: &mut Context, until: SimTime) -> Option<Event> {
    while let Some((time, event)) = ctx.future.next_until(until) {
        let is_due = match event {
            Event::Finished(id, turn) | Event::WaitOver(id, turn) => {
                ctx.visits.get(id).is_some_and(|visit| visit.turn == turn)
            }
            _ => true,
        };
        if is_due {
            ctx.now = time;
            return Some(event);
        }
    }
    None
}

/// The next thing that happens.
pub fn next(ctx: &mut Context) -> Option<Event> {
    next_until(ctx, SimTime::NEVER)
}

/// All that happens up to and including a moment, handed to a room: what it says to visits in hand. The moment is the present
/// one then.
pub fn run(
    ctx: &mut Context,
    until: f64,
    mut handle: impl FnMut(&mut Context, Event) -> Option<(VisitId, Reply)>,
) -> Vec<Said> {
    let mut said = Vec::new();
    while let Some(event) = next_until(ctx, at(until)) {
        let Some((id, reply)) = handle(ctx, event) else { continue };
        if let Reply::Now(_) = reply {
            move_on(ctx, id);
        }
        said.push((ctx.now.as_seconds(), id, reply));
    }
    ctx.now = at(until);
    said
}

/// What a room has said to others since somebody last looked.
pub fn posts(ctx: &mut Context) -> Vec<Post> {
    let posts: Vec<Post> = ctx.posts.drain(..).collect();
    for post in &posts {
        let (Post::Answer(id, _) | Post::Drop(id, _)) = *post;
        move_on(ctx, id);
    }
    posts
}

/// A visit has been told how it ended: nobody is at work for it any more.
fn move_on(ctx: &mut Context, id: VisitId) {
    ctx.visits[id].stage = Stage::Returning;
}

/// The seconds that a visit has spent with something.
pub fn spent(ctx: &Context, id: VisitId, phase: Phase) -> f64 {
    ctx.visits[id].spent[phase as usize].as_seconds()
}
