//! Services and their instances, the authorisation service among them.

use std::ops::Range;

use super::{
    Path, Problems,
    admission::admission,
    balancer::{balancing, keep_alive, line, primaries},
    calls, endpoint,
    fault::in_progress,
    layout::Layout,
    lifecycle,
    policy::Policies,
    scalability::scalability,
    stores,
    stores::Stores,
    upstream::{knowledge, next_upstream, no_next_upstream},
};
use crate::{
    config::{
        error::quoted,
        limits::{CYCLE_SECONDS_MIN, READ_RETRIES_MAX, WORKERS_MAX},
        schema::{self, AuthConfig, DistributionConfig, PoolConfig, Seconds, ServiceConfig, Shape},
    },
    engine::{codel::Codel, distribution::Distribution, time::Duration},
    model::topology::{
        Auth, Balancing, CacheId, CacheUse, Call, ClusterId, Component, ComponentKind, DatabaseUse, Discipline,
        Endpoint, EndpointId, Holds, Instance, InstanceId, Knowledge, Lifecycle, OnCacheError, OnError, Pool,
        PublishUse, Service, ServiceId,
    },
};

/// What comes of the services.
pub(super) struct Services {
    pub services: Vec<Service>,
    pub instances: Vec<Instance>,
    pub components: Vec<Component>,
    pub calls: Vec<Call>,
    pub endpoints: Vec<Endpoint>,
    pub auth: Option<Auth>,
}

pub(super) fn resolve(problems: &mut Problems, layout: &Layout, policies: &Policies) -> Services {
    let config = layout.config;
    let mut made = Services {
        services: Vec::new(),
        instances: Vec::new(),
        components: Vec::new(),
        calls: Vec::new(),
        endpoints: Vec::new(),
        auth: None,
    };
    for (position, (name, service, instances)) in layout.services().enumerate() {
        let root = Path::Root;
        let list = root.key("services");
        let path = list.key(name);
        let id_of_service = ServiceId(position as u32);
        let first = made.calls.len() as u32;
        calls::resolve(problems, &path, (layout, policies), service, &mut made.calls);
        let own = made.calls[first as usize..].to_vec();
        let used = stores::resolve(problems, &path, policies, service, &mut made.calls);
        let publish = service.publish.as_ref();
        let publish = publish.and_then(|publish| {
            stores::publish(problems, &path.key("publish"), (layout, policies), publish, &mut made.calls)
        });
        let declared =
            endpoint::named(problems, &path, (layout, policies, used), (id_of_service, service), &mut made.calls);
        let calls = first..made.calls.len() as u32;
        let read = EndpointId(made.endpoints.len() as u32);
        let used = (used, publish);
        let mut resolved = resolve_service(problems, &path, layout, (name, service), used, (instances.clone(), calls));
        (resolved.read, resolved.write) = (read, EndpointId(read.0 + 1));
        made.endpoints.extend(
            [true, false].map(|is_read| endpoint::unnamed((&resolved, Some(service)), id_of_service, &own, is_read)),
        );
        made.endpoints.extend(declared);
        made.services.push(resolved);
        let primaries = primaries(problems, &path, service);
        let weights = instance_weights(problems, &path, service, primaries);
        let outages = problems.outages(&path, service.outages.as_ref());
        for (i, id) in instances.enumerate() {
            let (cluster, cache) = stores(layout, service, i as u32);
            let weight = weights.get(i % weights.len().max(1)).copied().unwrap_or(1.0);
            let is_backup = service.backups > 0 && i as u32 >= primaries;
            made.instances.push(Instance { service: id_of_service, weight, is_backup, cluster, cache });
            let kind = ComponentKind::Instance(InstanceId(id));
            let name = format!("{name}-{i}");
            let in_progress = in_progress(service.outages.as_ref());
            made.components.push(Component { name, kind, outages: outages.clone(), in_progress, is_retired: false });
        }
    }
    calls::check(problems, layout);
    if let Some(auth) = &config.auth {
        let instances = layout.instances.last().cloned().unwrap_or_default();
        resolve_auth(problems, auth, instances, &mut made);
    }
    made
}

