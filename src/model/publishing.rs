//! Publishing: how visits send messages to a broker.

use super::{
    network::Place,
    topology::{Hop, QueueId},
    visit::{Stage, VisitId},
    visits::Progress::{self, Waits},
    world::World,
};

impl World {
    pub(super) fn start_publish(&mut self, id: VisitId, queue: QueueId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Sent;
        let (from, to) = (Place::instance(visit.instance), Place::broker(self.topology.queues[queue.index()].broker));
        if self.send_message(id, &[Hop::ServiceBroker], from, to) { self.publish_arrived(id, queue) } else { Waits }
    }

    pub(super) fn publish_arrived(&mut self, id: VisitId, queue: QueueId) -> Progress {
        let reply = self.brokers.ask(&mut self.ctx, id, queue);
        self.answered(id, reply, (Hop::ServiceBroker, Place::broker(self.topology.queues[queue.index()].broker)))
    }

    pub(super) fn publish_finished(&mut self, id: VisitId, queue: QueueId) -> Progress {
        let reply = self.brokers.finished(&mut self.ctx, id, queue);
        self.answered(id, reply, (Hop::ServiceBroker, Place::broker(self.topology.queues[queue.index()].broker)))
    }
}
