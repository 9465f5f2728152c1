//! Whether a cluster can do without the replicas that a change would take away.

use crate::{
    config::{ConfigError, path::Path, schema::Config},
    model::{topology::Target, world::World},
};

/// Clusters that would be left without a primary: theirs is one of the nodes to be taken away, and no other node that
/// stays could take over now.
pub fn primaries_missed(world: &World, old: &Config, new: &Config) -> Vec<ConfigError> {
    let root = Path::Root;
    let list = root.key("db_clusters");
    let mut missed = Vec::new();
    for (name, cluster) in new.db_clusters.iter() {
        let has_fewer = old.db_clusters.get(name).is_some_and(|old| cluster.replicas < old.replicas);
        let Some(Target::Primaries(clusters)) = world.topology().targets.get(&format!("{name}/primary")) else {
            continue;
        };
        let staying = cluster.replicas as usize + 1;
        if has_fewer && clusters.iter().any(|&id| world.needs_its_primary(id, staying)) {
            let rule = "is too few now: it takes the primary away, and no replica that stays is up to take over \
                        (recover one first, or restart)";
            let found = Some(cluster.replicas.to_string());
            missed.push(ConfigError { path: list.key(name).key("replicas").to_string(), found, rule: rule.to_owned() });
        }
    }
    missed
}
