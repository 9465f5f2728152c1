//! Jobs of an experiment on all processors.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{failure::Failure, progress::Lines};
use crate::experiment::{Jobs, Results, Study};

/// Events between two looks whether the user has had enough.
pub const EVENTS_AT_A_TIME: u64 = 200_000;
/// Finished jobs that may wait to be put into the tables.
const FINISHED_MAX: usize = 256;

/// Whether the user has pressed Ctrl-C.
static CANCELLED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C stops the experiment, with what is finished; a second one ends the program at once.
pub fn listen_for_cancel() -> Result<(), Failure> {
    let handler = || {
        if CANCELLED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::Usage(format!("Ctrl-C cannot be caught: {error}")))
}

/// Whether the user has pressed Ctrl-C.
pub fn is_cancelled() -> bool {
    CANCELLED.load(Ordering::Relaxed)
}

/// As many threads as there are processors.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Runs jobs on so many threads, until they are done or the user has had enough. What is finished is in the results.
pub fn run(study: &Study, jobs: Jobs, threads: usize, is_quiet: bool, results: &mut Results) {
    let bar = bar(jobs.len, is_quiet);
    let mut lines = Lines::new(is_quiet);
    let next = AtomicU64::new(0);
    let (sender, receiver) = sync_channel(FINISHED_MAX);
    thread::scope(|scope| {
        for _ in 0..(threads as u64).clamp(1, jobs.len.max(1)) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || work(study, jobs, next, &sender));
        }
        // Now only the threads hold senders, and receiving ends when they do.
        drop(sender);
        for (job, figures) in receiver {
            results.insert(job, figures);
            bar.inc(1);
            lines.say(|| format!("{} of {} runs", bar.position(), jobs.len));
        }
    });
    bar.finish_and_clear();
}

/// Does a piece of work for each number below `count` on so many threads; the results in order.
pub fn each<T: Send>(count: usize, threads: usize, is_quiet: bool, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let bar = if is_quiet { ProgressBar::hidden() } else { ProgressBar::new(count as u64) };
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let thread = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let result = work(index);
            if let Ok(mut found) = found.lock() {
                found.push((index, result));
            }
            bar.inc(1);
        }
    };
    thread::scope(|scope| (0..threads.clamp(1, count.max(1))).for_each(|_| _ = scope.spawn(thread)));
    bar.finish_and_clear();
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, result)| result).collect()
}

/// Takes one job after the other.
fn work(study: &Study, jobs: Jobs, next: &AtomicU64, finished: &SyncSender<(u64, Vec<f64>)>) {
    while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
        let Some(mut replication) = study.start(job) else { continue };
        loop {
            if is_cancelled() {
                return;
            }
            if replication.advance(EVENTS_AT_A_TIME) {
                break;
            }
        }
        if finished.send((job, replication.values())).is_err() {
            return;
        }
    }
}

/// The bar is on standard error, and only if that is a terminal; else there are lines.
fn bar(jobs: u64, is_quiet: bool) -> ProgressBar {
    let bar = if is_quiet { ProgressBar::hidden() } else { ProgressBar::new(jobs) };
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} runs, {eta} left");
    style.map_or(bar.clone(), |style| bar.with_style(style.progress_chars("━━─")))
}
