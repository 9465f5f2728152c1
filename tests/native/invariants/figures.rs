//! Figures of a report that must agree with each other.

use std::collections::BTreeMap;

use serde_json::Value;
use web_service_model::{
    engine::time::SimTime,
    model::{topology::InstanceId, world::World},
    report::{Cache, DbCluster, Edge, Latency, Level, Node, Report, Service},
};

/// Figures that may be `null`: there is no mean of nothing.
const ABSENT: [&str; 13] = [
    "mean",
    "p50",
    "p90",
    "p95",
    "p99",
    "p999",
    "min",
    "max",
    "amplification",
    "success_ratio",
    "hit_ratio",
    "keys",
    "latency_mean",
];
/// Figures between 0 and 1.
const SHARES: [&str; 5] = ["availability", "availability_any", "success_ratio", "hit_ratio", "consumer_utilisation"];

/// Collects what is wrong.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn equal(&mut self, what: &str, one: u64, other: u64) {
        if one != other {
            self.0.push(format!("{what}: {one} is not {other}"));
        }
    }

    fn close(&mut self, what: &str, one: f64, other: f64) {
        if (one - other).abs() > 1e-9 + 1e-6 * other.abs() {
            self.0.push(format!("{what}: {one} is not {other}"));
        }
    }

    fn at_most(&mut self, what: &str, one: f64, other: f64) {
        if one > other + 1e-9 * (1.0 + other.abs()) || one.is_nan() {
            self.0.push(format!("{what}: {one} is more than {other}"));
        }
    }
}

/// Everything that is wrong with the report on a system.
pub fn wrong(world: &World, report: &Report) -> Vec<String> {
    let mut wrong = Wrong::default();
    requests(&mut wrong, world, report);
    for (name, service) in report.services.iter() {
        check_service(&mut wrong, name, service, (has_scaled(world, name), has_lined_up(world, name)));
    }
    for (name, cluster) in report.db_clusters.iter() {
        let id = world.topology().clusters.iter().position(|other| other.name == *name).expect("it is reported");
        let since = world.clusters()[id].available.seconds(world.now());
        let is_from_start = since == world.now().as_seconds();
        check_cluster(&mut wrong, name, cluster, is_from_start);
        if is_from_start {
            // What was acknowledged is in the history of the primary, or counted as lost. (What was committed may be in
            // the history without having been acknowledged.)
            let durable = cluster.acknowledged_writes.saturating_sub(cluster.lost_writes);
            wrong.at_most("acknowledged and not lost writes", durable as f64, world.clusters()[id].committed() as f64);
        }
        wrong.close(name, cluster.unavailable_seconds, since * (1.0 - cluster.availability));
        let connections = world.topology().clusters[id].connections;
        for (name, node) in cluster.nodes.iter() {
            check_node(&mut wrong, name, node, connections.is_some());
        }
    }
    for (name, cache) in report.caches.iter() {
        check_cache(&mut wrong, name, cache);
    }
    report.edges.iter().for_each(|(name, edge)| check_edge(&mut wrong, name, edge));
    edges_of_users(&mut wrong, world, report);
    gates(&mut wrong, world, report);
    queues(&mut wrong, world, report);
    utilisations(&mut wrong, world, report);
    numbers(&mut wrong, "report", &serde_json::to_value(report).expect("JSON"));
    wrong.0
}

/// Whether a service has, or had, other instances than at the start: then their figures do not add up to its own.
fn has_scaled(world: &World, name: &str) -> bool {
    let topology = world.topology();
    let seconds = world.now().since(world.totals().since).as_seconds();
    let of_service = |instance: &usize| topology.services[topology.instances[*instance].service.index()].name == name;
    (0..topology.instances.len()).filter(of_service).any(|instance| {
        let component = topology.instance_component(InstanceId(instance as u32));
        let is_retired = topology.components[component.index()].is_retired;
        let was_there = world.hosts()[instance].presence.there.mean(world.now()) == 1.0;
        is_retired || !was_there || world.health(component).up.seconds(world.now()) < seconds
    })
}

/// Whether visits to a service have waited at its balancer, perhaps in vain: then they are not to be found at its instances.
fn has_lined_up(world: &World, name: &str) -> bool {
    let mut services = world.topology().services.iter().zip(world.services());
    services.any(|(service, state)| service.name == name && state.front.line.queue.max() > 0.0)
}

