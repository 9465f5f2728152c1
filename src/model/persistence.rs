//! What a primary that has been down still has, and what writing it down costs.

use super::{
    context::Context,
    database::Databases,
    log::Happening,
    topology::{ClusterId, NodeId, Persistence},
};
use crate::engine::time::{Duration, SimTime};

/// Where the history ended when the primary last wrote it down. It does so at the multiples of a period, which are counted
/// from 0: that it has happened shows at the next commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The period of the latest commit.
    period: u64,
    /// Where the history ended when that began.
    position: u64,
    /// Where the history of a primary that is down will end when it is back.
    kept: Option<u64>,
}

/// The number of the period in which a moment lies.
fn period_of(now: SimTime, every: Duration) -> u64 {
    now.since(SimTime::ZERO).as_nanos() / every.as_nanos().max(1)
}

impl Databases {
    /// A write is about to be added to the history.
    #[inline]
    pub(super) fn before_commit(&mut self, ctx: &Context, id: ClusterId) {
        if let Persistence::Every(every) = ctx.topology.clusters[id.index()].persistence {
            let state = &mut self.clusters[id.index()];
            let period = period_of(ctx.now, every);
            if state.saved.period != period {
                (state.saved.period, state.saved.position) = (period, state.log);
            }
        }
    }

    /// The primary has gone down, with what it had not written to disk.
    pub(super) fn lose_unsaved(&mut self, ctx: &Context, id: ClusterId) {
        if let Persistence::Every(every) = ctx.topology.clusters[id.index()].persistence {
            let Saved { period, position, .. } = self.clusters[id.index()].saved;
            let state = &mut self.clusters[id.index()];
            let is_of_this_period = period == period_of(ctx.now, every);
            state.saved.kept = Some(if is_of_this_period { position.min(state.log) } else { state.log });
        }
    }

    /// A node is back. If it still is the primary, its history is the cluster's, and its replicas follow it there.
    pub(super) fn come_back_with_what_was_kept(&mut self, ctx: &mut Context, id: ClusterId, node: NodeId) {
        let is_primary = self.clusters[id.index()].primary == node;
        let end = match ctx.topology.clusters[id.index()].persistence {
            Persistence::Disk => return,
            Persistence::Every(_) if !is_primary => return,
            Persistence::Every(_) => match self.clusters[id.index()].saved.kept.take() {
                Some(end) if end < self.clusters[id.index()].log => end,
                _ => return,
            },
            Persistence::None => 0,
        };
        self.nodes[node.index()].feed.cut(end);
        if !is_primary {
            self.measure_lag(ctx, node);
            return;
        }
        let lost = self.clusters[id.index()].end_history(end);
        ctx.note(match ctx.topology.clusters[id.index()].persistence {
            Persistence::None => Happening::Forgot(node, lost),
            _ => Happening::CameBackShort(node, lost),
        });
        self.follow_history(ctx, id);
    }

    /// How long an operation that begins now takes, which is longer while its node makes a checkpoint.
    #[inline]
    pub(super) fn slowed_by_checkpoint(&self, ctx: &Context, node: NodeId, time: Duration) -> Duration {
        match ctx.topology.clusters[ctx.topology.nodes[node.index()].cluster.index()].checkpoints {
            None => time,
            Some(checkpoints) => {
                let into = ctx.now.since(SimTime::ZERO).as_nanos() % checkpoints.every.as_nanos().max(1);
                if into < checkpoints.lasting.as_nanos() { time.scaled(checkpoints.factor) } else { time }
            }
        }
    }
}
