//! The broker: publishing, queues and consumers.

use std::collections::VecDeque;

use super::{
    cause::Cause,
    event::Event,
    network::Place,
    topology::{Broker, BrokerId, ConsumerId, Hop, InstanceId, Queue, QueueId, Topology},
    visit::{Outcome, Phase, Stage, VisitId},
    visits::Progress::{self, Waits},
    world::World,
};
use crate::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    stats::{headcount::Headcount, tally::Tally, time_weighted::TimeWeighted},
};

/// The most messages that wait in a queue without a limit of its own: what a browser's memory bears.
const MESSAGES_MAX: usize = 10_000_000;

/// A message, which is no more than the moment of its publication.
type Message = SimTime;

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
    ready: VecDeque<Message>,
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
    open: u32,
    /// Consumers it has ever had.
    consumers_made: u32,
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

/// The state of a consumer.
#[derive(Clone, Debug)]
pub struct ConsumerState {
    /// Messages it holds and has not begun with.
    held: VecDeque<Message>,
    /// The message it works on.
    current: Option<Message>,
    /// When it will be done with it.
    until: SimTime,
    /// Recognises the end of work that has been lost, or goes on at another speed.
    turn: u32,
    /// Whether it can take a message.
    is_open: bool,
    times: Stream,
}

impl ConsumerState {
    /// When it will be done with the message that it works on, if it does.
    pub(super) fn busy_until(&self) -> Option<SimTime> {
        self.current.map(|_| self.until)
    }

    /// An idle consumer.
    /// It is the `number`th of its queue, from 0.
    pub fn new(seed: u64, topology: &Topology, queue: QueueId, number: u32) -> Self {
        let queue = &topology.queues[queue.index()];
        // Consumers have no names, so their place in the queue tells them apart.
        let name = format!("{}/{}", topology.brokers[queue.broker.index()].name, queue.name);
        let purpose = format!("consumer {number}");
        Self {
            held: VecDeque::new(),
            current: None,
            until: SimTime::ZERO,
            turn: 0,
            is_open: false,
            times: Stream::new(seed, &name, &purpose),
        }
    }
}

impl World {
    fn is_broker_up(&self, broker: BrokerId) -> bool {
        self.ctx.health(self.topology.broker_component(broker)).is_up()
    }

    pub(super) fn start_consumers(&mut self) {
        for id in 0..self.consumers.len() as u32 {
            self.refresh_consumer(ConsumerId(id));
        }
    }

    pub(super) fn start_publish(&mut self, id: VisitId, queue: QueueId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Sent;
        let instance = visit.instance;
        let (from, to) = (Place::instance(instance), Place::broker(self.broker_of(queue)));
        if self.send_message(id, &[Hop::ServiceBroker], from, to) { self.publish_arrived(id, queue) } else { Waits }
    }

    fn broker_of(&self, queue: QueueId) -> BrokerId {
        self.topology.queues[queue.index()].broker
    }

    pub(super) fn publish_arrived(&mut self, id: VisitId, queue: QueueId) -> Progress {
        let broker = self.broker_of(queue);
        let now = self.ctx.now;
        let visit = &mut self.ctx.visits[id];
        visit.operation_start = now;
        visit.stage = Stage::Working;
        let component = self.topology.broker_component(broker);
        if let Some(cause) = self.ctx.refusal(component, Cause::BrokerDown, Cause::BrokerError) {
            return self.fail_publish(id, queue, cause);
        }
        let time = self.topology.brokers[broker.index()].publish.sample(&mut self.brokers[broker.index()].publications);
        let time = self.ctx.health(self.topology.broker_component(broker)).slowed(time);
        self.ctx.finish_after(id, time);
        Waits
    }

    pub(super) fn publish_finished(&mut self, id: VisitId, queue: QueueId) -> Progress {
        let now = self.ctx.now;
        self.ctx.spend(id, Phase::Broker);
        let began = self.ctx.visits[id].operation_start;
        let broker = self.broker_of(queue);
        let fail_prob = self.topology.brokers[broker.index()].fail_prob;
        if self.brokers[broker.index()].failures.chance(fail_prob) {
            return self.fail_publish(id, queue, Cause::BrokerError);
        }
        if !self.enqueue(queue, began) {
            return self.fail_publish(id, queue, Cause::BrokerQueueFull);
        }
        self.brokers[broker.index()].latency.add(now.since(began));
        self.send_back(id, Outcome::Success, Hop::ServiceBroker, Place::broker(broker))
    }

