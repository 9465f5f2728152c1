//! The progress bar.

use indicatif::{ProgressBar, ProgressStyle};

use crate::simulation::Simulation;

/// Events between two looks at the clock of the terminal.
const EVENTS_AT_A_TIME: u64 = 100_000;
/// Steps of the bar: fine enough for any terminal.
const STEPS: f64 = 1000.0;

/// Runs a simulation to its end. The bar is on standard error, and only if that is a terminal.
pub fn run_to_end(simulation: &mut Simulation, quiet: bool) {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(STEPS as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    let end = simulation.duration();
    while !simulation.is_finished() && simulation.advance_events(EVENTS_AT_A_TIME, end) > 0 {
        bar.set_position((simulation.now() / end * STEPS) as u64);
        bar.set_message(format!("{:.0} of {end} s, {} events", simulation.now(), simulation.events()));
    }
    // Where no event is left, time still runs to the end.
    simulation.advance_to(end);
    bar.finish_and_clear();
}
