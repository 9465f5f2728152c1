//! When the run ends and how it is observed.

use super::{Path, Problems};
use crate::{
    config::{
        limits::{DURATION_SECONDS_MAX, SEED_MAX, WINDOW_SECONDS_MIN},
        resolve::Number,
        schema::Config,
    },
    engine::time::{Duration, SimTime},
    model::topology::Run,
};

pub(super) fn resolve(problems: &mut Problems, config: &Config) -> Run {
    let root = Path::Root;
    if config.format != 1 {
        problems.found(&root.key("format"), config.format, "is unknown (only format 1 exists)");
    }
    if config.seed > SEED_MAX {
        problems.found(&root.key("seed"), config.seed, "is too large (at most 2^53 - 1)");
    }
    let what = "a time, 0.001 to 1e9 seconds";
    let bounds = WINDOW_SECONDS_MIN..=DURATION_SECONDS_MAX;
    let duration = problems.within(&root.key("duration"), config.duration.0, bounds.clone(), what);
    let window = problems.within(&root.key("window"), config.window.0, bounds, what);
    let warm_up = problems.seconds(&root.key("warm_up"), config.warm_up);
    if warm_up >= duration {
        let rule = format!("leaves nothing of the run (`duration` is {})", Number(duration));
        problems.found(&root.key("warm_up"), Number(warm_up), rule);
    }
    Run {
        duration: SimTime::from_seconds(duration),
        warm_up: SimTime::from_seconds(warm_up),
        // A window that is longer than the run is the whole run.
        window: Duration::from_seconds(window.min(duration)),
    }
}
