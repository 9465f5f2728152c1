//! Consumers of a broker's queues.

use std::collections::VecDeque;

use super::{
    broker::{Brokers, Message},
    context::Context,
    event::Event,
    topology::{ConsumerId, InstanceId, QueueId, Topology},
};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

/// The state of a consumer.
#[derive(Clone, Debug)]
pub struct ConsumerState {
    /// Messages it holds and has not begun with.
    pub(super) held: VecDeque<Message>,
    /// The message it works on.
    current: Option<Message>,
    /// When it will be done with it.
    until: SimTime,
    /// Recognises the end of work that has been lost, or goes on at another speed.
    turn: u32,
    /// Whether it can take a message.
    pub(super) is_open: bool,
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

impl Brokers {
    pub(super) fn start_consumers(&mut self, ctx: &mut Context) {
        for id in 0..self.consumers.len() as u32 {
            self.refresh_consumer(ctx, ConsumerId(id));
        }
    }

    fn is_consumer_up(&self, ctx: &Context, consumer: ConsumerId) -> bool {
        let described = &ctx.topology.consumers[consumer.index()];
        if described.is_retired {
            return false;
        }
        described
            .instance
            .is_none_or(|instance| ctx.is_instance_up(instance) && !ctx.hosts[instance.index()].presence.is_draining())
    }

    /// Begins with the next message that a consumer holds, if it is idle and can.
    pub(super) fn consume_next(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let described = &ctx.topology.consumers[consumer.index()];
        let is_up = self.is_consumer_up(ctx, consumer);
        let state = &mut self.consumers[consumer.index()];
        if is_up
            && state.current.is_none()
            && let Some(message) = state.held.pop_front()
        {
            state.current = Some(message);
            let time = described.service_time.sample(&mut state.times);
            let time = match described.instance {
                Some(instance) => {
                    let health = ctx.health(ctx.topology.instance_component(instance));
                    health.slowed(time) + ctx.hosts[instance.index()].pace.rest(ctx.now)
                }
                None => time,
            };
            let busy = &mut self.queues[described.queue.index()].busy;
            busy.set(ctx.now, busy.value() + 1.0);
            self.consume_until(ctx, consumer, time);
        }
        self.refresh_consumer(ctx, consumer);
    }

    /// Takes note of whether a consumer can take a message.
    fn refresh_consumer(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let described = &ctx.topology.consumers[consumer.index()];
        let is_up = self.is_consumer_up(ctx, consumer);
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
    pub(super) fn consume_until(&mut self, ctx: &mut Context, consumer: ConsumerId, after: Duration) {
        let state = &mut self.consumers[consumer.index()];
        state.turn = state.turn.wrapping_add(1);
        state.until = ctx.now + after;
        ctx.future.schedule(state.until, Event::Consumed { consumer, turn: state.turn });
    }

    /// A consumer is done with a message; the instance that it is part of, if it is.
    pub fn on_consumed(&mut self, ctx: &mut Context, consumer: ConsumerId, turn: u32) -> Option<InstanceId> {
        let now = ctx.now;
        if self.consumers[consumer.index()].turn != turn {
            return None;
        }
        let message = self.consumers[consumer.index()].current.take()?;
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let state = &mut self.queues[queue.index()];
        state.counts.consumed += 1;
        state.unacknowledged -= 1;
        state.delivery.add(now.since(message));
        state.busy.set(now, state.busy.value() - 1.0);
        self.consume_next(ctx, consumer);
        self.deliver(ctx, queue);
        ctx.topology.consumers[consumer.index()].instance
    }

    /// Consumers of an instance that went down: what they hold goes back to the head of the queue,
    /// except for the message they are at, which they finish.
    pub(super) fn on_consumers_down(&mut self, ctx: &mut Context, instance: InstanceId) {
        for consumer in self.consumers_of(ctx, instance) {
            self.stop_consumer(ctx, consumer);
        }
    }

    /// Consumers of an instance that has lost its work: the message that each was at goes back to the head of the queue.
    pub(super) fn lose_messages(&mut self, ctx: &mut Context, instance: InstanceId) {
        for consumer in self.consumers_of(ctx, instance) {
            let state = &mut self.consumers[consumer.index()];
            if let Some(message) = state.current.take() {
                state.turn = state.turn.wrapping_add(1);
                state.held.push_front(message);
                let busy = &mut self.queues[ctx.topology.consumers[consumer.index()].queue.index()].busy;
                busy.set(ctx.now, busy.value() - 1.0);
            }
        }
    }

    /// A consumer finishes what it is at, and holds nothing else any more.
    pub(super) fn stop_consumer(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let queue = ctx.topology.consumers[consumer.index()].queue;
        while let Some(message) = self.consumers[consumer.index()].held.pop_back() {
            let state = &mut self.queues[queue.index()];
            state.ready.push_front(message);
            state.unacknowledged -= 1;
            state.counts.redelivered += 1;
            state.size.set(ctx.now, state.ready.len() as f64);
        }
        self.refresh_consumer(ctx, consumer);
        self.deliver(ctx, queue);
    }

    /// Consumers of an instance that came back take messages again.
    pub(super) fn on_consumers_up(&mut self, ctx: &mut Context, instance: InstanceId) {
        for consumer in self.consumers_of(ctx, instance) {
            self.refresh_consumer(ctx, consumer);
            self.deliver(ctx, ctx.topology.consumers[consumer.index()].queue);
        }
    }

    pub(super) fn consumers_of(&self, ctx: &Context, instance: InstanceId) -> Vec<ConsumerId> {
        let all = ctx.topology.consumers.iter().enumerate();
        all.filter(|(_, consumer)| consumer.instance == Some(instance)).map(|(id, _)| ConsumerId(id as u32)).collect()
    }

    /// Makes the consumers that are not there yet.
    pub(super) fn make_consumers(&mut self, ctx: &Context) {
        for id in self.consumers.len()..ctx.topology.consumers.len() {
            let queue = ctx.topology.consumers[id].queue;
            let made = &mut self.queues[queue.index()].consumers_made;
            self.consumers.push(ConsumerState::new(self.seed, &ctx.topology, queue, *made));
            *made += 1;
        }
    }

    /// The consumers of an instance that are at a message, with the moments at which they will be done with it.
    fn busy_consumers_of(&self, ctx: &Context, instance: InstanceId) -> Vec<(ConsumerId, SimTime)> {
        let consumers = self.consumers_of(ctx, instance).into_iter();
        consumers.filter_map(|id| Some((id, self.consumers[id.index()].busy_until()?))).collect()
    }

    /// Whether an instance is at a message.
    pub fn is_consuming(&self, ctx: &Context, instance: InstanceId) -> bool {
        !self.busy_consumers_of(ctx, instance).is_empty()
    }

    /// The messages that an instance is at take so many times what is left of their time after so long.
    pub fn change_pace(&mut self, ctx: &mut Context, instance: InstanceId, rest: Duration, ratio: f64) {
        for (id, until) in self.busy_consumers_of(ctx, instance) {
            let left = until.since(ctx.now + rest);
            self.consume_until(ctx, id, rest + left.scaled(ratio));
        }
    }

    /// The messages that an instance is at take so much longer.
    pub fn delay(&mut self, ctx: &mut Context, instance: InstanceId, length: Duration) {
        for (id, until) in self.busy_consumers_of(ctx, instance) {
            self.consume_until(ctx, id, until.since(ctx.now) + length);
        }
    }
}
