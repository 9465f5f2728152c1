//! Quorum queues: messages that more than half of the members have, and leaders that are elected.
//!
//! What a majority has confirmed no failure loses, so there is one queue, which is there or not there for the time being.

use super::{
    super::{event::Event, log::Happening, network::Place, plan::Step},
    Brokers, Cause, Context, Outcome, Phase, PublicationId, QueueId, Reply, Stage, Stored, VisitId,
    nodes::is_up,
};
use crate::{
    engine::time::{Duration, SimTime},
    model::topology::{MemberId, QueueKind},
};

impl Brokers {
    /// Whether a member of a queue is up and reaches more than half of them, itself included.
    pub(super) fn has_majority(&self, ctx: &Context, queue: QueueId, member: MemberId) -> bool {
        let members = &ctx.topology.queues[queue.index()].members;
        let reached = members.iter().filter(|&&other| reaches(ctx, member, other)).count();
        is_up(ctx, member) && 2 * reached > members.len()
    }

    /// A message is on its way to the members of all quorum queues that are to have it; those of other types have it, or have not.
    pub(super) fn begin_commit(
        &mut self,
        ctx: &mut Context,
        id: VisitId,
        publication: PublicationId,
        distributed: Result<SimTime, Cause>,
    ) -> Reply {
        let visit = &mut ctx.visits[id];
        visit.stored = Stored::Part;
        visit.outcome = distributed.map_or_else(Outcome::Failure, |_| Outcome::Success);
        self.replicate(ctx, id, publication, distributed.unwrap_or(ctx.now))
    }

    /// The leaders tell the other members of a message; without a leader it waits for one.
    fn replicate(&mut self, ctx: &mut Context, id: VisitId, publication: PublicationId, safe: SimTime) -> Reply {
        let mut at = safe;
        for place in 0..ctx.topology.publications[publication.index()].queues.len() {
            let queue = ctx.topology.publications[publication.index()].queues[place];
            if ctx.topology.queues[queue.index()].kind != QueueKind::Quorum {
                continue;
            }
            if !self.is_serving(ctx, queue) {
                return self.wait_for_leader(ctx, id, queue);
            }
            at = at.max(ctx.now + self.time_of_commit(ctx, queue));
        }
        if at <= ctx.now {
            return self.commit(ctx, id, publication);
        }
        ctx.visits[id].stage = Stage::Working;
        ctx.finish_after(id, at.since(ctx.now));
        Reply::Later
    }

    fn wait_for_leader(&mut self, ctx: &mut Context, id: VisitId, queue: QueueId) -> Reply {
        ctx.visits[id].stage = Stage::Replicating;
        self.queues[queue.index()].is_waited_for = true;
        Reply::Later
    }

    /// How long it takes until more than half of the members of a queue have a message: the way to each of the others and back, and
    /// its disk.
    fn time_of_commit(&mut self, ctx: &Context, queue: QueueId) -> Duration {
        let described = &ctx.topology.queues[queue.index()];
        let broker = &ctx.topology.brokers[described.broker.index()];
        let state = &mut self.brokers[described.broker.index()];
        let leader = self.queues[queue.index()].leader;
        self.times.clear();
        for &member in &described.members {
            if !reaches(ctx, leader, member) {
                continue;
            }
            let disk = broker.sync.as_ref().map_or(Duration::ZERO, |sync| sync.time.sample(&mut state.syncs));
            let health = ctx.health(ctx.topology.member_component(member));
            let way = match member == leader {
                true => Duration::ZERO,
                false => broker.between.sample(&mut state.ways) + broker.between.sample(&mut state.ways),
            };
            self.times.push(way + health.slowed(disk));
        }
        self.times.sort_unstable();
        self.times.get(described.members.len() / 2).copied().unwrap_or(Duration::ZERO)
    }

    /// More than half of the members have a message: it stands in the queue, if there is room.
    pub(super) fn commit(&mut self, ctx: &mut Context, id: VisitId, publication: PublicationId) -> Reply {
        let count = ctx.topology.publications[publication.index()].queues.len();
        let quorum = |ctx: &Context, place: usize| {
            let queue = ctx.topology.publications[publication.index()].queues[place];
            (ctx.topology.queues[queue.index()].kind == QueueKind::Quorum).then_some(queue)
        };
        // A leader that has gone meanwhile has not told the publisher; the next one is told of the message again.
        let lost = (0..count).filter_map(|place| quorum(ctx, place)).find(|&queue| !self.is_serving(ctx, queue));
        if let Some(queue) = lost {
            return self.wait_for_leader(ctx, id, queue);
        }
        let began = ctx.visits[id].operation_start;
        let message = self.message(ctx, publication, began);
        let mut outcome = ctx.visits[id].outcome;
        for place in 0..count {
            let Some(queue) = quorum(ctx, place) else { continue };
            if self.take(ctx, queue, message).is_none() {
                self.queues[queue.index()].counts.failed += 1;
                outcome = Outcome::Failure(Cause::BrokerQueueFull);
            }
        }
        self.carry(ctx);
        if let Outcome::Failure(_) = outcome {
            return Reply::Now(outcome);
        }
        let broker = ctx.topology.publications[publication.index()].broker;
        self.brokers[broker.index()].latency.add(ctx.now.since(began));
        self.confirm(ctx, publication, began)
    }

