//! How far a run has come, said on standard error: by a bar on a terminal, elsewhere by a line now and then.

use std::{
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::simulation::Simulation;

/// Events between two looks at the clock.
const EVENTS_AT_A_TIME: u64 = 100_000;
/// Steps of the bar: fine enough for any terminal.
const STEPS: f64 = 1000.0;
/// When the first line is due. A run that is over by then needs none.
const FIRST: Duration = Duration::from_secs(2);

/// Lines in a file or a pipe, where a bar would be a mess: each one after twice the time, so that they stay few.
pub struct Lines {
    since: Instant,
    due: Duration,
    is_wanted: bool,
}

impl Lines {
    #[expect(clippy::disallowed_methods, reason = "whoever waits for the run does so by the wall's clock")]
    pub fn new(is_quiet: bool) -> Self {
        Self { since: Instant::now(), due: FIRST, is_wanted: !is_quiet && !stderr().is_terminal() }
    }

    /// Says it if it is time.
    pub fn say(&mut self, line: impl Fn() -> String) {
        let time = self.since.elapsed();
        if self.is_wanted && time >= self.due {
            self.due = time * 2;
            output::note(&line());
        }
    }
}

/// Runs a simulation to its end.
pub fn run_to_end(simulation: &mut Simulation, quiet: bool) {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(STEPS as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    let end = simulation.duration();
    let mut lines = Lines::new(quiet);
    while !simulation.is_finished() && simulation.advance_events(EVENTS_AT_A_TIME, end) > 0 {
        let (now, events) = (simulation.now(), simulation.events());
        let message = || format!("{now:.0} of {end} s, {events} events");
        bar.set_position((now / end * STEPS) as u64);
        bar.set_message(message());
        lines.say(message);
    }
    // Where no event is left, time still runs to the end.
    simulation.advance_to(end);
    bar.finish_and_clear();
}
