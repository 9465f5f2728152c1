//! Brokers, their queues and the consumers.

use std::ops::Range;

use super::{Path, Problems, fault::in_progress, layout::Layout, routing};
use crate::{
    config::{
        error::quoted,
        limits::{
            BROKER_NODES_MAX, CONSUMERS_MAX, CYCLE_SECONDS_MIN, DELIVERY_LIMIT_MAX, INTERVAL_SECONDS_MIN,
            MESSAGE_PRIORITY_MAX, QUORUM_DELIVERY_LIMIT, QUORUM_MEMBERS,
        },
        near::suggestion,
        schema::{self, BrokerConfig, ConsumerConfig, OnFailure, QueueConfig, QueueType, SyncConfig},
    },
    engine::distribution::Distribution,
    model::topology::{
        Broker, BrokerId, CIRCLE_MAX, Component, ComponentKind, Consumer, ConsumerId, InstanceId, Member, MemberId,
        Overflow, Queue, QueueId, QueueKind, Syncs,
    },
};

/// What comes of the brokers.
pub(super) struct Brokers {
    pub brokers: Vec<Broker>,
    pub members: Vec<Member>,
    pub queues: Vec<Queue>,
    pub consumers: Vec<Consumer>,
    pub components: Vec<Component>,
}

pub(super) fn resolve(problems: &mut Problems, layout: &Layout) -> Brokers {
    let mut made = Brokers {
        brokers: Vec::new(),
        members: Vec::new(),
        queues: Vec::new(),
        consumers: Vec::new(),
        components: Vec::new(),
    };
    for (position, (name, config)) in layout.config.brokers.iter().enumerate() {
        let root = Path::Root;
        let list = root.key("brokers");
        let path = list.key(name);
        let id = BrokerId(position as u32);
        let (first, first_consumer) = (made.queues.len() as u32, made.consumers.len());
        let nodes = problems.count(&path.key("nodes"), config.nodes, 1..=BROKER_NODES_MAX);
        let first_member = made.members.len() as u32;
        made.members.extend((0..nodes).map(|_| Member { broker: id }));
        let members = first_member..first_member + nodes;
        for (name, queue) in config.queues.iter() {
            let path = path.key("queues");
            resolve_queue(problems, &path.key(name), layout, (id, members.clone()), (name, queue), &mut made);
        }
        resolve_dead_letters(problems, &path, (name, config), &mut made.queues[first as usize..], first);
        check_failures(problems, &path, config, &made.queues[first as usize..]);
        routing::check(problems, &path, (name, config));
        made.brokers.push(Broker {
            name: name.to_owned(),
            queues: first..made.queues.len() as u32,
            members: members.clone(),
            between: problems.distribution(&path.key("between_nodes"), &config.between_nodes),
            election_time: problems.distribution(&path.key("election_time"), &config.election_time),
            publish: problems.distribution(&path.key("publish"), &config.publish),
            fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
            heartbeat: problems.span_from(&path.key("heartbeat"), config.heartbeat, INTERVAL_SECONDS_MIN),
            has_poison: made.consumers[first_consumer..].iter().any(|consumer| consumer.poison > 0.0),
            has_exchanges: !config.exchanges.is_empty(),
            sync: config.sync.as_ref().map(|config| syncs(problems, &path.key("sync"), config)),
            reconnect: problems.distribution(&path.key("reconnect"), &config.reconnect),
        });
        let outages = problems.outages(&path, config.outages.as_ref());
        made.components.extend(members.map(MemberId).zip(0..).map(|(member, number)| Component {
            name: if nodes > 1 { format!("{name}/{number}") } else { name.to_owned() },
            kind: ComponentKind::Broker(member),
            outages: outages.clone(),
            in_progress: in_progress(config.outages.as_ref()),
            is_retired: false,
        }));
    }
    made
}

fn syncs(problems: &mut Problems, path: &Path, config: &SyncConfig) -> Syncs {
    Syncs {
        interval: problems.span(&path.key("interval"), config.interval),
        time: problems.distribution(&path.key("time"), &config.time),
    }
}