fn resolve_service(
    problems: &mut Problems,
    path: &Path,
    layout: &Layout,
    (name, config): (&str, &ServiceConfig),
    (stores, publish): (Stores, Option<PublishUse>),
    (instances, calls): (Range<u32>, Range<u32>),
) -> Service {
    if config.requires_auth && layout.config.auth.is_none() {
        problems.report(&path.key("requires_auth"), "needs `auth`: without it nobody ever has a session");
    }
    // (A step may say what follows a miss.)
    if config.cache.is_some() && config.database.is_none() && !config.has_endpoints_only() {
        problems.report(&path.key("cache"), "needs a `database`: a miss must have something to read");
    }
    let database = config.database.as_ref().map(|used| DatabaseUse {
        name: used.name.clone(),
        call: stores.database,
        on_read_error: on_error(used.on_read_error),
        on_write_error: on_error(used.on_write_error),
        read_retries: problems.count(
            &path.key("database").key("read_retries"),
            used.read_retries,
            0..=READ_RETRIES_MAX,
        ),
        pool: used.pool.as_ref().map(|pool| resolve_pool(problems, &path.key("database").key("pool"), pool)),
    });
    let station = (config.workers, config.queue_limit);
    check_station(problems, path, "workers", station);
    Service {
        name: name.to_owned(),
        instances: instances.map(InstanceId).collect(),
        balancing: balancing(problems, path, config),
        line: line(problems, path, config),
        keep_alive: keep_alive(problems, path, config),
        knowledge: config
            .knowledge
            .as_ref()
            .map_or(Knowledge::AtOnce, |config| knowledge(problems, &path.key("knowledge"), config)),
        next_upstream: config
            .next_upstream
            .as_ref()
            .map_or_else(no_next_upstream, |next| next_upstream(problems, &path.key("next_upstream"), next)),
        service_time: service_time(problems, path, config),
        admission: config.admission.as_ref().map(|config| admission(problems, &path.key("admission"), config)),
        workers: config.workers,
        scalability: config.scalability.as_ref().map(|config| scalability(problems, &path.key("scalability"), config)),
        queue_limit: config.queue_limit,
        longest_wait: longest_wait(problems, path, config),
        codel: codel(problems, path, config),
        holds: holds(problems, path, config),
        discipline: discipline(config.discipline, lifo_after(problems, path, config)),
        lifecycle: lifecycle::resolve(problems, path, config),
        requires_auth: config.requires_auth,
        fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
        cache: config.cache.as_ref().map(|used| CacheUse {
            name: used.name.clone(),
            on_error: on_cache_error(used.on_error),
            pool: used.pool.as_ref().map(|pool| resolve_pool(problems, &path.key("cache").key("pool"), pool)),
            call: stores.cache,
            flush_after: resolve_flush(problems, layout, &path.key("cache"), used),
        }),
        database,
        publish,
        calls,
        read: EndpointId::NONE,
        write: EndpointId::NONE,
    }
}

