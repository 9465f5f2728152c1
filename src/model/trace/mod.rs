//! Traces: where the time of single requests went, and why they failed.
//!
//! Off by default, and then all it costs is a look at a visit's [`Link`] where
//! time is booked. When on, each request and each login that begins is
//! *traced*: its [`Record`] is a list of [`Span`]s, written where
//! `World::spend` books time, so that the spans of the visit a user waits for
//! follow one another without a gap and sum to the latency, to the nanosecond.
//! Nothing is drawn at random and nothing is scheduled, so tracing changes no
//! result.
//!
//! Everything is bounded (requests traced at a time, records kept, visits and
//! spans of a record), and records are used again and again.

mod hooks;
mod record;
mod story;
mod tracer;

pub use hooks::spend;
pub use record::{About, Record, Site, Span, TracedVisit};
pub use story::Blame;
pub use tracer::{IN_FLIGHT_MAX, KEPT, Tracer, Which};

/// Leads from a request or a visit to its record, for as long as that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Place of the record; [`NONE`] if there is none.
    slot: u32,
    /// Recognises a record that is finished, and attempts that the client has given up.
    epoch: u32,
    /// Place of the visit in the record.
    visit: u32,
}

/// The place of nothing.
const NONE: u32 = u32::MAX;

impl Link {
    /// Not traced.
    pub const NOWHERE: Self = Self { slot: NONE, epoch: 0, visit: NONE };

    /// Whether there is, or was, a record.
    #[inline]
    pub const fn is_traced(self) -> bool {
        self.slot != NONE
    }
}
