//! The patience of a broker with consumers that do not say what became of a message.

use super::super::{broker::Brokers, context::Context, event::Event, topology::ConsumerId};
use crate::engine::time::SimTime;

impl Brokers {
    /// When the message that a consumer was sent longest ago has been unacknowledged for too long.
    fn overdue(&self, ctx: &Context, consumer: ConsumerId) -> Option<SimTime> {
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let timeout = ctx.topology.queues[queue.index()].consumer_timeout?;
        Some(self.consumers[consumer.index()].unacked.front()?.at + timeout)
    }

    /// Looks after a consumer at the moment at which that would be so, if not earlier.
    pub(in super::super) fn watch(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let Some(due) = self.overdue(ctx, consumer) else { return };
        let state = &mut self.consumers[consumer.index()];
        if state.watch.is_none_or(|other| other > due) {
            state.watch = Some(due);
            state.watch_turn = state.watch_turn.wrapping_add(1);
            ctx.future.schedule(due.max(ctx.now), Event::Overdue { consumer, turn: state.watch_turn });
        }
    }

    /// It is time to look after a consumer.
    pub fn on_overdue(&mut self, ctx: &mut Context, consumer: ConsumerId, turn: u32) {
        let state = &mut self.consumers[consumer.index()];
        if state.watch_turn != turn || state.watch.take().is_none() {
            return;
        }
        if self.overdue(ctx, consumer).is_none_or(|due| due > ctx.now) {
            return self.watch(ctx, consumer);
        }
        let queue = ctx.topology.consumers[consumer.index()].queue;
        self.queues[queue.index()].counts.timeouts += 1;
        self.close(ctx, consumer);
        self.stir(ctx, queue);
    }
}
