//! A changed configuration takes effect while the run goes on.

use super::{
    health::DownBecause,
    topology::{Arrivals, CacheId, ClusterId, ComponentId, GroupId, ServiceId, Topology},
    world::World,
};

impl World {
    /// Goes on with another topology of the same shape (the same components, queues, consumers and
    /// groups). What is under way is finished as it began; everything that begins from now on follows
    /// the new numbers.
    pub fn change(&mut self, topology: Topology, descriptions: Vec<String>) {
        let old = std::mem::replace(&mut self.topology, topology);
        for description in descriptions {
            self.log.add_change(self.now, description);
        }
        self.network.refresh(&self.topology.network);
        (0..self.services.len() as u32).for_each(|id| self.refresh_service(ServiceId(id)));
        (0..self.clusters.len() as u32).for_each(|id| self.refresh_cluster(ClusterId(id)));
        (0..self.caches.len() as u32).for_each(|id| self.refresh_cache(CacheId(id)));
        self.refresh_queues();
        self.change_outages(&old);
        self.change_users(&old);
        if old.faults != self.topology.faults {
            self.restart_faults();
        }
    }

    /// Components whose outages have changed begin their present time up or down anew. Who is down for another reason
    /// comes back as that reason said, and who is down with no outages to come comes back as the old ones said.
    fn change_outages(&mut self, old: &Topology) {
        for (id, before) in old.components.iter().enumerate() {
            // A distribution shows all its parameters.
            let outages = &self.topology.components[id].outages;
            let same = format!("{:?}", before.outages) == format!("{outages:?}");
            let begins_anew = match self.healths[id].down_because() {
                None => true,
                Some(DownBecause::Outage) => outages.is_some(),
                Some(DownBecause::Fault | DownBecause::User) => false,
            };
            if !same && begins_anew {
                self.healths[id].forget_schedule();
                self.schedule_toggle(ComponentId(id as u32));
            }
        }
    }

    fn change_users(&mut self, old: &Topology) {
        for (id, before) in old.users.iter().enumerate() {
            let users = &self.topology.users[id];
            self.groups[id].population.set_most(users.max_users);
            self.groups[id].change_budget(before, users);
            if let Arrivals::Closed { users, .. } = users.arrivals {
                self.settle_users(GroupId(id as u32), users);
            } else if old.run.duration != self.topology.run.duration
                || format!("{:?}", before.arrivals) != format!("{:?}", users.arrivals)
            {
                // (Arrivals beyond the old end were never scheduled.)
                self.restart_arrivals(GroupId(id as u32));
            }
        }
    }
}
