//! The class `Snapshot` of JavaScript, and what a simulation does with it.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    simulation::Snapshot,
    web::{WebSimulation, crash, error::Result},
};

/// A run as it stood at a moment. It keeps memory until `free()`.
#[wasm_bindgen(js_name = Snapshot)]
#[derive(Debug)]
pub struct WebSnapshot(Snapshot);

#[wasm_bindgen(js_class = Snapshot)]
impl WebSnapshot {
    /// The moment, in simulated seconds.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        self.0.now()
    }

    /// Events that had been handled.
    #[wasm_bindgen(getter)]
    pub fn events(&self) -> f64 {
        self.0.events() as f64
    }

    /// How many bytes it takes, roughly. Of what it shares with the run and with other snapshots it is a share, so it grows
    /// when those go.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> f64 {
        self.0.size() as f64
    }

    /// A simulation that stands at that moment.
    pub fn fork(&self) -> Result<WebSimulation> {
        crash::check()?;
        Ok(WebSimulation::of(self.0.fork()))
    }
}

#[wasm_bindgen(js_class = Simulation)]
impl WebSimulation {
    /// The run as it stands now: `restore` comes back to it. Call `free()` when it is not needed any more.
    pub fn snapshot(&self) -> Result<WebSnapshot> {
        self.with(|simulation| WebSnapshot(simulation.snapshot()))
    }

    /// Goes back (or forward) to where a snapshot was taken, of this run or of another one. What follows is what followed
    /// then, byte for byte, unless somebody acts otherwise. The snapshot stays as it is. The configuration, and whether
    /// requests are traced, are those of that moment.
    pub fn restore(&self, snapshot: &WebSnapshot) -> Result<()> {
        self.with(|simulation| simulation.restore(&snapshot.0))
    }

    /// Another simulation that stands where this one stands. Left alone they go on in the same way; what is done to one of
    /// them does not touch the other.
    pub fn fork(&self) -> Result<WebSimulation> {
        self.with(|simulation| Self::of(simulation.fork()))
    }
}
