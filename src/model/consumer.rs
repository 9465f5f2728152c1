//! Consumers of a broker's queues: what they work on, and what becomes of it.

use std::collections::VecDeque;

use super::{
    broker::{Brokers, Message, Reason},
    context::Context,
    event::Event,
    log::Happening,
    topology::{ConsumerId, InstanceId, QueueId, Topology},
};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};
use link::{Link, Said, Verdict};

mod link;
mod patience;

/// How many kinds of messages there are, from the hardest to the easiest.
const GRAINS: f64 = 4_294_967_296.0;

/// A message that a consumer has been sent.
#[derive(Clone, Copy, Debug)]
struct Delivery {
    message: Message,
    /// When it was sent.
    at: SimTime,
}

/// The state of a consumer.
#[derive(Clone, Debug)]
pub struct ConsumerState {
    /// What it has been sent and the broker has heard nothing of, in order: first messages of which word is on its way, then the
    /// one that it works on, then those that it holds, and those on their way to it last.
    unacked: VecDeque<Delivery>,
    /// Messages it holds and has not begun with.
    held: usize,
    /// What it works on.
    work: Option<Work>,
    /// When it will be done with that.
    until: SimTime,
    /// Recognises the end of work that has been lost, or goes on at another speed.
    turn: u32,
    /// Whether it can take a message.
    pub(super) is_open: bool,
    /// Its connection to the broker.
    link: Link,
    /// When the broker looks whether it has left a message unacknowledged for too long.
    watch: Option<SimTime>,
    /// Recognises the look that counts.
    watch_turn: u32,
    times: Stream,
    failures: Stream,
    returns: Stream,
}

/// What a consumer works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// The message that is its turn.
    Message,
    /// A message that the broker has taken back meanwhile: nobody will hear of it.
    InVain,
}

impl ConsumerState {
    /// When it will be done with the message that it works on, if it does.
    fn busy_until(&self) -> Option<SimTime> {
        self.work.map(|_| self.until)
    }