    pub(super) fn fail_publish(&mut self, id: VisitId, queue: QueueId, cause: Cause) -> Progress {
        self.queues[queue.index()].counts.failed += 1;
        let place = Place::broker(self.broker_of(queue));
        self.send_back(id, Outcome::Failure(cause), Hop::ServiceBroker, place)
    }

    /// Puts a message into a queue; whether there was room.
    fn enqueue(&mut self, queue: QueueId, message: Message) -> bool {
        let described = &self.topology.queues[queue.index()];
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
        state.size.set(self.ctx.now, state.ready.len() as f64);
        self.deliver(queue);
        true
    }

    /// Gives waiting messages to consumers that can take them, in turn.
    pub(super) fn deliver(&mut self, queue: QueueId) {
        if !self.is_broker_up(self.broker_of(queue)) {
            return;
        }
        while self.queues[queue.index()].open > 0
            && let Some(consumer) = self.next_open_consumer(queue)
            && let Some(message) = self.queues[queue.index()].ready.pop_front()
        {
            let state = &mut self.queues[queue.index()];
            state.unacknowledged += 1;
            state.size.set(self.ctx.now, state.ready.len() as f64);
            self.consumers[consumer.index()].held.push_back(message);
            self.consume_next(consumer);
        }
    }

    /// The next consumer, in turn, that can take a message.
    fn next_open_consumer(&mut self, queue: QueueId) -> Option<ConsumerId> {
        let consumers = &self.topology.queues[queue.index()].consumers;
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

    fn is_consumer_up(&self, consumer: ConsumerId) -> bool {
        let described = &self.topology.consumers[consumer.index()];
        if described.is_retired {
            return false;
        }
        described.instance.is_none_or(|instance| {
            self.is_instance_up(instance) && !self.instances[instance.index()].presence.is_draining()
        })
    }

    /// Begins with the next message that a consumer holds, if it is idle and can.
    fn consume_next(&mut self, consumer: ConsumerId) {
        let described = &self.topology.consumers[consumer.index()];
        let is_up = self.is_consumer_up(consumer);
        let state = &mut self.consumers[consumer.index()];
        if is_up
            && state.current.is_none()
            && let Some(message) = state.held.pop_front()
        {
            state.current = Some(message);
            let time = described.service_time.sample(&mut state.times);
            let time = match described.instance {
                Some(instance) => {
                    let health = self.ctx.health(self.topology.instance_component(instance));
                    health.slowed(time) + self.instances[instance.index()].pace.rest(self.ctx.now)
                }
                None => time,
            };
            let busy = &mut self.queues[described.queue.index()].busy;
            busy.set(self.ctx.now, busy.value() + 1.0);
            self.consume_until(consumer, time);
        }
        self.refresh_consumer(consumer);
    }

    /// Takes note of whether a consumer can take a message.
    fn refresh_consumer(&mut self, consumer: ConsumerId) {
        let described = &self.topology.consumers[consumer.index()];
        let is_up = self.is_consumer_up(consumer);
        let state = &mut self.consumers[consumer.index()];
        let holds = state.held.len() + usize::from(state.current.is_some());
        let is_open = is_up && described.prefetch.is_none_or(|prefetch| holds < prefetch as usize);
        let open = &mut self.queues[described.queue.index()].open;
        match (std::mem::replace(&mut state.is_open, is_open), is_open) {
            (false, true) => *open += 1,
            (true, false) => *open -= 1,
            _ => {}
        }
    }

    /// A consumer will be done with its message after so long.
    pub(super) fn consume_until(&mut self, consumer: ConsumerId, after: Duration) {
        let state = &mut self.consumers[consumer.index()];
        state.turn = state.turn.wrapping_add(1);
        state.until = self.ctx.now + after;
        self.ctx.future.schedule(state.until, Event::Consumed { consumer, turn: state.turn });
    }

    pub(super) fn on_consumed(&mut self, consumer: ConsumerId, turn: u32) {
        let now = self.ctx.now;
        if self.consumers[consumer.index()].turn != turn {
            return;
        }
        let queue = self.topology.consumers[consumer.index()].queue;
        let Some(message) = self.consumers[consumer.index()].current.take() else { return };
        let state = &mut self.queues[queue.index()];
        state.counts.consumed += 1;
        state.unacknowledged -= 1;
        state.delivery.add(now.since(message));
        state.busy.set(now, state.busy.value() - 1.0);
        self.consume_next(consumer);
        self.deliver(queue);
        if let Some(instance) = self.topology.consumers[consumer.index()].instance
            && self.instances[instance.index()].presence.is_draining()
        {
            self.leave_if_idle(instance);
        }
    }

    /// Consumers of an instance that went down: what they hold goes back to the head of the queue,
    /// except for the message they are at, which they finish.
    pub(super) fn on_consumers_down(&mut self, instance: InstanceId) {
        for consumer in self.consumers_of(instance) {
            self.stop_consumer(consumer);
        }
    }

    /// Consumers of an instance that has lost its work: the message that each was at goes back to the head of the queue.
    pub(super) fn lose_messages(&mut self, instance: InstanceId) {
        for consumer in self.consumers_of(instance) {
            let state = &mut self.consumers[consumer.index()];
            if let Some(message) = state.current.take() {
                state.turn = state.turn.wrapping_add(1);
                state.held.push_front(message);
                let busy = &mut self.queues[self.topology.consumers[consumer.index()].queue.index()].busy;
                busy.set(self.ctx.now, busy.value() - 1.0);
            }
        }
    }

    /// A consumer finishes what it is at, and holds nothing else any more.
    pub(super) fn stop_consumer(&mut self, consumer: ConsumerId) {
        let queue = self.topology.consumers[consumer.index()].queue;
        while let Some(message) = self.consumers[consumer.index()].held.pop_back() {
            let state = &mut self.queues[queue.index()];
            state.ready.push_front(message);
            state.unacknowledged -= 1;
            state.counts.redelivered += 1;
            state.size.set(self.ctx.now, state.ready.len() as f64);
        }
        self.refresh_consumer(consumer);
        self.deliver(queue);
    }

    /// Consumers of an instance that came back take messages again.
    pub(super) fn on_consumers_up(&mut self, instance: InstanceId) {
        for consumer in self.consumers_of(instance) {
            self.refresh_consumer(consumer);
            self.deliver(self.topology.consumers[consumer.index()].queue);
        }
    }

    pub(super) fn consumers_of(&self, instance: InstanceId) -> Vec<ConsumerId> {
        let all = self.topology.consumers.iter().enumerate();
        all.filter(|(_, consumer)| consumer.instance == Some(instance)).map(|(id, _)| ConsumerId(id as u32)).collect()
    }

    /// A broker has come back: its queues deliver again.
    pub(super) fn on_broker_up(&mut self, broker: BrokerId) {
        for queue in self.topology.brokers[broker.index()].queues.clone() {
            self.deliver(QueueId(queue));
        }
    }

    /// Makes the consumers that are not there yet.
    pub(super) fn make_consumers(&mut self) {
        for id in self.consumers.len()..self.topology.consumers.len() {
            let queue = self.topology.consumers[id].queue;
            let made = &mut self.queues[queue.index()].consumers_made;
            self.consumers.push(ConsumerState::new(self.seed, &self.topology, queue, *made));
            *made += 1;
        }
    }

    /// Takes note of how many consumers a queue has.
    pub(super) fn measure_headcount(&mut self, id: QueueId) {
        let consumers = self.topology.queues[id.index()].consumers.iter();
        let instances = consumers.map(|consumer| self.topology.consumers[consumer.index()].instance);
        let there = instances.filter(|&instance| self.may_consume(instance)).count();
        self.queues[id.index()].headcount.set(self.ctx.now, there);
    }

    /// Takes note of changed numbers of queues and consumers.
    pub(super) fn refresh_queues(&mut self) {
        (0..self.queues.len() as u32).for_each(|queue| self.measure_headcount(QueueId(queue)));
        self.start_consumers();
        for queue in 0..self.queues.len() as u32 {
            self.deliver(QueueId(queue));
        }
    }
}
