//! Warnings: what is valid, runs, and yet cannot be what was meant, as it has no effect or says two things at once.
//!
//! A pass of its own over the configuration, so that the checks that decide whether it runs stay as they are. Only what is
//! certain is said: a warning that is wrong is worse than none.

mod broker;
mod cache;
mod circle;
mod database;
mod deadlines;
mod edge;
mod fault;
mod policy;
mod service;
mod stores;
mod users;

use super::{Path, Problems, layout::Layout, resolve};
use crate::config::{error::ConfigError, schema::Config};

/// What has no effect in a configuration, or contradicts itself, in the form of errors. It does not keep it from running;
/// of one that does not run nothing is said here, as its errors say more.
pub fn warnings(config: &Config) -> Vec<ConfigError> {
    if resolve(config).is_err() {
        return Vec::new();
    }
    let mut ignored = Problems::default();
    let layout = Layout::new(&mut ignored, config);
    let mut warnings = Problems::default();
    users::check(&mut warnings, &layout);
    service::check(&mut warnings, &layout);
    circle::check(&mut warnings, &layout);
    policy::check(&mut warnings, config);
    fault::check(&mut warnings, config);
    database::check(&mut warnings, config);
    broker::check(&mut warnings, config);
    cache::check(&mut warnings, config);
    warnings.into_warnings()
}

/// A place in the configuration's own list of that name.
fn within<T>(list: &str, name: &str, visit: impl FnOnce(&Path) -> T) -> T {
    visit(&Path::Root.key(list).key(name))
}