/// How long a request waits for a worker.
fn longest_wait(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Option<Distribution> {
    let wait = config.longest_wait.as_ref()?;
    let path = path.key("longest_wait");
    somebody_waits(problems, &path, config);
    Some(problems.distribution(&path, wait))
}

/// What is said of those who wait makes no sense where nobody does.
fn somebody_waits(problems: &mut Problems, path: &Path, config: &ServiceConfig) {
    if config.workers.is_none() {
        problems.report(path, "has no effect without `workers` (nobody waits where any number is served at a time)");
    } else if config.discipline == schema::Discipline::ProcessorSharing {
        problems.report(path, "has no effect with `processor_sharing` (nobody waits, everybody slows down)");
    }
}

fn codel(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Option<Codel> {
    let codel = config.codel.as_ref()?;
    let path = path.key("codel");
    somebody_waits(problems, &path, config);
    Some(Codel {
        target: problems.span(&path.key("target"), codel.target),
        interval: problems.span_from(&path.key("interval"), codel.interval, CYCLE_SECONDS_MIN),
    })
}

/// When the queue of `adaptive_lifo` turns, if nothing is said.
const LIFO_AFTER: Duration = Duration::from_nanos(100_000_000);

fn lifo_after(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Option<Duration> {
    let path = path.key("lifo_after");
    if config.discipline != schema::Discipline::AdaptiveLifo {
        config.lifo_after.iter().for_each(|_| problems.report(&path, "has no effect without `adaptive_lifo`"));
    }
    config.lifo_after.map(|after| problems.span(&path, after))
}

fn holds(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Holds {
    if config.holds == schema::Holds::Processing {
        return Holds::Processing;
    }
    let path = path.key("holds");
    if config.workers.is_none() {
        problems.found(&path, quoted("request"), "has no effect without `workers` (there are enough for everybody)");
    } else if config.discipline == schema::Discipline::ProcessorSharing {
        problems.found(&path, quoted("request"), "needs workers that are not shared (`processor_sharing`)");
    }
    Holds::Request
}

pub(super) fn resolve_pool(problems: &mut Problems, path: &Path, config: &PoolConfig) -> Pool {
    Pool {
        size: problems.count(&path.key("size"), config.size, 1..=WORKERS_MAX),
        longest_wait: Some(problems.span(&path.key("longest_wait"), config.longest_wait)),
    }
}

/// Exactly one of `service_time` and `base_latency`.
fn service_time(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Distribution {
    match (&config.service_time, config.base_latency) {
        (Some(time), None) => problems.distribution(&path.key("service_time"), time),
        (None, Some(base)) => {
            let errors = problems.len();
            let path = path.key("base_latency");
            let base = problems.within(&path, base.0, 0.0..=5e8, "a time, 0 to 5e8 seconds");
            let uniform = DistributionConfig(Shape::Uniform([Seconds(base), Seconds(2.0 * base)]));
            if problems.len() > errors { Distribution::ZERO } else { problems.distribution(&path, &uniform) }
        }
        (Some(_), Some(_)) => {
            problems.report(path, "has both `service_time` and `base_latency` (one of them)");
            Distribution::ZERO
        }
        (None, None) if config.has_endpoints_only() => Distribution::ZERO,
        (None, None) => {
            problems.report(path, "needs `service_time` or `base_latency`");
            Distribution::ZERO
        }
    }
}

/// Workers (or connections) and places to wait for them.
pub(super) fn check_station(problems: &mut Problems, path: &Path, servers: &str, station: (Option<u32>, Option<u32>)) {
    problems.count_if(&path.key(servers), station.0, 1..=WORKERS_MAX);
    if let (None, Some(limit)) = station {
        let rule = format!("has no effect without `{servers}` (nobody waits where any number is served at a time)");
        problems.found(&path.key("queue_limit"), limit, rule);
    }
}

fn instance_weights(problems: &mut Problems, path: &Path, config: &ServiceConfig, primaries: u32) -> Vec<f64> {
    let path = path.key("weights");
    let checked = config.weights.iter().enumerate();
    let weights: Vec<f64> = checked.map(|(i, weight)| problems.weight(&path.index(i), *weight)).collect();
    let used = weights.len().min(primaries as usize);
    if weights.is_empty() {
        problems.found(&path, "[]", "is too short (at least one weight)");
    } else if used > 0 && weights[..used].iter().all(|weight| *weight == 0.0) {
        let rule = match config.backups {
            0 => "leaves every instance without weight (at least one above 0)",
            _ => "leaves every instance that is no backup without weight (at least one above 0)",
        };
        problems.report(&path, rule);
    }
    weights
}

/// How long the database hears of a write after the cache.
fn resolve_flush(problems: &mut Problems, layout: &Layout, path: &Path, used: &schema::CacheUse) -> Duration {
    let knows_keys = layout.config.caches.get(&used.name).is_none_or(|cache| cache.keyed.is_some());
    if used.writes.is_some() && !knows_keys {
        problems.report(&path.key("writes"), "needs a cache that knows its keys (`keyed`)");
    }
    problems.span(&path.key("flush_after"), used.flush_after.unwrap_or(Seconds(1.0)))
}

/// The cluster and the cache of an instance.
fn stores(layout: &Layout, service: &ServiceConfig, instance: u32) -> (Option<ClusterId>, Option<CacheId>) {
    let config = layout.config;
    let cluster = service.database.as_ref().and_then(|used| {
        let position = config.db_clusters.get_index_of(&used.name)?;
        Some(ClusterId(layout.clusters[position].of_instance(instance)))
    });
    let cache = service.cache.as_ref().and_then(|used| {
        let position = config.caches.get_index_of(&used.name)?;
        Some(CacheId(layout.caches[position].of_instance(instance)))
    });
    (cluster, cache)
}

fn resolve_auth(problems: &mut Problems, config: &AuthConfig, instances: Range<u32>, made: &mut Services) {
    let root = Path::Root;
    let path = root.key("auth");
    let service = ServiceId(made.services.len() as u32);
    check_station(problems, &path, "workers", (config.workers, config.queue_limit));
    let outages = problems.outages(&path, config.outages.as_ref());
    for (i, id) in instances.clone().enumerate() {
        made.instances.push(Instance { service, weight: 1.0, is_backup: false, cluster: None, cache: None });
        let (name, kind) = (format!("{}-{i}", config.name), ComponentKind::Instance(InstanceId(id)));
        let in_progress = in_progress(config.outages.as_ref());
        made.components.push(Component { name, kind, outages: outages.clone(), in_progress, is_retired: false });
    }
    let no_calls = made.calls.len() as u32;
    made.services.push(Service {
        name: config.name.clone(),
        instances: instances.clone().map(InstanceId).collect(),
        balancing: Balancing::USUAL,
        line: None,
        keep_alive: None,
        knowledge: Knowledge::AtOnce,
        next_upstream: no_next_upstream(),
        service_time: problems.distribution(&path.key("processing"), &config.processing),
        admission: None,
        workers: config.workers,
        scalability: None,
        queue_limit: config.queue_limit,
        longest_wait: None,
        holds: Holds::Processing,
        codel: None,
        discipline: discipline(config.discipline, None),
        lifecycle: Lifecycle { initial: instances.len() as u32, ..Lifecycle::default() },
        requires_auth: false,
        fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
        cache: None,
        database: None,
        publish: None,
        calls: no_calls..no_calls,
        read: EndpointId::NONE,
        write: EndpointId::NONE,
    });
    let auth = made.services.last_mut();
    let read = EndpointId(made.endpoints.len() as u32);
    auth.into_iter().for_each(|auth| (auth.read, auth.write) = (read, EndpointId(read.0 + 1)));
    let login = Endpoint { service, name: None, tasks: Vec::new(), is_idempotent: true, class: None, plan: 0..0 };
    made.endpoints.extend([login.clone(), login]);
    made.auth = Some(Auth {
        service,
        success_prob: problems.probability(&path.key("success_prob"), config.success_prob),
        session_ttl: config.session_ttl.map(|ttl| problems.span(&path.key("session_ttl"), ttl)),
    });
}

pub(super) const fn on_cache_error(wire: schema::OnCacheError) -> OnCacheError {
    match wire {
        schema::OnCacheError::Fail => OnCacheError::Fail,
        schema::OnCacheError::FallBack => OnCacheError::FallBack,
    }
}

pub(super) const fn on_error(wire: schema::OnError) -> OnError {
    match wire {
        schema::OnError::Fail => OnError::Fail,
        schema::OnError::Ignore => OnError::Ignore,
    }
}

fn discipline(wire: schema::Discipline, lifo_after: Option<Duration>) -> Discipline {
    match wire {
        schema::Discipline::Fifo => Discipline::Fifo,
        schema::Discipline::Lifo => Discipline::Lifo,
        schema::Discipline::AdaptiveLifo => Discipline::AdaptiveLifo(lifo_after.unwrap_or(LIFO_AFTER)),
        schema::Discipline::Priority => Discipline::Priority,
        schema::Discipline::ProcessorSharing => Discipline::ProcessorSharing,
    }
}
