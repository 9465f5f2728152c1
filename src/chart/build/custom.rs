//! Any time series, by name.

use crate::chart::{number::Unit, source::Source};

use super::{Built, Context, lines::Wanted};

impl<S: Source> Context<'_, S> {
    pub(super) fn custom(&self, names: &[String]) -> Built {
        let wanted: Vec<Wanted> = names.iter().map(|name| Wanted::new(name, name)).collect();
        let mut units = names.iter().map(|name| unit_of(name));
        let first = units.next().unwrap_or_default();
        // Seconds and numbers share an axis of numbers.
        let unit = if units.all(|unit| unit == first) { first } else { Unit::Number };
        self.built(&wanted, "", unit)
    }
}

/// The unit of a time series, which its name tells.
fn unit_of(name: &str) -> Unit {
    let measure = name.rsplit('.').next().unwrap_or(name);
    let is_latency = measure.starts_with("latency_") || measure.ends_with("_mean") || measure.ends_with("_seconds");
    // Of a service it is the number of instances that are up that is recorded, of all others a share.
    let counts_instances = name.starts_with("services.") && !name.split('.').any(|part| part == "instances");
    match measure {
        _ if is_latency || name == "network.tcp" || name == "network.tls" => Unit::Seconds,
        "hit_ratio" | "utilisation" | "available" => Unit::Share,
        "up" if !counts_instances => Unit::Share,
        _ => Unit::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_units() {
        let cases = [
            ("requests.latency_p95", Unit::Seconds),
            ("brokers.B.queues.q.delivery_mean", Unit::Seconds),
            ("network.tls", Unit::Seconds),
            ("services.Shop.instances.Shop-0.utilisation", Unit::Share),
            ("services.Shop.instances.Shop-0.up", Unit::Share),
            ("services.Shop.up", Unit::Number),
            ("db_clusters.DB.available", Unit::Share),
            ("caches.C.hit_ratio", Unit::Share),
            ("requests.succeeded", Unit::Number),
            ("db_clusters.DB.nodes.DB/1.lag_writes", Unit::Number),
            ("", Unit::Number),
        ];
        for (name, unit) in cases {
            assert_eq!(unit_of(name), unit, "{name}");
        }
    }
}
