//! How those who are worked on at a time slow each other down.

use super::{Path, Problems};
use crate::{
    config::{limits::SHARE_MIN, schema::ScalabilityConfig},
    engine::usl::{Scalability, Usl},
};

pub(super) fn scalability(problems: &mut Problems, path: &Path, config: &ScalabilityConfig) -> Scalability {
    match config {
        ScalabilityConfig::Usl(config) => {
            let path = path.key("usl");
            let mut share = |field, value| problems.within(&path.key(field), value, 0.0..=1.0, "a share, 0 to 1");
            Scalability::Usl(Usl { sigma: share("sigma", config.sigma), kappa: share("kappa", config.kappa) })
        }
        ScalabilityConfig::Table(speeds) => {
            let path = path.key("table");
            if speeds.is_empty() {
                problems.found(&path, "[]", "is too short (at least one entry)");
            }
            let mut speed = |(place, speed): (usize, &f64)| {
                problems.within(&path.index(place), *speed, SHARE_MIN..=1000.0, "a speed, 1e-6 to 1000")
            };
            Scalability::Table(speeds.iter().enumerate().map(&mut speed).collect())
        }
    }
}
