//! Messages that leave their queue without having been consumed, and where they go.

use super::{super::event::Event, Brokers, Context, Life, Message, QueueId};
use crate::{engine::time::SimTime, model::topology::QueueKind};

/// Why a message has gone to the dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has waited as long as it may.
    Expired,
    /// A consumer has rejected it.
    Rejected,
    /// The queue was full.
    MaxLen,
    /// It has come back too often.
    DeliveryLimit,
}

/// How many messages have gone from a queue to the dead letters, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeadLetterCounts([u64; 4]);

impl DeadLetterCounts {
    /// For that reason.
    pub fn of(&self, reason: Reason) -> u64 {
        self.0[reason as usize]
    }

    /// For all reasons.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl Brokers {
    /// A message has left its queue, and goes to the dead letters if there is a place for them. It is carried there when the
    /// one in hand is done with: a queue that is full may push out another one in turn.
    pub(in super::super) fn bury(&mut self, ctx: &Context, queue: QueueId, message: Message, reason: Reason) {
        let described = &ctx.topology.queues[queue.index()];
        let Some(target) = described.dead_letter else { return };
        let hops = match described.circle {
            0 => 0,
            _ if reason == Reason::Rejected => 0,
            // Nobody has looked at it all the way round, and nobody ever will: it would go round for ever.
            circle if message.trail.hops() + 1 >= circle => return,
            _ => message.trail.hops() + 1,
        };
        self.queues[queue.index()].counts.dead_letters.0[reason as usize] += 1;
        // (Its own time to live has done its work, or ends here, as in RabbitMQ.)
        let (life, trail) = (Life::ENDLESS, message.trail.with_hops(hops));
        self.letters.push_back((target, Message { life, trail, returns: 0, ..message }));
    }

    /// Puts dead letters into the queues that they go to.
    pub(in super::super) fn carry(&mut self, ctx: &mut Context) {
        if self.letters.is_empty() || self.is_carrying {
            return;
        }
        self.is_carrying = true;
        while let Some((queue, message)) = self.letters.pop_front() {
            // (Nobody keeps them until a queue of a type is served again.)
            let is_there = ctx.topology.queues[queue.index()].kind == QueueKind::Plain || self.is_serving(ctx, queue);
            if !is_there || self.take(ctx, queue, message).is_none() {
                let counts = &mut self.queues[queue.index()].counts;
                counts.sent += 1;
                counts.dropped += 1;
            }
        }
        self.is_carrying = false;
    }

    /// The messages at the head of a queue that have waited as long as they may are taken out. (One in the middle is when it
    /// gets to the head, as in RabbitMQ's classic queues.)
    pub(in super::super) fn expire(&mut self, ctx: &mut Context, queue: QueueId) {
        self.expire_unless(ctx, queue, |_| false);
    }

    /// The same, but a message that has come at this moment may still be delivered.
    pub(super) fn expire_older(&mut self, ctx: &mut Context, queue: QueueId) {
        let now = ctx.now;
        self.expire_unless(ctx, queue, |message| message.entered == now);
    }

    fn expire_unless(&mut self, ctx: &mut Context, queue: QueueId, is_spared: impl Fn(&Message) -> bool) {
        let ttl = ctx.topology.queues[queue.index()].ttl;
        if (ttl.is_none() && !self.queues[queue.index()].has_lives) || !self.is_serving(ctx, queue) {
            return;
        }
        while let Some(head) = self.queues[queue.index()].backlog.head() {
            let Some(due) = head.due(ttl) else { return };
            if due > ctx.now {
                return self.look_at(ctx, queue, due);
            }
            if is_spared(head) {
                return;
            }
            let state = &mut self.queues[queue.index()];
            if let Some(message) = state.backlog.pop() {
                state.counts.expired += 1;
                state.measure(ctx.now);
                self.bury(ctx, queue, message, Reason::Expired);
            }
        }
    }

    /// The head of a queue will be looked at then, if not earlier.
    fn look_at(&mut self, ctx: &mut Context, queue: QueueId, due: SimTime) {
        let state = &mut self.queues[queue.index()];
        if state.due.is_none_or(|other| other > due) {
            state.due = Some(due);
            state.due_turn = state.due_turn.wrapping_add(1);
            ctx.future.schedule(due, Event::Expire { queue, turn: state.due_turn });
        }
    }

    /// It is time to look at the head of a queue.
    pub fn on_expire(&mut self, ctx: &mut Context, queue: QueueId, turn: u32) {
        let state = &mut self.queues[queue.index()];
        if state.due_turn == turn && state.due.take().is_some() {
            self.expire(ctx, queue);
            self.carry(ctx);
        }
    }
}