    /// An idle consumer.
    /// It is the `number`th of its queue, from 0.
    pub fn new(seed: u64, topology: &Topology, queue: QueueId, number: u32) -> Self {
        let queue = &topology.queues[queue.index()];
        // Consumers have no names, so their place in the queue tells them apart.
        let name = format!("{}/{}", topology.brokers[queue.broker.index()].name, queue.name);
        let stream = |purpose: &str| Stream::new(seed, &name, &format!("{purpose} {number}"));
        Self {
            unacked: VecDeque::new(),
            held: 0,
            work: None,
            until: SimTime::ZERO,
            turn: 0,
            is_open: false,
            link: Link::default(),
            watch: None,
            watch_turn: 0,
            times: stream("consumer"),
            failures: stream("failures of consumer"),
            returns: stream("returns of consumer"),
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
        if is_up && state.work.is_none() && state.held > 0 {
            state.held -= 1;
            state.work = Some(Work::Message);
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
        let has_room = described.prefetch.is_none_or(|prefetch| state.unacked.len() < prefetch as usize);
        let is_open = is_up && has_room && state.link.is_there();
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
        if self.consumers[consumer.index()].turn != turn {
            return None;
        }
        let work = self.consumers[consumer.index()].work.take()?;
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let busy = &mut self.queues[queue.index()].busy;
        busy.set(ctx.now, busy.value() - 1.0);
        if work == Work::Message {
            let verdict = self.judge(ctx, consumer);
            self.send_back(ctx, consumer, Said { verdict, at: ctx.now });
        }
        self.consume_next(ctx, consumer);
        self.stir(ctx, queue);
        ctx.topology.consumers[consumer.index()].instance
    }

    /// How a consumer has fared with the message that it has worked on.
    fn judge(&mut self, ctx: &Context, consumer: ConsumerId) -> Verdict {
        let described = &ctx.topology.consumers[consumer.index()];
        if !described.may_fail() {
            return Verdict::Acknowledged;
        }
        let state = &mut self.consumers[consumer.index()];
        let message = state.unacked.get(state.link.words());
        let is_poison = message.is_some_and(|it| f64::from(it.message.grain) < described.poison * GRAINS);
        if !is_poison && !state.failures.chance(described.fail_prob) {
            return Verdict::Acknowledged;
        }
        self.queues[described.queue.index()].counts.failures += 1;
        if described.rejects { Verdict::Rejected } else { Verdict::PutBack }
    }

    /// The broker hears what became of the message that a consumer was sent longest ago.
    fn settle(&mut self, ctx: &mut Context, consumer: ConsumerId, said: Said) {
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let Some(Delivery { message, .. }) = self.consumers[consumer.index()].unacked.pop_front() else { return };
        let state = &mut self.queues[queue.index()];
        state.unacknowledged -= 1;
        match said.verdict {
            Verdict::Acknowledged => state.consumed(message, said.at),
            Verdict::PutBack => self.put_back(ctx, queue, message, true),
            Verdict::Rejected => {
                state.counts.rejected += 1;
                self.bury(ctx, queue, message, Reason::Rejected);
            }
        }
    }

    /// Consumers of an instance that went down: what they hold goes back to where it was in the queue,
    /// except for the message they are at, which they finish.
    pub(super) fn on_consumers_down(&mut self, ctx: &mut Context, instance: InstanceId) {
        for consumer in self.consumers_of(ctx, instance) {
            self.stop_consumer(ctx, consumer);
        }
    }

    /// Consumers of an instance that has lost its work: the message that each was at goes back, too.
    pub(super) fn lose_messages(&mut self, ctx: &mut Context, instance: InstanceId) {
        for consumer in self.consumers_of(ctx, instance) {
            let state = &mut self.consumers[consumer.index()];
            if let Some(work) = state.work.take() {
                state.turn = state.turn.wrapping_add(1);
                state.held += usize::from(work == Work::Message);
                let busy = &mut self.queues[ctx.topology.consumers[consumer.index()].queue.index()].busy;
                busy.set(ctx.now, busy.value() - 1.0);
            }
            self.hang_up(ctx, consumer);
        }
    }

    /// A consumer finishes what it is at, and holds nothing else any more.
    pub(super) fn stop_consumer(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let queue = ctx.topology.consumers[consumer.index()].queue;
        self.hand_back(ctx, consumer);
        self.refresh_consumer(ctx, consumer);
        self.stir(ctx, queue);
    }

    /// The latest so many messages that a consumer was sent go back to where they were.
    fn take_back(&mut self, ctx: &mut Context, consumer: ConsumerId, count: usize) {
        let described = &ctx.topology.consumers[consumer.index()];
        let (queue, instance) = (described.queue, described.instance);
        for _ in 0..count {
            let Some(Delivery { message, .. }) = self.consumers[consumer.index()].unacked.pop_back() else { break };
            self.queues[queue.index()].unacknowledged -= 1;
            self.put_back(ctx, queue, message, false);
        }
        if let (Some(instance), 1..) = (instance, count) {
            ctx.note(Happening::Redelivered { instance, queue, count: count as u32 });
        }
    }

    /// What a consumer of a queue has been sent is its no more: nobody will hear of it. Whatever survives goes back to where it was,
    /// the rest is gone.
    pub(super) fn forget_delivery(
        &mut self,
        ctx: &mut Context,
        queue: QueueId,
        id: ConsumerId,
        survives: &dyn Fn(&Message) -> bool,
    ) {
        let unacked = &mut self.consumers[id.index()].unacked;
        let before = unacked.len();
        unacked.retain(|delivery| survives(&delivery.message));
        let (left, lost) = (unacked.len(), (before - unacked.len()) as u64);
        self.queues[queue.index()].unacknowledged -= lost;
        self.queues[queue.index()].counts.lost += lost;
        self.begin_anew(ctx, id);
        self.take_back(ctx, id, left);
    }

    /// Consumers of an instance that came back take messages again.
    pub(super) fn on_consumers_up(&mut self, ctx: &mut Context, instance: InstanceId) {
        for consumer in self.consumers_of(ctx, instance) {
            self.refresh_consumer(ctx, consumer);
            self.stir(ctx, ctx.topology.consumers[consumer.index()].queue);
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
        for (queue, described) in self.queues.iter_mut().zip(&ctx.topology.queues) {
            queue.tell_of(described);
        }
        self.tell_of_brokers(ctx);
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
