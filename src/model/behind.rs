//! Reads of those who are to see what they have written themselves, where replicas are behind.

use std::cmp::Reverse;

use super::{
    context::Context,
    database::{Databases, Role},
    plan::Step,
    post::Reply,
    topology::{ClusterId, GroupId, NodeId, ReadYourWrites},
    visit::{Outcome, Phase, Stage, Visit, VisitId},
};
use crate::engine::time::Duration;

impl Databases {
    /// A user's write has been answered.
    #[inline]
    pub(super) fn note_own_write(&mut self, ctx: &Context, id: VisitId, cluster: ClusterId) {
        if ctx.topology.clusters[cluster.index()].is_read_from_replicas() {
            let &Visit { group, user, sequence, .. } = &ctx.visits[id];
            self.clusters[cluster.index()].own_writes.note(group, user, sequence, ctx.now);
        }
    }

    /// Whether a node lacks what a visit's user has written himself.
    #[inline]
    pub(super) fn lacks_own_write(&self, ctx: &Context, id: VisitId, node: NodeId, cluster: ClusterId) -> bool {
        let &Visit { group, user, .. } = &ctx.visits[id];
        self.clusters[cluster.index()].own_writes.position(group, user) > self.nodes[node.index()].feed.applied()
    }

    /// Whether a visit's read may go to a node, for what its user has written himself.
    pub(super) fn may_read_at(&self, ctx: &Context, id: VisitId, node: NodeId, cluster: ClusterId) -> bool {
        let is_picky = ctx.topology.clusters[cluster.index()].read_your_writes == Some(ReadYourWrites::UpToDate);
        !is_picky || !self.lacks_own_write(ctx, id, node, cluster)
    }

    /// Whether a visit's read is to go to the primary, since its user has just written.
    #[inline]
    pub(super) fn sticks_to_primary(&self, ctx: &Context, id: VisitId, cluster: ClusterId) -> bool {
        let wanted = ctx.topology.clusters[cluster.index()].read_your_writes;
        let &Visit { group, user, .. } = &ctx.visits[id];
        wanted.is_some() && self.clusters[cluster.index()].own_writes.sticks(group, user, wanted, ctx.now)
    }

    /// For how long a read waits at a replica that lacks what the reader has written himself; `None` if it does not have to.
    #[inline]
    pub(super) fn wait_for_own_write(&self, ctx: &Context, id: VisitId, node: NodeId) -> Option<Duration> {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        let Some(ReadYourWrites::Wait(longest)) = ctx.topology.clusters[cluster.index()].read_your_writes else {
            return None;
        };
        let is_read = || matches!(ctx.topology.steps[ctx.visits[id].step as usize], Step::Read { .. });
        let may_lack = self.nodes[node.index()].role == Role::Replica && is_read();
        (may_lack && self.lacks_own_write(ctx, id, node, cluster)).then_some(longest)
    }

    /// A read waits, without a connection, until the node has applied what the reader has written.
    pub(super) fn await_own_write(&mut self, ctx: &mut Context, id: VisitId, node: NodeId, longest: Duration) -> Reply {
        let cluster = ctx.topology.nodes[node.index()].cluster;
        let &Visit { group, user, .. } = &ctx.visits[id];
        let position = self.clusters[cluster.index()].own_writes.position(group, user);
        ctx.visits[id].stage = Stage::Behind;
        ctx.wait_at_most(id, longest);
        self.nodes[node.index()].behind.push(Reverse((position, id)));
        Reply::Later
    }

    /// A node has applied more, or nobody waits for what it lacks any more: those who have waited for it are served.
    #[inline]
    pub(super) fn serve_who_waited(&mut self, ctx: &mut Context, node: NodeId) {
        if !self.nodes[node.index()].behind.is_empty() {
            self.serve_who_waited_until(ctx, node);
        }
    }

    #[inline(never)]
    fn serve_who_waited_until(&mut self, ctx: &mut Context, node: NodeId) {
        let applied = self.nodes[node.index()].feed.applied();
        while let Some(&Reverse((position, id))) = self.nodes[node.index()].behind.peek() {
            // (Of what is beyond the history's end nobody waits for more than that.)
            if position.min(self.clusters[ctx.topology.nodes[node.index()].cluster.index()].log) > applied {
                return;
            }
            self.nodes[node.index()].behind.pop();
            self.end_wait_for_own_write(ctx, id);
            if let Reply::Now(outcome) = self.enter(ctx, id, node) {
                ctx.answer(id, outcome);
            }
        }
    }

    fn end_wait_for_own_write(&mut self, ctx: &mut Context, id: VisitId) {
        ctx.spend(id, Phase::Database);
        ctx.visits[id].next_turn();
        ctx.visits[id].stage = Stage::Working;
    }

    /// A read has waited at its node as long as it may, for a connection or for what its user has written: whether the latter.
    pub(super) fn wait_is_over(&mut self, ctx: &mut Context, id: VisitId) -> bool {
        let is_behind = ctx.visits[id].stage == Stage::Behind;
        self.withdraw(ctx, id);
        match is_behind {
            true => self.end_wait_for_own_write(ctx, id),
            false => {
                ctx.end_wait(id);
                self.nodes[ctx.visits[id].node.index()].failed += 1;
            }
        }
        is_behind
    }

    /// A node has gone down: those who wait there for what it lacks fail.
    pub(super) fn turn_away_who_waits_behind(&mut self, ctx: &mut Context, node: NodeId, outcome: Outcome) -> u64 {
        let mut count = 0;
        while let Some(Reverse((_, id))) = self.nodes[node.index()].behind.pop() {
            self.end_wait_for_own_write(ctx, id);
            ctx.answer(id, outcome);
            count += 1;
        }
        count
    }

    /// The number of a user stands for somebody else from now on, who has not written anything.
    #[inline]
    pub fn forget_user(&mut self, group: GroupId, user: u32) {
        self.clusters.iter_mut().for_each(|cluster| cluster.own_writes.forget(group, user));
    }
}
