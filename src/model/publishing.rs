//! Publishing: how visits send messages to a broker.
//!
//! Who publishes without confirms goes on at once: a ghost of it brings the message to the broker, and ends there.

use super::{
    cause::Cause,
    network::Place,
    plan::Step,
    post::Reply,
    topology::{Hop, OnError, PublicationId},
    users::VISITS_MAX,
    visit::{Outcome, Stage, VisitId},
    visits::Progress::{self, Fails, Next, Waits},
    world::World,
};

impl World {
    pub(super) fn start_publish(&mut self, id: VisitId, publication: PublicationId) -> Progress {
        if !self.topology.publications[publication.index()].is_confirmed {
            return self.send_messenger(id, publication);
        }
        self.send_publication(id, publication)
    }

    fn send_publication(&mut self, id: VisitId, publication: PublicationId) -> Progress {
        let from = Place::instance(self.ctx.visits[id].instance);
        let member = self.brokers.entry(&self.ctx, publication, from);
        let visit = &mut self.ctx.visits[id];
        (visit.stage, visit.member) = (Stage::Sent, member);
        let to = Place::member(member);
        if self.send_message(id, &[Hop::ServiceBroker], from, to) {
            self.publish_arrived(id, publication)
        } else {
            Waits
        }
    }

    /// A visit goes on, and its message is on its way.
    #[inline(never)]
    fn send_messenger(&mut self, id: VisitId, publication: PublicationId) -> Progress {
        if self.ctx.visits.len() >= VISITS_MAX {
            return Fails(Cause::SimulatorFull);
        }
        let messenger = self.ctx.visits[id].messenger(self.ctx.now);
        let messenger = self.ctx.visits.insert(messenger);
        let progress = self.send_publication(messenger, publication);
        self.go_on(messenger, progress);
        Next
    }

    pub(super) fn publish_arrived(&mut self, id: VisitId, publication: PublicationId) -> Progress {
        let reply = self.brokers.ask(&mut self.ctx, id, publication);
        self.published(id, reply)
    }

    pub(super) fn publish_finished(&mut self, id: VisitId, publication: PublicationId) -> Progress {
        let reply = self.brokers.finished(&mut self.ctx, id, publication);
        self.published(id, reply)
    }

    fn published(&mut self, id: VisitId, reply: Reply) -> Progress {
        if let (true, Reply::Now(outcome)) = (self.ctx.visits[id].is_messenger, reply) {
            self.hand_on();
            return self.end_messenger(id, outcome);
        }
        self.answered(id, reply, (Hop::ServiceBroker, self.place_of(id)))
    }

    /// What a broker says of a message that was being published travels back, if there is anybody to hear it.
    pub(super) fn bring_confirm(&mut self, id: VisitId, outcome: Outcome) -> Progress {
        match self.ctx.visits[id].is_messenger {
            true => self.end_messenger(id, outcome),
            false => self.send_back(id, outcome, Hop::ServiceBroker, self.place_of(id)),
        }
    }

    /// The publisher learns what became of its message, or has waited in vain.
    pub(super) fn publish_returned(&mut self, id: VisitId, on_error: OnError, outcome: Outcome) -> Progress {
        match self.ctx.visits[id].is_messenger {
            true => self.end_messenger(id, outcome),
            false => on_error.after(outcome),
        }
    }

    /// Nobody learns what became of a message.
    #[inline(never)]
    fn end_messenger(&mut self, id: VisitId, outcome: Outcome) -> Progress {
        if let (Outcome::Failure(_), Step::Publish { publication, .. }) = (outcome, self.step(id)) {
            let broker = self.topology.publications[publication.index()].broker;
            self.brokers.brokers[broker.index()].counts.unnoticed += 1;
        }
        self.complete(id)
    }

    /// The node that a message is published to.
    fn place_of(&self, id: VisitId) -> Place {
        Place::member(self.ctx.visits[id].member)
    }
}
