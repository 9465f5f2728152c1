//! Publications: messages on their way into queues, and what their publishers are told.

use super::{
    Brokers, Cause, Context, Life, Message, Outcome, Phase, PublicationId, Reply, Stage, Stored, Trail, VisitId,
};
use crate::{engine::time::SimTime, model::topology::QueueKind};

impl Brokers {
    /// A message is there that is to be published.
    pub fn ask(&mut self, ctx: &mut Context, id: VisitId, publication: PublicationId) -> Reply {
        let broker = ctx.topology.publications[publication.index()].broker;
        let visit = &mut ctx.visits[id];
        visit.operation_start = ctx.now;
        visit.stage = Stage::Working;
        visit.stored = Stored::Nothing;
        let component = ctx.topology.member_component(visit.member);
        if let Some(cause) = ctx.refusal(component, Cause::BrokerDown, Cause::BrokerError) {
            return self.fail(ctx, publication, cause);
        }
        let time = ctx.topology.brokers[broker.index()].publish.sample(&mut self.brokers[broker.index()].publications);
        let time = ctx.health(component).slowed(time);
        ctx.finish_after(id, time);
        Reply::Later
    }

    /// Publishing has taken its time.
    pub fn finished(&mut self, ctx: &mut Context, id: VisitId, publication: PublicationId) -> Reply {
        ctx.spend(id, Phase::Broker);
        let began = ctx.visits[id].operation_start;
        match ctx.visits[id].stored {
            Stored::Nothing => {}
            Stored::Part => return self.commit(ctx, id, publication),
            Stored::All => return self.confirm(ctx, publication, began),
        }
        let broker = ctx.topology.publications[publication.index()].broker;
        if self.brokers[broker.index()].failures.chance(ctx.topology.brokers[broker.index()].fail_prob) {
            return self.fail(ctx, publication, Cause::BrokerError);
        }
        let distributed = self.distribute(ctx, id, publication);
        if ctx.topology.publications[publication.index()].needs_quorum {
            return self.begin_commit(ctx, id, publication, distributed);
        }
        let safe = match distributed {
            Ok(safe) => safe,
            Err(cause) => return Reply::Now(Outcome::Failure(cause)),
        };
        self.brokers[broker.index()].latency.add(ctx.now.since(began));
        if safe > ctx.now && ctx.topology.publications[publication.index()].is_confirmed {
            ctx.visits[id].stored = Stored::All;
            ctx.finish_after(id, safe.since(ctx.now));
            return Reply::Later;
        }
        self.confirm(ctx, publication, began)
    }

    /// A publisher is told that its message is safe.
    pub(super) fn confirm(&mut self, ctx: &Context, publication: PublicationId, began: SimTime) -> Reply {
        let published = &ctx.topology.publications[publication.index()];
        if published.is_confirmed {
            self.brokers[published.broker.index()].confirmed.add(ctx.now.since(began));
        }
        Reply::Now(Outcome::Success)
    }

    /// Puts a message into all queues that are to have it, but for quorum queues; when it is safe there, or why one of them has not
    /// got it.
    fn distribute(&mut self, ctx: &mut Context, id: VisitId, publication: PublicationId) -> Result<SimTime, Cause> {
        let message = self.message(ctx, publication, ctx.visits[id].operation_start);
        let published = &ctx.topology.publications[publication.index()];
        let count = published.queues.len();
        self.brokers[published.broker.index()].counts.unroutable += u64::from(count == 0);
        let mut safe = Ok(ctx.now);
        for place in 0..count {
            let queue = ctx.topology.publications[publication.index()].queues[place];
            let taken = match ctx.topology.queues[queue.index()].kind {
                QueueKind::Quorum => continue,
                QueueKind::Classic if !self.reaches_home(ctx, id, queue) => Err(Cause::BrokerDown),
                QueueKind::Classic | QueueKind::Plain => self.take(ctx, queue, message).ok_or(Cause::BrokerQueueFull),
            };
            self.queues[queue.index()].counts.failed += u64::from(taken.is_err());
            safe = safe.and_then(|one| taken.map(|other| one.max(other)));
        }
        self.carry(ctx);
        safe
    }

    /// The publishing of a message has failed before any queue has seen it.
    fn fail(&mut self, ctx: &Context, publication: PublicationId, cause: Cause) -> Reply {
        let published = &ctx.topology.publications[publication.index()];
        match published.queues[..] {
            [queue] if !published.is_routed => self.queues[queue.index()].counts.failed += 1,
            _ => self.brokers[published.broker.index()].counts.failed += 1,
        }
        Reply::Now(Outcome::Failure(cause))
    }

    /// A broker has lost a message that was being published.
    pub fn lose(&mut self, ctx: &mut Context, id: VisitId, publication: PublicationId) {
        self.fail(ctx, publication, Cause::BrokerDown);
        ctx.answer(id, Outcome::Failure(Cause::BrokerDown));
    }

    /// The message that is published in a step.
    pub(super) fn message(&mut self, ctx: &Context, publication: PublicationId, began: SimTime) -> Message {
        let published = &ctx.topology.publications[publication.index()];
        let broker = published.broker.index();
        let grain = match ctx.topology.brokers[broker].has_poison {
            true => self.brokers[broker].grains.below(Message::EASY.into()) as u32,
            false => Message::EASY,
        };
        let life = published.ttl.map_or(Life::ENDLESS, Life::millis);
        let trail = Trail::begin(published.is_persistent);
        Message { life, trail, ..Message::new(began, published.priority, grain) }
    }
}
