//! The façade: a configuration and a seed in, time moved on, figures out.

mod components;
mod heat;
mod log;
mod outcomes;
mod primaries;
mod recent;
mod requests;
mod series;
mod snapshot;

pub use crate::model::{actions::ActionError, trace::Which as WhichTraces};
pub use components::ComponentState;
pub use heat::{LatencyBand, LatencyHeat};
pub use log::{KINDS as LOG_KINDS, LogEntry, LogFilter, LogView, Mark};
pub use outcomes::OutcomeCounts;
pub use recent::Recent;
pub use requests::{CauseLink, InFlight, RequestTrace, Span, TraceFilter, TraceSummary, VisitInFlight};
pub(crate) use series::Catalogue;
pub use series::{Histogram, Series};
pub use snapshot::Snapshot;

use std::sync::Arc;

use crate::{
    config::{ConfigErrors, changes, load, load_patched, resolve, restart_reasons, schema::Config},
    engine::time::SimTime,
    model::{topology::Topology, world::World},
    report::{Latency, Report},
};

/// Why a configuration cannot be changed while the run goes on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The new configuration breaks rules.
    #[error(transparent)]
    Bad(#[from] ConfigErrors),
    /// The new configuration is good, but some of it cannot be changed in a run.
    #[error(transparent)]
    NeedsRestart(ConfigErrors),
}

/// A running simulation.
#[derive(Clone, Debug)]
pub struct Simulation {
    // Both are put in the place of the former ones when they change, never changed themselves: copies share them.
    config: Arc<Config>,
    catalogue: Arc<series::Catalogue>,
    world: World,
}