/// Every attempt has succeeded, failed, been given up, or is under way; and so has every part of them.
fn check_edge(wrong: &mut Wrong, name: &str, edge: &Edge) {
    let ended = edge.succeeded + edge.failed + edge.given_up;
    wrong.equal(name, edge.attempts + edge.carried_over, ended + edge.in_flight);
    let by_breaker = edge.breaker.as_ref().map_or(0, |breaker| breaker.refused);
    let by_bulkhead = edge.bulkhead.as_ref().map_or(0, |bulkhead| bulkhead.refused);
    let mut at_most =
        |what: &str, one: u64, other: u64| wrong.at_most(&format!("{name}, {what}"), one as f64, other as f64);
    at_most("refused", by_breaker + by_bulkhead + edge.limited, edge.failed);
    at_most("retries", edge.retries, edge.attempts);
    at_most("won by hedges", edge.hedges_won, edge.succeeded);
    if let Some(bulkhead) = &edge.bulkhead {
        at_most("in the bulkhead", (bulkhead.inside.now + bulkhead.waiting.now) as u64, edge.in_flight);
    }
}

/// What is counted on the edges of users who all have policies is what is counted of their requests, where these are not
/// logins as well.
fn edges_of_users(wrong: &mut Wrong, world: &World, report: &Report) {
    let topology = world.topology();
    let groups = &topology.users;
    if topology.auth.is_some() || groups.iter().any(|group| group.policy.is_plain()) {
        return;
    }
    let is_of_users = |edge: &&Edge| groups.iter().any(|group| group.name == edge.from);
    let sum = |figure: fn(&Edge) -> u64| report.edges.values().filter(is_of_users).map(figure).sum::<u64>();
    wrong.equal("attempts of users", sum(|edge| edge.attempts), report.requests.attempts);
    wrong.equal("retries of users", sum(|edge| edge.retries), report.requests.retries);
    // (Who is asked in the end instead of the others may time out, too. That a service's store has timed out is told, and
    // counts as if the user had given up: `runtime::policies::a_timeout_further_on_is_a_failure`.)
    let has_fallbacks = groups.iter().any(|group| group.policy.fallback.is_some());
    let asks_stores = report.edges.values().any(|edge| report.services.get(&edge.to).is_none());
    if !has_fallbacks && !asks_stores {
        wrong.equal("attempts given up by users", sum(|edge| edge.given_up), report.requests.timeouts);
    }
}

/// Whoever has been let in is inside until he is out, however that comes.
fn gates(wrong: &mut Wrong, world: &World, report: &Report) {
    for (id, instance) in world.instances().iter().enumerate() {
        let Some(gate) = &instance.server.gate else { continue };
        let inside = world.admitted(InstanceId(id as u32)) as u64;
        wrong.equal("inside an instance", gate.count().into(), inside);
        wrong.equal("inside an instance, measured", gate.inside.value() as u64, inside);
    }
    for (name, instance) in report.services.values().flat_map(|service| &service.instances) {
        if let Some(admission) = &instance.admission {
            // (A request that was not let in is over when its answer has arrived.)
            let answered = instance.failures.get("not_admitted").copied().unwrap_or(0);
            if report.warm_up_seconds == 0.0 {
                wrong.at_most(name, answered as f64, admission.refused as f64);
            }
        }
    }
}

fn sum(failures: &BTreeMap<&'static str, u64>) -> u64 {
    failures.values().sum()
}

