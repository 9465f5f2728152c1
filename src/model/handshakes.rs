//! Connections that have to be made first: of users, with TCP and TLS, and of whoever finds none that is idle.

use super::{
    network::{Place, Trip},
    topology::Hop,
    trace::spend,
    visit::{Phase, Visit, VisitId},
    world::World,
};
use crate::engine::time::Duration;

impl World {
    /// Handshakes of a visit by a user; they are booked, and the time they take is returned.
    #[inline]
    pub(super) fn shake_hands(&mut self, id: VisitId) -> Duration {
        let time = self.ctx.network.handshakes();
        if !time.is_zero() {
            let visit = &mut self.ctx.visits[id];
            // In advance: nothing else happens to the visit until they are over.
            let until = visit.since + time;
            spend(&mut self.ctx.tracer, &self.topology, visit, Phase::Handshakes, until);
        }
        time
    }

    /// The way to an instance by a connection that has to be made first: there and back before it.
    #[cold]
    pub(super) fn open_connection(&mut self, way: Trip, visit: VisitId, to: Place) -> Trip {
        let way = match way {
            Trip::Arrived => Duration::ZERO,
            Trip::Takes(time) => time,
            Trip::Fails(_) => return way,
        };
        let (hop, from) = match self.ctx.visits[visit].asker {
            Visit::NO_INSTANCE => (Hop::BalancerService, Place::Balancer),
            caller => (Hop::ServiceService, Place::instance(caller)),
        };
        match self.ctx.network.travel(&[hop, hop], from, to) {
            Trip::Arrived if way.is_zero() => Trip::Arrived,
            Trip::Arrived => Trip::Takes(way),
            Trip::Takes(time) => Trip::Takes(way + time),
            Trip::Fails(after) => Trip::Fails(way + after),
        }
    }
}
