//! Failover: how a cluster gets another primary.
//!
//! The monitor, or a write, finds the primary away: dead, standing still, or parted from most of the others. It is suspected
//! for as long as the cluster is patient, then believed dead; an election is held, and somebody is promoted. If the primary is
//! back before, all that is called off. (Sentinel's `down-after-milliseconds` and Patroni's `ttl` are the patience.)

use super::{
    context::Context,
    database::{Databases, Role},
    event::{Event, FailoverDue},
    log::Happening,
    topology::{ClusterId, Failover, FailoverStrategy, NodeId, Rejoin},
};
use crate::engine::{distribution::Distribution, time::Duration};

/// How far a cluster is with replacing its primary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailoverStage {
    /// The primary is there, as far as anybody knows.
    #[default]
    Calm,
    /// It is away, perhaps for a moment.
    Suspected,
    /// It is taken for dead, and an election is held.
    Electing,
    /// It is taken for dead, and who has been elected is being promoted, or nobody can be elected.
    Elected,
}

impl Databases {
    pub(super) fn start_monitors(&mut self, ctx: &mut Context) {
        for id in 0..self.clusters.len() as u32 {
            self.schedule_monitor(ctx, ClusterId(id));
            self.renew_lease(ctx, ClusterId(id));
        }
    }

    pub(super) fn schedule_monitor(&mut self, ctx: &mut Context, id: ClusterId) {
        let cluster = &ctx.topology.clusters[id.index()];
        // There is nothing to watch over in a cluster of one.
        if cluster.nodes.len() > 1 && !self.clusters[id.index()].is_watched && !ctx.topology.is_cluster_retired(id) {
            let interval = cluster.failover.monitor_interval;
            self.clusters[id.index()].is_watched = true;
            ctx.schedule(interval, Event::Monitor(id));
        }
    }

    pub(super) fn on_monitor(&mut self, ctx: &mut Context, id: ClusterId) {
        self.clusters[id.index()].is_watched = false;
        self.schedule_monitor(ctx, id);
        match self.is_away(ctx, id) {
            true => self.find_away(ctx, id, false),
            false => {
                self.call_off(ctx, id);
                self.renew_lease(ctx, id);
            }
        }
        for place in 0..self.node_count(ctx, id) {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            let state = &self.nodes[node.index()];
            let returns = state.role == Role::Detached
                && self.is_node_up(ctx, node)
                && self.has_primary(ctx, id)
                && !self.believes_in_itself(ctx, node);
            if returns && state.catching_up_to.is_none() && self.lacks_nothing_old(ctx, node, id) {
                self.rejoin(ctx, node);
            }
        }
    }

    /// Whether those who watch over a cluster cannot reach its primary, or get no answer from it.
    pub(super) fn is_away(&self, ctx: &Context, id: ClusterId) -> bool {
        let primary = self.clusters[id.index()].primary;
        let health = ctx.health(ctx.topology.node_component(primary));
        // (Of a single node nobody but its clients notices that it stands still.)
        let is_watched = self.node_count(ctx, id) > 1;
        !health.is_up() || (is_watched && health.is_stalled()) || self.is_isolated(ctx, id)
    }

    /// Whether the primary is parted from more than half of those who vote: all nodes and, if their number is even, a
    /// witness, who is never parted. (Of two nodes neither can tell whether the other one is dead.)
    pub(super) fn is_isolated(&self, ctx: &Context, id: ClusterId) -> bool {
        let primary = self.clusters[id.index()].primary;
        if ctx.network.partitions.is_empty() {
            return false;
        }
        let parted = self.other_nodes(ctx, id, primary);
        let parted = parted.filter(|&node| self.is_node_up(ctx, node) && Self::are_parted(ctx, node, primary)).count();
        2 * parted > self.node_count(ctx, id) | 1
    }

    /// Somebody has found the primary away.
    pub(super) fn find_away(&mut self, ctx: &mut Context, id: ClusterId, by_write: bool) {
        let failover = &ctx.topology.clusters[id.index()].failover;
        let state = &mut self.clusters[id.index()];
        match state.stage {
            _ if state.promoting.is_some() || failover.strategy == FailoverStrategy::None => {}
            FailoverStage::Calm => {
                (state.stage, state.was_found_by_write) = (FailoverStage::Suspected, by_write);
                let patience = failover.patience;
                if !patience.is_zero() {
                    ctx.note(Happening::Suspected(id));
                }
                self.miss_renewal(ctx, id);
                self.go_on_after(ctx, id, patience, FailoverDue::Believed);
            }
            FailoverStage::Elected => {
                state.was_found_by_write = by_write;
                self.elect(ctx, id);
            }
            FailoverStage::Suspected | FailoverStage::Electing => {}
        }
    }

    /// The next stage comes after so long, or at once.
    pub(super) fn go_on_after(&mut self, ctx: &mut Context, id: ClusterId, time: Duration, what: FailoverDue) {
        let epoch = self.clusters[id.index()].epoch;
        match time.is_zero() {
            true => self.on_failover_due(ctx, id, epoch, what),
            false => ctx.schedule(time, Event::Failover { cluster: id, epoch, what }),
        }
    }

