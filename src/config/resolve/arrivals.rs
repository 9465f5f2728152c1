//! When requests come.

use super::{Path, Problems};
use crate::{
    config::{
        limits::{CLOSED_USERS_MAX, CYCLE_SECONDS_MIN, INTERVAL_SECONDS_MIN},
        resolve::Number,
        schema::{ArrivalsConfig, BurstyState, ProfilePoint, ProfileShape},
    },
    engine::time::SimTime,
    model::topology::Arrivals,
};

pub(super) fn resolve(problems: &mut Problems, group: &Path, config: Option<&ArrivalsConfig>) -> Option<Arrivals> {
    let path = group.key("arrivals");
    let Some(config) = config else {
        problems.report(&path, "is missing (when do requests come?)");
        return None;
    };
    Some(match config {
        ArrivalsConfig::Poisson { rate } => {
            Arrivals::Poisson { rate: problems.rate(&path.key("poisson").key("rate"), *rate) }
        }
        ArrivalsConfig::Gaps(gap) => Arrivals::Gaps(problems.cycle(&path.key("gaps"), gap)),
        ArrivalsConfig::Bursty { calm, burst } => bursty(problems, &path.key("bursty"), calm, burst),
        ArrivalsConfig::Profile { points, shape, repeat } => {
            profile(problems, &path.key("profile"), points, *shape, *repeat)
        }
        ArrivalsConfig::Wave { mean, amplitude, period } => {
            let path = path.key("wave");
            let mean = problems.rate(&path.key("mean"), *mean);
            let what = "at most the mean, so that the rate is never negative";
            Arrivals::Wave {
                mean,
                amplitude: problems.within(&path.key("amplitude"), *amplitude, 0.0..=mean, what),
                period: problems.span_from(&path.key("period"), *period, INTERVAL_SECONDS_MIN),
            }
        }
        ArrivalsConfig::Closed { users, think } => {
            let path = path.key("closed");
            Arrivals::Closed {
                users: problems.count(&path.key("users"), *users, 1..=CLOSED_USERS_MAX),
                think: problems.cycle(&path.key("think"), think),
            }
        }
        ArrivalsConfig::Sequential { gap } => {
            Arrivals::Sequential { gap: problems.cycle(&path.key("sequential").key("gap"), gap) }
        }
    })
}

fn bursty(problems: &mut Problems, path: &Path, calm: &BurstyState, burst: &BurstyState) -> Arrivals {
    let errors = problems.len();
    let states = [("calm", calm), ("burst", burst)].map(|(key, state)| {
        let path = path.key(key);
        let rate = problems.rate(&path.key("rate"), state.rate);
        (rate, problems.distribution(&path.key("time"), &state.time))
    });
    let cycle = states[0].1.mean_seconds() + states[1].1.mean_seconds();
    if problems.len() == errors && cycle < CYCLE_SECONDS_MIN {
        problems.report(path, "has states that are too short (together at least a microsecond on average)");
    }
    Arrivals::Bursty { states }
}

fn profile(
    problems: &mut Problems,
    path: &Path,
    config: &[ProfilePoint],
    shape: ProfileShape,
    repeat: bool,
) -> Arrivals {
    let list = path.key("points");
    let mut points: Vec<(SimTime, f64)> = Vec::with_capacity(config.len());
    for (i, point) in config.iter().enumerate() {
        let path = list.index(i);
        let at = problems.moment(&path.key("at"), point.at);
        if points.last().is_some_and(|(before, _)| *before >= at) {
            let before = Number(config[i - 1].at.0);
            problems.found(
                &path.key("at"),
                Number(point.at.0),
                format!("is not later than the point before it ({before})"),
            );
        }
        points.push((at, problems.rate(&path.key("rate"), point.rate)));
    }
    if points.is_empty() {
        problems.found(&list, "[]", "is too short (at least one point)");
    }
    let length = points.last().map_or(0.0, |(at, _)| at.as_seconds());
    if repeat && !points.is_empty() && length < INTERVAL_SECONDS_MIN {
        problems.report(path, "repeats too fast (its last point stands at 0.001 s or later)");
    }
    Arrivals::Profile { points, steps: shape == ProfileShape::Steps, repeat }
}