fn resolve_queue(
    problems: &mut Problems,
    path: &Path,
    layout: &Layout,
    (broker, nodes): (BrokerId, Range<u32>),
    (name, config): (&str, &QueueConfig),
    made: &mut Brokers,
) {
    let limit = problems.count_if(&path.key("limit"), config.limit, 1..=u32::MAX);
    let queue = QueueId(made.queues.len() as u32);
    let first = made.consumers.len() as u32;
    let list = path.key("consumers");
    for (i, consumer) in config.consumers.iter().enumerate() {
        add_consumers(problems, &list.index(i), layout, (queue, nodes.clone()), consumer, &mut made.consumers);
    }
    let ttl = config.message_ttl.map(|ttl| problems.span(&path.key("message_ttl"), ttl));
    let max_priority = problems.count(&path.key("max_priority"), config.max_priority, 0..=MESSAGE_PRIORITY_MAX);
    let delivery_limit = problems.count_if(&path.key("delivery_limit"), config.delivery_limit, 0..=DELIVERY_LIMIT_MAX);
    let kind = kind_of(config, nodes.len() as u32);
    let place = made.queues.len() as u32 - made.brokers.last().map_or(0, |broker| broker.queues.end);
    let members = members(problems, path, config, (kind, place), nodes);
    if kind == QueueKind::Quorum {
        check_quorum(problems, path, config);
    }
    let timeout = path.key("consumer_timeout");
    let consumer_timeout = config.consumer_timeout.map(|span| problems.span_from(&timeout, span, INTERVAL_SECONDS_MIN));
    made.queues.push(Queue {
        name: name.to_owned(),
        broker,
        kind,
        members,
        limit,
        overflow: overflow(config.overflow),
        ttl,
        dead_letter: None,
        circle: 0,
        max_priority: max_priority as u8,
        delivery_limit: delivery_limit
            .or((kind == QueueKind::Quorum).then_some(QUORUM_DELIVERY_LIMIT))
            .map(|limit| limit as u16),
        is_durable: config.durable,
        consumer_timeout,
        may_fail: made.consumers[first as usize..].iter().any(Consumer::may_fail),
        consumers: (first..made.consumers.len() as u32).map(ConsumerId).collect(),
    });
}

/// Of what type a queue is at a broker of so many nodes.
fn kind_of(config: &QueueConfig, nodes: u32) -> QueueKind {
    match config.kind {
        Some(QueueType::Quorum) => QueueKind::Quorum,
        Some(QueueType::Classic) => QueueKind::Classic,
        None if nodes > 1 => QueueKind::Classic,
        None => QueueKind::Plain,
    }
}

/// The nodes at which a queue is, the one that serves it first.
fn members(
    problems: &mut Problems,
    path: &Path,
    config: &QueueConfig,
    (kind, place): (QueueKind, u32),
    nodes: Range<u32>,
) -> Vec<MemberId> {
    let count = nodes.len() as u32;
    let home = node(problems, path, config.node, count).unwrap_or(place) % count;
    let most = problems.count_if(&path.key("members"), config.members, 1..=count);
    let members = if kind == QueueKind::Quorum { most.unwrap_or(QUORUM_MEMBERS.min(count)) } else { 1 };
    (0..members).map(|step| MemberId(nodes.start + (home + step) % count)).collect()
}

/// A node that is named, which there may not be.
fn node(problems: &mut Problems, path: &Path, node: Option<u32>, count: u32) -> Option<u32> {
    if let Some(node) = node.filter(|&node| node >= count) {
        problems.found(&path.key("node"), node, format!("is not a node (0 to {})", count.saturating_sub(1)));
    }
    node.map(|node| node.min(count.saturating_sub(1)))
}

/// What quorum queues cannot do.
fn check_quorum(problems: &mut Problems, path: &Path, config: &QueueConfig) {
    if !config.durable {
        problems.found(&path.key("durable"), false, "is not possible for a quorum queue");
    }
    if config.max_priority > 0 {
        problems.found(&path.key("max_priority"), config.max_priority, "is not possible for a quorum queue");
    }
    if config.overflow == schema::Overflow::RejectPublishDlx {
        problems.found(&path.key("overflow"), quoted("reject_publish_dlx"), "is not possible for a quorum queue");
    }
}

const fn overflow(wire: schema::Overflow) -> Overflow {
    match wire {
        schema::Overflow::Reject => Overflow::Reject,
        schema::Overflow::DropHead => Overflow::DropHead,
        schema::Overflow::RejectPublishDlx => Overflow::RejectToDeadLetters,
    }
}

