//! Pools: connections that an instance keeps to its database and to its cache. Who finds none free waits for one, in order of
//! arrival. (Those to a service are bulkheads of the edge there.)

use super::{
    facility::Facility,
    topology::{Pool, Service},
    visit::Pooled,
};
use crate::engine::{station::Order, time::SimTime};

/// The pools of an instance; one without a number of connections is none.
#[derive(Clone, Debug)]
pub struct Pools {
    /// To the database.
    pub database: Facility,
    /// To the cache.
    pub cache: Facility,
}

impl Pools {
    /// Those of an instance of that service, with nobody there.
    pub fn new(service: &Service) -> Self {
        let pool = |of| Facility::new(pool_of(service, of).map(|pool| pool.size), None, Order::Fifo);
        Self { database: pool(Pooled::Database), cache: pool(Pooled::Cache) }
    }

    /// One of them.
    #[inline]
    pub fn of(&mut self, pool: Pooled) -> &mut Facility {
        match pool {
            Pooled::Database => &mut self.database,
            Pooled::Cache => &mut self.cache,
        }
    }

    /// Whether there is one of that kind.
    #[inline]
    pub fn has(&self, pool: Pooled) -> bool {
        let facility = match pool {
            Pooled::Database => &self.database,
            Pooled::Cache => &self.cache,
        };
        facility.servers().is_some()
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.database.restart(now);
        self.cache.restart(now);
    }
}

/// The connections that each instance of a service has, if they are limited.
pub(super) fn pool_of(service: &Service, pool: Pooled) -> Option<Pool> {
    match pool {
        Pooled::Database => service.database.as_ref()?.pool,
        Pooled::Cache => service.cache.as_ref()?.pool,
    }
}
