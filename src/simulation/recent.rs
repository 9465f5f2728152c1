//! The figures that a run is judged by, of its last seconds.

use serde::Serialize;

use super::{heat::Bins, series::Catalogue};
use crate::{
    model::{
        gauges::{Of, What},
        topology::EdgeId,
        world::World,
    },
    report::{Chains, Tries},
};

/// What became of requests in the last seconds of simulated time, however fast that was watched. Its time ends now and begins
/// with a window of the time series, so it is a little longer than was asked for, or shorter at the beginning of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recent {
    /// How many seconds.
    pub seconds: f64,
    /// Requests begun per second.
    pub offered: f64,
    /// Requests answered with success per second.
    pub goodput: f64,
    /// Requests that failed, or were given up, per second.
    pub failed: f64,
    /// Share of success among those that ended; `null` if none did.
    pub success_ratio: Option<f64>,
    /// Median of the time until users knew what came of their requests, within an eighth; `null` if none ended.
    pub response_p50: Option<f64>,
    /// 99th percentile of it.
    pub response_p99: Option<f64>,
    /// 99.9th percentile of it.
    pub response_p999: Option<f64>,
    /// How many tries arrive at the end of a chain of calls for each one that would without retries and hedges; `null` if no
    /// request began.
    pub amplification: Option<f64>,
}

impl Recent {
    /// The last so many seconds of a system.
    pub(super) fn new(world: &World, catalogue: &Catalogue, seconds: f64) -> Self {
        let latest = Latest::new(world, catalogue, seconds);
        let of_requests = |what| latest.growth(Of::Requests, what);
        let [begun, succeeded, failed] = [What::Begun, What::Succeeded, What::Failed].map(of_requests);
        let per_second = |count: f64| if latest.seconds > 0.0 { count / latest.seconds } else { 0.0 };
        let ended = succeeded + failed;
        let bins = catalogue.latency_bins();
        let times = Bins::new(world, bins, 2, &latest.totals).latest([0.5, 0.99, 0.999], latest.windows);
        let [response_p50, response_p99, response_p999] = times.map(|time| (!time.is_nan()).then_some(time));
        let users = Tries { first: begun as u64, all: (begun + of_requests(What::Retries)) as u64 };
        Self {
            seconds: latest.seconds,
            offered: per_second(begun),
            goodput: per_second(succeeded),
            failed: per_second(failed),
            success_ratio: (ended > 0.0).then(|| succeeded / ended),
            response_p50,
            response_p99,
            response_p999,
            amplification: Chains::new(world.topology()).amplification(users, |edge| latest.tries(edge)),
        }
    }
}

/// By how much totals have grown of late.
struct Latest<'a> {
    world: &'a World,
    catalogue: &'a Catalogue,
    totals: Vec<f64>,
    /// How many windows, the present one included.
    windows: usize,
    seconds: f64,
}

impl<'a> Latest<'a> {
    fn new(world: &'a World, catalogue: &'a Catalogue, seconds: f64) -> Self {
        let recorder = world.recorder();
        let (width, complete) = (recorder.width().as_seconds(), recorder.windows());
        let present = world.now().since(recorder.start()).as_seconds() - width * complete as f64;
        let before = libm::ceil((seconds - present).max(0.0) / width).min(complete as f64);
        let windows = 1 + before as usize;
        Self { world, catalogue, totals: world.gauge_values(), windows, seconds: present + before * width }
    }

    fn growth(&self, of: Of, what: What) -> f64 {
        let column = self.catalogue.column(of, what);
        column.map_or(0.0, |column| self.world.recorder().latest(column, self.totals[column], self.windows))
    }

    fn tries(&self, edge: EdgeId) -> Tries {
        tries(EDGE.map(|what| self.growth(Of::Edge(edge), what)))
    }
}

/// What tells how often an edge was tried.
const EDGE: [What; 4] = [What::Attempts, What::Retries, What::Refused, What::Hedges];

fn tries([attempts, retries, refused, hedges]: [f64; 4]) -> Tries {
    Tries { first: (attempts - retries).max(0.0) as u64, all: (attempts - refused + hedges).max(0.0) as u64 }
}

/// What retries and hedges made of the load in each of so many windows; NaN where no request began.
pub(super) fn amplification(world: &World, catalogue: &Catalogue, windows: usize) -> Vec<f64> {
    let totals = world.gauge_values();
    let column = |of, what| -> Vec<f64> {
        let column = catalogue.column(of, what);
        column.map_or_else(Vec::new, |column| world.recorder().growth(column, totals[column]).collect())
    };
    let [begun, retries] = [What::Begun, What::Retries].map(|what| column(Of::Requests, what));
    let ids = (0..world.topology().edges.len() as u32).map(EdgeId);
    let edges: Vec<[Vec<f64>; 4]> = ids.map(|edge| EDGE.map(|what| column(Of::Edge(edge), what))).collect();
    let chains = Chains::new(world.topology());
    let in_window = |window: usize| {
        let users = Tries { first: begun[window] as u64, all: (begun[window] + retries[window]) as u64 };
        let of_edge = |edge: EdgeId| tries([0, 1, 2, 3].map(|what| edges[edge.index()][what][window]));
        chains.amplification(users, of_edge).unwrap_or(f64::NAN)
    };
    (0..windows).map(in_window).collect()
}
