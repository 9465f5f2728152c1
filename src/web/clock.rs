//! Wall time: how long a slice of work may take, so that the page stays awake.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::simulation::Simulation;

// The global `performance` of a window, a worker and node alike.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Events between two looks at the clock: some tens of microseconds of work.
const EVENTS_PER_LOOK: u64 = 256;
/// The same where nobody waits for the next frame.
const EVENTS_PER_TURN: u64 = 4_096;

/// Simulates up to `until`, in simulated seconds, for at most so many milliseconds of wall time.
pub fn advance_for(simulation: &mut Simulation, milliseconds: f64, until: f64) {
    let end = performance_now() + milliseconds;
    while simulation.advance_events(EVENTS_PER_LOOK, until) == EVENTS_PER_LOOK {
        if performance_now() >= end {
            return;
        }
    }
    // Fewer events than asked for: there are no more before `until`. The clock has yet to get there.
    simulation.advance_to(until);
}

/// Lets `work` handle events, many at a time, until it says that it is finished or so many milliseconds of wall time
/// have passed; says which.
pub fn work_for(milliseconds: f64, mut work: impl FnMut(u64) -> bool) -> bool {
    let end = performance_now() + milliseconds;
    loop {
        if work(EVENTS_PER_TURN) {
            return true;
        }
        if performance_now() >= end {
            return false;
        }
    }
}