fn requests(wrong: &mut Wrong, world: &World, report: &Report) {
    let requests = &report.requests;
    wrong.equal("requests", requests.total, requests.succeeded + requests.failed);
    wrong.equal("failed requests", requests.failed, sum(&requests.failures));
    latency(wrong, "latency", &requests.latency, Some(requests.succeeded));
    if let Some(mean) = requests.latency.mean {
        wrong.close("time_in", requests.time_in.values().sum(), mean);
    }
    latency(wrong, "response", &requests.response, Some(requests.total));
    let groups = report.users.values().map(|group| {
        latency(wrong, "a group's response", &group.response, Some(group.total));
        group.total
    });
    let of_groups: u64 = groups.sum();
    wrong.at_most("requests of groups", of_groups as f64, requests.total as f64);
    wrong.at_most("no amplification", 1.0, requests.amplification.unwrap_or(1.0));
    wrong.equal("in flight", requests.in_flight, world.totals().in_flight.value() as u64);
    if world.totals().since == SimTime::ZERO {
        // Every login and every request has one first attempt, those in flight included.
        wrong.equal("first attempts", requests.attempts - requests.retries, requests.total + requests.in_flight);
        let logins = report.auth.succeeded + report.auth.failed;
        wrong.at_most("logins", logins as f64, requests.total as f64 + requests.in_flight as f64);
    }
    let rejected = requests.failures.get("unauthorised").copied().unwrap_or(0);
    wrong.at_most("rejected requests", rejected as f64, report.auth.rejected as f64);
}

fn check_service(wrong: &mut Wrong, name: &str, service: &Service, (has_scaled, has_lined_up): (bool, bool)) {
    wrong.equal(name, service.total, service.succeeded + service.failed);
    wrong.equal(name, service.failed, sum(&service.failures));
    latency(wrong, name, &service.latency, Some(service.succeeded));
    if let Some(mean) = service.latency.mean {
        wrong.close(name, service.time_in.values().sum(), mean);
    }
    let failed_before = ["unauthorised", "no_instance", "simulator_full"];
    let before: u64 = failed_before.iter().filter_map(|cause| service.failures.get(cause)).sum();
    let instances = || service.instances.iter().map(|(_, instance)| instance);
    let (total, succeeded) = instances().fold((0, 0), |(t, s), instance| (t + instance.total, s + instance.succeeded));
    if has_scaled {
        wrong.at_most(name, (before + total) as f64, service.total as f64);
        wrong.at_most(name, succeeded as f64, service.succeeded as f64);
    } else {
        match has_lined_up {
            true => wrong.at_most(name, (before + total) as f64, service.total as f64),
            false => wrong.equal(name, service.total, before + total),
        }
        wrong.equal(name, service.succeeded, succeeded);
    }
    // (Instances that come and go are measured while they are there.)
    if !has_scaled && service.replicas.is_none() {
        let mean = instances().map(|instance| instance.availability).sum::<f64>() / service.instances.len() as f64;
        wrong.close(name, service.availability, mean);
        wrong.at_most(name, service.availability, service.availability_any);
    }
    for (name, instance) in service.instances.iter() {
        wrong.equal(name, instance.total, instance.succeeded + instance.failed);
        wrong.equal(name, instance.failed, sum(&instance.failures));
        latency(wrong, name, &instance.latency, Some(instance.succeeded));
        level(wrong, name, &instance.queue);
    }
}

fn check_cluster(wrong: &mut Wrong, name: &str, cluster: &DbCluster, is_from_start: bool) {
    latency(wrong, name, &cluster.latency, None);
    latency(wrong, name, &cluster.replication_lag, None);
    if is_from_start {
        // (An answer may get lost on the way: then the node has succeeded and the query has failed.)
        wrong.at_most("failed queries", cluster.failed as f64, (cluster.reads + cluster.writes) as f64);
        wrong.at_most("acknowledged writes", cluster.acknowledged_writes as f64, cluster.writes as f64);
        wrong.at_most("lost writes", cluster.lost_writes as f64, cluster.acknowledged_writes as f64);
        wrong.at_most("stale reads", cluster.stale_reads as f64, cluster.reads as f64);
        wrong.at_most("own stale reads", cluster.own_stale_reads as f64, cluster.stale_reads as f64);
    }
    let primaries = cluster.nodes.iter().filter(|(_, node)| node.role == "primary").count();
    wrong.equal("primaries", primaries as u64, 1);
    for (_, node) in cluster.nodes.iter().filter(|(_, node)| node.role == "primary") {
        wrong.equal("lag of the primary", node.lag_writes, 0);
    }
}

