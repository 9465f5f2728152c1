//! Time that requests spent, against the time integrals of the stations at which they spent it.

use web_service_model::{
    engine::{distribution::Distribution, time::SimTime},
    model::{database::NodeState, facility::Facility, plan::Step, service::InstanceState, visit::Phase, world::World},
};

/// Two ways to measure the same.
struct Pair {
    what: &'static str,
    /// By requests that succeeded.
    spent: f64,
    /// By stations, for whatever they did.
    measured: f64,
}

fn pairs(world: &World) -> Vec<Pair> {
    let now = world.now();
    let spent = |phase: Phase| world.spent().seconds(phase);
    let busy = |facility: &Facility| facility.busy.integral(now);
    let queue = |facility: &Facility| facility.queue.integral(now);
    let instances = || world.instances().iter().map(|instance| &instance.server.facility);
    let nodes = || world.nodes().iter().map(|node| &node.facility);
    let caches = || world.caches().iter().map(|cache| &cache.facility);
    let pools = world.instances().iter().flat_map(|instance| [&instance.pools.database, &instance.pools.cache]);
    let lines = world.services().iter().map(|service| &service.front.line);
    let waits = instances().chain(nodes()).chain(caches()).chain(pools).chain(lines);
    let network = world.network();
    vec![
        Pair {
            what: "at instances",
            // (Shared workers have no queue, but a station's integrals tell who would wait if they were not shared.)
            spent: spent(Phase::Processing) + spent(Phase::Auth) + spent(Phase::Queueing),
            measured: instances().map(busy).sum::<f64>() + waits.map(queue).sum::<f64>(),
        },
        Pair {
            what: "at caches",
            // (Under a policy, waits and the ways there and back are told as time of the cache, too.)
            spent: if world.topology().guards.is_empty() { spent(Phase::Cache) } else { 0.0 },
            measured: caches().map(busy).sum::<f64>() + following(world),
        },
        Pair {
            what: "in handshakes",
            spent: spent(Phase::Handshakes),
            measured: network.tcp.sum() + network.tls.sum(),
        },
        Pair { what: "in flight", spent: world.totals().outcomes.latency.sum(), measured: in_flight(world, now) },
    ]
}

/// Waiting for whoever fetches a key is time of the cache, too, though none of its connections is busy: at most as long as all
/// look-ups took that found something out, at a cache that may have let them wait. (Somebody may have changed that by now.)
fn following(world: &World) -> f64 {
    let caches = world.caches().iter().filter(|cache| cache.keys_held().is_some() || cache.coalesced > 0);
    caches.map(|cache| cache.latency.sum()).sum()
}

fn in_flight(world: &World, now: SimTime) -> f64 {
    world.totals().in_flight.integral(now)
}

/// An instance at which nothing is done but processing: a visit is there from its way there to its way back.
fn at_an_instance(world: &World, id: usize, instance: &InstanceState) -> Option<Pair> {
    let topology = world.topology();
    let service = &topology.services[topology.instances[id].service.index()];
    let [read, write] = [service.read, service.write].map(|endpoint| topology.endpoints[endpoint.index()].plan.clone());
    let plans = read.start.min(write.start)..read.end.max(write.end);
    let is_here = |step: &Step| matches!(step, Step::Connect | Step::Login | Step::Process { .. } | Step::Answer);
    let steps = &topology.steps[plans.start as usize..plans.end as usize];
    let network = &topology.network;
    let mut delays = network.delays.iter().chain([&network.tcp, &network.tls]);
    (steps.iter().all(is_here) && delays.all(Distribution::is_zero)).then(|| Pair {
        what: "at an instance",
        spent: instance.outcomes.latency.sum(),
        measured: instance.server.facility.busy.integral(world.now())
            + instance.server.facility.queue.integral(world.now()),
    })
}

/// Whether one figure exceeds the other by more than rounding.
fn exceeds(one: f64, other: f64) -> bool {
    one > other + 1e-6 * (1.0 + other.abs())
}

/// Requests cannot have spent more time at stations than there was. (What was spent before the end of a warm-up
/// counts for a request that ends after it, but not for the stations.)
pub fn wrong(world: &World) -> Vec<String> {
    if world.totals().since > SimTime::ZERO {
        return Vec::new();
    }
    let pairs = pairs(world);
    let too_much = pairs.iter().filter(|pair| exceeds(pair.spent, pair.measured));
    too_much.map(|pair| format!("{}: {} spent, {} measured", pair.what, pair.spent, pair.measured)).collect()
}

/// Differences where there must be none: when nothing failed, nothing was called and nobody is there any more.
pub fn inexact(world: &World) -> Vec<String> {
    let now = world.now();
    let mut pairs = pairs(world);
    let nodes = world.nodes();
    let published: f64 = world.brokers().iter().map(|broker| broker.latency.sum()).sum();
    pairs.push(Pair { what: "at the broker", spent: world.spent().seconds(Phase::Broker), measured: published });
    pairs.push(Pair {
        what: "at nodes, by requests",
        spent: world.spent().seconds(Phase::Database),
        measured: nodes.iter().map(|node| node.facility.busy.integral(now)).sum(),
    });
    pairs.push(Pair {
        what: "at nodes, by operations",
        spent: nodes.iter().map(|node| node.latency.sum()).sum(),
        measured: nodes.iter().map(|node| node.facility.busy.integral(now) + node.facility.queue.integral(now)).sum(),
    });
    pairs.push(Pair {
        what: "visits",
        spent: world.services().iter().map(|service| service.outcomes.latency.sum()).sum(),
        measured: in_flight(world, now),
    });
    pairs.push(Pair {
        what: "messages",
        spent: world.queues().iter().map(|queue| queue.delivery.sum()).sum(),
        measured: published
            + world.queues().iter().map(|queue| queue.size.integral(now) + queue.busy.integral(now)).sum::<f64>(),
    });
    pairs.push(Pair {
        what: "queries",
        spent: world.clusters().iter().map(|cluster| (cluster.counts.reads + cluster.counts.writes) as f64).sum(),
        measured: world.clusters().iter().map(|cluster| cluster.latency.count() as f64).sum(),
    });
    // Little's law for every station by itself.
    let node = |node: &NodeState| Pair {
        what: "at a node",
        spent: node.latency.sum(),
        measured: node.facility.busy.integral(now) + node.facility.queue.integral(now),
    };
    pairs.extend(nodes.iter().map(node));
    pairs.extend(world.caches().iter().map(|cache| Pair {
        what: "at a cache",
        spent: cache.latency.sum(),
        measured: cache.facility.busy.integral(now) + cache.facility.queue.integral(now),
    }));
    pairs.extend(world.instances().iter().enumerate().filter_map(|(id, instance)| at_an_instance(world, id, instance)));
    let differ = pairs.iter().filter(|pair| exceeds(pair.spent, pair.measured) || exceeds(pair.measured, pair.spent));
    differ.map(|pair| format!("{}: {} spent, {} measured", pair.what, pair.spent, pair.measured)).collect()
}
