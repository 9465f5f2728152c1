//! A replication of a row's system.

use super::row::Row;
use crate::{
    config::{
        ConfigErrors,
        schema::{Config, FaultConfig, Seconds},
    },
    report::{DbCluster, Instance, Queue, Report},
    simulation::{LogEntry, LogFilter, Simulation, TraceFilter, WhichTraces},
};

/// A replication that is finished.
#[derive(Clone, Debug)]
pub struct Run {
    /// The report at the end.
    pub report: Report,
    /// Reports at the moments at which the row is looked at.
    pub looks: Vec<Report>,
    /// By how many seconds it began later.
    later: f64,
    simulation: Simulation,
}

impl Run {
    /// A figure of an instance, by its full name; NaN if there is no such instance.
    pub fn instance(&self, name: &str, figure: impl Fn(&Instance) -> f64) -> f64 {
        instance(&self.report, name).map_or(f64::NAN, figure)
    }

    /// A figure of the only cluster.
    pub fn cluster(&self, figure: impl Fn(&DbCluster) -> f64) -> f64 {
        self.report.db_clusters.values().next().map_or(f64::NAN, figure)
    }

    /// A figure of the first queue.
    pub fn queue(&self, figure: impl Fn(&Queue) -> f64) -> f64 {
        queue(&self.report).map_or(f64::NAN, figure)
    }

    /// Requests that failed, as a share of all of them.
    pub fn share_failed(&self) -> f64 {
        self.share(self.report.requests.failed)
    }

    /// Requests that failed by a cause.
    pub fn failed_by(&self, cause: &str) -> u64 {
        self.report.requests.failures.get(cause).copied().unwrap_or(0)
    }

    /// A part of the requests, as a share.
    pub fn share(&self, part: u64) -> f64 {
        part as f64 / self.report.requests.total as f64
    }

    /// Entries of the log of a kind, with the time they would have if the replication had not begun later.
    pub fn log(&self, kind: &str) -> Vec<LogEntry> {
        let filter = LogFilter { kinds: vec![kind.to_owned()], ..LogFilter::default() };
        let entries = self.simulation.log(&filter).entries.into_iter();
        entries.map(|entry| LogEntry { time: entry.time - self.later, ..entry }).collect()
    }

    /// How long after a moment the balancer asked somebody again whom it had taken to be down.
    pub fn asked_again_after(&self, time: f64) -> f64 {
        let mut again = self.log("ejection").into_iter().filter(|entry| entry.detail == "the balancer asks it again");
        again.find(|entry| entry.time > time).map_or(f64::INFINITY, |entry| entry.time - time)
    }

    /// Mean time that the latest of the requests that failed took until they did. The row must be traced.
    pub fn failing_takes(&self) -> f64 {
        let filter = TraceFilter { which: WhichTraces::Failed, ..TraceFilter::default() };
        let failed = self.simulation.traces(&filter).unwrap_or_default();
        failed.iter().map(|trace| trace.latency).sum::<f64>() / failed.len() as f64
    }
}

/// An instance of a report, by its full name.
pub fn instance<'r>(report: &'r Report, name: &str) -> Option<&'r Instance> {
    report.services.values().find_map(|service| service.instances.get(name))
}

/// The first queue of a report.
pub fn queue(report: &Report) -> Option<&Queue> {
    report.brokers.values().flat_map(|broker| broker.queues.values()).next()
}

/// A replication that is under way.
#[derive(Clone, Debug)]
pub struct Running {
    simulation: Simulation,
    /// Moments at which it is looked at, after those at which it was.
    to_look: Vec<f64>,
    looks: Vec<Report>,
    later: f64,
}

impl Running {
    /// The start of a replication.
    pub fn new(config: &Config, seed: u64, later: f64, row: &Row) -> Result<Self, ConfigErrors> {
        let mut config = Config { seed, ..config.clone() };
        postpone(&mut config, later);
        // What is looked at are figures of the whole.
        config.window = config.duration;
        let mut simulation = Simulation::new(config)?;
        simulation.set_tracing(row.is_traced);
        let to_look = row.looks.iter().map(|look| look + later).collect();
        Ok(Self { simulation, to_look, looks: Vec::new(), later })
    }

    /// Handles at most so many events; says whether it is over.
    pub fn advance(&mut self, events: u64) -> bool {
        let Some(&until) = self.to_look.get(self.looks.len()) else {
            self.simulation.advance_events(events, f64::INFINITY);
            return self.simulation.is_finished();
        };
        if self.simulation.advance_events(events, until) < events {
            self.looks.push(self.simulation.report());
        }
        false
    }

    /// The share that is done.
    pub fn progress(&self) -> f64 {
        self.simulation.now() / self.simulation.duration()
    }

    /// What there is at the end.
    pub fn finish(self) -> Run {
        let Self { simulation, looks, later, .. } = self;
        Run { report: simulation.report(), looks, later, simulation }
    }
}

/// Lets all that happens to a system happen later. What comes before does not count.
fn postpone(config: &mut Config, later: f64) {
    if later == 0.0 {
        return;
    }
    config.duration.0 += later;
    config.warm_up.0 += later;
    let move_on = |first: &mut Seconds, last: &mut Option<Seconds>| {
        first.0 += later;
        last.iter_mut().for_each(|last| last.0 += later);
    };
    for fault in &mut config.faults {
        match fault {
            FaultConfig::Crash { at, recover_at, .. } => move_on(at, recover_at),
            FaultConfig::Slow { from, until, .. }
            | FaultConfig::Fail { from, until, .. }
            | FaultConfig::Partition { from, until, .. } => move_on(from, until),
        }
    }
}
