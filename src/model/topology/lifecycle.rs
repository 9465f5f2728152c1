//! How instances come, go, and are not always themselves.

use super::{InstanceId, Topology};
use crate::{
    engine::{
        distribution::Distribution,
        time::{Duration, SimTime},
    },
    model::policy::hpa::Hpa,
};

/// How many instances of a service there are, how they begin and end, and what keeps them from their work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifecycle {
    /// So many of the service's places for instances are taken at first.
    pub initial: u32,
    /// Time until a new instance takes requests; `None`: it does so at once.
    pub start_up: Option<Distribution>,
    /// How slow an instance is that has just begun; `None`: it is itself at once.
    pub warm_up: Option<WarmUp>,
    /// When an instance stops for a moment; `None`: never.
    pub pauses: Option<Pauses>,
    /// How long an instance that has to go may take to finish what it has.
    pub grace: Duration,
    /// What decides how many instances there are; `None`: nothing but the configuration.
    pub autoscaler: Option<Autoscaler>,
    /// When other releases take the places of the present one, in order of time.
    pub deployments: Vec<Deployment>,
}

impl Lifecycle {
    /// Whether instances come and go by themselves.
    pub fn is_elastic(&self) -> bool {
        self.autoscaler.is_some() || !self.deployments.is_empty()
    }

    /// Whether an autoscaler looks at how many visits an instance has.
    pub fn looks_at_concurrency(&self) -> bool {
        let targets = self.autoscaler.iter().flat_map(|autoscaler| &autoscaler.targets);
        targets.into_iter().any(|(metric, _)| *metric == Metric::Concurrency)
    }

    /// The release of that number; `None` is the one that the service's own numbers say.
    pub fn release(&self, number: u32) -> Option<&Release> {
        let place = number.checked_sub(1)?;
        Some(&self.deployments.get(place as usize)?.release)
    }
}

/// An instance that has just begun is slow, and becomes faster evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarmUp {
    /// How long it takes to be itself, above zero.
    pub lasting: Duration,
    /// Its speed at first, as a share of its own: above 0, at most 1.
    pub speed: f64,
}

/// Moments at which nothing goes on at an instance, as in a garbage collection that stops the world.
#[derive(Clone, Debug, PartialEq)]
pub struct Pauses {
    /// From the end of one to the beginning of the next.
    pub every: Distribution,
    /// How long one lasts.
    pub lasting: Distribution,
}

/// What decides how many instances of a service there are, as Kubernetes' HorizontalPodAutoscaler does.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoscaler {
    /// Bounds, and how fast the number changes.
    pub hpa: Hpa,
    /// From one look to the next, above zero.
    pub interval: Duration,
    /// What an instance is meant to have to do. Of several, the one that asks for most instances counts.
    pub targets: Vec<(Metric, f64)>,
}

/// What an autoscaler looks at: a mean over the instances that are ready, since it looked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Share of the workers that are at work.
    Utilisation,
    /// Requests that an instance has, whatever they wait for.
    Concurrency,
    /// Requests that wait for a worker.
    Queue,
    /// Requests sent to an instance, per second.
    Rate,
}

/// One release takes the place of another, instance by instance, as in a rolling update of Kubernetes.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// When it begins.
    pub at: SimTime,
    /// So many instances more than wanted may be there meanwhile.
    pub surge: u32,
    /// So many fewer than wanted may be ready meanwhile; one of the two is above zero.
    pub unavailable: u32,
    /// What is new.
    pub release: Release,
    /// When the release before comes back; `None`: never.
    pub roll_back: Option<RollBack>,
}

/// What is special about the instances of a release.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Release {
    /// Its processing times are multiplied by this, above zero.
    pub factor: f64,
    /// Probability that processing fails; `None`: as the service says.
    pub fail_prob: Option<f64>,
}

/// When a deployment is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RollBack {
    /// A share of failures at the instances of the new release above which it is.
    pub failure_share: f64,
    /// From one look to the next, above zero.
    pub interval: Duration,
    /// A look at fewer requests says nothing, at least 1.
    pub min_calls: u32,
}

impl Topology {
    /// How an instance begins, and what keeps it from its work.
    pub(in crate::model) fn lifecycle(&self, instance: InstanceId) -> &Lifecycle {
        &self.services[self.instances[instance.index()].service.index()].lifecycle
    }
}
