//! Nodes of a broker: which of them serves a queue, and what becomes of the queue when one goes down.

use super::{super::network::Place, Brokers, Context, Message, PublicationId, QueueId};
use crate::model::{
    names::VisitId,
    topology::{ConsumerId, MemberId, QueueKind},
};

impl Brokers {
    /// The node to which somebody publishes: that which serves the queue, or if it cannot be reached the first that can.
    pub fn entry(&self, ctx: &Context, publication: PublicationId, from: Place) -> MemberId {
        let published = &ctx.topology.publications[publication.index()];
        let mut members = ctx.topology.brokers[published.broker.index()].members.clone().map(MemberId);
        let first = ctx.topology.first_member(published.broker);
        if members.len() == 1 {
            return first;
        }
        let preferred = published.queues.first().map_or(first, |queue| self.queues[queue.index()].leader);
        let reaches =
            |member: MemberId| is_up(ctx, member) && !ctx.network.partitions.separate(from, Place::member(member));
        if reaches(preferred) {
            return preferred;
        }
        members.find(|&member| reaches(member)).unwrap_or(preferred)
    }

    /// Whether somebody works for a queue.
    pub(in super::super) fn is_serving(&self, ctx: &Context, queue: QueueId) -> bool {
        let leader = self.queues[queue.index()].leader;
        match ctx.topology.queues[queue.index()].kind {
            QueueKind::Plain | QueueKind::Classic => is_up(ctx, leader),
            QueueKind::Quorum => self.has_majority(ctx, queue, leader),
        }
    }

    /// Whether a message that a node has can be put into a queue at its home.
    pub(super) fn reaches_home(&self, ctx: &Context, id: VisitId, queue: QueueId) -> bool {
        let (home, member) = (self.queues[queue.index()].leader, ctx.visits[id].member);
        // (What a node has begun it finishes.)
        home == member
            || is_up(ctx, home) && !ctx.network.partitions.separate(Place::member(home), Place::member(member))
    }

    /// A node has gone down; `is_lost` says that its process has died, with all that was not on disk.
    pub(in super::super) fn on_member_down(&mut self, ctx: &mut Context, member: MemberId, is_lost: bool) {
        for queue in self.queues_at(ctx, member) {
            let is_leader = self.queues[queue.index()].leader == member;
            match ctx.topology.queues[queue.index()].kind {
                QueueKind::Plain if is_lost => self.lose_contents(ctx, queue, false),
                QueueKind::Classic if is_lost => self.lose_contents(ctx, queue, true),
                QueueKind::Plain | QueueKind::Classic => {}
                QueueKind::Quorum if is_leader => self.close_connections_to_leader(ctx, queue),
                QueueKind::Quorum => {}
            }
            self.reconsider(ctx, queue);
        }
        self.close_connections_to(ctx, member);
        self.carry(ctx);
    }

    /// A node has come back: queues deliver again.
    pub(in super::super) fn on_member_up(&mut self, ctx: &mut Context, member: MemberId) {
        for queue in self.queues_at(ctx, member) {
            self.reconsider(ctx, queue);
        }
    }

    /// The queues that are at a node.
    fn queues_at(&self, ctx: &Context, member: MemberId) -> Vec<QueueId> {
        let broker = ctx.topology.members[member.index()].broker;
        let all = ctx.topology.brokers[broker.index()].queues.clone().map(QueueId);
        all.filter(|queue| ctx.topology.queues[queue.index()].members.contains(&member)).collect()
    }

    /// A queue that is at one node has lost what was not on its disk, and what of it consumers have is theirs no more.
    fn lose_contents(&mut self, ctx: &mut Context, queue: QueueId, closes: bool) {
        let described = &ctx.topology.queues[queue.index()];
        let (is_durable, broker) = (described.is_durable, described.broker);
        let state = &mut self.queues[queue.index()];
        if is_durable && !state.may_lose {
            return if closes {
                self.close_connections(ctx, queue)
            };
        }
        let is_synced = ctx.topology.brokers[broker.index()].sync.is_some();
        let safe = if is_synced { self.disks[state.leader.index()].safe_until(ctx.now) } else { ctx.now };
        let survives = |message: &Message| is_durable && !message.trail.is_transient() && message.entered <= safe;
        state.counts.lost += state.backlog.retain(survives);
        state.measure(ctx.now);
        for id in self.consumers_at(ctx, queue) {
            self.forget_delivery(ctx, queue, id, &survives);
            if closes {
                self.close(ctx, id);
            }
        }
    }

    /// All consumers of a queue lose their connections, and are there again after a while.
    pub(super) fn close_connections(&mut self, ctx: &mut Context, queue: QueueId) {
        for id in self.consumers_at(ctx, queue) {
            self.close(ctx, id);
        }
    }

    /// The same of those that are connected to the node that serves it, and to no other one.
    pub(super) fn close_connections_to_leader(&mut self, ctx: &mut Context, queue: QueueId) {
        let leader = self.queues[queue.index()].leader;
        for id in self.consumers_at(ctx, queue) {
            if ctx.topology.consumers[id.index()].member.is_none_or(|member| member == leader) {
                self.close(ctx, id);
            }
        }
    }

    /// The same of those that are connected to a node, whoever serves their queues.
    fn close_connections_to(&mut self, ctx: &mut Context, member: MemberId) {
        let all = ctx.topology.consumers.iter().zip(0..);
        let there: Vec<_> = all.filter(|(it, _)| it.member == Some(member)).map(|(_, id)| ConsumerId(id)).collect();
        there.into_iter().for_each(|id| self.close(ctx, id));
    }

    /// All consumers that a queue has, and those that have been taken away and still have messages of it.
    fn consumers_at(&self, ctx: &Context, queue: QueueId) -> Vec<ConsumerId> {
        let all = ctx.topology.consumers.iter().zip(0..);
        all.filter(|(consumer, _)| consumer.queue == queue).map(|(_, id)| ConsumerId(id)).collect()
    }
}

/// Whether a node is up.
pub(super) fn is_up(ctx: &Context, member: MemberId) -> bool {
    ctx.health(ctx.topology.member_component(member)).is_up()
}