    /// How long a stage takes, by the cluster's own chance.
    fn stage_time(&mut self, ctx: &Context, id: ClusterId, of: fn(&Failover) -> &Distribution) -> Duration {
        of(&ctx.topology.clusters[id.index()].failover).sample(&mut self.clusters[id.index()].failovers)
    }

    /// A stage of a failover, or of what follows it, is over.
    pub(super) fn on_failover_due(&mut self, ctx: &mut Context, id: ClusterId, epoch: u32, what: FailoverDue) {
        let state = &mut self.clusters[id.index()];
        let present = match what {
            FailoverDue::Learnt => state.address_epoch,
            FailoverDue::Told => state.told_epoch,
            _ => state.epoch,
        };
        if epoch != present {
            return;
        }
        match what {
            FailoverDue::Believed => {
                state.stage = FailoverStage::Electing;
                let time = self.stage_time(ctx, id, |failover| &failover.election_time);
                self.go_on_after(ctx, id, time, FailoverDue::Elected);
            }
            FailoverDue::Elected => {
                state.stage = FailoverStage::Elected;
                self.elect(ctx, id);
            }
            FailoverDue::Promoted => self.on_promoted(ctx, id),
            FailoverDue::Learnt => self.clients_learn(id),
            FailoverDue::Told => self.tell(ctx, id),
            FailoverDue::SteppedDown => self.step_down(ctx, id),
        }
    }

    /// Somebody is to take over, if anybody can.
    fn elect(&mut self, ctx: &mut Context, id: ClusterId) {
        match self.choose_candidate(ctx, id) {
            Some(candidate) => {
                let by_write = self.clusters[id.index()].was_found_by_write;
                ctx.note(Happening::FailoverStarted { cluster: id, by_write });
                self.begin_promotion(ctx, id, candidate);
            }
            None => {
                if !std::mem::replace(&mut self.clusters[id.index()].no_candidate_logged, true) {
                    ctx.note(Happening::NoCandidate(id));
                }
            }
        }
    }

    /// The primary is back, if it is: nobody replaces it.
    pub(super) fn call_off(&mut self, ctx: &mut Context, id: ClusterId) {
        let state = &mut self.clusters[id.index()];
        if state.stage == FailoverStage::Calm || self.is_away(ctx, id) {
            return;
        }
        let state = &mut self.clusters[id.index()];
        let nobody_was_found = state.stage == FailoverStage::Elected && state.promoting.is_none();
        state.stage = FailoverStage::Calm;
        state.has_stepped_down = false;
        state.no_candidate_logged = false;
        state.break_off_promotion();
        if !nobody_was_found {
            ctx.note(Happening::CalledOff(id));
        }
        self.measure_availability(ctx, id);
        self.catch_up_in(ctx, id);
    }

    /// Nodes that could take over: the replicas that are up or, if the primary is dead and there are none, the former
    /// primaries that are up. What these lack is lost, but without them nobody would take writes until the dead return.
    fn candidates(&self, ctx: &Context, id: ClusterId) -> Vec<NodeId> {
        let nodes = &ctx.topology.clusters[id.index()].nodes;
        let primary = self.clusters[id.index()].primary;
        let live = |role| {
            nodes.iter().copied().filter(move |&it| self.nodes[it.index()].role == role && self.is_node_up(ctx, it))
        };
        // (Who is on the side of an isolated primary is as isolated.)
        let is_isolated = self.is_node_up(ctx, primary) && self.is_isolated(ctx, id);
        let replicas: Vec<NodeId> =
            live(Role::Replica).filter(|&node| !is_isolated || Self::are_parted(ctx, node, primary)).collect();
        if !replicas.is_empty() || self.is_node_up(ctx, primary) {
            return replicas;
        }
        live(Role::Detached).filter(|node| !self.nodes[node.index()].is_joining).collect()
    }

    /// Whether somebody may make a node the primary.
    pub(super) fn can_be_promoted(&self, ctx: &Context, node: NodeId) -> bool {
        self.candidates(ctx, ctx.topology.nodes[node.index()].cluster).contains(&node)
    }

    /// The node that takes over, by the cluster's strategy.
    fn choose_candidate(&mut self, ctx: &mut Context, id: ClusterId) -> Option<NodeId> {
        let mut candidates = self.candidates(ctx, id);
        candidates.retain(|&node| self.is_eligible(ctx, id, node));
        let cluster = &ctx.topology.clusters[id.index()];
        match cluster.failover.strategy {
            FailoverStrategy::None => None,
            FailoverStrategy::Random => {
                let choice = self.clusters[id.index()].failovers.below(candidates.len() as u64);
                candidates.get(choice as usize).copied()
            }
            FailoverStrategy::MostCaughtUp => self.foremost(ctx, &candidates),
            FailoverStrategy::Priority => {
                let mut wanted =
                    cluster.failover.priority.iter().filter_map(|&place| cluster.nodes.get(place as usize).copied());
                wanted.find(|node| candidates.contains(node))
            }
        }
    }

