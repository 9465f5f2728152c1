//! Brokers, their queues and the consumers.

use std::ops::Range;

use super::{Path, Problems, fault::in_progress, layout::Layout};
use crate::{
    config::{
        error::quoted,
        limits::CONSUMERS_MAX,
        near::suggestion,
        schema::{ConsumerConfig, Overflow, QueueConfig},
    },
    engine::distribution::Distribution,
    model::topology::{Broker, BrokerId, Component, ComponentKind, Consumer, ConsumerId, InstanceId, Queue, QueueId},
};

/// What comes of the brokers.
pub(super) struct Brokers {
    pub brokers: Vec<Broker>,
    pub queues: Vec<Queue>,
    pub consumers: Vec<Consumer>,
    pub components: Vec<Component>,
}

pub(super) fn resolve(problems: &mut Problems, layout: &Layout) -> Brokers {
    let mut made = Brokers { brokers: Vec::new(), queues: Vec::new(), consumers: Vec::new(), components: Vec::new() };
    for (position, (name, config)) in layout.config.brokers.iter().enumerate() {
        let root = Path::Root;
        let list = root.key("brokers");
        let path = list.key(name);
        let id = BrokerId(position as u32);
        let first = made.queues.len() as u32;
        for (name, queue) in config.queues.iter() {
            resolve_queue(problems, &path.key("queues").key(name), layout, id, (name, queue), &mut made);
        }
        made.brokers.push(Broker {
            name: name.to_owned(),
            queues: first..made.queues.len() as u32,
            publish: problems.distribution(&path.key("publish"), &config.publish),
            fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
        });
        let outages = problems.outages(&path, config.outages.as_ref());
        let (name, kind) = (name.to_owned(), ComponentKind::Broker(id));
        made.components.push(Component {
            name,
            kind,
            outages,
            in_progress: in_progress(config.outages.as_ref()),
            is_retired: false,
        });
    }
    made
}

fn resolve_queue(
    problems: &mut Problems,
    path: &Path,
    layout: &Layout,
    broker: BrokerId,
    (name, config): (&str, &QueueConfig),
    made: &mut Brokers,
) {
    let limit = problems.count_if(&path.key("limit"), config.limit, 1..=u32::MAX);
    let queue = QueueId(made.queues.len() as u32);
    let first = made.consumers.len() as u32;
    let list = path.key("consumers");
    for (i, consumer) in config.consumers.iter().enumerate() {
        add_consumers(problems, &list.index(i), layout, queue, consumer, &mut made.consumers);
    }
    made.queues.push(Queue {
        name: name.to_owned(),
        broker,
        limit,
        drop_head: config.overflow == Overflow::DropHead,
        consumers: (first..made.consumers.len() as u32).map(ConsumerId).collect(),
    });
}

fn add_consumers(
    problems: &mut Problems,
    path: &Path,
    layout: &Layout,
    queue: QueueId,
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
    let owners = owners(problems, path, layout, config);
    let count = if layout.is_honest { count } else { 1 };
    let prefetch = (config.prefetch > 0).then_some(config.prefetch);
    for instance in owners {
        let consumer = Consumer { queue, instance, service_time: service_time.clone(), prefetch, is_retired: false };
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
