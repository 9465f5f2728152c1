//! Traces: where the time of single requests went, and why they failed.
//!
//! Off by default, and then all it costs is a look at a visit's [`Link`] where
//! time is booked. When on, each request and each login that begins is
//! *traced*: its [`Record`] is a list of [`Span`]s, written where
//! `Context::spend` books time, so that the spans of the visit a user waits for
//! follow one another without a gap and sum to the latency, to the nanosecond.
//! Nothing is drawn at random and nothing is scheduled, so tracing changes no
//! result.
//!
//! Everything is bounded (requests traced at a time, records kept, visits and
//! spans of a record), and records are used again and again.

mod booking;
mod record;
mod story;
mod tracer;

pub(super) use booking::span;
pub use booking::spend;
pub use record::{About, Record, Site, Span, TracedVisit};
pub use story::Blame;
pub use tracer::{IN_FLIGHT_MAX, KEPT, Tracer, Which};

/// Leads from a request or a visit to its record, for as long as that is written. Every visit has one, so it is small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Place of the record, and below it, in [`VISIT_BITS`], that of the visit in the record; [`NONE`] if there is none.
    place: u32,
    /// Recognises a record that is finished, and attempts that the client has given up.
    epoch: u32,
}

/// The place of nothing.
pub(super) const NONE: u32 = u32::MAX;

/// Enough for the visits of a record.
const VISIT_BITS: u32 = 8;

impl Link {
    /// Not traced.
    pub const NOWHERE: Self = Self { place: NONE, epoch: 0 };

    /// Leads to a record, and to the first of its visits.
    const fn new(slot: u32, epoch: u32) -> Self {
        Self { place: slot << VISIT_BITS, epoch }
    }

    /// Leads to another visit of the same record.
    pub(super) const fn to_visit(self, visit: u32) -> Self {
        Self { place: self.slot() << VISIT_BITS | visit, epoch: self.epoch }
    }

    /// Whether there is, or was, a record.
    #[inline]
    pub const fn is_traced(self) -> bool {
        self.place != NONE
    }

    const fn slot(self) -> u32 {
        self.place >> VISIT_BITS
    }

    pub(super) const fn visit(self) -> u32 {
        self.place & ((1 << VISIT_BITS) - 1)
    }
}
