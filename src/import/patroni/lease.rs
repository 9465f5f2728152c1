//! How long a lease lasts, by Patroni's own rules.

use crate::{config::limits::DURATION_SECONDS_MAX, import::notes::Notes};

/// The least that Patroni takes, in seconds.
const LEAST: [(&str, f64); 3] = [("ttl", 20.0), ("loop_wait", 1.0), ("retry_timeout", 3.0)];

/// The times of a lease, each with the line in which it is said.
#[derive(Debug)]
pub struct Times {
    pub ttl: (Option<usize>, f64),
    pub loop_wait: (Option<usize>, f64),
    pub retry_timeout: (Option<usize>, f64),
}

impl Default for Times {
    fn default() -> Self {
        Self { ttl: (None, 30.0), loop_wait: (None, 10.0), retry_timeout: (None, 10.0) }
    }
}

impl Times {
    /// Takes a time; whether it is one.
    pub fn take(&mut self, line: usize, name: &str, text: &str, notes: &mut Notes) -> bool {
        let Ok(seconds) = text.parse::<u32>().map(f64::from) else { return false };
        let seconds = seconds.min(DURATION_SECONDS_MAX);
        let least = LEAST.iter().find(|(other, _)| *other == name).map_or(0.0, |(_, least)| *least);
        if seconds < least {
            notes.at(line, format!("`{name}` is at least {least} s in Patroni"));
        }
        let said = (Some(line), seconds.max(least));
        match name {
            "ttl" => self.ttl = said,
            "loop_wait" => self.loop_wait = said,
            _ => self.retry_timeout = said,
        }
        true
    }

    /// Mends times that do not fit together, as Patroni does: a lease outlives a look and two tries.
    pub fn fit(&mut self, notes: &mut Notes) {
        let (ttl, loop_wait, retry) = (self.ttl.1, self.loop_wait.1, self.retry_timeout.1);
        if loop_wait + 2.0 * retry <= ttl {
            return;
        }
        if 1.0 + 2.0 * retry > ttl {
            self.loop_wait.1 = 1.0;
            self.retry_timeout.1 = ((ttl - 1.0) / 2.0).floor();
        } else {
            self.loop_wait.1 = ttl - 2.0 * retry;
        }
        let line = [self.ttl.0, self.retry_timeout.0, self.loop_wait.0].into_iter().flatten().next().unwrap_or(1);
        notes.at(
            line,
            format!(
                "`loop_wait` and two times `retry_timeout` are more than `ttl`; Patroni takes {} s and {} s then",
                self.loop_wait.1, self.retry_timeout.1
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_do_not_fit_are_mended_as_patroni_does() {
        for (ttl, loop_wait, retry, expected) in
            [(30, 10, 10, (10.0, 10.0)), (20, 10, 10, (1.0, 9.0)), (25, 10, 10, (5.0, 10.0)), (5, 1, 1, (1.0, 3.0))]
        {
            let (mut times, mut notes) = (Times::default(), Notes::default());
            for (name, value) in [("ttl", ttl), ("loop_wait", loop_wait), ("retry_timeout", retry)] {
                assert!(times.take(1, name, &value.to_string(), &mut notes));
            }
            times.fit(&mut notes);
            assert_eq!((times.loop_wait.1, times.retry_timeout.1), expected, "{ttl} {loop_wait} {retry}");
        }
        assert!(!Times::default().take(1, "ttl", "soon", &mut Notes::default()));
    }
}
