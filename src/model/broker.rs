//! The broker: publishing, queues and consumers.

use std::collections::VecDeque;

use super::{
    cause::Cause,
    consumer::ConsumerState,
    context::Context,
    post::Reply,
    topology::{Broker, BrokerId, ConsumerId, InstanceId, Queue, QueueId, Topology},
    visit::{Outcome, Phase, Stage, VisitId},
};
use crate::{
    engine::{random::Stream, time::SimTime},
    stats::{headcount::Headcount, tally::Tally, time_weighted::TimeWeighted},
};

/// The most messages that wait in a queue without a limit of its own: what a browser's memory bears.
const MESSAGES_MAX: usize = 10_000_000;

/// A message, which is no more than the moment of its publication.
pub(super) type Message = SimTime;

/// The state of a broker.
#[derive(Clone, Debug)]
pub struct BrokerState {
    /// Times from publishing to standing in the queue.
    pub latency: Tally,
    publications: Stream,
    failures: Stream,
}

impl BrokerState {
    /// A broker to which nothing has been published.
    pub fn new(seed: u64, broker: &Broker) -> Self {
        let stream = |purpose| Stream::new(seed, &broker.name, purpose);
        Self { latency: Tally::new(3), publications: stream("publications"), failures: stream("failures") }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self) {
        self.latency.restart();
    }
}

/// The state of a queue.
#[derive(Clone, Debug)]
pub struct QueueState {
    pub(super) ready: VecDeque<Message>,
    /// Messages that wait, over time.
    pub size: TimeWeighted,
    /// Messages delivered and not yet consumed.
    pub unacknowledged: u64,
    /// Consumers at work, over time.
    pub busy: TimeWeighted,
    /// Times from publishing to the end of consumption.
    pub delivery: Tally,
    /// What is counted.
    pub counts: QueueCounts,
    /// Position among its consumers of the one that was served last.
    turn: u32,
    /// Consumers that can take a message now.
    pub(super) open: u32,
    /// Consumers it has ever had.
    pub(super) consumers_made: u32,
    /// Number of its consumers, over time.
    pub headcount: Headcount,
}

/// What is counted of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Messages put into it.
    pub sent: u64,
    /// Messages whose publishing failed.
    pub failed: u64,
    /// Messages consumed.
    pub consumed: u64,
    /// Messages dropped because it was full.
    pub dropped: u64,
    /// Messages put back because their consumer went down.
    pub redelivered: u64,
    /// Messages that were in it, or with its consumers, when the counts started.
    pub carried_over: u64,
}

impl QueueState {
    /// An empty queue, whose consumers are still to be made.
    pub fn new(queue: &Queue) -> Self {
        Self {
            ready: VecDeque::new(),
            size: TimeWeighted::default(),
            unacknowledged: 0,
            busy: TimeWeighted::default(),
            delivery: Tally::new(3),
            counts: QueueCounts::default(),
            turn: 0,
            open: 0,
            consumers_made: 0,
            headcount: Headcount::new(queue.consumers.len()),
        }
    }

    /// Messages that wait.
    pub fn ready(&self) -> u64 {
        self.ready.len() as u64
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.size.restart(now);
        self.busy.restart(now);
        self.headcount.restart(now);
        self.delivery.restart();
        let carried_over = self.ready() + self.unacknowledged;
        self.counts = QueueCounts { carried_over, ..QueueCounts::default() };
    }
}

/// All brokers, their queues, and those who consume.
#[derive(Clone, Debug)]
pub struct Brokers {
    pub(super) seed: u64,
    /// Lists of states go with the lists of the topology.
    pub brokers: Vec<BrokerState>,
    /// All queues of all brokers.
    pub queues: Vec<QueueState>,
    pub(super) consumers: Vec<ConsumerState>,
}

impl Brokers {
    fn is_broker_up(&self, ctx: &Context, broker: BrokerId) -> bool {
        ctx.health(ctx.topology.broker_component(broker)).is_up()
    }

    /// All that a topology has, with everything empty.
    pub fn new(seed: u64, topology: &Topology) -> Self {
        Self {
            seed,
            brokers: topology.brokers.iter().map(|broker| BrokerState::new(seed, broker)).collect(),
            queues: topology.queues.iter().map(QueueState::new).collect(),
            consumers: Vec::new(),
        }
    }

    /// A message is there that is to be published.
    pub fn ask(&mut self, ctx: &mut Context, id: VisitId, queue: QueueId) -> Reply {
        let broker = self.broker_of(ctx, queue);
        let visit = &mut ctx.visits[id];
        visit.operation_start = ctx.now;
        visit.stage = Stage::Working;
        let component = ctx.topology.broker_component(broker);
        if let Some(cause) = ctx.refusal(component, Cause::BrokerDown, Cause::BrokerError) {
            return self.fail(queue, cause);
        }
        let time = ctx.topology.brokers[broker.index()].publish.sample(&mut self.brokers[broker.index()].publications);
        let time = ctx.health(component).slowed(time);
        ctx.finish_after(id, time);
        Reply::Later
    }

