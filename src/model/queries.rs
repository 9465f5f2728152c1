//! Reads and writes: how visits ask their database.

use super::{
    cause::Cause,
    network::Place,
    post::Reply,
    topology::{ClusterId, Hop, NodeId, OnError},
    visit::{Outcome, Owner, Pooled, Stage, VisitId},
    visits::Progress::{self, Waits},
    world::World,
};
use crate::engine::time::Duration;

impl World {
    fn cluster_of(&self, id: VisitId) -> Option<ClusterId> {
        self.topology.instances[self.ctx.visits[id].instance.index()].cluster
    }

    #[inline(always)]
    pub(super) fn start_read(&mut self, id: VisitId, retries: u32) -> Progress {
        self.ctx.visits[id].retries_left = retries;
        if self.has_pool(id, Pooled::Database) { self.ask_pool(id, Pooled::Database) } else { self.send_read(id) }
    }

    #[inline(always)]
    pub(super) fn send_read(&mut self, id: VisitId) -> Progress {
        let Some(cluster) = self.cluster_of(id) else { return Waits };
        let node = match self.ctx.visits[id].is_operation {
            true => self.address_beside(id, cluster),
            false => self.databases.address_read(&self.ctx, cluster, id, NodeId::NONE),
        };
        self.send_query(id, node)
    }

    /// For a try under a policy: another node than the try before it has read, if there is one.
    #[inline(never)]
    fn address_beside(&mut self, id: VisitId, cluster: ClusterId) -> Option<NodeId> {
        let Owner::Try(exchange) = self.ctx.visits[id].owner else {
            return self.databases.address_read(&self.ctx, cluster, id, NodeId::NONE);
        };
        let node = self.databases.address_read(&self.ctx, cluster, id, self.exchanges[exchange].node);
        self.exchanges[exchange].node = node.unwrap_or(NodeId::NONE);
        node
    }

    pub(super) fn start_write(&mut self, id: VisitId) -> Progress {
        if self.has_pool(id, Pooled::Database) { self.ask_pool(id, Pooled::Database) } else { self.send_write(id) }
    }

    pub(super) fn send_write(&mut self, id: VisitId) -> Progress {
        let Some(cluster) = self.cluster_of(id) else { return Waits };
        let asker = self.ctx.visits[id].instance;
        let node = self.databases.address_write(&mut self.ctx, cluster, asker);
        // (If it has made somebody the primary at once, writes that waited for replicas have survived, or not.)
        self.hand_on();
        self.send_query(id, node)
    }

    #[inline]
    fn send_query(&mut self, id: VisitId, node: Option<NodeId>) -> Progress {
        let now = self.ctx.now;
        let visit = &mut self.ctx.visits[id];
        visit.operation_start = now;
        visit.stage = Stage::Sent;
        let instance = visit.instance;
        let Some(node) = node else { return self.find_nobody(id) };
        visit.node = node;
        let (from, to) = (Place::instance(instance), Place::node(node));
        if self.send_message(id, &[Hop::ServiceDatabase], from, to) { self.query_arrived(id) } else { Waits }
    }

    /// There is nobody to ask; the instance knows that without asking.
    fn find_nobody(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        visit.node = NodeId::NONE;
        visit.outcome = Outcome::Failure(Cause::NoPrimary);
        visit.stage = Stage::Working;
        if visit.trace.is_traced() {
            self.trace_failure(id, Cause::NoPrimary);
        }
        self.return_after(id, Duration::ZERO);
        Waits
    }

    #[inline]
    pub(super) fn query_arrived(&mut self, id: VisitId) -> Progress {
        let node = self.ctx.visits[id].node;
        let reply = self.databases.ask(&mut self.ctx, id);
        self.answered(id, reply, (Hop::ServiceDatabase, Place::node(node)))
    }

    #[inline]
    pub(super) fn read_finished(&mut self, id: VisitId) -> Progress {
        let node = self.ctx.visits[id].node;
        let reply = self.databases.read_finished(&mut self.ctx, id);
        self.hand_on();
        if reply == Reply::Now(Outcome::Success) {
            self.fill_cache(id);
        }
        self.answered(id, reply, (Hop::ServiceDatabase, Place::node(node)))
    }

    pub(super) fn write_finished(&mut self, id: VisitId) -> Progress {
        let node = self.ctx.visits[id].node;
        let reply = self.databases.write_finished(&mut self.ctx, id);
        self.answered(id, reply, (Hop::ServiceDatabase, Place::node(node)))
    }

    #[inline]
    pub(super) fn read_returned(&mut self, id: VisitId, outcome: Outcome, on_error: OnError) -> Progress {
        let Some(cluster) = self.cluster_of(id) else { return Waits };
        let visit = &mut self.ctx.visits[id];
        if outcome == Outcome::Miss {
            // (The replica is too far behind for this reader.)
            let asker = visit.instance;
            let node = self.databases.primary_for(&self.ctx, cluster, asker);
            return self.send_query(id, node);
        }
        if matches!(outcome, Outcome::Failure(_)) {
            if visit.retries_left > 0 {
                visit.retries_left -= 1;
                let failed = visit.node;
                let node = self.databases.address_again(&self.ctx, cluster, id, failed);
                return self.send_query(id, node);
            }
            self.databases.give_up(cluster);
        }
        self.give_back_connection(id);
        on_error.after(outcome)
    }

    pub(super) fn write_returned(&mut self, id: VisitId, outcome: Outcome, on_error: OnError) -> Progress {
        if let (Some(cluster), Outcome::Failure(_)) = (self.cluster_of(id), outcome) {
            self.databases.give_up(cluster);
            self.note_flush(id, outcome);
        }
        self.give_back_connection(id);
        on_error.after(outcome)
    }
}