impl Simulation {
    /// A simulation at time 0. The seed is that of the configuration.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn new(config: Config) -> Result<Self, ConfigErrors> {
        let topology = resolve(&config)?;
        Ok(Self::start(config, topology))
    }

    /// A simulation of the configuration in a JSON text, at time 0.
    ///
    /// # Errors
    /// Everything that is wrong with the text and with the configuration in it.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        let (config, topology) = load(text)?;
        Ok(Self::start(config, topology))
    }

    fn start(config: Config, topology: Topology) -> Self {
        let world = World::new(topology, config.seed);
        let catalogue = Arc::new(series::Catalogue::new(&world));
        Self { config: Arc::new(config), catalogue, world }
    }

    /// The configuration as it is now, changes at run time included.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Simulated time that has passed, in seconds.
    pub fn now(&self) -> f64 {
        self.world.now().as_seconds()
    }

    /// Simulated time at which the run ends, in seconds.
    pub fn duration(&self) -> f64 {
        self.world.topology().run.duration.as_seconds()
    }

    /// Whether the end has been reached, and all that happens at that moment has happened.
    pub fn is_finished(&self) -> bool {
        self.world.is_over()
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.world.handled()
    }

    /// Simulates up to that time, in seconds, or to the end of the run.
    pub fn advance_to(&mut self, seconds: f64) {
        self.world.advance(SimTime::from_seconds(seconds), u64::MAX);
    }

    /// Handles at most so many events, but none after that time; returns how many it handled.
    /// If none is left until then, the clock is moved on to that time.
    pub fn advance_events(&mut self, events: u64, until_seconds: f64) -> u64 {
        self.world.advance(SimTime::from_seconds(until_seconds), events)
    }

    /// Changes the configuration while the run goes on, by a JSON Merge Patch (RFC 7396). What is under
    /// way is finished as it began; what begins from now on follows the new numbers. Returns what was
    /// changed, in words; the log records it too.
    ///
    /// Any number can be changed, also how many instances, replicas and consumers there are, and so can the kind of
    /// arrivals, the discipline, and what a cache holds. What needs a restart is another seed, and other wiring:
    /// groups, services, clusters, caches, brokers and queues added or taken away, and who uses whom.
    ///
    /// - New instances start up, empty. Those with the highest numbers are taken away: the balancer sends them nothing
    ///   more, they finish what they have, waiting requests too, and then they are gone from the report; what they
    ///   did stays in the figures of the service. If they come back their own figures begin anew.
    /// - New replicas copy all writes before they serve anybody. Those with the highest numbers are taken away. If one
    ///   of them is the primary, the replica that lacks least takes over first, without a loss if it can be reached;
    ///   if there is none that is up, the change is refused.
    /// - A consumer that is taken away finishes the message it is at; the others it holds are delivered again.
    /// - Shared workers (processor sharing) that are shared no more finish as many requests as there are workers; the
    ///   others wait, and begin anew.
    /// - A fault that names a component that would be gone makes the new configuration wrong.
    /// - What would have to happen in the past does not: a crash, or the end of the warm-up. Slowness and partitions that
    ///   should be under way begin at once, and so does a crash that is new in the list and whose `recover_at` lies
    ///   ahead. An end of the run in the past is an end now.
    ///
    /// # Errors
    /// Everything that is wrong with the new configuration, or the fields whose change needs a
    /// restart. In both cases the run goes on undisturbed.
    pub fn patch(&mut self, merge_patch: &str) -> Result<Vec<String>, PatchError> {
        let (config, topology) = load_patched(&self.config, merge_patch)?;
        let mut reasons = restart_reasons(&self.config, &config);
        reasons.extend(primaries::primaries_missed(&self.world, &self.config, &config));
        if !reasons.is_empty() {
            return Err(PatchError::NeedsRestart(ConfigErrors(reasons)));
        }
        let changes = changes(&self.config, &config);
        let (before, faults) = (&self.config.faults, &config.faults);
        self.world.change(topology, changes.clone(), &|at| faults.get(at).is_some_and(|fault| !before.contains(fault)));
        self.catalogue = Arc::new(series::Catalogue::new(&self.world));
        self.config = Arc::new(config);
        Ok(changes)
    }

    /// Makes a component (or all of a service or cluster) go down for so many seconds; without a
    /// time, as long as its outages say, else until it is recovered.
    ///
    /// # Errors
    /// If there is no such component, or the time is none.
    pub fn crash(&mut self, component: &str, for_seconds: Option<f64>) -> Result<(), ActionError> {
        self.world.crash_by_user(component, for_seconds)
    }

    /// Makes a component come back up.
    ///
    /// # Errors
    /// If there is no such component.
    pub fn recover(&mut self, component: &str) -> Result<(), ActionError> {
        self.world.recover_by_user(component)
    }

    /// Makes a replica the primary of its cluster.
    ///
    /// # Errors
    /// If there is no such node, or it is not a replica that is up.
    pub fn promote(&mut self, node: &str) -> Result<(), ActionError> {
        self.world.promote_by_user(node)
    }

    /// Switches the tracing of single requests, which is off at first. It changes no result. Requests in flight are
    /// not traced, whichever way it is switched; traces that are kept stay.
    pub fn set_tracing(&mut self, is_on: bool) {
        self.world.set_tracing(is_on);
    }

    /// Whether requests that begin now are traced.
    pub fn is_tracing(&self) -> bool {
        self.world.tracer().is_on()
    }

    /// Requests that began while too many others were being traced, and so are not.
    pub fn untraced(&self) -> u64 {
        self.world.tracer().untraced()
    }

    /// Visits in progress, at most so many, the oldest first. Works without tracing.
    pub fn in_flight(&self, limit: usize) -> InFlight {
        requests::in_flight(&self.world, limit)
    }

    /// Traced requests and logins that are over, those of them that are kept: the slowest, the latest that failed, and
    /// the latest of all, 64 each. When the warm-up ends the slowest are chosen anew.
    ///
    /// # Errors
    /// If there is no service of the name that the filter wants.
    pub fn traces(&self, filter: &TraceFilter) -> Result<Vec<TraceSummary>, ActionError> {
        let services = &self.world.topology().services;
        match &filter.service {
            Some(wanted) if services.iter().all(|service| service.name != *wanted) => {
                Err(ActionError::UnknownComponent(wanted.clone()))
            }
            _ => Ok(requests::traces(&self.world, filter)),
        }
    }

    /// All about a request or login, by its running number; `None` if it is not kept.
    pub fn trace(&self, number: u64) -> Option<RequestTrace> {
        requests::trace(&self.world, number)
    }

    /// The report so far.
    pub fn report(&self) -> Report {
        Report::new(self.scenario(), self.config.seed, &self.world)
    }

    /// The figures that a run is judged by, of its last so many seconds.
    pub fn recent(&self, seconds: f64) -> Recent {
        Recent::new(&self.world, &self.catalogue, seconds)
    }

    /// Name of the scenario, for reports.
    fn scenario(&self) -> &str {
        if self.config.name.is_empty() { &self.config.title.en } else { &self.config.name }
    }

    /// Names of all time series.
    pub fn series_names(&self) -> Vec<String> {
        self.catalogue.names()
    }

    /// A time series by name; `None` if there is none of that name.
    pub fn series(&self, name: &str) -> Option<Series> {
        self.catalogue.series(&self.world, name)
    }

    /// Names of all histograms.
    pub fn histogram_names(&self) -> Vec<String> {
        series::tallies(&self.world).into_iter().map(|(name, _)| name).collect()
    }

    /// A histogram by name, in at most so many bins; `None` if there is none of that name.
    pub fn histogram(&self, name: &str, bins: usize) -> Option<Histogram> {
        let (_, tally) = series::tallies(&self.world).into_iter().find(|(other, _)| other == name)?;
        Some(Histogram::of(tally, bins))
    }

    /// Size, mean and percentiles of the sample behind a histogram; `None` if there is none of that name.
    pub fn latency(&self, name: &str) -> Option<Latency> {
        let (_, tally) = series::tallies(&self.world).into_iter().find(|(other, _)| other == name)?;
        Some(Latency::of(tally))
    }

    /// How many succeeded requests of each window of time took how long.
    pub fn latency_heat(&self) -> LatencyHeat {
        self.catalogue.latency_heat(&self.world)
    }

    /// What became of all requests, then of the visits to each service, then of those to each instance.
    pub fn outcomes(&self) -> Vec<OutcomeCounts> {
        outcomes::outcomes(&self.world)
    }

    /// The state of every component.
    pub fn components(&self) -> Vec<ComponentState> {
        components::components(&self.world)
    }

    /// That a filter of the log can let entries of a component pass: a component, or a service or cluster.
    ///
    /// # Errors
    /// If there is nothing of that name.
    pub fn check_component(&self, name: &str) -> Result<(), ActionError> {
        match log::knows(self.world.topology(), name) {
            true => Ok(()),
            false => Err(ActionError::UnknownComponent(name.to_owned())),
        }
    }

    /// Which node became the primary of its cluster and when, in seconds, node by node. Of promotions that follow each other
    /// closely (by less than a 240th of the run) the first one is told.
    pub fn promotions(&self) -> Vec<(String, f64)> {
        log::promotions(&self.world)
    }

    /// What happened, for a time line: thinned, but from the beginning on.
    pub fn marks(&self) -> Vec<Mark> {
        log::marks(&self.world)
    }

    /// The event log, filtered.
    pub fn log(&self, filter: &LogFilter) -> LogView {
        log::view(&self.world, filter)
    }
}