    /// Publishing has taken its time.
    pub fn finished(&mut self, ctx: &mut Context, id: VisitId, queue: QueueId) -> Reply {
        ctx.spend(id, Phase::Broker);
        let began = ctx.visits[id].operation_start;
        let broker = self.broker_of(ctx, queue);
        if self.brokers[broker.index()].failures.chance(ctx.topology.brokers[broker.index()].fail_prob) {
            return self.fail(queue, Cause::BrokerError);
        }
        if !self.enqueue(ctx, queue, began) {
            return self.fail(queue, Cause::BrokerQueueFull);
        }
        self.brokers[broker.index()].latency.add(ctx.now.since(began));
        Reply::Now(Outcome::Success)
    }

    fn fail(&mut self, queue: QueueId, cause: Cause) -> Reply {
        self.queues[queue.index()].counts.failed += 1;
        Reply::Now(Outcome::Failure(cause))
    }

    /// A broker has lost a message that was being published.
    pub fn lose(&mut self, ctx: &mut Context, id: VisitId, queue: QueueId) {
        self.queues[queue.index()].counts.failed += 1;
        ctx.answer(id, Outcome::Failure(Cause::BrokerDown));
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.brokers.iter_mut().for_each(BrokerState::restart);
        self.queues.iter_mut().for_each(|queue| queue.restart(now));
    }

    fn broker_of(&self, ctx: &Context, queue: QueueId) -> BrokerId {
        ctx.topology.queues[queue.index()].broker
    }

    /// Puts a message into a queue; whether there was room.
    fn enqueue(&mut self, ctx: &mut Context, queue: QueueId, message: Message) -> bool {
        let described = &ctx.topology.queues[queue.index()];
        let state = &mut self.queues[queue.index()];
        let limit = described.limit.map_or(MESSAGES_MAX, |limit| limit as usize);
        // A message that a consumer takes at once needs no place to wait.
        if state.ready.len() >= limit && (state.open == 0 || !state.ready.is_empty()) {
            if !described.drop_head {
                return false;
            }
            if state.ready.pop_front().is_some() {
                state.counts.dropped += 1;
            }
        }
        state.ready.push_back(message);
        state.counts.sent += 1;
        state.size.set(ctx.now, state.ready.len() as f64);
        self.deliver(ctx, queue);
        true
    }

    /// Gives waiting messages to consumers that can take them, in turn.
    pub(super) fn deliver(&mut self, ctx: &mut Context, queue: QueueId) {
        if !self.is_broker_up(ctx, self.broker_of(ctx, queue)) {
            return;
        }
        while self.queues[queue.index()].open > 0
            && let Some(consumer) = self.next_open_consumer(ctx, queue)
            && let Some(message) = self.queues[queue.index()].ready.pop_front()
        {
            let state = &mut self.queues[queue.index()];
            state.unacknowledged += 1;
            state.size.set(ctx.now, state.ready.len() as f64);
            self.consumers[consumer.index()].held.push_back(message);
            self.consume_next(ctx, consumer);
        }
    }

    /// The next consumer, in turn, that can take a message.
    fn next_open_consumer(&mut self, ctx: &mut Context, queue: QueueId) -> Option<ConsumerId> {
        let consumers = &ctx.topology.queues[queue.index()].consumers;
        let state = &mut self.queues[queue.index()];
        if state.ready.is_empty() {
            return None;
        }
        let count = consumers.len() as u32;
        for step in 1..=count {
            let turn = (state.turn + step) % count;
            let consumer = consumers[turn as usize];
            if self.consumers[consumer.index()].is_open {
                state.turn = turn;
                return Some(consumer);
            }
        }
        None
    }

    /// A broker has come back: its queues deliver again.
    pub(super) fn on_broker_up(&mut self, ctx: &mut Context, broker: BrokerId) {
        for queue in ctx.topology.brokers[broker.index()].queues.clone() {
            self.deliver(ctx, QueueId(queue));
        }
    }

    /// Takes note of how many consumers a queue has.
    pub(super) fn measure_headcount(&mut self, ctx: &Context, id: QueueId) {
        let consumers = ctx.topology.queues[id.index()].consumers.iter();
        let instances = consumers.map(|consumer| ctx.topology.consumers[consumer.index()].instance);
        let there = instances
            .filter(|&instance| instance.is_none_or(|instance| ctx.hosts[instance.index()].presence.works()))
            .count();
        self.queues[id.index()].headcount.set(ctx.now, there);
    }

    /// Takes note of how many consumers each queue has.
    pub fn measure_headcounts(&mut self, ctx: &Context) {
        (0..self.queues.len() as u32).for_each(|queue| self.measure_headcount(ctx, QueueId(queue)));
    }

    /// Takes note of changed numbers of queues and consumers.
    pub(super) fn refresh(&mut self, ctx: &mut Context) {
        self.measure_headcounts(ctx);
        self.start_consumers(ctx);
        for queue in 0..self.queues.len() as u32 {
            self.deliver(ctx, QueueId(queue));
        }
    }

    /// Takes note of how many consumers there are at the queues from which an instance consumes.
    pub fn measure_consumers(&mut self, ctx: &mut Context, instance: InstanceId) {
        for id in self.consumers_of(ctx, instance) {
            let queue = ctx.topology.consumers[id.index()].queue;
            self.measure_headcount(ctx, queue);
        }
    }
}

#[cfg(test)]
mod tests;
