//! A changed configuration takes effect while the run goes on.

use std::{mem::discriminant, sync::Arc};

use super::{
    event::Event,
    health::DownBecause,
    topology::{Arrivals, ComponentId, GroupId, ServiceId, Topology},
    world::World,
};

impl World {
    /// Goes on with another topology of the same names (services, clusters, caches, brokers, queues and groups), as it was
    /// resolved. What is under way is finished as it began; everything that begins from now on follows the new numbers.
    /// `is_new_fault` says whether the list of faults did not have the one of that number before; the topology's own list
    /// cannot tell, as the components that a fault strikes come and go.
    pub fn change(&mut self, topology: Topology, descriptions: Vec<String>, is_new_fault: &dyn Fn(usize) -> bool) {
        let before = self.gauges();
        let topology = Arc::new(self.topology.graft(topology));
        self.ctx.topology = Arc::clone(&topology);
        let old = std::mem::replace(&mut self.topology, topology);
        for description in descriptions {
            self.ctx.log.add_change(self.ctx.now, description);
        }
        self.change_members(&old, &before);
        self.change_knowledge(&old);
        self.change_run(&old);
        self.ctx.network.refresh(&self.topology.network);
        (0..self.services.len() as u32).for_each(|id| self.refresh_service(ServiceId(id)));
        self.databases.refresh(&mut self.ctx);
        self.hand_on();
        self.caches.iter_mut().for_each(|cache| cache.refresh(&mut self.ctx));
        self.hand_on();
        self.brokers.refresh(&mut self.ctx);
        self.change_outages(&old);
        self.change_pauses(&old);
        self.change_scaling(&old);
        self.change_users(&old);
        self.change_calls(&old);
        if old.faults != self.topology.faults {
            self.restart_faults(is_new_fault);
        }
        self.hand_on();
    }

    /// Balancers whose instances, or whose way to know of them, are others begin anew to learn.
    fn change_knowledge(&mut self, old: &Topology) {
        for (id, before) in old.services.iter().enumerate() {
            let service = &self.topology.services[id];
            if (before.knowledge, &before.instances) != (service.knowledge, &service.instances) {
                self.services[id].front.begin_to_learn(&mut self.ctx);
            }
        }
    }

    /// Other windows, and another end of the warm-up if it lies ahead; what has been counted stays counted.
    fn change_run(&mut self, old: &Topology) {
        let run = &self.topology.run;
        if run.warm_up != old.run.warm_up && run.warm_up > self.ctx.now {
            self.ctx.future.schedule(run.warm_up, Event::WarmUpEnd);
        }
        if run.window != old.run.window {
            let values = self.gauge_values();
            self.recorder.change_width(self.ctx.now, self.topology.run.window, &values);
            self.ctx.future.schedule(self.recorder.window_end(), Event::WindowEnd);
        }
    }

    /// Components whose outages have changed begin their present time up or down anew. Who is down for another reason
    /// comes back as that reason said, and who is down with no outages to come comes back as the old ones said.
    fn change_outages(&mut self, old: &Topology) {
        for (id, before) in old.components.iter().enumerate() {
            let outages = &self.topology.components[id].outages;
            let begins_anew = match self.ctx.healths[id].down_because() {
                None => true,
                Some(DownBecause::Outage) => outages.is_some(),
                Some(DownBecause::Fault | DownBecause::User | DownBecause::Absent) => false,
            };
            if before.outages != *outages && begins_anew {
                self.ctx.healths[id].forget_schedule();
                self.schedule_toggle(ComponentId(id as u32));
            }
        }
    }

    /// Instances go on calling under the numbers of the present topology. (Which calls there are is wiring.)
    fn change_calls(&mut self, old: &Topology) {
        for instance in 0..self.instances.len() {
            let service = self.topology.instances[instance].service.index();
            for (place, call) in self.topology.services[service].calls.clone().enumerate() {
                let [before, after] = [old, &self.topology].map(|topology| &topology.calls[call as usize].policy);
                let let_in = self.instances[instance].clients[place].change(before, after, self.ctx.now);
                let_in.into_iter().for_each(|exchange| self.let_in(exchange));
            }
        }
    }

    fn change_users(&mut self, old: &Topology) {
        for (id, before) in old.users.iter().enumerate() {
            let users = &self.topology.users[id];
            self.groups[id].population.set_most(users.max_users);
            let let_in = self.groups[id].client.change(&before.policy, &users.policy, self.ctx.now);
            let_in.into_iter().for_each(|exchange| self.let_in(exchange));
            let users = &self.topology.users[id];
            if discriminant(&before.arrivals) != discriminant(&users.arrivals) {
                self.change_kind_of_arrivals(GroupId(id as u32));
            } else if let Arrivals::Closed { users, .. } = users.arrivals {
                self.settle_users(GroupId(id as u32), users);
            } else if old.run.duration != self.topology.run.duration || before.arrivals != users.arrivals {
                // (Arrivals beyond the old end were never scheduled.)
                self.restart_arrivals(GroupId(id as u32));
            }
        }
    }
}
