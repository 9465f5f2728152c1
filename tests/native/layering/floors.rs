//! The floors of the model: who may name whom inside it.

use super::{files, none, source::Source};

/// Modules of the model, from the lowest floor to the highest. On the highest one is whatever sees the world as a whole.
const FLOORS: [(&str, &[&str]); 4] = [
    ("what there is", &["cause", "graft", "plan", "policy", "topology"]),
    (
        "nouns",
        &[
            "arrivals",
            "balancer",
            "choosing",
            "connections",
            "event",
            "facility",
            "feed",
            "flights",
            "health",
            "host",
            "keys",
            "log",
            "marks",
            "names",
            "network",
            "outcomes",
            "own_writes",
            "pace",
            "partition",
            "pool",
            "population",
            "post",
            "presence",
            "trace",
            "visit",
            "visit_end",
            "whereabouts",
        ],
    ),
    ("what everybody sees", &["context", "testing", "work"]),
    ("edges", &["client", "edge", "exchange"]),
];

/// Components, each of which sees what stands below, and nothing of the others.
const ROOMS: [&[&str]; 5] = [
    &["cache"],
    &[
        "address",
        "behind",
        "contention",
        "database",
        "failover",
        "lease",
        "members",
        "persistence",
        "replication",
        "routes",
        "standbys",
    ],
    &["broker", "consumer"],
    &["admission", "server", "shared_workers"],
    &["front", "knowledge"],
];
/// The floor below the rooms.
const BELOW_ROOMS: usize = 2;

/// Where a module stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Floor(usize),
    Room(usize),
    World,
}

fn place(module: &str) -> Place {
    if let Some(floor) = FLOORS.iter().position(|(_, modules)| modules.contains(&module)) {
        return Place::Floor(floor);
    }
    ROOMS.iter().position(|modules| modules.contains(&module)).map_or(Place::World, Place::Room)
}

/// Whether somebody may name somebody.
fn may(namer: Place, named: Place) -> bool {
    match (namer, named) {
        (Place::World, _) => true,
        (_, Place::World) => false,
        (Place::Floor(one), Place::Floor(other)) => other <= one,
        (Place::Floor(_), Place::Room(_)) => false,
        (Place::Room(_), Place::Floor(floor)) => floor <= BELOW_ROOMS,
        (Place::Room(one), Place::Room(other)) => one == other,
    }
}

/// The module of the model that a file belongs to.
fn module(source: &Source) -> Option<&str> {
    source.path.strip_prefix("src/model/")?.trim_end_matches(".rs").split('/').next().filter(|&name| name != "mod")
}

/// What a file of the model names that it may not.
fn wrong_floors(source: &Source) -> Vec<String> {
    let Some(own) = module(source) else { return Vec::new() };
    let named = source.named_below("model").into_iter().filter(|(_, named)| !may(place(own), place(named)));
    named.map(|(line, named)| format!("{}:{line}: {own} names {named}", source.path)).collect()
}

#[test]
fn the_model_is_built_in_floors() {
    let sources = files(&["src/model"]);
    none(sources.iter().flat_map(wrong_floors).collect());
    let modules: Vec<&str> = sources.iter().filter_map(module).collect();
    let known = FLOORS.iter().flat_map(|(_, modules)| modules.iter()).chain(ROOMS.iter().copied().flatten());
    none(known.filter(|known| !modules.contains(known)).map(|known| format!("there is no {known}")).collect());
}

/// Whoever does things with the world as a whole stands on its floor.
#[test]
fn only_the_highest_floor_knows_the_world() {
    let sources = files(&["src/model"]);
    let below = sources.iter().filter(|source| module(source).is_some_and(|it| place(it) != Place::World));
    none(below.filter(|source| source.code.contains("World")).map(|source| source.path.clone()).collect());
}

#[test]
fn a_wrong_floor_is_found() {
    let wrong = |path: &str, text: &str| wrong_floors(&Source::new(path, text));
    assert_eq!(wrong("src/model/cache.rs", "use super::{\n    keys::Keys,\n    context::Context,\n};"), [""; 0]);
    assert_eq!(
        wrong("src/model/cache.rs", "use super::{\n    keys::Keys,\n    server::Server,\n};"),
        ["src/model/cache.rs:1: cache names server"]
    );
    assert_eq!(wrong("src/model/visit.rs", "super::cache::f()"), ["src/model/visit.rs:1: visit names cache"]);
    assert_eq!(wrong("src/model/broker.rs", "use super::edge::Edge;"), ["src/model/broker.rs:1: broker names edge"]);
    assert_eq!(
        wrong(
            "src/model/policy/hpa.rs",
            "use crate::{\n    engine::time,\n    model::{visit::Visit, cause::Cause},\n};"
        ),
        ["src/model/policy/hpa.rs:3: policy names visit"]
    );
    assert_eq!(
        wrong("src/model/trace/a.rs", "super::super::database::f()"),
        ["src/model/trace/a.rs:1: trace names database"]
    );
    assert_eq!(wrong("src/model/world.rs", "use super::cache::CacheState;"), [""; 0]);
}
