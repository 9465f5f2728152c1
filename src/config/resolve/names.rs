//! Names: what they may be made of, and that no two things share one.

use super::{Path, Problems};
use crate::config::{
    limits::{NAME_CHARS_MAX, NAMES_MAX},
    schema::{Config, Named},
};

/// Names that mean something else in faults, or to JavaScript.
const RESERVED: [&str; 3] = ["users", "balancer", "__proto__"];

/// Checks each name by itself. That stamped names don't clash is the layout's business.
pub(super) fn check(problems: &mut Problems, config: &Config) {
    let root = Path::Root;
    check_map(problems, &root.key("users"), &config.users);
    check_map(problems, &root.key("services"), &config.services);
    check_map(problems, &root.key("db_clusters"), &config.db_clusters);
    check_map(problems, &root.key("caches"), &config.caches);
    check_map(problems, &root.key("brokers"), &config.brokers);
    check_map(problems, &root.key("policies"), &config.policies);
    if let Some(auth) = &config.auth {
        check_name(problems, &root.key("auth").key("name"), &auth.name);
    }
    for (name, service) in config.services.iter() {
        check_map(problems, &root.key("services").key(name).key("endpoints"), &service.endpoints);
    }
    let mut queues = 0;
    for (name, broker) in config.brokers.iter() {
        queues += broker.queues.len();
        check_map(problems, &root.key("brokers").key(name).key("queues"), &broker.queues);
        queues += broker.exchanges.len();
        check_map(problems, &root.key("brokers").key(name).key("exchanges"), &broker.exchanges);
    }
    let endpoints: usize = config.services.values().map(|service| service.endpoints.len()).sum();
    let others = config.users.len() + config.policies.len() + endpoints;
    let total = others + config.services.len() + config.db_clusters.len() + config.caches.len() + config.brokers.len();
    if total + queues > NAMES_MAX {
        let rule = format!("has {} named things, too many (at most {NAMES_MAX})", total + queues);
        problems.report(&root, rule);
    }
}

fn check_map<T>(problems: &mut Problems, path: &Path, map: &Named<T>) {
    for name in map.keys() {
        check_name(problems, &path.key(name), name);
    }
}

fn check_name(problems: &mut Problems, path: &Path, name: &str) {
    let rule = if name.is_empty() {
        "is an empty name"
    } else if name.chars().count() > NAME_CHARS_MAX {
        "is too long a name (at most 100 characters)"
    } else if RESERVED.contains(&name) {
        "is a reserved name"
    } else if name.contains('/') {
        "has a `/` in its name (it separates a cluster from its nodes)"
    } else if name.chars().any(char::is_control) || name.trim() != name {
        "has a control character or an outer space in its name"
    } else {
        return;
    };
    problems.report(path, rule);
}
