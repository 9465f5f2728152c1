//! A model that is wrong on purpose, to show that the rows can fail.

use super::{Check, Row};
use crate::config::{
    ConfigErrors,
    schema::{Config, FaultConfig, Seconds},
};

/// So much longer than it says takes the processing of every request.
const SLOWER: f64 = 1.03;

/// The check of a row on a system whose services are 3 % slower than they say. Rows that are not about the time of
/// processing pass all the same.
///
/// # Errors
/// If the row's configuration is bad, which it is not.
pub fn check(row: Row, seed: u64) -> Result<Check, ConfigErrors> {
    let mut config = Config::from_json(&row.config)?;
    let names: Vec<String> = config.services.iter().map(|(name, _)| name.to_string()).collect();
    config.faults.extend(names.into_iter().map(|component| FaultConfig::Slow {
        component,
        factor: SLOWER,
        from: Seconds(0.0),
        until: None,
    }));
    Check::of_system(row, config, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::{SEED, Verdict, rows};

    #[test]
    fn a_slow_server_fails_and_a_slow_service_without_work_does_not() {
        let found = |id: &str| {
            let row = rows().into_iter().find(|row| row.id == id).expect("there is one");
            check(row, SEED).expect("it is valid").run()
        };
        let findings = found("ps-exponential");
        assert!(findings.iter().all(|it| it.verdict == Verdict::Off && it.mean > it.theory), "{findings:?}");
        assert!(found("ttl").iter().all(|it| it.verdict == Verdict::Pass));
    }
}
