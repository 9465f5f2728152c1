//! How long many short runs take: 10 000 replications of `coursework` (50 simulated seconds each), on as many threads
//! as there are cores, the summary of all figures included.

#![cfg(not(target_arch = "wasm32"))]
// A benchmark is the one place that reads the clock.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use web_service_model::{
    config::schema::Config,
    experiment::{Model, Study},
};

const REPLICATIONS: u64 = 10_000;

fn main() {
    let config = Config::from_json(include_str!("../www/scenarios/coursework.json")).expect("the scenario is valid");
    let model = Model::new(&config).expect("the scenario is valid");
    let study = Study { models: vec![model], seed: 1, replications: REPLICATIONS, series: Vec::new() };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let start = Instant::now();
    let next = AtomicU64::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let job = next.fetch_add(1, Ordering::Relaxed);
            if job >= REPLICATIONS {
                return done;
            }
            done.extend(study.run(job).map(|figures| (job, figures)));
        }
    };
    let mut results = study.results();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for (job, figures) in workers.into_iter().flat_map(|worker| worker.join().expect("no job panics")) {
            results.insert(job, figures);
        }
    });
    let ran = start.elapsed().as_secs_f64();
    let summaries = black_box(results.tables[0].summaries());
    let wall = start.elapsed().as_secs_f64();
    let each = ran * 1e6 * threads as f64 / REPLICATIONS as f64;
    println!("{REPLICATIONS} replications of coursework on {threads} threads: {wall:.2} s");
    println!("({each:.0} us of a thread for each; {:.2} s to sum up {} figures)", wall - ran, summaries.len());
}