fn check_node(wrong: &mut Wrong, name: &str, node: &Node, is_bounded: bool) {
    latency(wrong, name, &node.latency, Some(node.operations - node.failed));
    level(wrong, name, &node.queue);
    level(wrong, name, &node.lag);
    wrong.equal(name, node.lag.now as u64, node.lag_writes);
    if is_bounded {
        wrong.at_most(name, node.utilisation, 1.0);
    }
    if node.lag_writes == 0 {
        wrong.close(name, node.lag_seconds, 0.0);
    }
}

fn check_cache(wrong: &mut Wrong, name: &str, cache: &Cache) {
    latency(wrong, name, &cache.latency, Some(cache.hits + cache.misses));
}

fn queues(wrong: &mut Wrong, world: &World, report: &Report) {
    for (_, broker) in report.brokers.iter() {
        let sent: u64 = broker.queues.iter().map(|(_, queue)| queue.sent).sum();
        wrong.equal("sent", broker.broker_messages_sent, sent);
        let letters = broker.queues.iter().filter_map(|(_, queue)| queue.dead_letters);
        let letters: u64 = letters.map(|all| all.expired + all.rejected + all.maxlen + all.delivery_limit).sum();
        match broker.unroutable_messages {
            None => latency(wrong, "publishing", &broker.publish_latency, Some(sent - letters)),
            // One message may be for several queues, or for none; and if one of them refuses it, it is not published.
            Some(unroutable) => {
                latency(wrong, "publishing", &broker.publish_latency, None);
                wrong.at_most("publishing", broker.publish_latency.count as f64, (sent - letters + unroutable) as f64);
            }
        }
        if let Some(confirms) = &broker.confirm_latency {
            latency(wrong, "confirming", confirms, None);
        }
    }
    let reported = report.brokers.iter().flat_map(|(_, broker)| broker.queues.iter());
    for (state, (name, queue)) in world.queues().iter().zip(reported) {
        let waiting = state.ready();
        let given_up = [queue.expired, queue.rejected_by_consumer, queue.over_limit, queue.lost_messages];
        let given_up: u64 = given_up.into_iter().flatten().sum();
        let left = queue.consumed + queue.dropped + given_up + queue.unacknowledged + waiting;
        wrong.equal(name, queue.sent + state.counts.carried_over, left);
        wrong.equal(name, queue.size.now as u64, waiting);
        level(wrong, name, &queue.size);
        latency(wrong, name, &queue.delivery, Some(queue.consumed));
    }
}

fn utilisations(wrong: &mut Wrong, world: &World, report: &Report) {
    for (described, (_, service)) in world.topology().services.iter().zip(report.services.iter()) {
        if described.workers.is_some() {
            for (name, instance) in service.instances.iter() {
                wrong.at_most(name, instance.utilisation, 1.0);
            }
        }
    }
}

fn latency(wrong: &mut Wrong, what: &str, latency: &Latency, count: Option<u64>) {
    if let Some(count) = count {
        wrong.equal(what, latency.count, count);
    }
    let figures = [latency.min, latency.p50, latency.p90, latency.p95, latency.p99, latency.p999, latency.max];
    let present: Vec<f64> = figures.into_iter().flatten().collect();
    wrong.equal(what, present.len() as u64, if latency.count > 0 { 7 } else { 0 });
    if !present.is_sorted() {
        wrong.0.push(format!("{what}: percentiles {present:?} are out of order"));
    }
    if let (Some(mean), Some(min), Some(max)) = (latency.mean, latency.min, latency.max) {
        wrong.at_most(what, min, mean);
        wrong.at_most(what, mean, max);
    }
}

fn level(wrong: &mut Wrong, what: &str, level: &Level) {
    wrong.at_most(what, level.mean, level.max);
    wrong.at_most(what, level.now, level.max);
}

/// No number is negative or missing, shares are shares.
fn numbers(wrong: &mut Wrong, path: &str, value: &Value) {
    let key = path.rsplit('.').next().unwrap_or(path);
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            if number.is_nan() || number < 0.0 || (SHARES.contains(&key) && number > 1.0 + 1e-9) {
                wrong.0.push(format!("{path} is {number}"));
            }
        }
        Value::Null if !ABSENT.contains(&key) && key != "broker_avg_latency" => {
            wrong.0.push(format!("{path} is missing"));
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                numbers(wrong, &format!("{path}.{key}"), value);
            }
        }
        _ => {}
    }
}