/// Where the dead letters of a broker's queues go, the first of which has that number.
fn resolve_dead_letters(
    problems: &mut Problems,
    path: &Path,
    (name, config): (&str, &BrokerConfig),
    queues: &mut [Queue],
    first: u32,
) {
    for ((queue, config_of), made) in config.queues.iter().zip(queues.iter_mut()) {
        let Some(target) = &config_of.dead_letter else { continue };
        match config.queues.get_index_of(target.as_str()) {
            Some(position) => made.dead_letter = Some(QueueId(first + position as u32)),
            None => {
                let known = suggestion(target, config.queues.keys());
                let rule = format!("is not a queue of `{name}`{known}");
                problems.found(&path.key("queues").key(queue).key("dead_letter"), quoted(target), rule);
            }
        }
    }
    for position in 0..queues.len() {
        let length = circle(queues, first, position);
        queues[position].circle = length.min(CIRCLE_MAX.into()) as u8;
    }
}

/// Through how many queues dead letters come back to where they were; 0 if they do not.
fn circle(queues: &[Queue], first: u32, start: usize) -> usize {
    let next = |position: usize| queues[position].dead_letter.map(|queue| (queue.0 - first) as usize);
    let way = std::iter::successors(next(start), |&position| next(position));
    way.take(queues.len()).position(|position| position == start).map_or(0, |steps| steps + 1)
}

/// Where a message comes back to a consumer that fails at it, the consumer must take some time, or the run stands still.
fn check_failures(problems: &mut Problems, path: &Path, config: &BrokerConfig, queues: &[Queue]) {
    let list = path.key("queues");
    for ((name, config), queue) in config.queues.iter().zip(queues) {
        let list = list.key(name);
        let list = list.key("consumers");
        for (i, consumer) in config.consumers.iter().enumerate() {
            let comes_back = match consumer.on_failure {
                OnFailure::Requeue => queue.delivery_limit.is_none(),
                OnFailure::Reject => queue.circle > 0,
            };
            let fails = consumer.fail_prob > 0.0 || consumer.poison > 0.0;
            let Some(time) = consumer.service_time.as_ref().filter(|_| fails && comes_back) else { continue };
            let mut aside = Problems::default();
            let time = aside.distribution(&list, time);
            if aside.len() == 0 && time.mean_seconds() < CYCLE_SECONDS_MIN {
                let rule = "is too short where messages come back at which the consumer fails (at least a microsecond)";
                problems.report(&list.index(i).key("service_time"), rule);
            }
        }
    }
}

fn add_consumers(
    problems: &mut Problems,
    path: &Path,
    layout: &Layout,
    (queue, nodes): (QueueId, Range<u32>),
    config: &ConsumerConfig,
    consumers: &mut Vec<Consumer>,
) {
    let count = problems.count(&path.key("count"), config.count, 1..=CONSUMERS_MAX);
    let service_time = match &config.service_time {
        Some(time) => problems.distribution(&path.key("service_time"), time),
        None => {
            problems.report(&path.key("service_time"), "is missing (how long does a message take?)");
            Distribution::ZERO
        }
    };
    let member = node(problems, path, config.node, nodes.len() as u32).map(|node| MemberId(nodes.start + node));
    let owners = owners(problems, path, layout, config);
    let count = if layout.is_honest { count } else { 1 };
    let prefetch = (config.prefetch > 0).then_some(config.prefetch);
    let fail_prob = problems.probability(&path.key("fail_prob"), config.fail_prob);
    let poison = problems.probability(&path.key("poison"), config.poison);
    let rejects = config.on_failure == OnFailure::Reject;
    for instance in owners {
        let service_time = service_time.clone();
        let consumer =
            Consumer { queue, instance, member, service_time, prefetch, fail_prob, poison, rejects, is_retired: false };
        consumers.extend((0..count).map(|_| consumer.clone()));
    }
}

/// The instances that consume, or nobody once.
fn owners(problems: &mut Problems, path: &Path, layout: &Layout, config: &ConsumerConfig) -> Vec<Option<InstanceId>> {
    let Some(name) = &config.service else {
        return vec![None];
    };
    let Some(position) = layout.service(name) else {
        let known = suggestion(name, layout.config.services.keys());
        problems.found(&path.key("service"), quoted(name), format!("is not one of `services`{known}"));
        return Vec::new();
    };
    let instances: Range<u32> = layout.instances[position].clone();
    instances.map(|id| Some(InstanceId(id))).collect()
}
