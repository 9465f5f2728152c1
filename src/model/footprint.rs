//! How much memory the state of a system takes.
//!
//! What grows with time, with load or with the number of components is counted; small lists of a component are not. A test
//! compares it with what a copy allocates.

use super::{broker::Brokers, database::Databases, outcomes::Outcomes, service::InstanceState, world::World};

impl World {
    /// Bytes, roughly, without the topology. Of what copies share it is a share.
    pub fn footprint(&self) -> usize {
        let ctx = &self.ctx;
        let context = ctx.future.heap_bytes()
            + ctx.visits.heap_bytes()
            + ctx.network.tcp.heap_bytes()
            + ctx.network.tls.heap_bytes()
            + size_of_val(&*ctx.healths)
            + size_of_val(&*ctx.hosts)
            + ctx.log.heap_bytes()
            + ctx.tracer.heap_bytes();
        let requests = self.exchanges.heap_bytes()
            + self.totals.outcomes.heap_bytes()
            + listed(&self.groups, |group| group.heap_bytes())
            + listed(&self.endpoints, |it| it.as_ref().map_or(0, Outcomes::heap_bytes));
        let services = listed(&self.services, |it| it.outcomes.heap_bytes() + it.front.line.heap_bytes())
            + listed(&self.instances, of_instance);
        let stores = of_databases(&self.databases)
            + of_brokers(&self.brokers)
            + listed(&self.caches, |cache| cache.heap_bytes());
        size_of::<Self>() + context + requests + services + stores + self.recorder.heap_bytes()
    }
}

/// A list, and what its elements have beside it.
fn listed<T>(list: &[T], beside: impl Fn(&T) -> usize) -> usize {
    size_of_val(list) + list.iter().map(beside).sum::<usize>()
}

fn of_instance(instance: &InstanceState) -> usize {
    instance.server.facility.heap_bytes()
        + instance.outcomes.heap_bytes()
        + listed(&instance.clients, |client| client.heap_bytes())
        + instance.pools.database.heap_bytes()
        + instance.pools.cache.heap_bytes()
}

fn of_databases(databases: &Databases) -> usize {
    let clusters = listed(&databases.clusters, |cluster| {
        cluster.own_writes.heap_bytes() + cluster.latency.heap_bytes() + cluster.replication_lag.heap_bytes()
    });
    let nodes = listed(&databases.nodes, |node| {
        node.facility.heap_bytes() + node.feed.heap_bytes() + node.latency.heap_bytes()
    });
    clusters + nodes
}

fn of_brokers(brokers: &Brokers) -> usize {
    let of_all = listed(&brokers.brokers, |it| it.latency.heap_bytes() + it.confirmed.heap_bytes());
    let queues = listed(&brokers.queues, |queue| {
        let by_priority = listed(&queue.delivery_by_priority, |it| it.heap_bytes());
        queue.backlog.heap_bytes() + queue.delivery.heap_bytes() + by_priority
    });
    of_all + queues
}
