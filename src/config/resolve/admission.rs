//! Whom an instance lets in.

use super::{Path, Problems};
use crate::{
    config::{
        limits::{LIMITER_RATE_MIN, RATE_MAX, RETRY_BURST_MAX, SHARE_MIN, WORKERS_MAX},
        schema::{AdmissionConfig, AimdConfig, GradientConfig, RateConfig},
    },
    engine::time::Duration,
    model::{
        policy::{aimd::Aimd, gradient::Gradient},
        topology::{Admission, AdmissionRule, Limiter},
    },
};

pub(super) fn admission(problems: &mut Problems, path: &Path, config: &AdmissionConfig) -> Admission {
    let (kind, reserve) = match config {
        AdmissionConfig::Concurrency(config) => ("concurrency", config.reserve),
        AdmissionConfig::Rate(config) => ("rate", config.reserve),
        AdmissionConfig::Aimd(config) => ("aimd", config.reserve),
        AdmissionConfig::Gradient(config) => ("gradient", config.reserve),
    };
    let path = path.key(kind);
    let rule = match config {
        AdmissionConfig::Concurrency(config) => {
            AdmissionRule::Concurrency(problems.count(&path.key("max"), config.max, 1..=WORKERS_MAX))
        }
        AdmissionConfig::Rate(config) => AdmissionRule::Rate(rate(problems, &path, config)),
        AdmissionConfig::Aimd(config) => AdmissionRule::Aimd(aimd(problems, &path, config)),
        AdmissionConfig::Gradient(config) => AdmissionRule::Gradient(gradient(problems, &path, config)),
    };
    Admission { rule, reserve: problems.within(&path.key("reserve"), reserve, 0.0..=1.0, "a share, 0 to 1") }
}

fn rate(problems: &mut Problems, path: &Path, config: &RateConfig) -> Limiter {
    let rates = LIMITER_RATE_MIN..=RATE_MAX;
    Limiter {
        rate: problems.within(&path.key("rate"), config.rate, rates, "a rate per second, 1e-6 to 1e7"),
        burst: problems.within(&path.key("burst"), config.burst, 1.0..=RETRY_BURST_MAX, "tokens, 1 to 1e6"),
        longest_wait: Duration::ZERO,
    }
}

/// The limit at first, the lowest and the highest one.
fn limits(problems: &mut Problems, path: &Path, [initial, min, max]: [u32; 3]) -> [u32; 3] {
    let errors = problems.len();
    let limits = [("initial", initial), ("min", min), ("max", max)]
        .map(|(field, limit)| problems.count(&path.key(field), limit, 1..=WORKERS_MAX));
    if problems.len() == errors && min > max {
        problems.found(&path.key("min"), min, format!("is more than the most (`max` is {max})"));
    }
    limits
}

fn aimd(problems: &mut Problems, path: &Path, config: &AimdConfig) -> Aimd {
    let [initial, min, max] = limits(problems, path, [config.initial, config.min, config.max]);
    Aimd {
        initial,
        min,
        max,
        backoff: problems.within(&path.key("backoff"), config.backoff, 0.5..=1.0, "a factor, 0.5 to 1"),
        timeout: problems.span(&path.key("timeout"), config.timeout),
    }
}

fn gradient(problems: &mut Problems, path: &Path, config: &GradientConfig) -> Gradient {
    let [initial, min, max] = limits(problems, path, [config.initial, config.min, config.max]);
    Gradient {
        initial,
        min,
        max,
        queue: problems.within(&path.key("queue"), config.queue, 0.0..=RETRY_BURST_MAX, "requests, 0 to 1e6"),
        smoothing: problems.within(&path.key("smoothing"), config.smoothing, SHARE_MIN..=1.0, "a share, 1e-6 to 1"),
        tolerance: problems.within(&path.key("tolerance"), config.tolerance, 1.0..=1000.0, "a factor, 1 to 1000"),
        long_window: problems.count(&path.key("long_window"), config.long_window, 1..=WORKERS_MAX),
        window: problems.span(&path.key("window"), config.window),
        samples: problems.count(&path.key("samples"), config.samples, 1..=WORKERS_MAX),
    }
}
