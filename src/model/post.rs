//! What components say to those who ask them.

use super::{cause::Cause, names::VisitId, visit::Outcome};

/// What a component says to the visit that is in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It will be told.
    Later,
    /// This is how it ended; the answer may still have to travel.
    Now(Outcome),
}

/// What a component says to others than the one in hand. The world hands it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    /// What one has asked for has ended so; the answer may still have to travel.
    Answer(VisitId, Outcome),
    /// One is not served, and fails at once for this cause.
    Drop(VisitId, Cause),
}
