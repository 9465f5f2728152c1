//! Faults at set times.

use std::collections::BTreeMap;

use super::{Number, Path, Problems, layout::Layout};
use crate::{
    config::{
        error::quoted,
        limits::{FAULTS_MAX, SHARE_MIN},
        near::suggestion,
        schema::{self, FaultConfig, OutagesConfig, Seconds},
    },
    engine::time::SimTime,
    model::topology::{FaultAction, InProgress, ScheduledFault, Side, Target},
};

/// What the names of components mean.
type Targets = BTreeMap<String, Target>;

pub(super) fn resolve(problems: &mut Problems, layout: &Layout, targets: &Targets) -> Vec<ScheduledFault> {
    let root = Path::Root;
    let list = root.key("faults");
    let faults = &layout.config.faults;
    if faults.len() > FAULTS_MAX {
        problems.report(&list, format!("has {} entries, too many (at most {FAULTS_MAX})", faults.len()));
    }
    // Where the counts are not honest, the names of components aren't either.
    if !layout.is_honest {
        return Vec::new();
    }
    let faults = faults.iter().take(FAULTS_MAX).enumerate();
    faults.filter_map(|(i, fault)| resolve_fault(problems, &list.index(i), targets, fault)).collect()
}

fn resolve_fault(
    problems: &mut Problems,
    path: &Path,
    targets: &Targets,
    config: &FaultConfig,
) -> Option<ScheduledFault> {
    match config {
        FaultConfig::Crash { component, at, recover_at, in_progress } => {
            let path = path.key("crash");
            let (at, until) = times(problems, &path, ("at", *at), ("recover_at", *recover_at));
            let target = target(problems, &path.key("component"), targets, component)?;
            Some(ScheduledFault { at, action: FaultAction::Crash { target, until, in_progress: fate(*in_progress) } })
        }
        FaultConfig::Slow { component, factor, from, until } => {
            let path = path.key("slow");
            let (at, until) = times(problems, &path, ("from", *from), ("until", *until));
            let what = "a factor, 0.001 to 1000";
            let factor = problems.within(&path.key("factor"), *factor, 0.001..=1000.0, what);
            let target = target(problems, &path.key("component"), targets, component)?;
            Some(ScheduledFault { at, action: FaultAction::Slow { target, factor, until } })
        }
        FaultConfig::Fail { component, prob, from, until } => {
            let path = path.key("fail");
            let (at, until) = times(problems, &path, ("from", *from), ("until", *until));
            let prob = problems.within(&path.key("prob"), *prob, SHARE_MIN..=1.0, "a probability, 1e-6 to 1");
            let target = target(problems, &path.key("component"), targets, component)?;
            Some(ScheduledFault { at, action: FaultAction::Fail { target, prob, until } })
        }
        FaultConfig::Partition { between, from, until } => {
            let path = path.key("partition");
            let (at, until) = times(problems, &path, ("from", *from), ("until", *until));
            let between = sides(problems, &path.key("between"), targets, between)?;
            Some(ScheduledFault { at, action: FaultAction::Partition { between, until } })
        }
    }
}

/// What becomes of the work of a component in its outages, or when somebody crashes it by hand.
pub(super) fn in_progress(outages: Option<&OutagesConfig>) -> InProgress {
    fate(outages.map_or_else(Default::default, |outages| outages.in_progress))
}

const fn fate(wire: schema::InProgress) -> InProgress {
    match wire {
        schema::InProgress::Lost => InProgress::Lost,
        schema::InProgress::Finished => InProgress::Finished,
    }
}

/// A start and, perhaps, a later end.
fn times(
    problems: &mut Problems,
    path: &Path,
    (start_key, start): (&str, Seconds),
    (end_key, end): (&str, Option<Seconds>),
) -> (SimTime, Option<SimTime>) {
    let at = problems.moment(&path.key(start_key), start);
    let until = end.map(|end| {
        let errors = problems.len();
        let until = problems.moment(&path.key(end_key), end);
        if until <= at && problems.len() == errors {
            let rule = format!("is not later than `{start_key}` ({})", Number(start.0));
            problems.found(&path.key(end_key), Number(end.0), rule);
        }
        until
    });
    (at, until)
}

fn target(problems: &mut Problems, path: &Path, targets: &Targets, name: &str) -> Option<Target> {
    let target = targets.get(name).cloned();
    if target.is_none() {
        let known = suggestion(name, targets.keys());
        problems.found(path, quoted(name), format!("is not a component{known}"));
    }
    target
}

fn sides(problems: &mut Problems, path: &Path, targets: &Targets, names: &[String; 2]) -> Option<[Side; 2]> {
    let mut side = |i: usize| match names[i].as_str() {
        "users" => Some(Side::Users),
        "balancer" => Some(Side::Balancer),
        name => target(problems, &path.index(i), targets, name).map(Side::Target),
    };
    let (left, right) = (side(0), side(1));
    if names[0] == names[1] {
        problems.report(path, "names the same side twice");
    }
    Some([left?, right?])
}