    /// Something about the nodes of a queue has changed: whoever waited for them goes on, or a leader has to be elected.
    pub(super) fn reconsider(&mut self, ctx: &mut Context, queue: QueueId) {
        let is_served = self.is_serving(ctx, queue);
        self.queues[queue.index()].served.set(ctx.now, f64::from(u8::from(is_served)));
        if is_served {
            self.call_off(queue);
            self.resume(ctx, queue);
            return self.stir(ctx, queue);
        }
        let described = &ctx.topology.queues[queue.index()];
        if described.kind != QueueKind::Quorum {
            return;
        }
        let can_elect = described.members.iter().any(|&member| self.has_majority(ctx, queue, member));
        match (self.queues[queue.index()].is_electing, can_elect) {
            (false, true) => self.elect(ctx, queue),
            (true, false) => self.call_off(queue),
            _ => {}
        }
    }

    /// Partitions have begun or ended: leaders may have lost those whom they lead, or found them again.
    pub(in super::super) fn on_parted_members(&mut self, ctx: &mut Context) {
        for queue in (0..self.queues.len() as u32).map(QueueId) {
            if ctx.topology.queues[queue.index()].kind == QueueKind::Quorum {
                self.reconsider(ctx, queue);
            }
        }
    }

    fn elect(&mut self, ctx: &mut Context, queue: QueueId) {
        let broker = self.broker_of(ctx, queue);
        let after =
            ctx.topology.brokers[broker.index()].election_time.sample(&mut self.brokers[broker.index()].elections);
        let state = &mut self.queues[queue.index()];
        state.is_electing = true;
        state.election = state.election.wrapping_add(1);
        let turn = state.election;
        ctx.schedule(after, Event::Election { queue, turn });
    }

    fn call_off(&mut self, queue: QueueId) {
        let state = &mut self.queues[queue.index()];
        if std::mem::take(&mut state.is_electing) {
            state.election = state.election.wrapping_add(1);
        }
    }

    /// An election is over: the next member after the former leader that reaches more than half leads the queue.
    pub fn on_election(&mut self, ctx: &mut Context, queue: QueueId, turn: u32) {
        let state = &mut self.queues[queue.index()];
        if state.election != turn || !std::mem::take(&mut state.is_electing) {
            return;
        }
        let former = state.leader;
        let members = &ctx.topology.queues[queue.index()].members;
        let place = members.iter().position(|&member| member == former).unwrap_or(0);
        let mut others = (1..=members.len()).map(|step| members[(place + step) % members.len()]);
        let Some(leader) = others.find(|&member| self.has_majority(ctx, queue, member)) else { return };
        // (Where the former one is dead, its connections have been closed.)
        if is_up(ctx, former) {
            self.close_connections_to_leader(ctx, queue);
        }
        let state = &mut self.queues[queue.index()];
        state.leader = leader;
        state.counts.elections += 1;
        ctx.note(Happening::Elected { queue, leader });
        self.reconsider(ctx, queue);
    }

    /// Whoever waits until a queue can take messages tries again.
    fn resume(&mut self, ctx: &mut Context, queue: QueueId) {
        if !std::mem::take(&mut self.queues[queue.index()].is_waited_for) {
            return;
        }
        let waiting =
            ctx.visits_that(|visit| visit.stage == Stage::Replicating && publishes_to(ctx, visit.step, queue));
        for id in waiting {
            let Step::Publish { publication, .. } = ctx.topology.steps[ctx.visits[id].step as usize] else { continue };
            ctx.spend(id, Phase::Broker);
            if let Reply::Now(outcome) = self.replicate(ctx, id, publication, ctx.now) {
                ctx.answer(id, outcome);
            }
        }
    }
}

/// Whether a step publishes to a queue.
fn publishes_to(ctx: &Context, step: u32, queue: QueueId) -> bool {
    match ctx.topology.steps[step as usize] {
        Step::Publish { publication, .. } => ctx.topology.publications[publication.index()].queues.contains(&queue),
        _ => false,
    }
}

/// Whether two nodes are up, and a message passes between them.
fn reaches(ctx: &Context, member: MemberId, other: MemberId) -> bool {
    member == other
        || is_up(ctx, other) && !ctx.network.partitions.separate(Place::member(member), Place::member(other))
}
