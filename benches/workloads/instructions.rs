//! Instructions for each request, counted by valgrind: the same in every run, whatever else the machine does.
//!
//! This program runs itself under valgrind, twice for each workload; the difference of a long run and a short one leaves
//! out what is done once.

use std::{env, process::Command};

use crate::{WORKLOADS, Workload};

/// The word by which this program is asked to run one workload, and nothing else.
const COUNT: &str = "count";

/// If that is asked for, runs a workload for so many seconds; how many requests it had.
pub fn counted(arguments: &[String]) -> Option<u64> {
    let [_, count, name, seconds, ..] = arguments else { return None };
    let workload = WORKLOADS.iter().find(|workload| count == COUNT && workload.name == name)?;
    Some(workload.run(seconds.parse().ok()?).0)
}

/// Instructions for each request of a workload; `None` if valgrind is not there.
pub fn per_request(workload: &Workload) -> Option<u64> {
    let (short, long) = (workload.seconds / 20.0, workload.seconds / 10.0);
    let (less, more) = (run(workload.name, short)?, run(workload.name, long)?);
    Some((more.0 - less.0) / (more.1 - less.1).max(1))
}

/// Instructions and requests of a run.
fn run(name: &str, seconds: f64) -> Option<(u64, u64)> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().ok()?)
        .args([COUNT, name, &seconds.to_string()])
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected :"))?.1;
    let requests = String::from_utf8_lossy(&output.stdout).trim().parse().ok()?;
    Some((collected.trim().parse().ok()?, requests))
}
