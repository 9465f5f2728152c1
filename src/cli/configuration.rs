//! A configuration, with what the arguments change in it.

use super::{arguments::Seed, failure::Failure, input};
use crate::{
    config,
    config::{limits::SEED_MAX, schema::Config},
};

/// What the arguments change in a configuration.
pub struct Source {
    /// Another seed.
    pub seed: Option<Seed>,
    /// Another end, in seconds.
    pub duration: Option<f64>,
}

impl Source {
    /// Reads a file or a built-in scenario.
    pub fn read(&self, name: &str) -> Result<Config, Failure> {
        let (mut config, _) = config::load(&input::read(name)?)?;
        if config.name.is_empty() {
            config.name = input::name(name);
        }
        self.apply(&mut config)?;
        Ok(config)
    }

    /// Changes a configuration.
    pub fn apply(&self, config: &mut Config) -> Result<(), Failure> {
        match self.seed {
            Some(Seed::Fixed(seed)) => config.seed = seed,
            Some(Seed::Random) => config.seed = random_seed()?,
            None => {}
        }
        if let Some(duration) = self.duration {
            config.duration.0 = duration;
        }
        Ok(())
    }
}

fn random_seed() -> Result<u64, Failure> {
    let seed = getrandom::u64().map_err(|error| Failure::Usage(format!("no random seed to be had: {error}")))?;
    Ok(seed & SEED_MAX)
}