    /// A node is to become the primary: it stops listening, and replays what it has received.
    pub(super) fn begin_promotion(&mut self, ctx: &mut Context, id: ClusterId, node: NodeId) {
        let time = self.stage_time(ctx, id, |failover| &failover.promotion_time);
        let state = &mut self.clusters[id.index()];
        state.break_off_promotion();
        state.promoting = Some(node);
        let feed = &mut self.nodes[node.index()].feed;
        feed.lose_unarrived(ctx.now);
        feed.hurry(ctx.now);
        self.replay(ctx, node);
        self.measure_availability(ctx, id);
        self.go_on_after(ctx, id, time, FailoverDue::Promoted);
    }

    /// The time of a promotion is over.
    fn on_promoted(&mut self, ctx: &mut Context, id: ClusterId) {
        let Some(node) = self.clusters[id.index()].promoting else { return };
        if ctx.topology.clusters[id.index()].replay_workers.is_none() {
            let feed = &mut self.nodes[node.index()].feed;
            feed.set_applied(feed.shipped());
        }
        self.clusters[id.index()].is_promotion_due = true;
        self.go_on_with_promotion(ctx, id, node);
    }

    /// A node whose promotion has taken its time is the primary as soon as it has replayed what it has received.
    pub(super) fn go_on_with_promotion(&mut self, ctx: &mut Context, id: ClusterId, node: NodeId) {
        let state = &self.clusters[id.index()];
        if state.is_promotion_due && state.promoting == Some(node) && self.nodes[node.index()].feed.is_empty() {
            self.clusters[id.index()].break_off_promotion();
            self.promote(ctx, id, node);
        }
    }

    /// A node is the primary from now on, and the history is what it has.
    pub(super) fn promote(&mut self, ctx: &mut Context, id: ClusterId, node: NodeId) {
        let end = self.nodes[node.index()].feed.applied();
        let state = &mut self.clusters[id.index()];
        let old = std::mem::replace(&mut state.primary, node);
        // (Who has stepped down knows.)
        let has_stepped_down = std::mem::take(&mut state.has_stepped_down);
        let by_failover = std::mem::take(&mut state.stage) != FailoverStage::Calm && !has_stepped_down;
        state.no_candidate_logged = false;
        state.counts.failovers += 1;
        let lost = state.end_history(end);
        self.nodes[old.index()].role = Role::Detached;
        self.nodes[node.index()].role = Role::Primary;
        self.nodes[node.index()].feed.set_applied(end);
        self.nodes[node.index()].catching_up_to = None;
        self.measure_lag(ctx, node);
        self.serve_who_waited(ctx, node);
        ctx.note(Happening::Promoted(node, lost));
        self.forget_who_is_parted(ctx, id);
        self.replace_address(ctx, id, old, by_failover);
        self.readmit(ctx, id);
        self.follow_history(ctx, id);
        self.renew_lease(ctx, id);
        self.measure_availability(ctx, id);
    }

    /// Where former primaries count as replicas at once, they do so from now on, up or not.
    pub(super) fn readmit(&mut self, ctx: &mut Context, id: ClusterId) {
        if ctx.topology.clusters[id.index()].failover.rejoin != Rejoin::AtOnce {
            return;
        }
        for place in 0..self.node_count(ctx, id) {
            let node = ctx.topology.clusters[id.index()].nodes[place];
            let state = &self.nodes[node.index()];
            if state.role == Role::Detached && !state.is_joining && !self.believes_in_itself(ctx, node) {
                self.rejoin(ctx, node);
            }
        }
    }

    /// A node is a replica from now on.
    pub(super) fn rejoin(&mut self, ctx: &mut Context, node: NodeId) {
        let is_up = self.is_node_up(ctx, node);
        let state = &mut self.nodes[node.index()];
        state.role = Role::Replica;
        let what = match std::mem::replace(&mut state.is_joining, false) {
            true => Happening::Joined(node),
            false => Happening::Rejoined { node, is_up },
        };
        ctx.note(what);
    }

    pub(super) fn measure_availability(&mut self, ctx: &mut Context, id: ClusterId) {
        let available = self.clusters[id.index()].promoting.is_none() && !self.is_away(ctx, id);
        self.clusters[id.index()].available.set(ctx.now, f64::from(u8::from(available)));
    }

    /// A node answers again, after it has stood still, or stands still: those who watch over its cluster may see it.
    pub(super) fn look_at(&mut self, ctx: &mut Context, node: NodeId) {
        self.look(ctx, ctx.topology.nodes[node.index()].cluster);
    }

    /// Those who watch over a cluster may see somebody again, or no more.
    pub(super) fn look(&mut self, ctx: &mut Context, id: ClusterId) {
        self.measure_availability(ctx, id);
        self.call_off(ctx, id);
        self.reach_former(ctx, id);
    }
}
