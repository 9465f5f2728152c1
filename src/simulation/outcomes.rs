//! What became of requests and visits, for charts: the counts of the report, without the percentiles that it costs.

use crate::model::{cause::Cause, outcomes::Outcomes, topology::InstanceId, world::World};

/// What became of all requests, or of the visits to a service or an instance.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeCounts {
    /// `requests`, `service` or `instance`.
    pub kind: &'static str,
    /// Name of the service or the instance; empty for all requests.
    pub name: String,
    /// How many succeeded.
    pub succeeded: u64,
    /// How many failed, by cause; only causes that occurred.
    pub failures: Vec<(&'static str, u64)>,
    /// Mean time of those that succeeded, by phase, in seconds; empty for an instance.
    pub time_in: Vec<(&'static str, f64)>,
}

impl OutcomeCounts {
    fn new(kind: &'static str, name: &str, outcomes: &Outcomes) -> Self {
        let counted = Cause::ALL.iter().map(|&cause| (cause.name(), outcomes.failed_for(cause)));
        let failures = counted.filter(|(_, count)| *count > 0).collect();
        Self { kind, name: name.to_owned(), succeeded: outcomes.succeeded(), failures, time_in: Vec::new() }
    }

    /// How many failed.
    pub fn failed(&self) -> u64 {
        self.failures.iter().map(|(_, count)| count).sum()
    }
}

/// Those of all requests, then of each service, then of each instance.
pub fn outcomes(world: &World) -> Vec<OutcomeCounts> {
    let topology = world.topology();
    let totals = world.totals();
    let all = OutcomeCounts::new("requests", "", &totals.outcomes);
    let mut list = vec![OutcomeCounts { time_in: world.spent().means(all.succeeded).collect(), ..all }];
    for (service, state) in topology.services.iter().zip(world.services()) {
        let counts = OutcomeCounts::new("service", &service.name, &state.outcomes);
        list.push(OutcomeCounts { time_in: state.spent().means(counts.succeeded).collect(), ..counts });
    }
    for (id, state) in world.instances().iter().enumerate() {
        let name = topology.component_name(topology.instance_component(InstanceId(id as u32)));
        list.push(OutcomeCounts::new("instance", name, &state.outcomes));
    }
    list
}
